"""What did not get through, or may have got through twice: read by staff and counted by the operator."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from storage.rows import DeadLetter, LetterKind
from storage.tables import DEAD, HELD, NONE, POISON, UNCERTAIN, Address, Inbox, Outbox
from storage.unit_of_work import Unit

_POISON = (
    select(Inbox.seq, Address.conversation_id, Inbox.error, Inbox.received_at)
    .outerjoin(Address, Address.id == Inbox.address_id)
    .where(Inbox.state == POISON)
    .order_by(Inbox.seq.desc())
    .limit(bindparam("limit"))
)
_UNSENT = (
    select(Outbox.state, Outbox.id, Outbox.conversation_id, Outbox.reason, Outbox.created_at)
    .where(Outbox.state.in_([UNCERTAIN, DEAD, HELD]))
    .order_by(Outbox.id.desc())
    .limit(bindparam("limit"))
)
_MAYBE_DOUBLED = select(Outbox.id).where(Outbox.uncertain > NONE).order_by(Outbox.id)


def dead_letters(unit: Unit, limit: int = 200) -> list[DeadLetter]:
    """The newest `limit` of what was parked and of what was not sent, newest first."""
    parked = [
        DeadLetter(LetterKind.POISON, seq, conversation, error, at)
        for seq, conversation, error, at in unit.connection.execute(_POISON, {"limit": limit})
    ]
    unsent = [
        DeadLetter(LetterKind(state), id, conversation, reason, at)
        for state, id, conversation, reason, at in unit.connection.execute(_UNSENT, {"limit": limit})
    ]
    return sorted(parked + unsent, key=lambda letter: letter.at, reverse=True)[:limit]


def maybe_doubled(unit: Unit) -> list[int]:
    """Outbox ids of rows that had an attempt whose end nobody knows, whatever became of them."""
    return list(unit.connection.execute(_MAYBE_DOUBLED).scalars())
