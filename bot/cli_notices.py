"""`izi notice`: send to many from a file, by the same rules as at the desk, and see, pause, resume, stop what goes.

Nothing is sent by these commands themselves: they write down what shall be sent, and the running service sends it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli_common import database, fail, settings
from bot.cli_staff import find_member

if TYPE_CHECKING:
    from bot.channels.outgoing import Outgoing
    from bot.notice_file import NoticeFile
    from bot.world import World
    from desk.notice_desk import NoticeDesk, Opened
    from notices.lifecycle import Move
    from storage.db import Database
    from storage.unit_of_work import Unit

notice_app = typer.Typer(no_args_is_help=True, help="Notices to many.")

LOOK_AGAIN = 0.5  # seconds between two looks at how far it is
Number = Annotated[int, typer.Argument(help="The number, as `izi notice list` shows it.")]


class _OnlyTried(Exception):
    """Leaves the unit of a dry run, so that nothing of it stands. opened: what was found."""

    def __init__(self, opened: Opened, shown: Mapping[str, Outgoing]) -> None:
        super().__init__()
        self.opened = opened
        self.shown = shown


@notice_app.command("send")
def send(
    file: Annotated[Path, typer.Argument(help="The notice as YAML; see docs/run-it.md.")],
    by: Annotated[str, typer.Option(help="In whose name: a member who may send notices, by name or number.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say who would get what, and send nothing.")] = False,
    people: Annotated[int | None, typer.Option(help="How many get it, instead of being asked for the number.")] = None,
    wait: Annotated[bool, typer.Option(help="Show how far it is until it has ended.")] = True,
) -> None:
    """Send a notice by the rules of the desk: every language has a text or a choice, the number of people is typed, and
    a second person agrees at the desk where one is needed."""
    from desk.notice_desk import opened as look
    from desk.notices import OtherNumber, confirm, submit
    from notices.lifecycle import State
    from notices.plan import moment

    written = _read(file)
    with _acting(by) as (opened, act, world):
        found, shown = _tried(opened, act, world, written)
        _print(found, shown, world)
        if found.found:
            fail("It is not sent: see what stands in the way.")
        if dry_run:
            print("Nothing was sent.")
            return
        typed = people if people is not None else typer.prompt("How many people get it?", type=int)
        if typed != found.count.reached:
            fail(f"It is not sent: it would reach {found.count.reached} people.")
        number = opened.write_now(lambda unit: _draft(act(unit), written))
        drafted = opened.read_now(lambda unit: look(act(unit), number))
        if opened.write_now(lambda unit: submit(act(unit), drafted)) is State.WAITING:
            print(f"Notice {number} waits for a second person: somebody else who may agree opens it at the desk.")
            return
        at = moment(written.starts, world.calendar.zone) if written.starts else None
        try:
            ready = opened.read_now(lambda unit: look(act(unit), number))
            opened.write_now(lambda unit: confirm(act(unit), ready, typed, written.starts, at, written.every))
        except OtherNumber:
            fail(f"It is not sent: by now another number of people would get it. It waits at the desk as {number}.")
        if at is not None:
            print(f"Notice {number} goes at {world.calendar.local(at):%Y-%m-%d %H:%M}.")
            return
        print(f"Notice {number} goes.")
        if wait:
            _watch(opened, number)


@notice_app.command("list")
def list_notices() -> None:
    """List the newest sendings: number, how far it is, kind, title, and how many copies came to what."""
    from storage import broadcasts, copies, notices

    def rows(unit: Unit) -> Iterator[str]:
        for row in broadcasts.newest(unit, 50):
            titles = [text.title or text.body.splitlines()[0] for text in notices.texts(unit, row.notice_id).values()]
            by_fate: dict[str, int] = {}
            for one in copies.counts(unit, row.id):
                by_fate[one.fate] = by_fate.get(one.fate, 0) + one.many
            counted = " ".join(f"{fate}:{many}" for fate, many in sorted(by_fate.items()))
            yield "\t".join((str(row.id), row.state, row.kind, titles[0] if titles else "", counted))

    with database() as opened:
        print("\n".join(opened.read_now(lambda unit: list(rows(unit)))))


@notice_app.command("pause")
def pause(number: Number) -> None:
    """What has not gone yet waits; what is being sent at this moment still arrives."""
    _moved(number, "paused")


@notice_app.command("resume")
def resume(number: Number) -> None:
    """What was paused goes on."""
    _moved(number, "resumed")


@notice_app.command("stop")
def stop(number: Number) -> None:
    """What has not gone yet is never sent."""
    _moved(number, "stopped")


def _moved(number: int, what: str) -> None:
    from notices.lifecycle import Move, Refused
    from notices.moving import move
    from storage.broadcasts import NoBroadcast

    act: Move = Move(what)
    with database() as opened:
        try:
            print(opened.write_now(lambda unit: move(unit, number, act, None)).state)
        except NoBroadcast:
            fail(f"there is no notice {number}; see `izi notice list`")
        except Refused as refused:
            fail(f"it cannot be {what}: {refused}")


def _read(file: Path) -> NoticeFile:
    from bot.notice_file import NoticeFile
    from content.problems import ContentError
    from content.reading import read_file

    try:
        return read_file(file, NoticeFile)
    except ContentError as error:
        fail("\n".join(str(problem) for problem in error.problems))


@contextmanager
def _acting(by: str) -> Iterator[tuple[Database, Callable[[Unit], NoticeDesk], World]]:
    """The database, the desk at which this member acts in a unit, and today's content."""
    from bot.loading import build_world, read_pack
    from bot.notice_voice import NoticesAsSeen, channels_of
    from desk.access import May, may
    from desk.notice_desk import NoticeDesk
    from storage.records import records

    chosen = settings()
    with database() as opened:
        pack, kept = read_pack(chosen.country), opened.read_now(records)
        world = build_world(chosen, pack, kept, opened.keys.secrets.subkey("button"))
        member = opened.read_now(lambda unit: find_member(unit, by))
        if not may(member, May.SEND_NOTICES):
            fail(f"{member.label} may not send notices")
        voice = NoticesAsSeen(world, channels_of(chosen))
        yield opened, lambda unit: NoticeDesk(unit, voice, world.calendar, member, chosen.notice_alone), world


