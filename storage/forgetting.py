"""The second half of forgetting, and the whole of it for the command line. Blocking: run it in a thread."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from sqlalchemy import bindparam, exists, or_, select, true, update

from storage.contacts import NoConversation
from storage.db import Database
from storage.privacy import StillWriting, erase, erase_silent
from storage.tables import NEW, PENDING, READY, SENDING, Address, Conversation, Forget, Inbox, Outbox
from storage.unit_of_work import Unit

SETTLED = "settled"
GOODBYE = timedelta(seconds=5)  # how long it stays after it was sent: open pages have yet to show it

_PENDING = select(Forget.id, Forget.keys).where(Forget.state == PENDING).order_by(Forget.id)
_SETTLE = update(Forget).where(Forget.id.in_(bindparam("rows", expanding=True))).values(state=SETTLED)
_UNDER_WAY = or_(Outbox.state.in_([READY, SENDING]), Outbox.settled_at > bindparam("since"))
# Said goodbye to a while ago, and nothing under way in either direction.
_PARTED = select(Conversation.id).where(
    Conversation.parting == true(),
    ~exists().where(Outbox.conversation_id == Conversation.id, _UNDER_WAY),
    ~exists().where(Inbox.state == NEW, Inbox.address_id == Address.id, Address.conversation_id == Conversation.id),
)


def forget(database: Database, conversation_id: int, code: str | None = None) -> None:
    """Both halves. May be repeated after a failure; raises NoConversation when the rows are gone already."""
    database.write_now(partial(erase, conversation_id=conversation_id, code=code))
    finish_forgetting(database)


def finish_forgetting(database: Database) -> int:
    """Destroy the keys of what was erased; how many people. At start, and now and then.

    Also ends the conversations in which only a goodbye was left to say.
    """
    for conversation_id in database.read_now(_parted):
        end_silently(database, conversation_id)
    pending = database.read_now(_pending)
    if not pending:
        return 0
    database.keys.destroy([key for _, keys in pending for key in keys])
    database.write_now(partial(_settle, rows=[id for id, _ in pending]))
    database.truncate_log()
    return len(pending)


def end_silently(database: Database, conversation_id: int) -> bool:
    """The first half for a conversation that ends by itself; False when it lives after all, or is gone already."""
    try:
        database.write_now(partial(erase_silent, conversation_id=conversation_id))
    except (NoConversation, StillWriting):
        return False
    return True


def _parted(unit: Unit) -> list[int]:
    return list(unit.connection.execute(_PARTED, {"since": unit.now - GOODBYE}).scalars())


def _pending(unit: Unit) -> list[tuple[int, list[str]]]:
    return [(id, keys.split()) for id, keys in unit.connection.execute(_PENDING)]


def _settle(unit: Unit, rows: list[int]) -> None:
    unit.connection.execute(_SETTLE, {"rows": rows})
