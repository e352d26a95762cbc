"""Large files that somebody asked for and a second person allows. Who may do what, and when, is the desk's to say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from storage.declared import Moment
from storage.desk_tables import Permit
from storage.unit_of_work import Unit

_COLUMNS = (
    Permit.id, Permit.staff_id, Permit.kind, Permit.query, Permit.count, Permit.state, Permit.at, Permit.decided_by,
)  # fmt: skip
_ASK = insert(Permit)
_ONE = select(*_COLUMNS).where(Permit.id == bindparam("row"))
_SINCE = select(*_COLUMNS).where(Permit.at > bindparam("since", type_=Moment())).order_by(Permit.at.desc(), Permit.id)
_MOVE = update(Permit).where(Permit.id == bindparam("row"), Permit.state == bindparam("from_state"))


class NoPermit(Exception):
    """There is none with this id."""


@dataclass(frozen=True, slots=True)
class PermitRow:
    """One file that was asked for. kind: see desk.permits.File. query: its filter, or the number of what it is about.

    count: rows when it was asked for.
    """

    id: int
    staff_id: int
    kind: str
    query: str
    count: int
    state: str
    at: datetime
    decided_by: int | None


def add_permit(unit: Unit, staff_id: int, kind: str, query: str, count: int, state: str) -> int:
    """Write down that somebody asks; its id."""
    id = unit.ids()
    row = {"id": id, "staff_id": staff_id, "kind": kind, "query": query, "count": count, "state": state}
    unit.connection.execute(_ASK, {**row, "at": unit.now, "decided_by": None, "decided_at": None})
    return id


def permit(unit: Unit, id: int) -> PermitRow:
    """One of them. Raises NoPermit."""
    row = unit.connection.execute(_ONE, {"row": id}).one_or_none()
    if row is None:
        raise NoPermit(id)
    return PermitRow(*row)


def permits(unit: Unit, since: datetime) -> list[PermitRow]:
    """What was asked for since then, newest first."""
    return [PermitRow(*row) for row in unit.connection.execute(_SINCE, {"since": since}).all()]


def move_permit(unit: Unit, id: int, from_state: str, to_state: str, by: int | None = None) -> bool:
    """Change the state if it is still `from_state`; False when it is not. by: who decided."""
    decided = {} if by is None else {"decided_by": by, "decided_at": unit.now}
    moved = unit.connection.execute(_MOVE.values(state=to_state, **decided), {"row": id, "from_state": from_state})
    return moved.rowcount == 1
