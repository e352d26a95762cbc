"""Signing in: links that live for minutes, codes that work once, and what follows wrong ones (rulings 34).

Codes are those of RFC 6238: six digits, thirty seconds, SHA-1, as every authenticator app makes them.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

from pyotp import TOTP

from storage import audit, codes, staff
from storage.members import Member
from storage.staff import StaffMember
from storage.unit_of_work import Unit

INVITATION = timedelta(hours=48)
LOGIN = timedelta(minutes=10)
#: So long after a code what needs a fresh one works.
FRESH = timedelta(minutes=5)
STEP = 30  # seconds
DIGITS = 6
SECRET_BYTES = 20  # what RFC 4226 recommends
#: So many wrong codes of one member, or from one address, within LOCK lock for LOCK.
TRIES = 5
LOCK = timedelta(minutes=15)
ISSUER = "IZI"


class Answer(StrEnum):
    """What became of a code."""

    RIGHT = "right"
    WRONG = "wrong"  # also: used already
    LOCKED = "locked"


def random_secret() -> bytes:
    """160 bits from the system."""
    return secrets.token_bytes(SECRET_BYTES)


def login_link(unit: Unit, staff_id: int, by: int | None = None) -> str:
    """The path of a link that signs a member in, for ten minutes. by: who made it; None = the command line."""
    audit.log_act(unit, by, "login_link", f"staff:{staff_id}")
    return path_of(staff.login_link(unit, staff_id, unit.now + LOGIN))


def path_of(token: str) -> str:
    """The path under which a link is opened."""
    return f"/desk/login/{token}"


def secret_to_show(unit: Unit, member: Member, new: Callable[[], bytes] = random_secret) -> bytes | None:
    """The secret of a member who has confirmed none yet, made at need. A confirmed one is never shown again: None."""
    if member.has_code:
        return None
    found = codes.secret(unit, member.id)
    if found is None:
        found = new()
        codes.keep_secret(unit, member.id, found)
    return found


def as_text(secret: bytes) -> str:
    """A secret as it is typed into an app."""
    return base64.b32encode(secret).decode()


def as_address(secret: bytes, label: str) -> str:
    """A secret as a QR code carries it (otpauth://...)."""
    return TOTP(as_text(secret)).provisioning_uri(name=label, issuer_name=ISSUER)


def check_code(unit: Unit, staff_id: int, code: str, came_from: str) -> Answer:
    """Use a code up. came_from: the address of the browser. Wrong ones are counted against both and logged."""
    subjects = [unit.secrets.lookup("failure", f"staff:{staff_id}"), unit.secrets.lookup("failure", f"ip:{came_from}")]
    secret = codes.secret(unit, staff_id)
    if any(_locked(unit, subject) for subject in subjects):
        return Answer.LOCKED
    step = None if secret is None else _step_of(secret, code, unit.now)
    if step is None or not codes.use_step(unit, staff_id, step):
        codes.fail(unit, *subjects)
        locked = any(_locked(unit, subject) for subject in subjects)
        audit.log_act(unit, staff_id, "locked" if locked else "code_wrong", f"staff:{staff_id}")
        return Answer.WRONG
    # The address may be shared with somebody who guesses: it is not forgiven.
    codes.forgive(unit, subjects[0])
    return Answer.RIGHT


def sign_in(unit: Unit, staff_id: int, half: str) -> str:
    """A right code was shown: a whole session in place of the half one; its token."""
    staff.sign_out(unit, half)
    audit.log_act(unit, staff_id, "signed_in", f"staff:{staff_id}")
    return staff.open_session(unit, staff_id)


def is_fresh(session: StaffMember, now: datetime) -> bool:
    """Whether a code was shown a short time ago."""
    return session.verified_at is not None and now - session.verified_at <= FRESH


def _locked(unit: Unit, subject: bytes) -> bool:
    newest = codes.failures(unit, subject, TRIES)
    # While it is locked nothing is counted, so the lock ends by itself.
    return len(newest) == TRIES and newest[0] - newest[-1] <= LOCK and unit.now - newest[0] < LOCK


def _step_of(secret: bytes, code: str, now: datetime) -> int | None:
    """The step of which this is the code: the present one, or a neighbour for clocks that go wrong."""
    typed = "".join(code.split())
    if len(typed) != DIGITS or not typed.isdecimal():
        return None
    typed = f"{int(typed):0{DIGITS}}"  # digits of any script
    totp, present = TOTP(as_text(secret)), int(now.timestamp()) // STEP
    near = (present, present - 1, present + 1)
    return next((step for step in near if hmac.compare_digest(totp.generate_otp(step), typed)), None)
