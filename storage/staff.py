"""Who works at the desk: one-time links and signed-in browsers. Tokens are 256 bits, hashed at rest."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import bindparam, delete, exists, insert, select, update

from storage.desk_tables import Staff, StaffLink, StaffSession
from storage.members import Role, grant
from storage.unit_of_work import Unit

LinkKind = Literal["invite", "login"]

#: A session ends after this long without a request, and in any case (rulings 34).
IDLE = timedelta(hours=12)
LONGEST = timedelta(days=7)
#: The last request is written down at most this often.
SEEN_EVERY = timedelta(minutes=1)

_NEW_LINK = insert(StaffLink)
_USE = (
    update(StaffLink)
    .where(
        StaffLink.token_hash == bindparam("hash"), StaffLink.used_at.is_(None), StaffLink.expires_at > bindparam("now")
    )
    .values(used_at=bindparam("now"))
    .returning(StaffLink.staff_id, StaffLink.label, StaffLink.administrator, StaffLink.coordinator, StaffLink.roles)
)
_NEW_STAFF = insert(Staff)
_NEW_SESSION = insert(StaffSession)
_SESSION = (
    select(Staff.id, Staff.label, Staff.administrator, Staff.coordinator, StaffSession.seen_at)
    .join(StaffSession, StaffSession.staff_id == Staff.id)
    .where(
        StaffSession.token_hash == bindparam("hash"),
        StaffSession.expires_at > bindparam("now"),
        StaffSession.seen_at > bindparam("idle_since"),
        Staff.ended_at.is_(None),
    )
)
_SEEN = update(StaffSession).where(StaffSession.token_hash == bindparam("hash")).values(seen_at=bindparam("to_seen_at"))
_LEAVE = delete(StaffSession).where(StaffSession.token_hash == bindparam("hash"))
_ADMINISTRATOR = select(exists().where(Staff.administrator.is_(True), Staff.ended_at.is_(None)))
_MEMBERS = (
    select(Staff.id, Staff.label, Staff.administrator, Staff.coordinator, Staff.created_at)
    .where(Staff.ended_at.is_(None))
    .order_by(Staff.created_at, Staff.id)
)
_END = update(Staff).where(Staff.id == bindparam("member"), Staff.ended_at.is_(None)).values(ended_at=bindparam("now"))
_END_SESSIONS = delete(StaffSession).where(StaffSession.staff_id == bindparam("member"))
_END_LINKS = delete(StaffLink).where(StaffLink.staff_id == bindparam("member"), StaffLink.used_at.is_(None))
_VALID = select(
    exists().where(
        StaffLink.token_hash == bindparam("hash"), StaffLink.used_at.is_(None), StaffLink.expires_at > bindparam("now")
    )
)


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Someone who works at the desk."""

    id: int
    label: str
    administrator: bool
    coordinator: bool


def random_token() -> str:
    """256 bits, fit for a link or a cookie."""
    return secrets.token_urlsafe(32)


def invite(
    unit: Unit,
    expires_at: datetime,
    *,
    label: str,
    administrator: bool = False,
    coordinator: bool = False,
    roles: Sequence[str] = (),
    token: Callable[[], str] = random_token,
) -> str:
    """The token of an invitation, which makes a new member when it is redeemed. Shown once, kept as a hash."""
    return _link(unit, "invite", expires_at, token(), None, label, administrator, coordinator, " ".join(roles))


def login_link(unit: Unit, staff_id: int, expires_at: datetime, token: Callable[[], str] = random_token) -> str:
    """The token of a link that signs an existing member in."""
    return _link(unit, "login", expires_at, token(), staff_id, "", False, False, "")


def is_valid(unit: Unit, token: str) -> bool:
    """Whether a link could be redeemed now: for the page with the confirm button, which uses nothing up."""
    return unit.connection.execute(_VALID, {"hash": _hash(unit, token), "now": unit.now}).scalar_one()


def redeem(unit: Unit, token: str, new_token: Callable[[], str] = random_token) -> str | None:
    """Use a link up and sign in: the token of the new session; None when it is unknown, used or too old."""
    link = unit.connection.execute(_USE, {"hash": _hash(unit, token), "now": unit.now}).one_or_none()
    if link is None:
        return None
    staff_id = link.staff_id
    if staff_id is None:
        staff_id = unit.ids()
        roles = {"administrator": link.administrator, "coordinator": link.coordinator}
        unit.connection.execute(_NEW_STAFF, {"id": staff_id, "label": link.label, "created_at": unit.now, **roles})
        for role in link.roles.split():
            grant(unit, staff_id, Role(role))
    session = new_token()
    times = {"created_at": unit.now, "seen_at": unit.now, "expires_at": unit.now + LONGEST}
    unit.connection.execute(_NEW_SESSION, {"token_hash": _hash(unit, session), "staff_id": staff_id, **times})
    return session


def staff_session(unit: Unit, token: str) -> StaffMember | None:
    """Who is signed in with this token; None when nobody (any more). Counts as a request: the idle time starts anew."""
    hashed = _hash(unit, token)
    row = unit.connection.execute(
        _SESSION, {"hash": hashed, "now": unit.now, "idle_since": unit.now - IDLE}
    ).one_or_none()
    if row is None:
        return None
    if unit.now - row.seen_at >= SEEN_EVERY:
        unit.connection.execute(_SEEN, {"hash": hashed, "to_seen_at": unit.now})
    return StaffMember(row.id, row.label, row.administrator, row.coordinator)


def sign_out(unit: Unit, token: str) -> None:
    """End the session. May be repeated."""
    unit.connection.execute(_LEAVE, {"hash": _hash(unit, token)})


def has_administrator(unit: Unit) -> bool:
    """Whether somebody can let others in. An invitation that was never redeemed does not count."""
    return unit.connection.execute(_ADMINISTRATOR).scalar_one()


def members(unit: Unit) -> list[tuple[StaffMember, datetime]]:
    """Who may sign in, with the time since when; the oldest first."""
    rows = unit.connection.execute(_MEMBERS).all()
    return [(StaffMember(row.id, row.label, row.administrator, row.coordinator), row.created_at) for row in rows]


def end(unit: Unit, staff_id: int) -> bool:
    """End a member's access at once: sessions and open links go. The row stays. False where nobody is found."""
    if not unit.connection.execute(_END, {"member": staff_id, "now": unit.now}).rowcount:
        return False
    unit.connection.execute(_END_SESSIONS, {"member": staff_id})
    unit.connection.execute(_END_LINKS, {"member": staff_id})
    return True


def _link(
    unit: Unit,
    kind: LinkKind,
    expires_at: datetime,
    token: str,
    staff_id: int | None,
    label: str,
    administrator: bool,
    coordinator: bool,
    roles: str,
) -> str:
    flags = {"administrator": administrator, "coordinator": coordinator, "roles": roles}
    row = {"token_hash": _hash(unit, token), "kind": kind, "staff_id": staff_id, "label": label, **flags}
    unit.connection.execute(_NEW_LINK, {"expires_at": expires_at, **row})
    return token


def _hash(unit: Unit, token: str) -> bytes:
    return unit.secrets.lookup("staff", token)
