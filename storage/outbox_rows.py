"""Sending, first half: rows are claimed, and that is committed, before anything is written to a channel."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, Integer, and_, bindparam, func, or_, select, update
from sqlalchemy.orm import aliased

from storage.contacts import STANDING_COLUMNS
from storage.declared import Moment
from storage.keys import conversation_key
from storage.opening import Compose, composed, opened, uncomposed
from storage.prepared import Prepared, one_of
from storage.rows import (
    SAFETY,
    Claimed,
    MaySpeak,
    OutboxState,
    OutClass,
    Passing,
)
from storage.tables import READY, SENDING, Address, Contact, Conversation, Outbox
from storage.unit_of_work import AnyRow, Unit

_of_same = aliased(Outbox)
_in_flight = aliased(Outbox)
_original = aliased(Outbox)
_now = bindparam("now", type_=Moment())


def _passes(row: type[Outbox]) -> ColumnElement[bool]:
    news, safety = bindparam("news", type_=Integer()) == 1, bindparam("safety", type_=Integer()) == 1
    return or_(row.cls != int(OutClass.NOTICE), news, and_(safety, row.matter == SAFETY))


# One in flight per conversation, oldest first within a class. A notice that waits for its time blocks nobody.
_may_go = (
    Outbox.state == READY,
    _passes(Outbox),
    or_(Outbox.not_before.is_(None), Outbox.not_before <= _now),
    or_(Address.not_before.is_(None), Address.not_before <= _now),
    # min() and not NOT EXISTS: see inbox_rows.py.
    select(func.min(_in_flight.id))
    .where(_in_flight.state == SENDING, _in_flight.conversation_id == Outbox.conversation_id)
    .scalar_subquery()
    .is_(None),
    Outbox.id
    == select(func.min(_of_same.id))
    .where(
        _of_same.state == READY,
        _of_same.conversation_id == Outbox.conversation_id,
        _of_same.cls == Outbox.cls,
        or_(Outbox.cls != int(OutClass.NOTICE), _of_same.not_before.is_(None), _of_same.not_before <= _now),
        _passes(_of_same),
    )
    .scalar_subquery(),
)
_of_these = one_of(Outbox.conversation_id, "conversations")
_through = one_of(Address.channel, "channels")
_lock = (
    select(Conversation.id)
    .select_from(Outbox)
    .join(Address, Address.id == Outbox.address_id)
    .join(Conversation, Conversation.id == Outbox.conversation_id)
    .where(*_may_go)
    .order_by(Outbox.cls, Outbox.id)
    .limit(bindparam("limit"))
    .with_for_update(key_share=True, skip_locked=True, of=Conversation)
)
_LOCK = Prepared({name: _lock.where(through) for name, through in _through.items()})
# Read again after the lock, in a new snapshot: another sender may just have claimed what led us here.
_heads = (
    select(
        Outbox.id,
        Outbox.dedupe,
        Outbox.address_id,
        Outbox.cls,
        Outbox.kind,
        Outbox.speaker,
        Outbox.matter,
        Outbox.sealed,
        Outbox.tries,
        Outbox.uncertain,
        Outbox.reason,
        Outbox.created_at,
        Outbox.replaces,
        _original.provider_sealed.label("provider_sealed"),
        Address.channel,
        Address.account,
        Address.sealed.label("address_sealed"),
        Address.state.label("address_state"),
        Address.open_until,
        Address.changed_at,
        *STANDING_COLUMNS,
    )
    .join(Address, Address.id == Outbox.address_id)
    .join(Conversation, Conversation.id == Outbox.conversation_id)
    .join(Contact, Contact.id == Conversation.active_contact_id)
    .outerjoin(_original, _original.id == Outbox.replaces)
    .where(*_may_go)
    .order_by(Outbox.cls, Outbox.id)
)
_HEADS = Prepared({name: _heads.where(these, _through[name]) for name, these in _of_these.items()})
_claim = update(Outbox).values(state=OutboxState.SENDING, attempt_token=bindparam("token"), worker=bindparam("by"))
_CLAIM = Prepared({name: _claim.where(these) for name, these in one_of(Outbox.id, "rows").items()})


def claim(
    unit: Unit,
    limit: int,
    may_speak: MaySpeak,
    channels: Collection[str],
    compose: Compose = uncomposed,
    passing: Passing = Passing.ALL,
) -> list[Claimed]:
    """Claim what may be sent now, at most one row a conversation: replies first, then staff, then notices.

    channels: those that this process can send through; rows of others wait for a process that has them. compose:
    makes what a copy of a notice says. passing: which notices and reminders may go now; the others stay as they are.

    When the unit is committed the rows are `sending` and belong to this worker until they are settled. The floor
    is asked again here; what it keeps back is held or failed with its reason. Rings the outbox bell then, because
    something behind it may be free.
    """
    through = {"now": unit.now, "channels": list(channels)}
    through |= {"news": int(passing is Passing.ALL), "safety": int(passing is not Passing.NONE)}
    conversations = {row.id for row in unit.fetch(_LOCK, {**through, "limit": limit})}
    if not conversations:
        return []
    unit.keys.warm(conversation_key(id) for id in conversations)
    rows = unit.fetch(_HEADS, {**through, "conversations": list(conversations)})
    token = unit.ids()
    may_go = [(row, opened(unit, row, token, may_speak)) for row in _one_each(rows)]
    claimed = [
        made for row, one in may_go if one is not None and (made := composed(unit, row, one, compose)) is not None
    ]
    if claimed:
        ids = [row.id for row in claimed]
        unit.run(_CLAIM, {"rows": ids, "token": token, "by": unit.worker})
    return claimed


def _one_each(rows: Iterable[AnyRow]) -> list[AnyRow]:
    """The first row of each conversation: its most urgent class."""
    first: dict[int, AnyRow] = {}
    for row in rows:
        first.setdefault(row.conversation_id, row)
    return list(first.values())
