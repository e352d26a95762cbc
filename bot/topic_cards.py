"""How a request looks in the staff group: the name of its topic and its first message."""

from __future__ import annotations

from dataclasses import dataclass

from bot.actions import Act, Action
from bot.cards import Card, Icon, Key, Line, Local, Msg, key, quiet, text, title
from bot.channels.outgoing import Outgoing
from bot.compose import Composer, compose
from bot.staff_chat import SECURE
from bot.staff_group import ROOM
from bot.voice import DESK_PAGE
from bot.world import World
from desk.lifecycle import Outcome, Turn
from i18n.locales import LOCALES, SOURCE
from i18n.text import FSI, PDI
from storage.requests import RequestRow

LONGEST_NAME = 128  # characters, Bot API
WITHOUT_ISOLATES = dict.fromkeys(map(ord, FSI + PDI))  # a name is one line in one direction
ICONS = {Turn.OURS: "person", Turn.THEIRS: "time", Turn.OFFICE: "place", Turn.DONE: "ok"}


@dataclass(frozen=True, slots=True)
class Showing:
    """How the group is shown requests.

    language: of the desk's. words: what people and staff wrote is shown, too; else only that they wrote.
    """

    language: str = SOURCE
    words: bool = False


def name_of(world: World, showing: Showing, row: RequestRow) -> str:
    """The name of the topic: number, language and place in the guide; its icon says whose turn it is."""
    composer, turn = Composer(world, showing.language), Turn(row.state)
    icon = composer.line(Line((Icon(ICONS[turn]),))).strip()
    words = composer.say(Msg("desk.room.name", {"number": row.number}))
    parts = [f"{icon} {words}", row.locale, *_where(world, composer, row)]
    return " · ".join(part for part in parts if part).translate(WITHOUT_ISOLATES)[:LONGEST_NAME]


def code_of(showing: Showing, row: RequestRow) -> str:
    """A code of what the first message shows: another code, another message."""
    return f"{row.state}:{row.assignee_id or ''}:{row.reopened}:{showing.language}"


def card_of(world: World, showing: Showing, row: RequestRow, holder: str) -> Outgoing:
    """The first message. holder: the label of who has the request, "" where nobody has."""
    composer = Composer(world, showing.language)
    language = LOCALES[row.locale].name if row.locale in LOCALES else row.locale
    lines = [
        title("desk.list.title", "info", number=row.number),
        Line((Msg(f"desk.type.{row.type}"), Local("·"), Local(language))),
    ]
    lines += [Line((Local(" · ".join(where)),)) for where in [_where(world, composer, row)] if where]
    if row.promised_by is not None and row.answered_at is None:
        lines.append(text("desk.alert.by", "date", moment=world.calendar.local(row.promised_by)))
    lines.append(Line((Msg(f"desk.turn.{row.state}"),)))
    lines += [text("desk.request.holder", "person", name=holder), quiet("desk.room.how")] if holder else []
    return compose(world, showing.language, Card(tuple(lines), _rows(world, row), nav=False), 0, ROOM)


def _rows(world: World, row: RequestRow) -> tuple[tuple[Key, ...], ...]:
    number = str(row.number)
    claim = key(Act.CLAIM, "desk.alert.claim", "ok", number)
    rows: list[tuple[Key, ...]] = []
    if row.assignee_id is None:
        rows.append((claim,))
    elif row.closed_at is None:
        rows += [(Key(Action(Act.CLOSE, (number, one)), Msg(f"desk.outcome.{one}"), "ok"),) for one in Outcome]
    return (*rows, *to_desk(world, row.number))


def to_desk(world: World, number: int) -> tuple[tuple[Key, ...], ...]:
    """A button that opens the request at the desk, where Telegram takes its address."""
    if not world.address.startswith(SECURE):
        return ()
    address = DESK_PAGE.format(address=world.address, number=number)
    # The action of a button with an address is never read.
    return ((Key(Action(Act.CLAIM, (str(number),)), Msg("desk.alert.go"), "next", address),),)


def _where(world: World, composer: Composer, row: RequestRow) -> list[str]:
    guide = world.guide(row.guide) if row.guide else None
    if guide is None:
        return []
    keys = [f"{guide.id}.guide.title"]
    keys += [f"{guide.id}.{row.step}.title"] if (guide.id, row.step) in world.steps else []
    return [composer.say(Msg(key)) for key in keys]
