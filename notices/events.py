"""Events and who comes: what may be done with an event, and what becomes of a yes, a no and a waiting list. Pure.

    draft ──published──▶ open ──changed──▶ changed ──changed──▶ (itself)
                           │                  │
                           └────cancelled─────┴──▶ cancelled

`over` is never written: the time makes it so. Whether an event is full follows from its seats.

The waiting list is kept strictly in order: while somebody waits, nobody overtakes them, even where their party is too
large for the places that are free. They can bring fewer people, or give up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum

MOST_COMPANIONS = 3
QUIET_FROM, QUIET_TO = time(21), time(8)  # on the clocks of the place: nobody is written to
EARLY = timedelta(minutes=30)  # before the quiet hours begin, where waiting for their end would be too late
REMIND = (timedelta(days=1), timedelta(hours=2))  # before the beginning


class State(StrEnum):
    """How an event stands."""

    DRAFT = "draft"
    OPEN = "open"
    CHANGED = "changed"  # open; time or place is not what it was once
    CANCELLED = "cancelled"
    OVER = "over"


class Move(StrEnum):
    """What may be done with an event."""

    PUBLISHED = "published"
    CHANGED = "changed"
    CANCELLED = "cancelled"


class Refused(Exception):
    """The table knows no such move from this state."""


MOVES: Mapping[tuple[State, Move], State] = {
    (State.DRAFT, Move.PUBLISHED): State.OPEN,
    (State.OPEN, Move.CHANGED): State.CHANGED,
    (State.CHANGED, Move.CHANGED): State.CHANGED,
    (State.OPEN, Move.CANCELLED): State.CANCELLED,
    (State.CHANGED, Move.CANCELLED): State.CANCELLED,
}
#: While one can say that one comes.
TAKES = frozenset({State.OPEN, State.CHANGED})


def after(state: State, move: Move) -> State:
    """How the event stands then. Raises Refused."""
    try:
        return MOVES[state, move]
    except KeyError:
        raise Refused(f"{move} while {state}") from None


def at(state: State, ends_at: datetime, now: datetime) -> State:
    """How an event of a written state stands at a time (both aware)."""
    return State.OVER if state in TAKES and ends_at <= now else state


class Stand(StrEnum):
    """One person's word on an event, and what it gave them."""

    COMING = "coming"
    WAITING = "waiting"
    OUT = "out"  # cannot come, or not any more


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody on the list of an event. who: any id; turn: who waits, waits behind the smaller ones."""

    who: int
    stand: Stand
    companions: int
    turn: int

    @property
    def people(self) -> int:
        """How many places they need."""
        return 1 + self.companions


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody presses: an end state, so it may be pressed again. companions: 0 to MOST_COMPANIONS."""

    comes: bool
    companions: int = 0


@dataclass(frozen=True, slots=True)
class Settled:
    """What follows from a wish. seat: theirs now; None: they said no and were never on the list.

    moved_up: seats of others who came off the waiting list. refused: they come, but there is no place for more.
    """

    seat: Seat | None
    moved_up: tuple[Seat, ...] = ()
    refused: bool = False


def taken(seats: Iterable[Seat]) -> int:
    """People who come."""
    return sum(seat.people for seat in seats if seat.stand is Stand.COMING)


def free(seats: Iterable[Seat], capacity: int | None) -> int | None:
    """Places that are left, 0 where there are more people than places; None: as many as come."""
    return None if capacity is None else max(0, capacity - taken(seats))


def settle(seats: Sequence[Seat], capacity: int | None, who: int, wish: Wish) -> Settled:
    """What a wish of somebody does to the list. seats: all of the event."""
    mine = next((seat for seat in seats if seat.who == who), None)
    others = [seat for seat in seats if seat.who != who]
    if not wish.comes:
        gone = replace(mine, stand=Stand.OUT, companions=0) if mine is not None else None
        return Settled(gone, move_up(others, capacity))
    companions = min(max(wish.companions, 0), MOST_COMPANIONS)
    if mine is not None and mine.stand is Stand.COMING:
        return _again(mine, others, capacity, companions)
    waits = mine is not None and mine.stand is Stand.WAITING
    turn = mine.turn if mine is not None and waits else 1 + max((seat.turn for seat in seats), default=0)
    asked = Seat(who, Stand.WAITING, companions, turn)
    moved = move_up([*others, asked], capacity)
    seat = next((seat for seat in moved if seat.who == who), asked)
    return Settled(seat, tuple(seat for seat in moved if seat.who != who))


def move_up(seats: Sequence[Seat], capacity: int | None) -> tuple[Seat, ...]:
    """Who comes off the waiting list now, in order, until one does not fit any more."""
    moved: list[Seat] = []
    waiting = sorted((seat for seat in seats if seat.stand is Stand.WAITING), key=lambda seat: seat.turn)
    left = free(seats, capacity)
    for seat in waiting:
        if left is not None and seat.people > left:
            break
        left = None if left is None else left - seat.people
        moved.append(replace(seat, stand=Stand.COMING))
    return tuple(moved)


def ahead(seats: Iterable[Seat], mine: Seat) -> int:
    """How many parties wait before this one."""
    return sum(seat.stand is Stand.WAITING and seat.turn < mine.turn for seat in seats)


def remind_at(starts: datetime, before: timedelta) -> datetime:
    """When somebody is reminded: so long before, but not in the quiet hours. starts: on the clocks of the place."""
    due = starts - before
    return awake(due, latest=starts - REMIND[-1])


def awake(due: datetime, latest: datetime) -> datetime:
    """The same moment, or the end of the quiet hours in which it lies; where that is after `latest`, just before they
    began. All on the clocks of the place."""
    if QUIET_TO <= due.time() < QUIET_FROM:
        return due
    evening = due.date() if due.time() >= QUIET_FROM else due.date() - timedelta(days=1)
    morning = due.replace(year=evening.year, month=evening.month, day=evening.day, hour=QUIET_TO.hour, minute=0)
    morning = (morning + timedelta(days=1)).replace(second=0, microsecond=0)
    if morning <= latest:
        return morning
    return morning.replace(year=evening.year, month=evening.month, day=evening.day, hour=QUIET_FROM.hour) - EARLY


def _again(mine: Seat, others: Sequence[Seat], capacity: int | None, companions: int) -> Settled:
    """Who comes already brings more people, or fewer. More than fit are refused; what they had stays theirs."""
    waiting = any(seat.stand is Stand.WAITING for seat in others)
    left = free([*others, mine], capacity)
    more = companions - mine.companions
    if more > 0 and left is not None and (more > left or waiting):
        return Settled(mine, refused=True)
    seat = replace(mine, companions=companions)
    return Settled(seat, move_up([*others, seat], capacity))
