"""Who read, sent, changed, exported or deleted what: a log that only grows, where each row's hash covers the last.

A row that was changed or taken out breaks the chain at that place. The end of the chain can be cut off unseen by
somebody who owns the database, so the newest hash is also written to the process's log (bot/serving.py) once a day.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import bindparam, delete, insert, select

from storage.desk_tables import Audit
from storage.unit_of_work import AnyRow, Unit

_NEWEST = select(Audit.hash).order_by(Audit.seq.desc()).limit(1)
_WRITE = insert(Audit)
_PAGE = (
    select(Audit.seq, Audit.at, Audit.staff_id, Audit.act, Audit.thing, Audit.detail, Audit.hash)
    .where(Audit.seq > bindparam("after"))
    .order_by(Audit.seq)
    .limit(1000)
)
_RECENT = (
    select(Audit.seq, Audit.at, Audit.staff_id, Audit.act, Audit.thing, Audit.detail, Audit.hash)
    .order_by(Audit.seq.desc())
    .limit(bindparam("limit"))
)
_EXPIRE = delete(Audit).where(Audit.at < bindparam("before"))
#: PostgreSQL: one writer of the log at a time, so that the chain has one end. SQLite has one writer anyway.
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(7326801)"


@dataclass(frozen=True, slots=True)
class Act:
    """One line of the log. staff_id: None for the command line. thing: "request:12"; detail: a short code."""

    seq: int
    at: datetime
    staff_id: int | None
    act: str
    thing: str
    detail: str


def log_act(unit: Unit, staff_id: int | None, act: str, thing: str = "", detail: str = "") -> None:
    """Write down what somebody did. Never words or names of a person."""
    if unit.dialect == "postgresql":
        unit.connection.exec_driver_sql(_ONE_AT_A_TIME)
    before = unit.connection.execute(_NEWEST).scalar() or b""
    row = {"at": unit.now, "staff_id": staff_id, "act": act, "thing": thing, "detail": detail}
    unit.connection.execute(_WRITE, {"hash": _link(unit, before, unit.now, staff_id, act, thing, detail), **row})


def recent(unit: Unit, limit: int = 200) -> list[Act]:
    """The newest lines, newest first."""
    return [Act(*row[:6]) for row in unit.connection.execute(_RECENT, {"limit": limit}).all()]


def first_break(unit: Unit) -> int | None:
    """The seq of the first row that does not follow from the one before it; None when the chain is whole.

    The oldest row kept is taken as it is: what was before it is past its period.
    """
    before: bytes | None = None
    for row in _all(unit):
        if before is not None and not hmac.compare_digest(row.hash, _link(unit, before, *row[1:6])):
            return int(row.seq)
        before = row.hash
    return None


def expire_audit(unit: Unit, before: datetime) -> int:
    """Drop what is older than its period (rulings 35: 12 months); how many lines."""
    return unit.connection.execute(_EXPIRE, {"before": before}).rowcount


def _all(unit: Unit) -> Iterator[AnyRow]:
    after = 0
    while page := unit.connection.execute(_PAGE, {"after": after}).all():
        yield from page
        after = page[-1].seq


def _link(unit: Unit, before: bytes, at: datetime, staff_id: int | None, act: str, thing: str, detail: str) -> bytes:
    # Under a key: who can write to the database alone cannot make a new chain.
    text = "\x1f".join([before.hex(), f"{at:%Y-%m-%dT%H:%M:%S.%f}", str(staff_id), act, thing, detail])
    return hmac.digest(unit.secrets.subkey("audit"), text.encode(), sha256)
