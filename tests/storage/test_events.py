"""Lists of events on both databases: numbers, waiting, two at once, and what forgetting leaves."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from notices import rsvp
from notices.events import Refused, Stand, State, Wish
from notices.rsvp import Standpoint, TooSmall, What
from storage import contacts, events, privacy
from storage.event_tables import Seat
from storage.events import EventRow, NoEvent
from storage.retention import Periods, expire
from storage.rows import ConsentChoice, Standing
from storage.tables import Timer
from storage.unit_of_work import Unit
from tests.storage.build import MORNING, Store

STARTS = MORNING + timedelta(days=6)
CAFE = EventRow(
    0, State.DRAFT, "subotica", "Placeholder street 1", "2026-11-29T10:00", "2026-11-29T12:00", "Europe/Belgrade",
    STARTS, STARTS + timedelta(hours=2), 2, women_only=False, child_care=True,
    texts={"en": ("Language café", "Come and talk."), "ar": ("مقهى", "تعال")},
)  # fmt: skip
COMES = Wish(comes=True)


def made(store: Store, event: EventRow = CAFE) -> int:
    """An event that people may come to."""

    def make(unit: Unit) -> int:
        id = events.create(unit, event, 1)
        rsvp.publish(unit, id)
        return id

    return store.database.write_now(make)


def answer(store: Store, person: Standing, id: int, wish: Wish = COMES) -> Standpoint:
    return store.database.write_now(lambda unit: rsvp.answer(unit, person, id, wish))


def look(store: Store, person: Standing, id: int) -> Standpoint:
    return store.database.read_now(lambda unit: rsvp.look(unit, id, person.contact_id))


def clocks(store: Store, person: Standing) -> set[str]:
    """What waits for somebody."""
    return {key.rsplit(":", 1)[1] for key in store.column(Timer.key, Timer.conversation_id == person.conversation_id)}


def test_an_event_comes_back_as_it_was_written_with_its_texts(store: Store) -> None:
    id = made(store)
    found = store.database.read_now(lambda unit: events.event(unit, id))
    assert found == replace(CAFE, id=id, state=State.OPEN)
    changed = replace(found, place="Placeholder street 2", texts={"en": ("Café", "")})
    store.database.write_now(lambda unit: rsvp.change(unit, changed, tell=True))
    assert store.database.read_now(lambda unit: events.events(unit, 9)) == [replace(changed, state=State.CHANGED)]
    with pytest.raises(NoEvent):
        store.database.read_now(lambda unit: events.event(unit, id + 1))


def test_a_draft_is_no_event_for_people_and_what_is_over_or_cancelled_takes_nobody(store: Store) -> None:
    person = store.newcomer()
    draft = store.database.write_now(lambda unit: events.create(unit, CAFE, 1))
    with pytest.raises(NoEvent):
        answer(store, person, draft)
    id = made(store)
    store.clock.forward(days=7)
    assert (answer(store, person, id).state, answer(store, person, id).stand) == (State.OVER, Stand.OUT)
    store.clock.forward(days=-7)
    store.database.write_now(lambda unit: rsvp.cancel(unit, id))
    assert answer(store, person, id).stand is Stand.OUT
    with pytest.raises(Refused):
        store.database.write_now(lambda unit: rsvp.cancel(unit, id))


def test_who_waits_moves_up_keeps_their_number_and_is_told_and_reminded(store: Store) -> None:
    id = made(store)
    first, second, third = (store.newcomer(name) for name in ("a", "b", "c"))
    found = [answer(store, person, id) for person in (first, second, third)]
    assert [one.stand for one in found] == [Stand.COMING, Stand.COMING, Stand.WAITING]
    assert [one.seat.number for one in found if one.seat] == [1, 2, 3]
    assert clocks(store, first) == {What.DAY, What.SOON}
    assert clocks(store, third) == set()
    answer(store, first, id, Wish(comes=False))
    assert look(store, third, id).stand is Stand.COMING
    assert clocks(store, first) == set()
    assert clocks(store, third) == {What.DAY, What.SOON, What.MOVED_UP}
    again = answer(store, first, id)
    assert (again.stand, again.ahead, again.seat and again.seat.number) == (Stand.WAITING, 0, 1)


def test_two_who_answer_at_once_never_get_the_same_place(store: Store) -> None:
    id = made(store, replace(CAFE, capacity=3))
    people = [store.newcomer(f"chat-{n}") for n in range(8)]
    with ThreadPoolExecutor(4) as together:
        databases = [store.open() for _ in range(4)]
        found = list(
            together.map(
                lambda n: databases[n % 4].write_now(lambda unit: rsvp.answer(unit, people[n], id, COMES)),
                range(len(people)),
            )
        )
    seats = store.database.read_now(lambda unit: events.seats(unit, id))
    assert sum(one.stand is Stand.COMING for one in found) == 3
    assert sorted(seat.number for seat in seats) == list(range(1, 9))
    assert sorted(seat.turn for seat in seats) == list(range(1, 9))
    assert {seat.stand for seat in seats if seat.turn <= 3} == {Stand.COMING}


def test_a_change_tells_and_reminds_anew_and_more_places_let_people_in(store: Store) -> None:
    id = made(store)
    people = [store.newcomer(name) for name in ("a", "b", "c")]
    for person in people:
        answer(store, person, id)
    event = store.database.read_now(lambda unit: events.event(unit, id))
    larger = replace(event, capacity=5, starts_at=event.starts_at + timedelta(days=1))
    store.database.write_now(lambda unit: rsvp.change(unit, larger, tell=True))
    assert look(store, people[2], id).stand is Stand.COMING
    assert clocks(store, people[0]) == {What.DAY, What.SOON, What.CHANGED}
    days = store.column(Timer.due_at, Timer.key.like("%:day"))
    assert set(days) == {STARTS}
    with pytest.raises(TooSmall):
        store.database.write_now(lambda unit: rsvp.change(unit, replace(larger, capacity=2), tell=False))
    store.database.write_now(lambda unit: rsvp.cancel(unit, id))
    assert clocks(store, people[0]) == {What.CANCELLED}


def test_who_is_told_in_the_night_is_told_in_the_morning(store: Store) -> None:
    id = made(store)
    person = store.newcomer()
    answer(store, person, id)
    store.clock.forward(hours=14)  # midnight in Belgrade
    store.database.write_now(lambda unit: rsvp.cancel(unit, id))
    assert store.column(Timer.due_at) == [MORNING + timedelta(hours=22)]


def test_forgetting_frees_a_place_and_leaves_a_number_of_what_is_over(store: Store) -> None:
    id = made(store, replace(CAFE, capacity=1))
    first, second = store.newcomer("a"), store.newcomer("b")
    answer(store, first, id)
    answer(store, second, id)
    store.database.write_now(lambda unit: privacy.erase(unit, first.conversation_id))
    assert clocks(store, second) == {What.LOOK}
    store.database.write_now(lambda unit: rsvp.move_up(unit, id))
    assert look(store, second, id).stand is Stand.COMING
    store.database.write_now(lambda unit: events.attend(unit, id, 2, 1))
    store.clock.forward(days=7)
    store.database.write_now(lambda unit: privacy.erase(unit, second.conversation_id))
    (seat,) = store.database.read_now(lambda unit: events.seats(unit, id))
    assert (seat.contact_id, seat.number, seat.attended) == (None, 2, 1)


@pytest.mark.parametrize("called", [False, True])
def test_who_waits_and_is_forgotten_gives_the_turn_to_the_next(store: Store, *, called: bool) -> None:
    """Called: a place got free for them, and they are forgotten before their clock rings."""
    id = made(store)
    first, pair, alone = (store.newcomer(name) for name in ("a", "b", "c"))
    answer(store, first, id)
    if called:
        between = store.newcomer("d")
        answer(store, between, id)
    answer(store, pair, id, Wish(comes=True, companions=1))
    answer(store, alone, id)
    if called:
        store.database.write_now(lambda unit: privacy.erase(unit, between.conversation_id))
        assert clocks(store, pair) == {What.LOOK}
    store.database.write_now(lambda unit: privacy.erase(unit, pair.conversation_id))
    assert clocks(store, alone) == {What.LOOK}
    store.database.write_now(lambda unit: rsvp.move_up(unit, id))
    assert look(store, alone, id).stand is Stand.COMING


def test_a_month_after_an_event_nobody_knows_who_was_there(store: Store) -> None:
    id = made(store)
    person = store.newcomer()
    full = ConsentChoice.FULL
    store.database.write_now(lambda unit: contacts.give_consent(unit, person, version="1", choice=full))
    answer(store, person, id)
    store.clock.forward(days=35)
    expire(store.database, store.clock(), Periods())
    assert store.column(Seat.contact_id) == [person.contact_id]
    store.clock.forward(days=2)
    expire(store.database, store.clock(), Periods())
    assert store.column(Seat.contact_id) == [None]
    assert store.column(Seat.number) == [1]
