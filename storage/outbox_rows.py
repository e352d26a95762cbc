"""Sending, first half: rows are claimed, and that is committed, before anything is written to a channel."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from typing import assert_never

from sqlalchemy import ColumnElement, Integer, and_, bindparam, func, or_, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import aliased

from storage import bell
from storage.arrivals import address_seal
from storage.contacts import STANDING_COLUMNS, standing_of
from storage.crypto import unseal
from storage.declared import Moment
from storage.delivery import note_settled
from storage.keys import conversation_key
from storage.prepared import Prepared, one_of
from storage.rows import (
    ANSWER_LOST,
    CHANGED_WHO,
    NEEDS_TEMPLATE,
    SAFETY,
    AddressState,
    Claimed,
    Composed,
    Drop,
    Hold,
    MaySpeak,
    OutboxState,
    OutClass,
    OutKind,
    Passing,
    Speak,
)
from storage.tables import READY, SENDING, Address, Contact, Conversation, Outbox
from storage.unit_of_work import AnyRow, Unit

_of_same = aliased(Outbox)
_in_flight = aliased(Outbox)
_original = aliased(Outbox)
_now = bindparam("now", type_=Moment())
#: What a copy of a notice says now, or why it may not go; asked inside the claim's unit.
Compose = Callable[[Unit, Claimed], Composed | Hold | Drop]


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
# The person reads this row, so it is from now on a message like others.
_WRITE_BACK = Prepared(
    update(Outbox).where(Outbox.id == bindparam("row")).values(sealed=bindparam("to_sealed"), kind=bindparam("to_kind"))
)
_KEEP_BACK = (
    update(Outbox)
    .where(Outbox.id == bindparam("row"))
    .values(state=bindparam("to_state"), reason=bindparam("to_reason"))
)
_DROP = (
    update(Outbox)
    .where(Outbox.id == bindparam("row"))
    .values(state=OutboxState.FAILED, reason=bindparam("to_reason"), settled_at=_now, sealed=None)
)


def outbox_seal(dedupe: str) -> str:
    """Where a sealed payload belongs."""
    return f"outbox.sealed:{dedupe}"


def provider_seal(outbox_id: int) -> str:
    """Where a sealed provider id belongs."""
    return f"outbox.provider_sealed:{outbox_id}"


def uncomposed(unit: Unit, claimed: Claimed) -> Composed | Hold | Drop:
    """For processes that send no notices."""
    return Hold("uncomposed")


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
    opened = [(row, _opened(unit, row, token, may_speak)) for row in _one_each(rows)]
    claimed = [
        made for row, one in opened if one is not None and (made := _composed(unit, row, one, compose)) is not None
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


def _opened(unit: Unit, row: AnyRow, token: int, may_speak: MaySpeak) -> Claimed | None:
    """None where the row may not go, which is written down."""
    if row.address_state != AddressState.OPEN:
        _drop(unit, row, row.address_state)
        return None
    if reason := _waits(unit, row):
        _keep_back(unit, row, OutboxState.HELD, reason)
        return None
    match may_speak(row.speaker, row.matter, standing_of(row)):
        case Hold(reason):
            _keep_back(unit, row, OutboxState.HELD, reason)
        case Drop(reason):
            _drop(unit, row, reason)
        case Speak():
            return _readable(unit, row, token)
        case other:
            assert_never(other)
    return None


def _readable(unit: Unit, row: AnyRow, token: int) -> Claimed | None:
    try:
        return _unsealed(unit, row, token)
    except DBAPIError:
        raise
    except Exception as error:
        # One row that cannot be read must not stop everybody else's messages.
        _keep_back(unit, row, OutboxState.DEAD, type(error).__name__)
        return None


def _composed(unit: Unit, row: AnyRow, claimed: Claimed, compose: Compose) -> Claimed | None:
    """None where a copy of a notice may not go, which is written down."""
    if claimed.kind is not OutKind.NOTICE:
        return claimed
    try:
        made = compose(unit, claimed)
    except DBAPIError:
        raise
    except Exception as error:
        # A fault of ours in one notice must not stop everybody else's messages.
        _keep_back(unit, row, OutboxState.DEAD, type(error).__name__)
        return None
    match made:
        case Hold(reason):
            _keep_back(unit, row, OutboxState.HELD, reason)
        case Drop(reason):
            _drop(unit, row, reason)
        case Composed(payload, keeps):
            if keeps:
                _write_back(unit, row, payload)
            return replace(claimed, payload=payload)
        case other:
            assert_never(other)
    return None


def _write_back(unit: Unit, row: AnyRow, payload: bytes) -> None:
    key = unit.keys.get(conversation_key(row.conversation_id))
    sealed = unit.secrets.seal(key, payload, outbox_seal(row.dedupe))
    kind = OutKind.SEND if row.replaces is None else OutKind.EDIT
    unit.later(_WRITE_BACK, {"row": row.id, "to_sealed": sealed, "to_kind": kind})


def _waits(unit: Unit, row: AnyRow) -> str | None:
    """Why the channel, or doubt about who is there, keeps it back now. What staff write is about a case."""
    if row.changed_at is not None and row.cls == OutClass.STAFF:
        return CHANGED_WHO
    shut = row.open_until is not None and row.open_until <= unit.now
    return NEEDS_TEMPLATE if shut and row.kind != OutKind.TEMPLATE else None


def _keep_back(unit: Unit, row: AnyRow, state: OutboxState, reason: str) -> None:
    unit.connection.execute(_KEEP_BACK, {"row": row.id, "to_state": state, "to_reason": reason})
    note_settled(unit, [row.id] if row.cls == OutClass.STAFF else [])
    unit.ring(bell.OUTBOX)


def _drop(unit: Unit, row: AnyRow, reason: str) -> None:
    unit.connection.execute(_DROP, {"row": row.id, "to_reason": reason, "now": unit.now})
    note_settled(unit, [row.id] if row.cls == OutClass.STAFF else [])
    unit.ring(bell.OUTBOX)


def _unsealed(unit: Unit, row: AnyRow, token: int) -> Claimed:
    key = unit.keys.get(conversation_key(row.conversation_id))
    provider_id = None
    if row.provider_sealed is not None:
        provider_id = unseal(key, row.provider_sealed, provider_seal(row.replaces)).decode()
    return Claimed(
        id=row.id,
        token=token,
        conversation_id=row.conversation_id,
        address_id=row.address_id,
        channel=row.channel,
        account=row.account,
        opaque_id=unseal(key, row.address_sealed, address_seal(row.address_id)).decode("utf-8", "surrogatepass"),
        cls=OutClass(row.cls),
        kind=OutKind(row.kind),
        speaker=row.speaker,
        matter=row.matter,
        locale=row.locale,
        payload=unseal(key, row.sealed, outbox_seal(row.dedupe)),
        provider_id=provider_id,
        tries=row.tries,
        repeated=row.uncertain > 0,
        answer_was_lost=row.reason == ANSWER_LOST,
        created_at=row.created_at,
    )
