"""Requests handed on to institutions. Written down only with the person's agreement, and when and in which language."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from storage.crypto import unseal
from storage.desk_tables import Referral
from storage.keys import contact_key
from storage.unit_of_work import AnyRow, Unit

_WRITE = insert(Referral)
_OF = (
    select(
        Referral.id, Referral.staff_id, Referral.institution, Referral.sealed, Referral.agreed_locale,
        Referral.agreed_at, Referral.state, Referral.due_at, Referral.created_at, Referral.shares,
        Referral.answer_sealed, Referral.answered_at,
    )
    .where(Referral.request_id == bindparam("request"))
    .order_by(Referral.created_at, Referral.id)
)  # fmt: skip
_STATE = (
    update(Referral)
    .where(Referral.id == bindparam("row"), Referral.state == bindparam("from_state"))
    .values(
        state=bindparam("to_state"),
        due_at=bindparam("to_due"),
        answer_sealed=bindparam("to_answer"),
        answered_at=bindparam("to_at"),
    )
)


@dataclass(frozen=True, slots=True)
class Referred:
    """One referral. institution: an id of the contacts file. words: why, and what was shared. state: see the desk's
    referring.py.

    agreed_locale, agreed_at: in which language and when the person agreed. due_at: when to come back to it. shares:
    codes of what else the person let us say. answer, answered_at: what the institution said last ("" = no words), and
    when that was written down.
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
    shares: frozenset[str] = frozenset()
    answer: str = ""
    answered_at: datetime | None = None


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
    shares: Collection[str] = (),
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
            "shares": " ".join(sorted(shares)),
        },
    )
    return id


def referrals(unit: Unit, number: int, contact_id: int) -> list[Referred]:
    """The referrals of a request, oldest first."""
    key = unit.keys.get(contact_key(contact_id))
    return [_referred(key, row) for row in unit.connection.execute(_OF, {"request": number})]


def set_state(unit: Unit, before: Referred, contact_id: int, state: str, due_at: datetime | None, answer: str) -> bool:
    """What the institution said; False where somebody wrote something else down meanwhile."""
    sealed = unit.secrets.seal(unit.keys.get(contact_key(contact_id)), answer.encode(), _answer_seal(before.id))
    row = {"row": before.id, "from_state": before.state, "to_state": state, "to_due": due_at}
    row |= {"to_answer": sealed if answer else None, "to_at": unit.now}
    return unit.connection.execute(_STATE, row).rowcount == 1


def _referred(key: bytes, row: AnyRow) -> Referred:
    answer = unseal(key, row.answer_sealed, _answer_seal(row.id)).decode() if row.answer_sealed is not None else ""
    return Referred(
        row.id,
        row.staff_id,
        row.institution,
        unseal(key, row.sealed, _seal(row.id)).decode(),
        row.agreed_locale,
        row.agreed_at,
        row.state,
        row.due_at,
        row.created_at,
        frozenset(row.shares.split()),
        answer,
        row.answered_at,
    )


def _seal(referral_id: int) -> str:
    return f"referral.sealed:{referral_id}"


def _answer_seal(referral_id: int) -> str:
    return f"referral.answer_sealed:{referral_id}"
