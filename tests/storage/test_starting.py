"""What is put off starts once, at its wall time, whatever the clock does; the next of a recurring one stands then."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from notices.lifecycle import Kind, Move, State
from notices.moving import move
from notices.plan import Every
from notices.starting import schedule, start_due
from storage import broadcasts, notices
from storage.notice_rows import BroadcastRow, NewBroadcast
from storage.unit_of_work import Unit
from tests.storage.build import Store

BELGRADE = ZoneInfo("Europe/Belgrade")


def put_off(store: Store, starts: str, every: Every, valid_until: date = date(2027, 12, 31)) -> int:
    def write(unit: Unit) -> int:
        notice = notices.create(unit, 7, "news")
        notices.set_about(unit, notice, valid_until=valid_until)
        number = broadcasts.create(unit, NewBroadcast(notice, Kind.FIRST, "{}", 7), State.DRAFT)
        move(unit, number, Move.PASSED, 7, approver_id=8, confirmed=12)
        schedule(unit, number, starts, every, BELGRADE, 7)
        return number

    return store.database.write_now(write)


def tick(store: Store) -> list[int]:
    return store.database.write_now(lambda unit: start_due(unit, BELGRADE))


def rows(store: Store) -> list[BroadcastRow]:
    return store.database.read_now(lambda unit: broadcasts.newest(unit)[::-1])


def test_it_starts_once_however_the_clock_jumps(store: Store) -> None:
    number = put_off(store, "2026-11-23T12:00", Every.DAY)
    assert tick(store) == []
    store.clock.now = datetime(2026, 11, 23, 11, tzinfo=UTC)
    assert tick(store) == [number]
    for jump in (timedelta(hours=-1), timedelta(hours=1), timedelta(hours=-2), timedelta(hours=2)):
        store.clock.now += jump
        assert tick(store) == []
    assert [(row.state, row.starts) for row in rows(store)] == [
        ("sending", "2026-11-23T12:00"),
        ("scheduled", "2026-11-24T12:00"),
    ]


def test_across_the_spring_change_it_stays_at_its_hour_and_comes_once_a_day(store: Store) -> None:
    store.clock.now = datetime(2027, 3, 27, 0, tzinfo=UTC)
    put_off(store, "2027-03-27T10:00", Every.DAY)
    starts = []
    for _ in range(4 * 24):
        starts += [store.clock.now for _ in tick(store)]
        store.clock.forward(hours=1)
    assert starts == [
        datetime(2027, 3, 27, 9, tzinfo=UTC),
        datetime(2027, 3, 28, 8, tzinfo=UTC),
        datetime(2027, 3, 29, 8, tzinfo=UTC),
        datetime(2027, 3, 30, 8, tzinfo=UTC),
    ]


def test_two_days_without_a_process_bring_one_start_and_the_next_to_come(store: Store) -> None:
    put_off(store, "2026-11-24T12:00", Every.DAY)
    store.clock.now = datetime(2026, 11, 26, 15, tzinfo=UTC)
    assert len(tick(store)) == 1
    assert tick(store) == []
    assert rows(store)[-1].starts == "2026-11-27T12:00"


def test_the_next_one_is_what_was_agreed_to(store: Store) -> None:
    put_off(store, "2026-11-30T12:00", Every.MONTH)
    store.clock.now = datetime(2026, 11, 30, 12, tzinfo=UTC)
    tick(store)
    first, second = rows(store)
    assert (second.approver_id, second.confirmed, second.audience) == (8, 12, first.audience)
    assert (second.starts, second.every) == ("2026-12-30T12:00", "month")


def test_after_a_short_month_the_31st_comes_again(store: Store) -> None:
    put_off(store, "2027-01-31T12:00", Every.MONTH)
    for month in (1, 2, 3):
        store.clock.now = datetime(2027, month, 28, 12, tzinfo=UTC) + timedelta(days=3 if month != 2 else 0)
        tick(store)
    assert [row.starts[:10] for row in rows(store)] == ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]


def test_what_is_not_true_any_more_ends_instead_and_none_comes_after_it(store: Store) -> None:
    put_off(store, "2026-11-24T12:00", Every.DAY, valid_until=date(2026, 11, 25))
    for day in (24, 25, 26):
        store.clock.now = datetime(2026, 11, day, 12, tzinfo=UTC)
        tick(store)
    assert [(row.state, row.starts[8:10]) for row in rows(store)] == [("sending", "24"), ("sending", "25")]
    late = put_off(store, "2026-11-27T12:00", Every.ONCE, valid_until=date(2026, 11, 26))
    store.clock.forward(days=2)
    assert tick(store) == []
    assert store.database.read_now(lambda unit: broadcasts.read(unit, late)).state == "stopped"


def test_a_time_that_has_passed_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="passed"):
        put_off(store, "2026-11-23T09:59", Every.ONCE)  # 10:00 in Belgrade now
