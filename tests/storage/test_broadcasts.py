"""Broadcasts: written down, read, and moved on by one of two who try at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert

from notices.lifecycle import Move, Refused, State
from notices.moving import move
from storage import audit, broadcasts
from storage.notice_rows import NewBroadcast
from storage.notice_tables import Notice
from storage.unit_of_work import Unit
from tests.storage.build import Store

NEW = NewBroadcast(1, "first", '{"locales": ["ar"]}', author_id=7, lacking={"fr": "leave_out"})


@pytest.fixture
def number(store: Store) -> int:
    def write(unit: Unit) -> int:
        row = {"id": 1, "category": "news", "author_id": 7, "created_at": unit.now}
        unit.connection.execute(insert(Notice), row)
        return broadcasts.create(unit, NEW, State.DRAFT)

    return store.database.write_now(write)


def test_what_was_written_down_is_read(store: Store, number: int) -> None:
    row = store.database.read_now(lambda unit: broadcasts.read(unit, number))
    assert (row.notice_id, row.kind, row.state, row.author_id) == (1, "first", "draft", 7)
    assert (row.audience, row.lacking) == (NEW.audience, {"fr": "leave_out"})
    assert (row.complete, row.cursor, row.start_at) == (False, None, None)
    assert store.database.read_now(broadcasts.newest) == [row]
    assert store.database.read_now(lambda unit: broadcasts.of_notice(unit, 1)) == [row]
    with pytest.raises(broadcasts.NoBroadcast):
        store.database.read_now(lambda unit: broadcasts.read(unit, number + 1))


def test_a_move_is_made_once_and_stands_in_the_log(store: Store, number: int) -> None:
    passed = store.database.write_now(lambda unit: move(unit, number, Move.PASSED, 7, confirmed=12))
    assert (passed.state, passed.confirmed) == ("ready", 12)
    with pytest.raises(Refused):
        store.database.write_now(lambda unit: move(unit, number, Move.PASSED, 7))
    acts = store.database.read_now(lambda unit: [(one.act, one.staff_id) for one in audit.lines(unit)])
    assert acts == [("notice_passed", 7), ("notice_made", 7)]


def test_of_two_who_saw_the_same_state_one_wins(store: Store, number: int) -> None:
    def twice(unit: Unit) -> list[bool]:
        return [broadcasts.move(unit, number, "draft", "ready", 7, "passed") for _ in range(2)]

    assert store.database.write_now(twice) == [True, False]


def test_what_is_due_is_found_and_what_is_not_is_left(store: Store, number: int) -> None:
    at = store.clock.now + timedelta(hours=1)
    store.database.write_now(lambda unit: move(unit, number, Move.PASSED, 7))
    store.database.write_now(lambda unit: move(unit, number, Move.SCHEDULED, 7, start_at=at, starts="x"))

    def due() -> list[int]:
        found = lambda unit: broadcasts.in_state(unit, [State.SCHEDULED], due=unit.now)  # noqa: E731
        return [row.id for row in store.database.read_now(found)]

    assert due() == []
    store.clock.forward(hours=1)
    assert due() == [number]


def test_the_end_is_dated(store: Store, number: int) -> None:
    for act in (Move.PASSED, Move.STARTED):
        store.database.write_now(lambda unit, act=act: move(unit, number, act, 7))  # type: ignore[misc]
    stopped = store.database.write_now(lambda unit: move(unit, number, Move.STOPPED, 7))
    assert (stopped.state, stopped.started_at, stopped.ended_at) == ("stopped", store.clock.now, store.clock.now)
