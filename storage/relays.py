"""The second hop of what staff do in Telegram: an arrival for the newcomer's conversation, in its order (rulings 4)."""

from __future__ import annotations

from sqlalchemy import bindparam, insert, select

from storage import bell
from storage.arrivals import inbox_seal
from storage.rows import TIMER_CHANNEL, InboxState
from storage.tables import Conversation, Inbox
from storage.unit_of_work import Unit

_ADDRESS = select(Conversation.active_address_id).where(Conversation.id == bindparam("conversation"))
_STORE = insert(Inbox)


def relay(unit: Unit, conversation_id: int, kind: str, body: bytes) -> None:
    """Have something done in another conversation, after what waits there. It is read as a timer's: see Taken."""
    day = unit.now.date()
    ext_hash = unit.secrets.lookup("relay", str(unit.ids()))
    row = {
        "channel": TIMER_CHANNEL,
        "account": "",
        "ext_hash": ext_hash,
        "address_id": unit.connection.execute(_ADDRESS, {"conversation": conversation_id}).scalar_one(),
        "kind": kind,
        "sealed": unit.secrets.seal(unit.keys.ingress(day, make=True), body, inbox_seal(TIMER_CHANNEL, "", ext_hash)),
        "key_day": day,
        "received_at": unit.now,
        "state": InboxState.NEW,
        "tries": 0,
    }
    unit.connection.execute(_STORE, row)
    unit.ring(bell.INBOX)
