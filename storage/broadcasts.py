"""Broadcasts: written down, read, moved on. Which move is allowed is decided elsewhere (notices/lifecycle.py)."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from storage import bell
from storage.audit import log_act
from storage.notice_rows import BroadcastRow, NewBroadcast
from storage.notice_tables import Broadcast
from storage.unit_of_work import AnyRow, Unit

_COLUMNS = (
    Broadcast.id, Broadcast.notice_id, Broadcast.kind, Broadcast.of_id, Broadcast.state, Broadcast.audience,
    Broadcast.lacking, Broadcast.author_id, Broadcast.approver_id, Broadcast.confirmed, Broadcast.starts,
    Broadcast.every, Broadcast.start_at, Broadcast.started_at, Broadcast.cursor, Broadcast.complete,
    Broadcast.ended_at, Broadcast.created_at,
)  # fmt: skip
_row = Broadcast.id == bindparam("row")
_CREATE = insert(Broadcast).returning(Broadcast.id)
_ONE = select(*_COLUMNS).where(_row)
_LOCKED = _ONE.with_for_update()
_NEWEST = select(*_COLUMNS).order_by(Broadcast.id.desc()).limit(bindparam("limit"))
_OF_NOTICE = select(*_COLUMNS).where(Broadcast.notice_id == bindparam("notice")).order_by(Broadcast.id)
_IN_STATE = select(*_COLUMNS).where(Broadcast.state.in_(bindparam("states", expanding=True))).order_by(Broadcast.id)
_DUE = _IN_STATE.where(Broadcast.start_at <= bindparam("now"))
_CHANGE = update(Broadcast).where(_row)
#: What may be changed of a broadcast beside its state.
CHANGEABLE = frozenset(
    {
        "audience", "lacking", "approver_id", "confirmed", "starts", "every", "start_at", "started_at", "cursor",
        "complete", "ended_at",
    }
)  # fmt: skip


class NoBroadcast(Exception):
    """There is no broadcast of this number."""


def create(unit: Unit, new: NewBroadcast, state: str) -> int:
    """Write down a broadcast; its number. Leaves a line in the log of access."""
    row = {
        "notice_id": new.notice_id,
        "kind": new.kind,
        "of_id": new.of_id,
        "state": state,
        "audience": new.audience,
        "lacking": json.dumps(dict(new.lacking), sort_keys=True),
        "author_id": new.author_id,
        "starts": new.starts,
        "every": new.every,
        "complete": False,
        "created_at": unit.now,
    }
    number = unit.connection.execute(_CREATE, row).scalar_one()
    log_act(unit, new.author_id, "notice_made", thing(number), new.kind)
    return number


def read(unit: Unit, number: int, *, lock: bool = False) -> BroadcastRow:
    """One broadcast; raises NoBroadcast. lock: nobody else changes it until the unit ends."""
    row = unit.connection.execute(_LOCKED if lock else _ONE, {"row": number}).one_or_none()
    if row is None:
        raise NoBroadcast
    return _read(row)


def newest(unit: Unit, limit: int = 100) -> list[BroadcastRow]:
    """The newest first."""
    return [_read(row) for row in unit.connection.execute(_NEWEST, {"limit": limit})]


def of_notice(unit: Unit, notice_id: int) -> list[BroadcastRow]:
    """All of one notice, the oldest first."""
    return [_read(row) for row in unit.connection.execute(_OF_NOTICE, {"notice": notice_id})]


def in_state(unit: Unit, states: Collection[str], *, due: datetime | None = None) -> list[BroadcastRow]:
    """Those that are so far, the oldest first. due: only those whose time has come by then."""
    given: dict[str, Any] = {"states": list(states)}
    if due is None:
        return [_read(row) for row in unit.connection.execute(_IN_STATE, given)]
    return [_read(row) for row in unit.connection.execute(_DUE, {**given, "now": due})]


def change(unit: Unit, number: int, **values: object) -> None:
    """Change fields of CHANGEABLE, whatever the state; the unit holds the broadcast."""
    assert values.keys() <= CHANGEABLE
    unit.connection.execute(_CHANGE.values(_written(values)), {"row": number})


def move(unit: Unit, number: int, before: str, after: str, by: int | None, what: str, **values: object) -> bool:
    """From one state to another, with fields of CHANGEABLE; False where it is not in that state any more.

    by: who does it, None = the clock or the command line. what: the act, for the log of access.
    """
    assert values.keys() <= CHANGEABLE
    statement = _CHANGE.where(Broadcast.state == before).values(state=after, **_written(values))
    if not unit.connection.execute(statement, {"row": number}).rowcount:
        return False
    log_act(unit, by, f"notice_{what}", thing(number))
    unit.ring(bell.NOTICES)
    return True


def thing(number: int) -> str:
    """How the log of access names a broadcast."""
    return f"broadcast:{number}"


def _written(values: dict[str, object]) -> dict[str, object]:
    given = values.get("lacking")
    return values if given is None else {**values, "lacking": json.dumps(given, sort_keys=True)}


def _read(row: AnyRow) -> BroadcastRow:
    found: dict[str, Any] = dict(row._mapping)
    return BroadcastRow(**{**found, "lacking": json.loads(found["lacking"])})
