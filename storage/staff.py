"""Who works at the desk: one-time links and signed-in browsers. Tokens are 256 bits, hashed at rest.

A link makes half a session, which only leads to the page that asks for a code. A right code makes a whole one of it,
under a new token.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import bindparam, delete, exists, insert, select, update

from storage import bell
from storage.desk_tables import Staff, StaffLink, StaffSession
from storage.leavers import note_leaver
from storage.members import Role, grant, is_administrator
from storage.unit_of_work import Unit

LinkKind = Literal["invite", "login"]

#: A session ends after this long without a request, and in any case (rulings 34).
IDLE = timedelta(hours=12)
LONGEST = timedelta(days=7)
#: So long one may take from the link to the code.
HALF = timedelta(minutes=30)
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
    select(
        Staff.id, Staff.label, Staff.administrator, Staff.coordinator, StaffSession.verified_at, StaffSession.seen_at
    )
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
_VERIFY = (
    update(StaffSession).where(StaffSession.token_hash == bindparam("hash")).values(verified_at=bindparam("to_at"))
)
_ADMINISTRATOR = select(exists().where(is_administrator, Staff.totp_step.is_not(None), Staff.ended_at.is_(None)))
_CHAT = select(Staff.conversation_id).where(Staff.id == bindparam("member"), Staff.ended_at.is_(None))
_END = (
    update(Staff)
    .where(Staff.id == bindparam("member"), Staff.ended_at.is_(None))
    .values(ended_at=bindparam("now"), on_duty=False, break_until=None, conversation_id=None)
)
_END_SESSIONS = delete(StaffSession).where(
    StaffSession.staff_id == bindparam("member"), StaffSession.token_hash != bindparam("kept")
)
_DROP_OFFER = update(Staff).where(Staff.id == bindparam("member"), Staff.totp_step.is_(None)).values(totp_sealed=None)
_END_LINKS = delete(StaffLink).where(StaffLink.staff_id == bindparam("member"), StaffLink.used_at.is_(None))
_VALID = select(
    exists().where(
        StaffLink.token_hash == bindparam("hash"), StaffLink.used_at.is_(None), StaffLink.expires_at > bindparam("now")
    )
)


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Someone at the desk's door. verified_at: when they last showed a code in this browser; None = only a link.

    seen_at: their last sign of life in this browser.
    """

    id: int
    label: str
    administrator: bool
    coordinator: bool
    verified_at: datetime | None
    seen_at: datetime


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
    """Use a link up: the token of half a session; None when the link is unknown, used or too old."""
    link = unit.connection.execute(_USE, {"hash": _hash(unit, token), "now": unit.now}).one_or_none()
    if link is None:
        return None
    staff_id = link.staff_id
    if staff_id is None:
        staff_id = unit.ids()
        roles = {"administrator": link.administrator, "coordinator": link.coordinator}
        unit.connection.execute(_NEW_STAFF, {"id": staff_id, "label": link.label, "created_at": unit.now, **roles})
        for role in link.roles.split():
            grant(unit, staff_id, Role.read(role))
    # A secret that was shown to somebody and never confirmed is not shown again.
    unit.connection.execute(_DROP_OFFER, {"member": staff_id})
    return _open(unit, staff_id, new_token(), HALF, None)


def open_session(unit: Unit, staff_id: int, token: Callable[[], str] = random_token) -> str:
    """A whole session of somebody who has just shown a code; its token."""
    return _open(unit, staff_id, token(), LONGEST, unit.now)


def verify(unit: Unit, token: str) -> None:
    """They showed a code again in this browser (step-up)."""
    unit.connection.execute(_VERIFY, {"hash": _hash(unit, token), "to_at": unit.now})


def staff_session(unit: Unit, token: str) -> StaffMember | None:
    """Who is signed in with this token; None when nobody (any more)."""
    known = {"hash": _hash(unit, token), "now": unit.now, "idle_since": unit.now - IDLE}
    row = unit.connection.execute(_SESSION, known).one_or_none()
    return None if row is None else StaffMember(*row)


def saw(unit: Unit, token: str) -> None:
    """A sign of life of who is signed in with this token: the idle time starts anew."""
    unit.connection.execute(_SEEN, {"hash": _hash(unit, token), "to_seen_at": unit.now})


def sign_out(unit: Unit, token: str) -> None:
    """End the session. May be repeated."""
    unit.connection.execute(_LEAVE, {"hash": _hash(unit, token)})


def has_administrator(unit: Unit) -> bool:
    """Whether somebody can let others in. Who never showed a code does not count."""
    return unit.connection.execute(_ADMINISTRATOR).scalar_one()


def end(unit: Unit, staff_id: int) -> bool:
    """End a member's access at once: sessions, open links and their chat go. The row stays. False: nobody is found.

    Whose chat it was is to be put out of the staff group (storage/leavers.py).
    """
    chat = unit.connection.execute(_CHAT, {"member": staff_id}).scalar()
    if not unit.connection.execute(_END, {"member": staff_id, "now": unit.now}).rowcount:
        return False
    end_sessions(unit, staff_id)
    unit.connection.execute(_END_LINKS, {"member": staff_id})
    if chat is not None:
        note_leaver(unit, staff_id, chat)
    unit.ring(bell.DESK)
    return True


def end_sessions(unit: Unit, staff_id: int, but: str | None = None) -> int:
    """End their sessions in all browsers, or in all others; how many."""
    kept = b"" if but is None else _hash(unit, but)
    return unit.connection.execute(_END_SESSIONS, {"member": staff_id, "kept": kept}).rowcount


def _open(unit: Unit, staff_id: int, token: str, life: timedelta, verified_at: datetime | None) -> str:
    times = {"created_at": unit.now, "seen_at": unit.now, "expires_at": unit.now + life, "verified_at": verified_at}
    unit.connection.execute(_NEW_SESSION, {"token_hash": _hash(unit, token), "staff_id": staff_id, **times})
    return token


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