def _tried(
    opened: Database, act: Callable[[Unit], NoticeDesk], world: World, written: NoticeFile
) -> tuple[Opened, Mapping[str, Outgoing]]:
    """Everything is done as if it were sent, and undone."""
    from bot import notice_cards
    from desk.notice_desk import opened as open_notice

    def attempt(unit: Unit) -> None:
        desk = act(unit)
        found = open_notice(desk, _draft(desk, written))
        shown = {
            locale: notice_cards.shown(world, found.notice, text, locale, desk.voice.channels[0], 0)
            for locale, text in found.texts.items()
        }
        raise _OnlyTried(found, shown)

    try:
        opened.write_now(attempt)
    except _OnlyTried as tried:
        return tried.opened, tried.shown
    raise AssertionError("unreachable")


def _draft(desk: NoticeDesk, written: NoticeFile) -> int:
    """The notice and its sending as the desk would have them. Who sent it has just read every text here."""
    from desk import notices as acts
    from notices import buttons

    number = acts.begin(desk, written.category)
    acts.describe(desk, number, buttons.dump(written.below), valid_until=written.valid_until)
    for locale, text in written.texts.items():
        acts.write_text(desk, number, locale, text.title, text.body)
    acts.aim(desk, number, written.meant)
    for locale, choice in written.lacking.items():
        acts.choose(desk, number, locale, choice)
    for locale in written.texts:
        acts.test(desk, number, locale, by_chat=False)
    return number


def _print(found: Opened, shown: Mapping[str, Outgoing], world: World) -> None:
    for locale, out in shown.items():
        print(f"--- {locale}")
        print("\n".join(paragraph.text for paragraph in out.paragraphs))
        print("\n".join(f"  [ {button.label} ]" for row in out.rows for button in row))
    count = found.count
    print(f"--- {count.reached} people get it")
    for name, parts in (("by language", count.by_locale), ("by channel", count.by_channel), ("left out", count.left)):
        print(f"{name}: " + (" · ".join(f"{key} {many}" for key, many in sorted(parts.items())) or "-"))
    if found.needs_second:
        print("A second person has to agree: it is about safety, for the whole country, or for many.")
    for one in found.found:
        about = {"language": one.locale, "channel": one.channel}
        named = {name: value for name, value in about.items() if value}
        print(f"! {world.catalog.text('en', f'desk.notices_way.{one.what}', **named).string}")


def _watch(opened: Database, number: int) -> None:
    """Until it has ended; whoever breaks this off stops nothing."""
    import time

    from rich.progress import Progress

    from notices.lifecycle import ENDED
    from storage import broadcasts, copies
    from storage.notice_rows import Fate

    with Progress() as progress:
        bar = progress.add_task("sending", total=None)
        while True:
            row, counted = opened.read_now(lambda unit: (broadcasts.read(unit, number), copies.counts(unit, number)))
            waiting = sum(one.many for one in counted if one.fate is Fate.WAITING)
            every = sum(one.many for one in counted)
            progress.update(
                bar, completed=every - waiting, total=every if row.complete else None, description=row.state
            )
            if row.state in ENDED:
                break
            time.sleep(LOOK_AGAIN)
    for one in sorted(counted, key=lambda one: (one.fate, one.reason)):
        print(f"{one.many}\t{one.locale}\t{one.channel}\t{one.fate}\t{one.reason}")
