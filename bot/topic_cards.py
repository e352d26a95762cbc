"""How a request looks in the staff group: the name of its topic, its first message, and words that are mirrored."""

from __future__ import annotations

from collections.abc import Sequence

from bot.actions import Act, Action
from bot.cards import Card, Icon, Key, Line, Local, Msg, key, quiet, text, title
from bot.channels.base import Outgoing, Paragraph, Style
from bot.channels.telegram.topics import MIRRORED
from bot.compose import Composer, compose
from bot.staff_chat import SECURE
from bot.staff_group import ROOM
from bot.voice import DESK_PAGE
from bot.world import World
from desk.lifecycle import Outcome, Turn
from flows.limits import utf16
from i18n.locales import LOCALES, SOURCE
from i18n.text import FSI, PDI
from storage.messages import Kept
from storage.requests import RequestRow

LONGEST_NAME = 128  # characters, Bot API
CUT = "…"
LONGEST_POST = 4000  # UTF-16 units; a message holds 4,096
WITHOUT_ISOLATES = dict.fromkeys(map(ord, FSI + PDI))  # a name is one line in one direction
ICONS = {Turn.OURS: "person", Turn.THEIRS: "time", Turn.OFFICE: "place", Turn.DONE: "ok"}


def name_of(world: World, row: RequestRow) -> str:
    """The name of the topic: number, language and place in the guide; its icon says whose turn it is."""
    composer, turn = Composer(world, SOURCE), Turn(row.state)
    icon = composer.line(Line((Icon(ICONS[turn]),))).strip()
    words = composer.say(Msg("desk.room.name", {"number": row.number}))
    parts = [f"{icon} {words}", row.locale, *_where(world, composer, row)]
    return " · ".join(part for part in parts if part).translate(WITHOUT_ISOLATES)[:LONGEST_NAME]


def code_of(row: RequestRow) -> str:
    """A code of what the first message shows: another code, another message."""
    return f"{row.state}:{row.assignee_id or ''}:{row.reopened}"


def card_of(world: World, row: RequestRow, holder: str) -> Outgoing:
    """The first message. holder: the label of who has the request, "" where nobody has."""
    composer = Composer(world, SOURCE)
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
    return compose(world, SOURCE, Card(tuple(lines), _rows(world, row), nav=False), 0, ROOM)


def post_of(world: World, said: Sequence[Kept], name: str) -> Outgoing:
    """Words as they are mirrored, all of one side. name: who of us wrote them."""
    words = "\n".join(message.text for message in said)
    if said[0].direction == "in":
        return _plain(f"{MIRRORED} {words}")
    return _plain(Composer(world, SOURCE).say(Msg("desk.room.sent", {"name": name, "text": words})))


def fits(said: Sequence[Kept]) -> bool:
    """Whether the words go into one post."""
    return utf16("\n".join(message.text for message in said)) <= LONGEST_POST


def _plain(words: str) -> Outgoing:
    """A single message that is too long ends early; the desk has all of it."""
    while utf16(words) > LONGEST_POST:
        words = words[: -max((utf16(words) - LONGEST_POST) // 2, 2)] + CUT
    return Outgoing((Paragraph(Style.TEXT, words),), (), SOURCE)


def _rows(world: World, row: RequestRow) -> tuple[tuple[Key, ...], ...]:
    number = str(row.number)
    claim = key(Act.CLAIM, "desk.alert.claim", "ok", number)
    rows: list[tuple[Key, ...]] = []
    if row.assignee_id is None:
        rows.append((claim,))
    elif row.closed_at is None:
        rows += [(Key(Action(Act.CLOSE, (number, one)), Msg(f"desk.outcome.{one}"), "ok"),) for one in Outcome]
    if world.address.startswith(SECURE):
        address = DESK_PAGE.format(address=world.address, number=row.number)
        rows.append((Key(claim.action, Msg("desk.alert.go"), "next", address),))
    return tuple(rows)


def _where(world: World, composer: Composer, row: RequestRow) -> list[str]:
    guide = world.guide(row.guide) if row.guide else None
    if guide is None:
        return []
    keys = [f"{guide.id}.guide.title"]
    keys += [f"{guide.id}.{row.step}.title"] if (guide.id, row.step) in world.steps else []
    return [composer.say(Msg(key)) for key in keys]
