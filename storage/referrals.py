"""Requests handed on to institutions. Written down only with the person's agreement, and when and in which language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from storage.crypto import unseal
from storage.desk_tables import Referral
from storage.keys import contact_key
from storage.unit_of_work import Unit

_WRITE = insert(Referral)
_OF = (
    select(
        Referral.id, Referral.staff_id, Referral.institution, Referral.sealed, Referral.agreed_locale,
        Referral.agreed_at, Referral.state, Referral.due_at, Referral.created_at,
    )
    .where(Referral.request_id == bindparam("request"))
    .order_by(Referral.created_at, Referral.id)
)  # fmt: skip
_STATE = (
    update(Referral)
    .where(Referral.id == bindparam("row"), Referral.request_id == bindparam("of_request"))
    .values(state=bindparam("to_state"), due_at=bindparam("to_due"))
)


@dataclass(frozen=True, slots=True)
class Referred:
    """One referral. institution: an id of the contacts file. words: why, and what was shared.

    agreed_locale, agreed_at: in which language and when the person agreed. due_at: when to come back to it.
    """

    id: int
    staff_id: int
    institution: str
    words: str
    agreed_locale: str
    agreed_at: datetime
    state: str
    due_at: datetime | None
    created_at: datetime


def refer(
    unit: Unit,
    number: int,
    contact_id: int,
    staff_id: int,
    *,
    institution: str,
    words: str,
    agreed_locale: str,
    due_at: datetime | None,
) -> int:
    """Write a referral down as sent; its id. The person agrees in the same moment."""
    id = unit.ids()
    sealed = unit.secrets.seal(unit.keys.get(contact_key(contact_id)), words.encode(), _seal(id))
    unit.connection.execute(
        _WRITE,
        {
            "id": id,
            "request_id": number,
            "staff_id": staff_id,
            "institution": institution,
            "sealed": sealed,
            "agreed_locale": agreed_locale,
            "agreed_at": unit.now,
            "state": "sent",
            "due_at": due_at,
            "created_at": unit.now,
        },
    )
    return id


def referrals(unit: Unit, number: int, contact_id: int) -> list[Referred]:
    """The referrals of a request, oldest first."""
    key = unit.keys.get(contact_key(contact_id))
    return [
        Referred(
            row.id,
            row.staff_id,
            row.institution,
            unseal(key, row.sealed, _seal(row.id)).decode(),
            row.agreed_locale,
            row.agreed_at,
            row.state,
            row.due_at,
            row.created_at,
        )
        for row in unit.connection.execute(_OF, {"request": number})
    ]


def set_state(unit: Unit, number: int, referral_id: int, state: str, due_at: datetime | None) -> bool:
    """What the institution said; False when the referral is not one of this request."""
    row = {"row": referral_id, "of_request": number, "to_state": state, "to_due": due_at}
    return unit.connection.execute(_STATE, row).rowcount == 1


def _seal(referral_id: int) -> str:
    return f"referral.sealed:{referral_id}"
