"""Which kept message a channel means by its id: one that the person changed, or answered to.

Ids are kept sealed, for 48 hours (rulings 13): ours with what was sent, the person's with their words in a request.
They are compared after unsealing, because nothing that could be looked up is kept; so few are kept of one person that
it costs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, select

from storage.crypto import unseal
from storage.declared import Moment
from storage.keys import contact_key, conversation_key
from storage.opening import provider_seal
from storage.rows import Standing
from storage.tables import Message, Outbox
from storage.unit_of_work import Unit

KNOWN_FOR = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Origin:
    """How the channel names what a person wrote: its id, "" = none is known; answers: the id of what they answered to.

    A message that was changed has the id that it had before.
    """

    id: str = ""
    answers: str = ""


@dataclass(frozen=True, slots=True)
class Meant:
    """A kept message. request: the number of the request that it belongs to, or None."""

    id: int
    request: int | None


_lately = (Message.contact_id == bindparam("contact"), Message.at > bindparam("since", type_=Moment()))
_THEIRS = select(Message.id, Message.request_id, Message.written_sealed).where(
    *_lately, Message.written_sealed.is_not(None)
)
_OURS = (
    select(Message.id, Message.request_id, Outbox.id.label("outbox"), Outbox.provider_sealed)
    .join(Outbox, Outbox.id == Message.outbox_id)
    .where(*_lately, Outbox.provider_sealed.is_not(None))
)


def written_seal(message_id: int) -> str:
    """Where the sealed channel's id of a message of the person belongs."""
    return f"message.written_sealed:{message_id}"


def theirs(unit: Unit, standing: Standing, channel_id: str) -> Meant | None:
    """The message of the active contact that has this id with the channel; None where we know none (any more)."""
    key = unit.keys.get(contact_key(standing.contact_id))
    for row in unit.connection.execute(_THEIRS, _of(unit, standing)):
        if unseal(key, row.written_sealed, written_seal(row.id)).decode() == channel_id:
            return Meant(row.id, row.request_id)
    return None


def ours(unit: Unit, standing: Standing, channel_id: str) -> Meant | None:
    """The same, of what we wrote to them."""
    key = unit.keys.get(conversation_key(standing.conversation_id))
    for row in unit.connection.execute(_OURS, _of(unit, standing)):
        if unseal(key, row.provider_sealed, provider_seal(row.outbox)).decode() == channel_id:
            return Meant(row.id, row.request_id)
    return None


def answered(unit: Unit, standing: Standing, origin: Origin) -> int | None:
    """The id of the kept message, of either side, to which the person answered; None where there is none."""
    if not origin.answers:
        return None
    meant = ours(unit, standing, origin.answers) or theirs(unit, standing, origin.answers)
    return None if meant is None else meant.id


def _of(unit: Unit, standing: Standing) -> dict[str, object]:
    return {"contact": standing.contact_id, "since": unit.now - KNOWN_FOR}
