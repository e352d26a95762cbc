"""The people at the desk as colleagues: languages, hours, roles, and the chat in which they get alerts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, exists, or_, select, update

from storage.desk_tables import Staff, StaffRole
from storage.dialects import insert_or_ignore
from storage.unit_of_work import AnyRow, Unit

_COLUMNS = (
    Staff.id, Staff.label, Staff.alias, Staff.introduction, Staff.languages, Staff.gender, Staff.origin,
    Staff.on_duty, Staff.paused_until, Staff.cap, Staff.conversation_id, Staff.pledged_at, Staff.administrator,
    Staff.coordinator, Staff.created_at, Staff.totp_step, Staff.break_until,
)  # fmt: skip
#: Condition on a row of staff: they may let others in.
is_administrator = or_(
    Staff.administrator.is_(True), exists().where(StaffRole.staff_id == Staff.id, StaffRole.role == "admin")
)
_ALL = select(*_COLUMNS).where(Staff.ended_at.is_(None)).order_by(Staff.label, Staff.id)
_ONE = select(*_COLUMNS).where(Staff.id == bindparam("row"))
_OF_CHAT = select(*_COLUMNS).where(Staff.conversation_id == bindparam("chat"), Staff.ended_at.is_(None))
_CHANGE = update(Staff).where(Staff.id == bindparam("row"))
_PLEDGE = (
    update(Staff).where(Staff.id == bindparam("row"), Staff.pledged_at.is_(None)).values(pledged_at=bindparam("to_at"))
)
_ROLES = select(StaffRole.staff_id, StaffRole.role, StaffRole.scope)
_GRANT = insert_or_ignore(StaffRole, ["staff_id", "role", "scope"])
_REVOKE_ALL = delete(StaffRole).where(StaffRole.staff_id == bindparam("row"))
_TAKE_FLAGS = update(Staff).where(Staff.id == bindparam("row")).values(administrator=False, coordinator=False)


class NoMember(Exception):
    """Nobody of this id works here."""


@dataclass(frozen=True, slots=True)
class Role:
    """What somebody may do, and where: a language, a municipality, or "" for everywhere."""

    name: str
    scope: str = ""

    def __str__(self) -> str:
        return f"{self.name}:{self.scope}" if self.scope else self.name

    @classmethod
    def read(cls, text: str) -> Role:
        """What str() wrote: "translator:fa"."""
        name, _, scope = text.partition(":")
        return cls(name, scope)


@dataclass(frozen=True, slots=True)
class Member:
    """A colleague. alias, introduction: what newcomers may know. conversation_id: where alerts go, or None.

    languages: codes. paused_until: aware. cap: requests that wait for them, above which nothing new is offered.
    has_code: they confirmed the secret of their codes. break_until: off duty, and back by themselves then.
    """

    id: int
    label: str
    alias: str
    introduction: str
    languages: frozenset[str]
    gender: str
    origin: str
    on_duty: bool
    paused_until: datetime | None
    cap: int
    conversation_id: int | None
    pledged_at: datetime | None
    roles: frozenset[Role]
    created_at: datetime | None = None
    has_code: bool = False
    break_until: datetime | None = None

    def has(self, *names: str) -> bool:
        """Whether one of the roles is theirs, wherever."""
        return any(role.name in names for role in self.roles)


def members(unit: Unit) -> list[Member]:
    """Everybody who works here now, by label."""
    roles = _roles(unit)
    return [_member(row, roles) for row in unit.connection.execute(_ALL).all()]


def member(unit: Unit, staff_id: int) -> Member:
    """One of them, also one who has left. Raises NoMember."""
    row = unit.connection.execute(_ONE, {"row": staff_id}).one_or_none()
    if row is None:
        raise NoMember(staff_id)
    return _member(row, _roles(unit))


def of_chat(unit: Unit, conversation_id: int) -> Member | None:
    """The colleague whose own chat with the bot this is."""
    row = unit.connection.execute(_OF_CHAT, {"chat": conversation_id}).one_or_none()
    return None if row is None else _member(row, _roles(unit))


def change(unit: Unit, staff_id: int, **values: Any) -> None:
    """Change columns of a member: on_duty, paused_until, languages (codes, separated by spaces) ..."""
    unit.connection.execute(_CHANGE.values(values), {"row": staff_id})


def accept_pledge(unit: Unit, staff_id: int) -> None:
    """They accepted the code of conduct; the first time counts."""
    unit.connection.execute(_PLEDGE, {"row": staff_id, "to_at": unit.now})


def grant(unit: Unit, staff_id: int, role: Role) -> None:
    """Give a role. May be repeated."""
    row = {"staff_id": staff_id, "role": role.name, "scope": role.scope}
    unit.connection.execute(_GRANT[unit.dialect], row)


def set_roles(unit: Unit, staff_id: int, roles: Iterable[Role]) -> None:
    """Give these roles and no others."""
    unit.connection.execute(_REVOKE_ALL, {"row": staff_id})
    unit.connection.execute(_TAKE_FLAGS, {"row": staff_id})
    for role in roles:
        grant(unit, staff_id, role)


def _roles(unit: Unit) -> Mapping[int, frozenset[Role]]:
    found: defaultdict[int, set[Role]] = defaultdict(set)
    for staff_id, role, scope in unit.connection.execute(_ROLES).all():
        found[staff_id].add(Role(role, scope))
    return {staff_id: frozenset(roles) for staff_id, roles in found.items()}


def _member(row: AnyRow, roles: Mapping[int, frozenset[Role]]) -> Member:
    # The two flags are from before there were roles.
    flags = {Role("admin")} if row.administrator else set()
    flags |= {Role("coordinator")} if row.coordinator else set()
    return Member(
        id=row.id,
        label=row.label,
        alias=row.alias,
        introduction=row.introduction,
        languages=frozenset(row.languages.split()),
        gender=row.gender,
        origin=row.origin,
        on_duty=row.on_duty,
        paused_until=row.paused_until,
        cap=row.cap,
        conversation_id=row.conversation_id,
        pledged_at=row.pledged_at,
        roles=roles.get(row.id, frozenset()) | flags,
        created_at=row.created_at,
        has_code=row.totp_step is not None,
        break_until=row.break_until,
    )
