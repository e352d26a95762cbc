"""Who read, sent, changed, exported or deleted what: a log that only grows, where each row's hash covers the last.

A row that was changed or taken out breaks the chain at that place. What retention drops at the beginning leaves its
last hash in a line of the log itself. The end of the chain can be cut off unseen by somebody who owns the database, so
the newest hash is also written to the process's log, with every report of retention (bot/house.py).
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import bindparam, delete, func, insert, select

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
_LINES = select(Audit.seq, Audit.at, Audit.staff_id, Audit.act, Audit.thing, Audit.detail).order_by(Audit.seq.desc())
_ACTS = select(Audit.act).distinct().order_by(Audit.act)
_DONE_SINCE = select(func.count()).where(
    Audit.at > bindparam("since"), Audit.act == bindparam("what"), Audit.staff_id == bindparam("by")
)
_LAST_TO_DROP = select(Audit.seq, Audit.hash).where(Audit.at < bindparam("before")).order_by(Audit.seq.desc()).limit(1)
_DROP = delete(Audit).where(Audit.seq <= bindparam("last"))
_DROPPED = select(Audit.detail).where(Audit.act == "expired").order_by(Audit.seq.desc()).limit(1)
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


def lines(
    unit: Unit,
    *,
    act: str | None = None,
    staff_id: int | None = None,
    thing: str | None = None,
    detail: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 200,
) -> list[Act]:
    """The newest lines that fit all that is given, newest first. until: not included."""
    exact = ((Audit.act, act), (Audit.staff_id, staff_id), (Audit.thing, thing), (Audit.detail, detail))
    conditions = [column == value for column, value in exact if value is not None]
    conditions += [] if since is None else [Audit.at >= since]
    conditions += [] if until is None else [Audit.at < until]
    return [Act(*row) for row in unit.connection.execute(_LINES.where(*conditions).limit(limit)).all()]


def acts(unit: Unit) -> list[str]:
    """The kinds of acts that are in the log."""
    return list(unit.connection.execute(_ACTS).scalars())


def done_since(unit: Unit, staff_id: int, act: str, since: datetime) -> int:
    """How often somebody did this."""
    return unit.connection.execute(_DONE_SINCE, {"since": since, "what": act, "by": staff_id}).scalar_one()


def is_logged(
    unit: Unit, staff_id: int | None, act: str, thing: str, since: datetime, detail: str | None = None
) -> bool:
    """Whether this was done to this thing since then, by this member or (None) by anybody, with this detail or any."""
    return bool(lines(unit, staff_id=staff_id, act=act, thing=thing, detail=detail, since=since, limit=1))


def newest_hash(unit: Unit) -> str:
    """The end of the chain, to be kept elsewhere; "" where the log is empty."""
    return (unit.connection.execute(_NEWEST).scalar() or b"").hex()


def first_break(unit: Unit) -> int | None:
    """The seq of the first row that does not follow from the one before it; None when the chain is whole.

    The oldest row follows from what retention dropped last, or from nothing.
    """
    before = bytes.fromhex(unit.connection.execute(_DROPPED).scalar() or "")
    for row in _all(unit):
        if not hmac.compare_digest(row.hash, _link(unit, before, *row[1:6])):
            return int(row.seq)
        before = row.hash
    return None


def expire_audit(unit: Unit, before: datetime) -> int:
    """Drop what is older than its period (rulings 35: 12 months), and log that; how many lines."""
    last = unit.connection.execute(_LAST_TO_DROP, {"before": before}).one_or_none()
    if last is None:
        return 0
    # First the line, so that it follows from the newest one also where nothing newer than the period is left.
    log_act(unit, None, "expired", f"audit:{last.seq}", last.hash.hex())
    return unit.connection.execute(_DROP, {"last": last.seq}).rowcount


def _all(unit: Unit) -> Iterator[AnyRow]:
    after = 0
    while page := unit.connection.execute(_PAGE, {"after": after}).all():
        yield from page
        after = page[-1].seq


def _link(unit: Unit, before: bytes, at: datetime, staff_id: int | None, act: str, thing: str, detail: str) -> bytes:
    # Under a key: who can write to the database alone cannot make a new chain.
    text = "\x1f".join([before.hex(), f"{at:%Y-%m-%dT%H:%M:%S.%f}", str(staff_id), act, thing, detail])
    return hmac.digest(unit.secrets.subkey("audit"), text.encode(), sha256)
