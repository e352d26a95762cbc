"""Small counts for /metrics and readiness. Cheap: each is read from the index of what is not finished."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from storage.tables import DEAD, HELD, NEW, NONE, POISON, READY, SENDING, UNCERTAIN, Inbox, Outbox, Request
from storage.unit_of_work import Unit

_INBOX = select(func.count(), func.min(Inbox.received_at)).where(Inbox.state == NEW)
_POISON = select(func.count()).where(Inbox.state == POISON)
_OUTBOX = [
    select(Outbox.state, func.count()).where(Outbox.state.in_(states)).group_by(Outbox.state)
    for states in ([READY], [SENDING], [UNCERTAIN, DEAD, HELD])
]
_UNCERTAIN = select(func.coalesce(func.sum(Outbox.uncertain), 0)).where(Outbox.uncertain > NONE)
_REQUESTS = select(func.count()).where(Request.closed_at.is_(None))


@dataclass(frozen=True, slots=True)
class Figures:
    """backlog_age: seconds since the oldest waiting arrival, 0.0 when nothing waits.

    outbox: rows by state, of the states in which something is still to be done or decided.
    uncertain_attempts: sends whose end nobody knows, of all rows that are still kept.
    """

    waiting: int
    backlog_age: float
    poison: int
    outbox: Mapping[str, int]
    uncertain_attempts: int
    open_requests: int


def figures(unit: Unit) -> Figures:
    """The counts now."""
    waiting, oldest = unit.connection.execute(_INBOX).one()
    outbox: dict[str, int] = {}
    for counted in _OUTBOX:
        outbox.update(unit.connection.execute(counted).all())
    return Figures(
        waiting=waiting,
        backlog_age=(unit.now - oldest).total_seconds() if oldest else 0.0,
        poison=unit.connection.execute(_POISON).scalar_one(),
        outbox=outbox,
        uncertain_attempts=int(unit.connection.execute(_UNCERTAIN).scalar_one()),
        open_requests=unit.connection.execute(_REQUESTS).scalar_one(),
    )
