"""A yes or a no to an event, and what a coordinator does with it: decided in events.py, written here.

What there is to say to others (a place got free, another time, cancelled) is a timer of theirs: it is said in a unit
of its own, from what is true then. So a notice to two hundred people costs one short transaction, and a crash loses
none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from notices import events
from notices.events import REMIND, TAKES, Move, Settled, Stand, State, Wish
from storage import event_clocks
from storage import events as rows
from storage.events import EventRow, SeatRow
from storage.rows import Standing
from storage.timers import cancel_timer
from storage.unit_of_work import Unit

#: How many events are listed to a person.
SHOWN = 6


class What(StrEnum):
    """What the clock of somebody on a list is for."""

    DAY = "day"  # the reminder of the day before
    SOON = "soon"  # the one of the same day
    MOVED_UP = "moved_up"
    CHANGED = "changed"
    CANCELLED = "cancelled"
    LOOK = event_clocks.FREED  # somebody ahead was forgotten: is it our turn?


_REMINDERS = (What.DAY, What.SOON)


class TooSmall(Exception):
    """Fewer places than people who come already."""


@dataclass(frozen=True, slots=True)
class Standpoint:
    """How an event stands for one person. free: places left, None = any number; ahead: parties that wait before them.

    refused: they come, but not with as many as they asked for.
    """

    event: EventRow
    state: State
    free: int | None
    seat: SeatRow | None = None
    ahead: int = 0
    refused: bool = False

    @property
    def stand(self) -> Stand:
        """Their word; OUT also where they never said anything."""
        return Stand(self.seat.stand) if self.seat is not None else Stand.OUT


def state_of(event: EventRow, now: datetime) -> State:
    """How an event stands at a time."""
    return events.at(State(event.state), event.ends_at, now)


def starts(event: EventRow) -> datetime:
    """On the clocks of its place."""
    return event.starts_at.astimezone(ZoneInfo(event.zone))


def look(unit: Unit, id: int, contact_id: int) -> Standpoint:
    """How an event stands for somebody. Raises NoEvent; a draft is none for people."""
    event = rows.event(unit, id)
    if event.state == State.DRAFT:
        raise rows.NoEvent(id)
    return _standpoint(unit, event, rows.seats(unit, id), contact_id)


def answer(unit: Unit, standing: Standing, id: int, wish: Wish) -> Standpoint:
    """Somebody says that they come, or not; may be repeated. The unit holds their conversation. Raises NoEvent."""
    event = rows.hold(unit, id)
    if state_of(event, unit.now) not in TAKES:
        return look(unit, id, standing.contact_id)
    listed = rows.seats(unit, id)
    before = {seat.contact_id: seat for seat in listed if seat.contact_id is not None}
    settled = events.settle(_pure(listed), event.capacity, standing.contact_id, wish)
    _write(unit, event, before, settled, standing)
    _raise_others(unit, event, before, settled.moved_up)
    after = _standpoint(unit, event, rows.seats(unit, id), standing.contact_id)
    return replace(after, refused=settled.refused)


def move_up(unit: Unit, id: int) -> None:
    """Who waits gets what is free, in order. Raises NoEvent."""
    event = rows.hold(unit, id)
    if state_of(event, unit.now) in TAKES:
        listed = rows.seats(unit, id)
        before = {seat.contact_id: seat for seat in listed if seat.contact_id is not None}
        _raise_others(unit, event, before, events.move_up(_pure(listed), event.capacity))


def mine(unit: Unit, contact_id: int) -> list[Standpoint]:
    """What is to come and is open or theirs, soonest first."""
    coming = rows.to_come(unit, [State.OPEN, State.CHANGED, State.CANCELLED], SHOWN * 2)
    found = [_standpoint(unit, event, rows.seats(unit, event.id), contact_id) for event in coming]
    theirs = [one for one in found if one.state in TAKES or one.stand is not Stand.OUT]
    return sorted(theirs, key=lambda one: one.stand is Stand.OUT)[:SHOWN]


def publish(unit: Unit, id: int) -> None:
    """From now on people may come. Raises NoEvent, Refused."""
    event = rows.hold(unit, id)
    rows.change(unit, replace(event, state=events.after(State(event.state), Move.PUBLISHED)))


def change(unit: Unit, changed: EventRow, *, tell: bool) -> None:
    """Write an event anew. tell: it was published, so who is on the list is told, and reminded at the new time.

    Raises NoEvent, Refused, TooSmall.
    """
    before = rows.hold(unit, changed.id)
    listed = rows.seats(unit, changed.id)
    if changed.capacity is not None and changed.capacity < events.taken(_pure(listed)):
        raise TooSmall
    state = State(before.state)
    if tell and state is not State.DRAFT:
        state = events.after(state, Move.CHANGED)
    now_so = replace(changed, state=state)
    rows.change(unit, now_so)
    move_up(unit, changed.id)
    for seat in _on_list(rows.seats(unit, changed.id)):
        if seat.stand == Stand.COMING:
            _remind(unit, now_so, seat)
        if tell and state is State.CHANGED:
            _tell(unit, now_so, seat, What.CHANGED)


def cancel(unit: Unit, id: int) -> None:
    """It does not take place; everybody on the list is told. Raises NoEvent, Refused."""
    event = rows.hold(unit, id)
    rows.change(unit, replace(event, state=events.after(State(event.state), Move.CANCELLED)))
    for seat in _on_list(rows.seats(unit, id)):
        _silence(unit, seat, (*_REMINDERS, What.CHANGED))
        _tell(unit, event, seat, What.CANCELLED)


def read_key(key: str) -> tuple[int, int, What]:
    """The event, the contact and the purpose of a clock that rang. Raises ValueError."""
    id, contact_id, what = event_clocks.read_key(key)
    return id, contact_id, What(what)


def _standpoint(unit: Unit, event: EventRow, listed: list[SeatRow], contact_id: int) -> Standpoint:
    seat = next((seat for seat in listed if seat.contact_id == contact_id), None)
    pure = _pure(listed)
    mine = next((one for one in pure if one.who == contact_id), None)
    ahead = events.ahead(pure, mine) if mine is not None and mine.stand is Stand.WAITING else 0
    return Standpoint(event, state_of(event, unit.now), events.free(pure, event.capacity), seat, ahead)


def _pure(listed: Iterable[SeatRow]) -> list[events.Seat]:
    """Who was forgotten is on no list of what is to come."""
    return [
        events.Seat(seat.contact_id, Stand(seat.stand), seat.companions, seat.turn)
        for seat in listed
        if seat.contact_id is not None
    ]


def _write(unit: Unit, event: EventRow, before: dict[int, SeatRow], settled: Settled, standing: Standing) -> None:
    seat = settled.seat
    if seat is None:
        return
    old = before.get(seat.who)
    number = old.number if old is not None else rows.draw(unit, event.id)
    row = SeatRow(
        event.id, seat.who, standing.conversation_id, standing.locale, number, seat.stand, seat.companions, seat.turn,
        None,
    )  # fmt: skip
    rows.put(unit, row)
    if seat.stand is Stand.COMING:
        _remind(unit, event, row)
    else:
        _silence(unit, row, _REMINDERS)


def _raise_others(unit: Unit, event: EventRow, before: dict[int, SeatRow], moved: Iterable[events.Seat]) -> None:
    for seat in moved:
        row = replace(before[seat.who], stand=seat.stand)
        rows.put(unit, row)
        _remind(unit, event, row)
        _tell(unit, event, row, What.MOVED_UP)


def _on_list(listed: Iterable[SeatRow]) -> list[SeatRow]:
    return [seat for seat in listed if seat.stand != Stand.OUT and seat.conversation_id is not None]


def _remind(unit: Unit, event: EventRow, seat: SeatRow) -> None:
    """Both reminders, those that are still to come; setting them again moves them."""
    for what, before in zip(_REMINDERS, REMIND, strict=True):
        due = events.remind_at(starts(event), before)
        if due > unit.now:
            _call(unit, seat, what, due)
        else:
            _silence(unit, seat, (what,))


def _tell(unit: Unit, event: EventRow, seat: SeatRow, what: What) -> None:
    """Soon, but not in the night, unless it would come too late then."""
    begins = starts(event)
    due = events.awake(unit.now.astimezone(begins.tzinfo), latest=begins - REMIND[-1])
    # Just before the quiet hours lies behind us when we are in them: then it is said at once.
    _call(unit, seat, what, max(due, unit.now))


def _call(unit: Unit, seat: SeatRow, what: What, due: datetime) -> None:
    event_clocks.call(unit, _known(seat.conversation_id), seat.event_id, _known(seat.contact_id), what, due)


def _silence(unit: Unit, seat: SeatRow, whats: Iterable[What]) -> None:
    """Theirs alone: others of the same chat may be on the list too."""
    for what in whats:
        cancel_timer(unit, event_clocks.key(seat.event_id, _known(seat.contact_id), what))


def _known(id: int | None) -> int:
    assert id is not None, "who was forgotten is on no list of what is to come"
    return id
