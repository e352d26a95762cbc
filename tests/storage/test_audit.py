"""The log of what staff did: a chain in which a changed or missing line is found."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Delete, Update, delete, update

from storage import audit
from storage.audit import first_break, lines, log_act
from storage.desk_tables import Audit
from tests.storage.build import MORNING, Store


def log(store: Store, *acts: str) -> None:
    for act in acts:
        store.database.write_now(partial(log_act, staff_id=7, act=act, thing="request:1"))


def seqs(store: Store) -> list[int]:
    return [line.seq for line in store.database.read_now(lines)]


def test_a_chain_that_nobody_touched_is_whole(store: Store) -> None:
    assert store.database.read_now(first_break) is None
    log(store, "opened", "claimed", "answered")
    assert store.database.read_now(first_break) is None
    assert [line.act for line in store.database.read_now(lines)] == ["answered", "claimed", "opened"]


@pytest.mark.parametrize(
    ("place", "touch", "found"),
    [
        (0, update(Audit).values(staff_id=8), 0),
        (1, update(Audit).values(act="closed"), 1),
        (1, update(Audit).values(thing="request:2"), 1),
        (2, update(Audit).values(at=MORNING + timedelta(minutes=1)), 2),
        (0, delete(Audit), 1),
        (1, delete(Audit), 2),
    ],
)
def test_a_line_that_was_changed_or_taken_out_is_found(
    store: Store, place: int, touch: Update | Delete, found: int
) -> None:
    log(store, "opened", "claimed", "answered")
    oldest_first = seqs(store)[::-1]
    spoil = touch.where(Audit.seq == oldest_first[place])
    store.database.write_now(lambda unit: unit.connection.execute(spoil) and None)
    assert store.database.read_now(first_break) == oldest_first[found]


def test_a_chain_made_anew_without_the_key_is_found(store: Store) -> None:
    log(store, "opened", "claimed")
    forged = update(Audit).where(Audit.act == "claimed").values(act="closed", hash=b"x" * 32)
    store.database.write_now(lambda unit: unit.connection.execute(forged) and None)
    assert store.database.read_now(first_break) is not None


def test_what_is_past_its_period_is_dropped_and_the_chain_stays_whole(store: Store) -> None:
    log(store, "opened", "claimed")
    for _year in range(3):
        store.clock.forward(days=366)
        border = store.clock.now - timedelta(days=365)
        assert store.database.write_now(partial(audit.expire_audit, before=border)) >= 1
        assert store.database.read_now(first_break) is None
        log(store, "answered")
    assert "opened" not in store.database.read_now(audit.acts)
    assert store.database.read_now(first_break) is None


def test_dropping_the_oldest_lines_by_hand_is_found(store: Store) -> None:
    log(store, "opened", "claimed", "answered")
    store.clock.forward(days=366)
    store.database.write_now(lambda unit: audit.expire_audit(unit, store.clock.now - timedelta(days=400)))
    by_hand = delete(Audit).where(Audit.seq == seqs(store)[-1])
    store.database.write_now(lambda unit: unit.connection.execute(by_hand) and None)
    assert store.database.read_now(first_break) is not None


def test_lines_are_found_by_act_who_what_and_when(store: Store) -> None:
    log(store, "opened", "revealed")
    store.clock.forward(hours=1)
    store.database.write_now(lambda unit: log_act(unit, 8, "opened", "request:2"))
    now = store.clock.now

    def found(**asked: object) -> int:
        return len(store.database.read_now(lambda unit: lines(unit, **asked)))  # type: ignore[arg-type]

    assert (found(act="opened"), found(staff_id=8), found(thing="request:1")) == (2, 1, 2)
    assert (found(since=now), found(until=now), found(act="opened", staff_id=7)) == (1, 2, 1)


def test_what_somebody_did_lately_is_counted(store: Store) -> None:
    log(store, "revealed", "revealed", "opened")
    since = store.clock.now - timedelta(hours=1)
    assert store.database.read_now(lambda unit: audit.done_since(unit, 7, "revealed", since)) == 2
    assert store.database.read_now(lambda unit: audit.done_since(unit, 8, "revealed", since)) == 0
    assert store.database.read_now(lambda unit: audit.is_logged(unit, None, "opened", "request:1", since))
    assert not store.database.read_now(lambda unit: audit.is_logged(unit, None, "opened", "request:2", since))
