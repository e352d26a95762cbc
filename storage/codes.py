"""The one-time codes of staff: their secrets, the steps that were used, and wrong ones. What is right: desk/auth.py."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, insert, or_, select, update

from storage.crypto import unseal
from storage.desk_tables import Staff, StaffFailure
from storage.unit_of_work import Unit

# Locked, so that of many tries at once each knows of the ones before it.
_SECRET = select(Staff.totp_sealed).where(Staff.id == bindparam("row")).with_for_update()
_KEEP = (
    update(Staff)
    .where(Staff.id == bindparam("row"), Staff.totp_sealed.is_(None))
    .values(totp_sealed=bindparam("to_sealed"), totp_step=None)
)
_RESET = update(Staff).where(Staff.id == bindparam("row")).values(totp_sealed=None, totp_step=None)
_USE = (
    update(Staff)
    .where(Staff.id == bindparam("row"), or_(Staff.totp_step.is_(None), Staff.totp_step < bindparam("step")))
    .values(totp_step=bindparam("step"))
)
_FAIL = insert(StaffFailure)
_FAILURES = (
    select(StaffFailure.at)
    .where(StaffFailure.subject == bindparam("subject"))
    .order_by(StaffFailure.at.desc())
    .limit(bindparam("limit"))
)
_FORGIVE = delete(StaffFailure).where(StaffFailure.subject == bindparam("subject"))


def secret(unit: Unit, staff_id: int) -> bytes | None:
    """The secret from which their codes are made, confirmed or not; None where there is none."""
    sealed = unit.connection.execute(_SECRET, {"row": staff_id}).scalar_one_or_none()
    return None if sealed is None else unseal(unit.secrets.subkey("staff"), sealed, _seal(staff_id))


def keep_secret(unit: Unit, staff_id: int, secret: bytes) -> None:
    """Give them a secret, where they have none. It counts once a code of it was shown."""
    sealed = unit.secrets.seal(unit.secrets.subkey("staff"), secret, _seal(staff_id))
    unit.connection.execute(_KEEP, {"row": staff_id, "to_sealed": sealed})


def reset(unit: Unit, staff_id: int) -> None:
    """Their secret is gone; at their next link they get a new one."""
    unit.connection.execute(_RESET, {"row": staff_id})


def use_step(unit: Unit, staff_id: int, step: int) -> bool:
    """Use the code of a step up; False when it, or a later one, was used already."""
    return unit.connection.execute(_USE, {"row": staff_id, "step": step}).rowcount == 1


def fail(unit: Unit, *subjects: bytes) -> None:
    """Write down a wrong code against each subject."""
    unit.connection.execute(_FAIL, [{"id": unit.ids(), "subject": subject, "at": unit.now} for subject in subjects])


def failures(unit: Unit, subject: bytes, limit: int) -> list[datetime]:
    """When the newest wrong codes were, newest first."""
    return list(unit.connection.execute(_FAILURES, {"subject": subject, "limit": limit}).scalars())


def forgive(unit: Unit, subject: bytes) -> None:
    """What was wrong does not count any more."""
    unit.connection.execute(_FORGIVE, {"subject": subject})


def _seal(staff_id: int) -> str:
    return f"staff.totp_sealed:{staff_id}"
