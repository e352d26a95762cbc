"""The list of an event: who comes, who waits, who moves up, and when somebody is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from random import Random
from zoneinfo import ZoneInfo

import pytest

from notices import events
from notices.events import MOVES, Move, Refused, Seat, Settled, Stand, State, Wish, settle, taken

ZONE = ZoneInfo("Europe/Belgrade")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 on the clocks of Belgrade."""
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


def everything(seats: dict[int, Seat], capacity: int | None, who: int, wish: Wish) -> Settled:
    """Do it, and keep what follows."""
    settled = settle(list(seats.values()), capacity, who, wish)
    for seat in (settled.seat, *settled.moved_up):
        if seat is not None:
            seats[seat.who] = seat
    return settled


@pytest.mark.parametrize(("state", "move"), sorted(product(State, Move)))
def test_an_event_moves_as_the_table_says_and_not_otherwise(state: State, move: Move) -> None:
    if (state, move) in MOVES:
        assert events.after(state, move) is MOVES[state, move]
    else:
        with pytest.raises(Refused):
            events.after(state, move)


def test_the_time_alone_ends_an_event_and_a_cancelled_one_stays_cancelled() -> None:
    end = at(29, 12)
    assert events.at(State.OPEN, end, end - timedelta(seconds=1)) is State.OPEN
    assert events.at(State.CHANGED, end, end) is State.OVER
    assert events.at(State.CANCELLED, end, end) is State.CANCELLED
    assert events.at(State.DRAFT, end, end) is State.DRAFT


def test_who_finds_no_place_waits_and_the_first_moves_up_when_one_gets_free() -> None:
    seats: dict[int, Seat] = {}
    for who in (1, 2, 3, 4):
        everything(seats, 2, who, Wish(comes=True))
    assert [seats[who].stand for who in (1, 2, 3, 4)] == [Stand.COMING, Stand.COMING, Stand.WAITING, Stand.WAITING]
    assert events.ahead(seats.values(), seats[4]) == 1
    settled = everything(seats, 2, 1, Wish(comes=False))
    assert [seat.who for seat in settled.moved_up] == [3]
    assert seats[4].stand is Stand.WAITING


def test_pressing_the_same_button_again_changes_nothing() -> None:
    seats: dict[int, Seat] = {}
    for _ in range(2):
        for who, wish in ((1, Wish(comes=True, companions=1)), (2, Wish(comes=True)), (3, Wish(comes=True))):
            everything(seats, 3, who, wish)
    assert {who: (seat.stand, seat.companions) for who, seat in seats.items()} == {
        1: (Stand.COMING, 1),
        2: (Stand.COMING, 0),
        3: (Stand.WAITING, 0),
    }


def test_nobody_overtakes_a_party_that_waits_also_where_they_would_fit() -> None:
    seats: dict[int, Seat] = {}
    everything(seats, 3, 1, Wish(comes=True, companions=1))
    everything(seats, 3, 2, Wish(comes=True, companions=1))  # two more do not fit
    everything(seats, 3, 3, Wish(comes=True))  # one would fit
    assert (seats[2].stand, seats[3].stand) == (Stand.WAITING, Stand.WAITING)
    settled = everything(seats, 3, 2, Wish(comes=True))  # comes alone now: their turn, then nobody fits
    assert (settled.seat, seats[2].stand, seats[3].stand) == (seats[2], Stand.COMING, Stand.WAITING)


def test_who_comes_and_asks_for_more_than_fits_keeps_what_they_had() -> None:
    seats: dict[int, Seat] = {}
    everything(seats, 2, 1, Wish(comes=True))
    settled = everything(seats, 2, 1, Wish(comes=True, companions=3))
    assert (settled.refused, seats[1].companions) == (True, 0)
    assert not everything(seats, 2, 1, Wish(comes=True, companions=1)).refused
    assert everything(seats, 2, 2, Wish(comes=True)).seat == Seat(2, Stand.WAITING, 0, 2)
    assert [seat.who for seat in everything(seats, 2, 1, Wish(comes=True)).moved_up] == [2]


def test_of_who_never_came_a_no_leaves_nothing_behind() -> None:
    assert settle([], 5, 1, Wish(comes=False)) == Settled(None)


def test_nobody_brings_more_than_three() -> None:
    seat = settle([], None, 1, Wish(comes=True, companions=50)).seat
    assert seat is not None
    assert seat.companions == events.MOST_COMPANIONS


@pytest.mark.parametrize("seed", range(20))
def test_whatever_people_press_the_places_are_never_exceeded_and_nobody_waits_who_is_first_and_fits(seed: int) -> None:
    chance, seats = Random(seed), dict[int, Seat]()
    capacity = chance.randint(1, 8)
    for _ in range(300):
        wish = Wish(chance.random() < 0.7, chance.randint(0, 3))
        everything(seats, capacity, chance.randint(1, 12), wish)
        assert taken(seats.values()) <= capacity
        assert events.move_up(list(seats.values()), capacity) == ()


@pytest.mark.parametrize(
    ("starts", "before", "due"),
    [
        (at(29, 18), timedelta(days=1), at(28, 18)),
        (at(29, 18), timedelta(hours=2), at(29, 16)),
        (at(29, 9), timedelta(hours=2), at(28, 20, 30)),  # 07:00 is quiet, 08:00 too late
        (at(29, 22), timedelta(days=1), at(29, 8)),
        (at(29, 7), timedelta(days=1), at(28, 8)),
        (at(29, 23, 30), timedelta(hours=2), at(29, 20, 30)),
        (datetime(2026, 10, 25, 12, tzinfo=ZONE), timedelta(days=1), datetime(2026, 10, 24, 12, tzinfo=ZONE)),
    ],
)
def test_a_reminder_comes_in_time_and_never_in_the_quiet_hours(
    starts: datetime, before: timedelta, due: datetime
) -> None:
    assert events.remind_at(starts, before) == due
    assert due.astimezone(UTC) < starts.astimezone(UTC)
