"""What did not get through, or may have got through twice: read by staff and counted by the operator."""

from __future__ import annotations

import re

from sqlalchemy import bindparam, or_, select, update

from storage import bell
from storage.declared import Moment
from storage.rows import DeadLetter, InboxState, LetterKind, OutboxState, OutKind
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
    .where(
        Outbox.state.in_([UNCERTAIN, DEAD, HELD]),
        # Copies that are held stand on their notice's page: a paused broadcast would hide everything else.
        or_(Outbox.state != HELD, Outbox.kind != OutKind.NOTICE),
    )
    .order_by(Outbox.id.desc())
    .limit(bindparam("limit"))
)
_PARKED = (Inbox.seq == bindparam("row"), Inbox.state == POISON)
_KEPT = (Outbox.id == bindparam("row"), Outbox.state.in_([UNCERTAIN, DEAD, HELD]))
# What was blanked already says nothing any more, so there is nothing to try again.
_HANDLE_AGAIN = (
    update(Inbox)
    .where(*_PARKED, Inbox.sealed.is_not(None))
    .values(state=InboxState.NEW, tries=0, error=None, not_before=None)
)
_SEND_AGAIN = (
    update(Outbox)
    .where(*_KEPT, Outbox.sealed.is_not(None))
    .values(state=OutboxState.READY, tries=0, reason=None, not_before=None)
)
_NEVER_HANDLE = update(Inbox).where(*_PARKED).values(state=InboxState.DONE, sealed=None, not_before=None)
_NEVER_SEND = (
    update(Outbox)
    .where(*_KEPT)
    .values(state=OutboxState.FAILED, sealed=None, reason="discarded", settled_at=bindparam("to_at", type_=Moment()))
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


class NoLetter(Exception):
    """There is no such letter, it was decided on already, or what it said is gone."""


def retry(unit: Unit, id: str) -> None:
    """Let it be handled or sent once more, as if for the first time. id: as in DeadLetter. Raises NoLetter.

    An uncertain message may then arrive twice; whether that is worse than not at all is for a person to say.
    """
    incoming, row = _parsed(id)
    if not unit.connection.execute(_HANDLE_AGAIN if incoming else _SEND_AGAIN, {"row": row}).rowcount:
        raise NoLetter(f"{id} does not wait for a decision, or its content is gone")
    unit.ring(bell.INBOX if incoming else bell.OUTBOX)


def discard(unit: Unit, id: str) -> None:
    """Give it up for good, and blank what it said. Raises NoLetter."""
    incoming, row = _parsed(id)
    values = {"row": row} if incoming else {"row": row, "to_at": unit.now}
    if not unit.connection.execute(_NEVER_HANDLE if incoming else _NEVER_SEND, values).rowcount:
        raise NoLetter(f"{id} does not wait for a decision")


def _parsed(id: str) -> tuple[bool, int]:
    """Whether it is an arrival, and its row."""
    found = re.fullmatch(r"(in|out)-([0-9]{1,18})", id, re.ASCII)
    if found is None:
        raise NoLetter(f"{id!r} is no letter: they are called in-<number> or out-<number>")
    return found[1] == "in", int(found[2])
