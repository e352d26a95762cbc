"""What people asked of staff. The number of a request is what both sides say aloud."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from storage import contacts
from storage.crypto import unseal
from storage.keys import contact_key
from storage.rows import Standing
from storage.tables import Request
from storage.unit_of_work import AnyRow, Unit

# The states are the desk's (desk/lifecycle.py); here only the first and the last are named.
OPEN = "ours"
CLOSED = "done"

_OPEN_ONE = insert(Request).returning(Request.id)
_SEAL = (
    update(Request)
    .where(Request.id == bindparam("row"))
    .values(sealed=bindparam("to_sealed"), sensitive_sealed=bindparam("to_sensitive"))
)
_COLUMNS = (
    Request.id, Request.conversation_id, Request.contact_id, Request.type, Request.state, Request.urgent,
    Request.locale, Request.guide, Request.step, Request.promised_by, Request.created_at, Request.closed_at,
    Request.assignee_id, Request.claimed_at, Request.answered_at, Request.turn_at, Request.due_at, Request.outcome,
    Request.reopened, Request.late, Request.protected, Request.tag,
)  # fmt: skip
_ONE = select(*_COLUMNS).where(Request.id == bindparam("number"))
_LATEST = select(*_COLUMNS).where(Request.contact_id == bindparam("contact")).order_by(Request.id.desc()).limit(1)
_OF_CONTACT = select(*_COLUMNS).where(Request.contact_id == bindparam("contact")).order_by(Request.id.desc())
_WAITING = select(*_COLUMNS).where(Request.closed_at.is_(None)).order_by(Request.urgent.desc(), Request.id)
_OF_CONVERSATION = _WAITING.where(Request.conversation_id == bindparam("conversation"))
_DONE = (
    select(*_COLUMNS).where(Request.closed_at.is_not(None)).order_by(Request.closed_at.desc()).limit(bindparam("limit"))
)
_SET_CONTEXT = update(Request).where(Request.id == bindparam("row")).values(sealed=bindparam("to_sealed"))
_CONTEXT = select(Request.contact_id, Request.sealed).where(Request.id == bindparam("number"))


class NoRequest(Exception):
    """There is no request of this number, or no more."""


@dataclass(frozen=True, slots=True)
class NewRequest:
    """What is asked.

    context: what staff should know, as the caller wrote it down. sensitive: answers that nobody reads yet; kept
    apart, dropped when the request closes or after a day. promised_by: aware; until when a person answers, or None.
    """

    type: str
    context: bytes
    urgent: bool = False
    protected: bool = False
    guide: str | None = None
    step: str | None = None
    sensitive: bytes | None = None
    promised_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request without its words.

    assignee_id: who has it, or had it last. turn_at: since when `state` stands. late: we said that we are late.
    protected: for the protection group alone. due_at: when an office, or we, should come back to it.
    """

    number: int
    conversation_id: int
    contact_id: int
    type: str
    state: str
    urgent: bool
    locale: str
    guide: str | None
    step: str | None
    promised_by: datetime | None
    created_at: datetime
    closed_at: datetime | None
    assignee_id: int | None
    claimed_at: datetime | None
    answered_at: datetime | None
    turn_at: datetime | None
    due_at: datetime | None
    outcome: str | None
    reopened: int
    late: bool
    protected: bool
    tag: str | None


def open_request(unit: Unit, standing: Standing, new: NewRequest) -> int:
    """Write it down for the active contact; returns its number."""
    number = unit.connection.execute(
        _OPEN_ONE,
        {
            "conversation_id": standing.conversation_id,
            "contact_id": standing.contact_id,
            "type": new.type,
            "state": OPEN,
            "urgent": new.urgent,
            "protected": new.protected,
            "turn_at": unit.now,
            "locale": standing.locale,
            "guide": new.guide,
            "step": new.step,
            "promised_by": new.promised_by,
            "created_at": unit.now,
        },
    ).scalar_one()
    key = unit.keys.get(contact_key(standing.contact_id))
    sensitive = None
    if new.sensitive is not None:
        sensitive = unit.secrets.seal(key, new.sensitive, f"request.sensitive_sealed:{number}")
    sealed = unit.secrets.seal(key, new.context, _seal(number))
    unit.connection.execute(_SEAL, {"row": number, "to_sealed": sealed, "to_sensitive": sensitive})
    return number


def open_requests(unit: Unit, *, type: str | None = None, guide: str | None = None) -> list[RequestRow]:
    """All that are not closed, urgent ones first, then in order of arrival; of one type or guide if given."""
    waiting = _WAITING
    if type is not None:
        waiting = waiting.where(Request.type == type)
    if guide is not None:
        waiting = waiting.where(Request.guide == guide)
    return [_row(row) for row in unit.connection.execute(waiting).all()]


def open_of_conversation(unit: Unit, conversation_id: int) -> list[RequestRow]:
    """All of one conversation that are not closed, urgent ones first, then in order of arrival."""
    return [_row(row) for row in unit.connection.execute(_OF_CONVERSATION, {"conversation": conversation_id}).all()]


def request(unit: Unit, number: int) -> RequestRow:
    """One request; raises NoRequest."""
    row = unit.connection.execute(_ONE, {"number": number}).one_or_none()
    if row is None:
        raise NoRequest(number)
    return _row(row)


def latest_of(unit: Unit, contact_id: int) -> RequestRow | None:
    """The newest request of a contact, closed or not."""
    row = unit.connection.execute(_LATEST, {"contact": contact_id}).one_or_none()
    return None if row is None else _row(row)


def closed_requests(unit: Unit, limit: int = 200) -> list[RequestRow]:
    """The newest closed ones, newest first."""
    return [_row(row) for row in unit.connection.execute(_DONE, {"limit": limit}).all()]


def of_contact(unit: Unit, contact_id: int) -> list[RequestRow]:
    """All requests of a contact that are still kept, newest first."""
    return [_row(row) for row in unit.connection.execute(_OF_CONTACT, {"contact": contact_id}).all()]


def hold(unit: Unit, look: Callable[[], RequestRow]) -> RequestRow:
    """Lock the conversation of a request until the unit ends; the request as it is then. Raises what `look` raises.

    look: reads the request. Chats are joined now and then (joining.py): whoever waited for the lock of the one that
    went looks again where the request is.
    """
    row = look()
    while not contacts.held(unit, row.conversation_id):
        row = look()
    return row


def context(unit: Unit, number: int) -> bytes:
    """What staff should know, as it was written down; raises NoRequest. The sensitive part has no reader yet."""
    row = unit.connection.execute(_CONTEXT, {"number": number}).one_or_none()
    if row is None:
        raise NoRequest(number)
    return unseal(unit.keys.get(contact_key(row.contact_id)), row.sealed, _seal(number))


def set_context(unit: Unit, row: RequestRow, context: bytes) -> None:
    """Write down anew what staff should know."""
    sealed = unit.secrets.seal(unit.keys.get(contact_key(row.contact_id)), context, _seal(row.number))
    unit.connection.execute(_SET_CONTEXT, {"row": row.number, "to_sealed": sealed})


def _row(row: AnyRow) -> RequestRow:
    return RequestRow(*row)


def _seal(number: int) -> str:
    return f"request.sealed:{number}"
