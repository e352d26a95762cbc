"""An event as a person sees it: what, when, where, whether they come; and the buttons that say so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.actions import Act, Action
from bot.cards import Card, Key, Line, Local, Msg, key, quiet, text, title
from bot.channels.outgoing import Style
from bot.world import World
from i18n.locales import LOCALES
from notices import rsvp
from notices.drafts import stand_in
from notices.events import MOST_COMPANIONS, TAKES, Stand, State
from notices.rsvp import Standpoint, What
from storage.events import EventRow

ICON = "events"
FORGET_AFTER = 30  # days after its end; storage/retention.py, lists


def event(world: World, locale: str, point: Standpoint) -> Card:
    """One event with everything that can be done about it."""
    lines = [*_heading(world, locale, point.event), *facts(world, point.event), *_standing(point)]
    return Card(tuple(lines), _rows(point))


def asks_to_save(world: World, locale: str, point: Standpoint) -> Card:
    """Somebody wants to come and has not agreed that anything is kept: a list is nothing else."""
    lines = [*_heading(world, locale, point.event), text("bot.event.must_save", "privacy"), _kept()]
    return Card(tuple(lines), ((key(Act.CONSENT, "bot.event.save", "done", "full"),), *_rows(point)[-1:]))


def answered(point: Standpoint, *, comes: bool) -> list[Line]:
    """What stands above the event after a yes or a no."""
    if point.state not in TAKES:
        return []
    if point.refused:
        return [text("bot.event.no_more", "safety")]
    match point.stand:
        case Stand.COMING:
            return [text("bot.event.noted", "ok"), _kept()]
        case Stand.WAITING:
            return [text("bot.event.listed", "time"), _kept()]
        case Stand.OUT:
            return [] if comes else [text("bot.event.declined", "ok")]


def where(world: World, point: Standpoint) -> Card:
    """The place, to be held up to a driver."""
    lines = [text("bot.event.show_driver", "place"), Line((Local(point.event.place),), Style.TITLE)]
    lines += [Line((Local(name),)) for name in _town(world, point.event)]
    return Card(tuple(lines), ((_open(point.event.id),),))


def listed(world: World, locale: str, points: Sequence[Standpoint]) -> Card:
    """What is to come, theirs first; a button for each, named by its number and day."""
    if not points:
        return Card((title("bot.event.mine", ICON), text("bot.event.none")))
    lines, rows = [title("bot.event.mine", ICON)], []
    for number, point in enumerate(points, 1):
        begins = rsvp.starts(point.event)
        what, dot = Local(f"{number}. {words(point.event, locale)[0]}"), Local("·")
        lines.append(Line((what, dot, Msg("bot.event.at", {"at": begins}), dot, _short(point))))
        label = Local(f"{number} · {begins.day}.{begins.month}. {begins:%H:%M}")
        rows.append((Key(Action(Act.EVENT, (str(point.event.id),)), label, ICON),))
    return Card(tuple(lines), tuple(rows))


def told(world: World, locale: str, point: Standpoint, what: What) -> Card:
    """What is said unasked. A reminder says nothing that should not stand on a locked screen."""
    if what in {What.DAY, What.SOON}:
        return hinted(point, what)
    return event(world, locale, point).led_by(_news(what))


def hinted(point: Standpoint, what: What) -> Card:
    """The same without the matter: when it is, and a button to read."""
    begins = rsvp.starts(point.event)
    if what in {What.DAY, What.SOON}:
        lines = [text("bot.event.reminder", "date", at=begins)]
    else:
        lines = [_news(what), text("bot.event.at", "date", at=begins)]
    return Card((*lines, text("bot.event.read")), ((_open(point.event.id),),), nav=False)


def answers(event_id: int) -> tuple[tuple[Key, ...], ...]:
    """The buttons below a notice about an event; absolute, so they work for ever."""
    return ((_comes(event_id, 0, "bot.event.come"), _cannot(event_id)), (_comes(event_id, 1, "bot.event.come_two"),))


def _news(what: What) -> Line:
    return text(f"bot.event.{what}", "safety" if what is not What.MOVED_UP else "ok")


def _heading(world: World, locale: str, row: EventRow) -> list[Line]:
    heading, body, fallback = *words(row, locale), stand_in(locale, row.texts)
    lines = [Line((Local(heading),), Style.TITLE, ICON)]
    if body:
        lines.append(Line((Local(body),)))
    if fallback is not None and fallback != locale:
        lines.append(quiet("bot.notice.missing", language=LOCALES[fallback].name))
    return lines


def words(row: EventRow, locale: str) -> tuple[str, str]:
    """Title and text in the nearest language that has them."""
    code = stand_in(locale, row.texts)
    return row.texts[code] if code is not None else ("", "")


def facts(world: World, row: EventRow) -> list[Line]:
    """When and where, and for whom."""
    begins, ends = rsvp.starts(row), row.ends_at.astimezone(ZoneInfo(row.zone))
    lines = [text("bot.event.when", "date", at=begins, until=_until(begins, ends))]
    lines.append(text("bot.event.place", "place", place=", ".join([row.place, *_town(world, row)[:1]])))
    lines += [text("bot.event.women", "info")] if row.women_only else []
    lines += [text("bot.event.children", "info")] if row.child_care else []
    return lines


def _until(begins: datetime, ends: datetime) -> str | datetime:
    return ends if ends.date() != begins.date() else f"{ends:%H:%M}"


def _standing(point: Standpoint) -> list[Line]:
    """How the event stands, and the person in it."""
    match point.state:
        case State.CANCELLED:
            return [text("bot.event.cancelled", "stop")]
        case State.OVER:
            return [text("bot.event.over", "info")]
        case State.DRAFT | State.OPEN | State.CHANGED:
            pass
    seat = point.seat
    match point.stand:
        case Stand.COMING if seat is not None:
            more = [Line((Msg("bot.event.with", count=seat.companions),), icon=None)] if seat.companions else []
            return [text("bot.event.you_come", "done", number=seat.number), *more]
        case Stand.WAITING if seat is not None:
            return [text("bot.event.you_wait", "time", number=seat.number, place=point.ahead + 1)]
        case _:
            return [] if point.free is None or point.free > 0 else [text("bot.event.full", "info")]


def _short(point: Standpoint) -> Msg:
    if point.state is State.CANCELLED:
        return Msg("bot.event.cancelled")
    return Msg(f"bot.event.short_{point.stand}")


def _rows(point: Standpoint) -> tuple[tuple[Key, ...], ...]:
    id = point.event.id
    last = (
        key(Act.EVENT_PLACE, "bot.event.where", "place", str(id)),
        key(Act.EVENTS, "bot.event.mine", ICON),
    )
    if point.state not in TAKES:
        return (last,)
    if point.stand is Stand.OUT:
        wait = point.free == 0
        come = _comes(id, 0, "bot.event.wait" if wait else "bot.event.come")
        # Who waits can say afterwards that somebody waits with them; "we come" would be untrue now.
        two = () if wait else ((_comes(id, 1, "bot.event.come_two"),),)
        return ((come, _cannot(id)), *two, last)
    companions = point.seat.companions if point.seat is not None else 0
    more = (_comes(id, companions + 1, "bot.event.one_more"),) if companions < MOST_COMPANIONS else ()
    alone = (_comes(id, 0, "bot.event.alone"),) if companions else ()
    return tuple(row for row in ((*more, *alone), (_cannot(id),), last) if row)


def _comes(id: int, companions: int, label: str) -> Key:
    return key(Act.RSVP, label, "done" if not companions else "plus", str(id), "yes", str(companions))


def _cannot(id: int) -> Key:
    return key(Act.RSVP, "bot.event.cannot", "no", str(id), "no", "0")


def _open(id: int) -> Key:
    return key(Act.EVENT, "bot.event.open", ICON, str(id))


def _kept() -> Line:
    return quiet("bot.event.kept", "privacy", days=FORGET_AFTER)


def _town(world: World, row: EventRow) -> list[str]:
    """The town in both scripts; [] where none was named."""
    towns = {town.id: town for town in world.pack.places.municipalities}
    town = towns.get(row.municipality)
    return [town.latin, town.cyrillic] if town is not None else []
