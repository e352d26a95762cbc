"""What was said. Kept for people who agreed to it, and for words that belong to a request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import bindparam, insert, select

from storage.crypto import unseal
from storage.keys import contact_key
from storage.prepared import Prepared
from storage.quoting import Origin, answered, written_seal
from storage.rows import Standing
from storage.tables import Message, Outbox, Request
from storage.unit_of_work import AnyRow, Unit

Direction = Literal["in", "out"]

#: What a person adds to a request in this time after asking belongs to it (rulings 27).
JOINS_FOR = timedelta(minutes=10)
NOT_KNOWN = Origin()

_KEEP = Prepared(
    insert(Message),
    (
        "id", "contact_id", "conversation_id", "request_id", "direction", "speaker", "sealed", "staff_id",
        "outbox_id", "at", "version_of", "quotes_id", "written_sealed",
    ),
)  # fmt: skip
_COLUMNS = (
    Message.id, Message.contact_id, Message.request_id, Message.direction, Message.speaker, Message.sealed, Message.at,
    Message.staff_id, Message.outbox_id, Outbox.state, Outbox.reason,
    Outbox.delivery, Message.version_of, Message.quotes_id,
)  # fmt: skip
_LAST = (
    select(*_COLUMNS)
    .outerjoin(Outbox, Outbox.id == Message.outbox_id)
    .where(Message.contact_id == bindparam("contact"))
    .order_by(Message.at.desc(), Message.id.desc())
    .limit(bindparam("limit"))
)
_OF_REQUEST = (
    select(*_COLUMNS)
    .outerjoin(Outbox, Outbox.id == Message.outbox_id)
    .where(Message.request_id == bindparam("request"))
    .order_by(Message.at, Message.id)
)
_NEWEST_OF_REQUEST = (
    select(*_COLUMNS)
    .outerjoin(Outbox, Outbox.id == Message.outbox_id)
    .where(Message.request_id == bindparam("request"))
    .order_by(Message.at.desc(), Message.id.desc())
    .limit(1)
)
_JOINABLE = (
    select(Request.id)
    .where(
        Request.contact_id == bindparam("contact"),
        Request.closed_at.is_(None),
        Request.created_at > bindparam("since"),
    )
    .order_by(Request.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Said:
    """One message to keep. speaker: a short code of who spoke; text: what was said.

    staff_id: who of us wrote it. outbox_id: the row that sends it. origin: of what a person wrote; version_of: the id
    of the kept message that they changed into this.
    """

    direction: Direction
    speaker: str
    text: str
    staff_id: int | None = None
    outbox_id: int | None = None
    origin: Origin = NOT_KNOWN
    version_of: int | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """One message that was kept. request: number of the request it belongs to, or None.

    delivery, reason: how its sending stands (OutboxState and a short code); None where it is no longer known.
    got: how far the channel says it got (storage.deliveries), 0 where it says nothing. version_of, quotes_id: ids of
    the message that the person changed into this one, and of the one that they answered to. outbox_id: what sends it.
    """

    direction: Direction
    speaker: str
    text: str
    at: datetime
    request: int | None
    id: int = 0
    staff_id: int | None = None
    delivery: str | None = None
    reason: str | None = None
    got: int = 0
    version_of: int | None = None
    quotes_id: int | None = None
    outbox_id: int | None = None


def keep(unit: Unit, standing: Standing, said: Sequence[Said], request: int | None = None) -> None:
    """Keep what was said with the active contact, in this order."""
    if not said:
        return
    key = unit.keys.get(contact_key(standing.contact_id))
    for ordinal, message in enumerate(said):
        id = unit.ids()
        sealed = unit.secrets.seal(key, message.text.encode("utf-8", "surrogatepass"), _seal(id))
        row = {
            "id": id,
            "contact_id": standing.contact_id,
            "conversation_id": standing.conversation_id,
            "request_id": request,
            "direction": message.direction,
            "speaker": message.speaker,
            "sealed": sealed,
            "staff_id": message.staff_id,
            "outbox_id": message.outbox_id,
            # Ids are random, so messages of one unit keep their order by a microsecond each.
            "at": unit.now + timedelta(microseconds=ordinal),
            "version_of": message.version_of,
            "quotes_id": answered(unit, standing, message.origin),
            "written_sealed": _written(unit, key, id, message),
        }
        unit.later(_KEEP, row)


def _written(unit: Unit, key: bytes, id: int, message: Said) -> bytes | None:
    """A changed message has the id of the first one, which is kept there."""
    if not message.origin.id or message.version_of is not None:
        return None
    return unit.secrets.seal(key, message.origin.id.encode(), written_seal(id))


def last(unit: Unit, contact_id: int, limit: int) -> list[Kept]:
    """The newest `limit` messages with a contact, oldest first."""
    rows = unit.connection.execute(_LAST, {"contact": contact_id, "limit": limit}).all()
    return [_kept(unit, row) for row in reversed(rows)]


def of_request(unit: Unit, number: int) -> list[Kept]:
    """What was said in a request, oldest first."""
    return [_kept(unit, row) for row in unit.connection.execute(_OF_REQUEST, {"request": number}).all()]


def newest_of_request(unit: Unit, number: int) -> Kept | None:
    """What was said last in a request."""
    row = unit.connection.execute(_NEWEST_OF_REQUEST, {"request": number}).one_or_none()
    return None if row is None else _kept(unit, row)


def join_request(unit: Unit, standing: Standing, said: Sequence[Said]) -> int | None:
    """Keep the words as part of the request that the contact opened in the last ten minutes; its number.

    None, and nothing kept, when there is no such request.
    """
    number = unit.connection.execute(
        _JOINABLE, {"contact": standing.contact_id, "since": unit.now - JOINS_FOR}
    ).scalar()
    if number is not None:
        keep(unit, standing, said, request=number)
    return number


def _kept(unit: Unit, row: AnyRow) -> Kept:
    text = unseal(unit.keys.get(contact_key(row.contact_id)), row.sealed, _seal(row.id))
    said = text.decode("utf-8", "surrogatepass")
    about = (
        row.id, row.staff_id, row.state, row.reason, row.delivery or 0, row.version_of, row.quotes_id, row.outbox_id,
    )  # fmt: skip
    return Kept(row.direction, row.speaker, said, row.at, row.request_id, *about)


def _seal(message_id: int) -> str:
    return f"message.sealed:{message_id}"
