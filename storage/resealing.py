"""Sealing again under another key: where two chats become one, and their rows belong to its key or its person's.

A table says what is sealed how; everything sealed is opened and sealed once more. What is kept of the files is not
here: they lie in a folder (media.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Update, bindparam, select, update
from sqlalchemy.orm import InstrumentedAttribute

from storage.crypto import unseal
from storage.declared import Id
from storage.desk_tables import Draft, Note, Referral
from storage.event_tables import SurveyAnswer
from storage.tables import Address, Contact, Media, Message, Outbox, Request, Session
from storage.unit_of_work import Unit

_of = bindparam("of", type_=Id)
_requests = select(Request.id).where(Request.contact_id == _of)
_contacts = select(Contact.id).where(Contact.conversation_id == _of)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed column. by: the columns that name its row in the place it is sealed to; of: which rows are meant."""

    column: InstrumentedAttribute[Any]
    by: tuple[InstrumentedAttribute[Any], ...]
    of: ColumnElement[bool]

    @property
    def place(self) -> str:
        """What stands before the names of the row."""
        return f"{self.column.class_.__tablename__}.{self.column.key}"


#: Under the key of a contact; `of` is the contact. A day that somebody told is sealed to its contact (own.py).
OF_CONTACT = (
    Sealed(Message.sealed, (Message.id,), Message.contact_id == _of),
    Sealed(Message.written_sealed, (Message.id,), Message.contact_id == _of),
    Sealed(Request.sealed, (Request.id,), Request.contact_id == _of),
    Sealed(Request.sensitive_sealed, (Request.id,), Request.contact_id == _of),
    Sealed(Request.wish_sealed, (Request.id,), Request.contact_id == _of),
    Sealed(Media.sealed, (Media.id,), Media.contact_id == _of),
    Sealed(SurveyAnswer.sealed, (SurveyAnswer.id,), SurveyAnswer.contact_id == _of),
    Sealed(Note.sealed, (Note.id,), Note.request_id.in_(_requests)),
    Sealed(Draft.sealed, (Draft.request_id, Draft.staff_id), Draft.request_id.in_(_requests)),
    Sealed(Referral.sealed, (Referral.id,), Referral.request_id.in_(_requests)),
    Sealed(Referral.answer_sealed, (Referral.id,), Referral.request_id.in_(_requests)),
)
#: Under the key of a conversation; `of` is the conversation.
OF_CONVERSATION = (
    Sealed(Address.sealed, (Address.id,), Address.conversation_id == _of),
    Sealed(Session.sealed, (Session.contact_id,), Session.contact_id.in_(_contacts)),
    Sealed(Outbox.sealed, (Outbox.dedupe,), Outbox.conversation_id == _of),
    Sealed(Outbox.provider_sealed, (Outbox.id,), Outbox.conversation_id == _of),
)


def reseal(unit: Unit, what: Iterable[Sealed], of: int, old: bytes, new: bytes) -> int:
    """Seal the rows of `of` under the new key instead of the old one; how many. Raises Tampered."""
    return sum(_reseal(unit, one, of, lambda sealed, place: _turned(unit, sealed, place, old, new)) for one in what)


def _reseal(unit: Unit, one: Sealed, of: int, turn: Callable[[bytes, str], bytes]) -> int:
    rows = unit.connection.execute(select(one.column, *one.by).where(one.of, one.column.is_not(None)), {"of": of}).all()
    for sealed, *names in rows:
        place = ":".join([one.place, *map(str, names)])
        unit.connection.execute(_put(one, names), {"to_sealed": turn(sealed, place)})
    return len(rows)


def _put(one: Sealed, names: list[Any]) -> Update:
    this = [column == name for column, name in zip(one.by, names, strict=True)]
    return update(one.column.class_).where(*this).values({one.column.key: bindparam("to_sealed")})


def _turned(unit: Unit, sealed: bytes, place: str, old: bytes, new: bytes) -> bytes:
    return unit.secrets.seal(new, unseal(old, sealed, place), place)
