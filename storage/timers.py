"""Things to do at a time. A due timer becomes an inbox row, in one transaction: it fires once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, bindparam, delete, insert, select

from storage import bell
from storage.arrivals import inbox_seal
from storage.declared import Id
from storage.dialects import insert_or_update
from storage.prepared import Prepared
from storage.rows import TIMER_CHANNEL, InboxState
from storage.tables import Conversation, Inbox, Timer
from storage.unit_of_work import Unit

_AGAIN = ("id", "due_at", "conversation_id", "kind", "created_at")
_SET = Prepared(insert_or_update(Timer, ["key"], _AGAIN), ["key", *_AGAIN])
_CANCEL = delete(Timer).where(Timer.key == bindparam("key"))
_of_these = (
    Timer.conversation_id == bindparam("conversation", type_=Id),
    Timer.key.startswith(bindparam("prefix", type_=String()), autoescape=False),
)
_OF = select(Timer.key, Timer.due_at).where(*_of_these).order_by(Timer.due_at, Timer.key)
_CANCEL_THESE = delete(Timer).where(*_of_these)
# Another process that rings at the same moment skips what we hold.
_DUE = (
    select(Timer.id, Timer.key, Timer.kind, Conversation.active_address_id)
    .join(Conversation, Conversation.id == Timer.conversation_id)
    .where(Timer.due_at <= bindparam("now"))
    .order_by(Timer.due_at, Timer.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True, of=Timer)
)
_STORE = insert(Inbox)
_RUNG = delete(Timer).where(Timer.id.in_(bindparam("rows", expanding=True)))


def set_timer(unit: Unit, key: str, due_at: datetime, conversation_id: int, kind: str) -> None:
    """Something to do for the conversation at a time (aware). Setting the same key again moves it."""
    values = {"id": unit.ids(), "due_at": due_at, "conversation_id": conversation_id, "kind": kind}
    unit.later(_SET, {"key": key, "created_at": unit.now, **values})


def cancel_timer(unit: Unit, key: str) -> bool:
    """True when there was one. One that has rung already is an inbox row and is not called back."""
    return unit.connection.execute(_CANCEL, {"key": key}).rowcount == 1


def timers_of(unit: Unit, conversation_id: int, prefix: str) -> dict[str, datetime]:
    """The timers of a conversation whose keys begin so: key -> when, the next one first."""
    where = {"conversation": conversation_id, "prefix": prefix}
    return dict(unit.connection.execute(_OF, where).all())


def cancel_timers(unit: Unit, conversation_id: int, prefix: str) -> None:
    """Those of a conversation whose keys begin so. One that has rung already is not called back."""
    unit.connection.execute(_CANCEL_THESE, {"conversation": conversation_id, "prefix": prefix})


def ring_timers(unit: Unit, limit: int = 100) -> int:
    """Make inbox rows of the timers that are due, oldest first; how many. Their body is the timer's key."""
    due = unit.connection.execute(_DUE, {"now": unit.now, "limit": limit}).all()
    if not due:
        return 0
    day = unit.now.date()
    ingress = unit.keys.ingress(day, make=True)
    rows = []
    for timer in due:
        ext_hash = unit.secrets.lookup("timer", str(timer.id))
        rows.append(
            {
                "channel": TIMER_CHANNEL,
                "account": "",
                "ext_hash": ext_hash,
                "address_id": timer.active_address_id,
                "kind": timer.kind,
                "sealed": unit.secrets.seal(ingress, timer.key.encode(), inbox_seal(TIMER_CHANNEL, "", ext_hash)),
                "key_day": day,
                "received_at": unit.now,
                "state": InboxState.NEW,
                "tries": 0,
            }
        )
    unit.connection.execute(_STORE, rows)
    unit.connection.execute(_RUNG, {"rows": [timer.id for timer in due]})
    unit.ring(bell.INBOX)
    return len(due)
