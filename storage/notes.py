"""What staff write beside a request: notes to each other, and drafts that survive a reload. Never sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select

from storage.crypto import unseal
from storage.desk_tables import Draft, Note
from storage.dialects import insert_or_update
from storage.keys import contact_key
from storage.unit_of_work import Unit

_WRITE = insert(Note)
_NOTES = (
    select(Note.id, Note.staff_id, Note.sealed, Note.at, Note.beside_id)
    .where(Note.request_id == bindparam("request"))
    .order_by(Note.at, Note.id)
)
_KEEP_DRAFT = insert_or_update(Draft, ["request_id", "staff_id"], ["sealed", "at"])
_DROP_DRAFT = delete(Draft).where(Draft.request_id == bindparam("request"), Draft.staff_id == bindparam("staff"))
_DRAFTS = select(Draft.staff_id, Draft.sealed, Draft.at).where(Draft.request_id == bindparam("request"))


@dataclass(frozen=True, slots=True)
class Written:
    """A note or a draft, and whose it is. beside_id: the message or file whose meaning a note says, or None."""

    staff_id: int
    text: str
    at: datetime
    beside_id: int | None = None


def write_note(
    unit: Unit, number: int, contact_id: int, staff_id: int, text: str, beside_id: int | None = None
) -> None:
    """For staff who may see the request; the person never gets it. beside_id: see Written."""
    id = unit.ids()
    sealed = unit.secrets.seal(unit.keys.get(contact_key(contact_id)), text.encode(), f"note.sealed:{id}")
    row = {"id": id, "request_id": number, "staff_id": staff_id, "sealed": sealed, "at": unit.now}
    unit.connection.execute(_WRITE, row | {"beside_id": beside_id})


def notes(unit: Unit, number: int, contact_id: int) -> list[Written]:
    """The notes beside a request, oldest first."""
    key = unit.keys.get(contact_key(contact_id))
    found = unit.connection.execute(_NOTES, {"request": number})
    return [
        Written(row.staff_id, unseal(key, row.sealed, f"note.sealed:{row.id}").decode(), row.at, row.beside_id)
        for row in found
    ]


def keep_draft(unit: Unit, number: int, contact_id: int, staff_id: int, text: str) -> None:
    """What somebody has begun to write; empty words drop it."""
    if not text.strip():
        unit.connection.execute(_DROP_DRAFT, {"request": number, "staff": staff_id})
        return
    sealed = unit.secrets.seal(unit.keys.get(contact_key(contact_id)), text.encode(), _draft_seal(number, staff_id))
    row = {"request_id": number, "staff_id": staff_id, "sealed": sealed, "at": unit.now}
    unit.connection.execute(_KEEP_DRAFT[unit.dialect], row)


def drafts(unit: Unit, number: int, contact_id: int) -> list[Written]:
    """The drafts of all who write an answer to this request."""
    key = unit.keys.get(contact_key(contact_id))
    return [
        Written(row.staff_id, unseal(key, row.sealed, _draft_seal(number, row.staff_id)).decode(), row.at)
        for row in unit.connection.execute(_DRAFTS, {"request": number})
    ]


def _draft_seal(number: int, staff_id: int) -> str:
    return f"draft.sealed:{number}:{staff_id}"
