from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial

import pytest

from storage import queue
from storage.bell import INBOX
from storage.rows import TIMER_CHANNEL, Standing, Taken
from storage.tables import Inbox, Timer
from storage.timers import cancel_timer, ring_timers, set_timer
from storage.unit_of_work import Unit
from tests.storage.build import Store, arrival

MINUTE = timedelta(minutes=1)


@pytest.fixture
def person(store: Store) -> Standing:
    return store.newcomer("chat-1")


def _set(store: Store, person: Standing, key: str, in_time: timedelta) -> None:
    due_at = store.clock.now + in_time
    store.database.write_now(lambda unit: set_timer(unit, key, due_at, person.conversation_id, "promise"))


def _take_and_finish(unit: Unit) -> list[Taken]:
    taken = queue.take(unit)
    queue.done(unit, taken)
    return taken


def test_a_timer_becomes_an_inbox_row_of_its_conversation_when_it_is_due(store: Store, person: Standing) -> None:
    _set(store, person, "promise:12", MINUTE)
    store.clock.forward(seconds=59)
    assert store.database.write_now(ring_timers) == 0
    store.clock.forward(seconds=1)
    assert store.database.write_now(ring_timers) == 1
    taken = store.take_one()
    assert (taken.channel, taken.kind, taken.body) == (TIMER_CHANNEL, "promise", b"promise:12")
    assert (taken.conversation_id, taken.opaque_id) == (person.conversation_id, "chat-1")


def test_a_timer_fires_once_however_often_it_is_rung_and_the_clock_jumps(store: Store, person: Standing) -> None:
    _set(store, person, "promise:12", MINUTE)
    store.clock.forward(days=2)
    assert store.database.write_now(ring_timers) == 1
    store.clock.forward(days=-2)
    assert store.database.write_now(ring_timers) == 0
    store.clock.forward(days=4)
    assert store.database.write_now(ring_timers) == 0
    assert len(store.database.write_now(_take_and_finish)) == 1
    assert store.database.write_now(_take_and_finish) == []


async def test_timers_rung_by_several_processes_at_once_fire_once_each(store: Store, person: Standing) -> None:
    for number in range(50):
        _set(store, person, f"promise:{number}", MINUTE)
    store.clock.forward(minutes=1)
    databases = [store.database, store.open(), store.open()]
    rung = await asyncio.gather(*(databases[n % 3].write(partial(ring_timers, limit=10)) for n in range(30)))
    assert sum(rung) == 50
    assert store.count(Inbox, Inbox.channel == TIMER_CHANNEL) == 50


def test_timers_ring_in_the_order_in_which_they_are_due(store: Store, person: Standing) -> None:
    for key, minutes in (("late", 3), ("early", 1), ("middle", 2)):
        _set(store, person, key, minutes * MINUTE)
    store.clock.forward(hours=1)
    store.database.write_now(ring_timers)
    keys = [store.database.write_now(_take_and_finish)[0].body for _ in range(3)]
    assert keys == [b"early", b"middle", b"late"]


def test_setting_the_same_key_again_moves_the_timer(store: Store, person: Standing) -> None:
    _set(store, person, "promise:12", MINUTE)
    _set(store, person, "promise:12", 3 * MINUTE)
    store.clock.forward(minutes=2)
    assert store.database.write_now(ring_timers) == 0
    store.clock.forward(minutes=1)
    assert store.database.write_now(ring_timers) == 1


def test_a_key_that_has_fired_can_be_set_again(store: Store, person: Standing) -> None:
    for _ in range(2):
        _set(store, person, "promise:12", MINUTE)
        store.clock.forward(minutes=1)
        assert store.database.write_now(ring_timers) == 1


def test_a_cancelled_timer_does_not_fire(store: Store, person: Standing) -> None:
    _set(store, person, "promise:12", MINUTE)
    assert store.database.write_now(lambda unit: cancel_timer(unit, "promise:12"))
    assert not store.database.write_now(lambda unit: cancel_timer(unit, "promise:12"))
    store.clock.forward(minutes=1)
    assert store.database.write_now(ring_timers) == 0
    assert store.count(Timer) == 0


def test_a_timer_keeps_its_place_behind_what_arrived_before_it(store: Store, person: Standing) -> None:
    _set(store, person, "promise:12", MINUTE)
    store.clock.forward(minutes=1)
    store.accept(arrival("words"))
    store.database.write_now(ring_timers)
    assert [store.database.write_now(_take_and_finish)[0].kind for _ in range(2)] == ["words", "promise"]


async def test_the_inbox_bell_rings_for_a_timer(store: Store, person: Standing) -> None:
    await store.bell.wait(INBOX, 0.001)
    _set(store, person, "promise:12", timedelta())
    store.database.write_now(ring_timers)
    assert await store.bell.wait(INBOX, 0.001)
