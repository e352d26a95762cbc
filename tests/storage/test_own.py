"""What people keep for themselves: ticks and days."""

from __future__ import annotations

from datetime import date, timedelta

from storage import own
from storage.own_tables import OwnDay, Tick
from storage.retention import Periods, expire
from storage.rows import Standing
from tests.storage.build import Store

GUIDE = "driving-licence"


def _tick(store: Store, person: Standing, paper: str, *, ready: bool, guide: str = GUIDE) -> None:
    store.database.write_now(lambda unit: own.tick(unit, person.contact_id, guide, paper, ready=ready))


def _ticked(store: Store, person: Standing, guide: str = GUIDE) -> frozenset[str]:
    return store.database.read_now(lambda unit: own.ticked(unit, person.contact_id, guide))


def _keep(store: Store, person: Standing, day: date, anchor: str = "medical-exam") -> None:
    store.database.write_now(lambda unit: own.keep_day(unit, person.contact_id, anchor, day))


def test_a_tick_may_be_repeated_and_belongs_to_one_person_and_one_guide(store: Store) -> None:
    person, other = store.newcomer("one"), store.newcomer("two")
    for _ in range(2):
        _tick(store, person, "slip", ready=True)
    _tick(store, person, "photo", ready=True)
    _tick(store, person, "slip", ready=True, guide="medical")
    for _ in range(2):
        _tick(store, person, "photo", ready=False)
    assert _ticked(store, person) == {"slip"}
    assert _ticked(store, other) == frozenset()
    found = store.database.read_now(lambda unit: own.all_ticks(unit, person.contact_id))
    assert found == {GUIDE: ["slip"], "medical": ["slip"]}


def test_a_day_replaces_the_one_that_was_told_before_and_is_not_stored_plain(store: Store) -> None:
    person = store.newcomer()
    _keep(store, person, date(2026, 10, 1))
    _keep(store, person, date(2026, 11, 23))
    _keep(store, person, date(2026, 6, 1), anchor="decision")
    days = store.database.read_now(lambda unit: own.days(unit, person.contact_id))
    assert days == {"medical-exam": date(2026, 11, 23), "decision": date(2026, 6, 1)}
    assert not any(b"2026" in sealed for sealed in store.column(OwnDay.sealed))


def test_dropping_takes_the_ticks_and_days_of_one_person_alone(store: Store) -> None:
    person, other = store.newcomer("one"), store.newcomer("two")
    for each in (person, other):
        _tick(store, each, "slip", ready=True)
        _keep(store, each, date(2026, 11, 23))
    store.database.write_now(lambda unit: own.drop(unit, person.contact_id))
    assert (store.column(Tick.contact_id), store.column(OwnDay.contact_id)) == ([other.contact_id], [other.contact_id])


def test_ticks_and_days_go_twelve_months_after_the_last_sign_of_life(store: Store) -> None:
    person = store.newcomer()
    _tick(store, person, "slip", ready=True)
    _keep(store, person, date(2026, 11, 23))
    after = person.seen_at + Periods().progress
    expire(store.database, after - timedelta(seconds=1), Periods(unsaved=timedelta(days=400)))
    assert (store.count(Tick), store.count(OwnDay)) == (1, 1)
    expire(store.database, after + timedelta(seconds=1), Periods(unsaved=timedelta(days=400)))
    assert (store.count(Tick), store.count(OwnDay)) == (0, 0)
