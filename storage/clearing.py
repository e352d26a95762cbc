"""Clearing a chat: the channel's ids of what both sides wrote lately, as long as it lets us delete that."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import bindparam, select, update

from storage.arrivals import inbox_seal, written_seal
from storage.crypto import Tampered, unseal
from storage.declared import Moment
from storage.keys import KeyGone, conversation_key
from storage.opening import provider_seal
from storage.rows import Standing
from storage.tables import Inbox, Outbox
from storage.unit_of_work import AnyRow, Unit

#: Telegram deletes for both sides what is younger than this (Bot API, deleteMessage).
DELETABLE = timedelta(hours=48)

_since = bindparam("since", type_=Moment())
_ours = (Outbox.address_id == bindparam("of_address"), Outbox.provider_sealed.is_not(None))
_theirs = (Inbox.address_id == bindparam("of_address"), Inbox.provider_sealed.is_not(None))
# By conversation and by address, for which there are indexes. The inbox has none for this: it holds three days, and a
# chat is seldom cleared.
_SENT = select(Outbox.id, Outbox.provider_sealed).where(
    Outbox.conversation_id == bindparam("of_conversation"), *_ours, Outbox.settled_at > _since
)
_RECEIVED = select(Inbox.channel, Inbox.account, Inbox.ext_hash, Inbox.key_day, Inbox.provider_sealed).where(
    *_theirs, Inbox.received_at > _since
)
_DROP = tuple(
    update(table).where(*conditions).values(provider_sealed=None)
    for table, conditions in ((Outbox, _ours), (Inbox, _theirs))
)


def take_message_ids(unit: Unit, standing: Standing) -> list[str]:
    """The channel's ids of what can still be deleted where the person is now, oldest first. They are kept no longer.

    What is being sent at this moment is not among them.
    """
    where = {"of_address": standing.address_id, "since": unit.now - DELETABLE}
    sent = unit.connection.execute(_SENT, where | {"of_conversation": standing.conversation_id}).all()
    key = unit.keys.get(conversation_key(standing.conversation_id))
    found = {unseal(key, row.provider_sealed, provider_seal(row.id)).decode() for row in sent}
    found |= {id for row in unit.connection.execute(_RECEIVED, where) if (id := _received(unit, row)) is not None}
    for statement in _DROP:
        unit.connection.execute(statement, {"of_address": standing.address_id})
    return sorted(found, key=lambda id: (len(id), id))


def _received(unit: Unit, row: AnyRow) -> str | None:
    place = written_seal(inbox_seal(row.channel, row.account, row.ext_hash))
    try:
        return unseal(unit.keys.ingress(row.key_day), row.provider_sealed, place).decode()
    except (KeyGone, Tampered):
        return None
