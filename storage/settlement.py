"""Sending, second half: how an attempt ended, and what that makes of the row.

    ready --claim--> sending --+-- Sent ---------------------------> sent
      ^                        +-- Retry, Throttled, Moved --------> ready   (dead after too many tries or a day)
      |                        +-- AnswerLost, or the worker died -> ready or uncertain, by is_resent
      |                        +-- Failed, Blocked ----------------> failed
      |                        +-- Held ---------------------------> held
      +------------------------+-- Dead, NotFound -----------------> dead

An attempt that may have arrived is the third answer between yes and no. Telegram has no key that would make a send
idempotent, so sending again may double and not sending may lose; who is told decides which is worse. Every such
attempt is counted on its row (`uncertain`) and can be listed, also after the row was sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, assert_never

from sqlalchemy import bindparam, update

from storage.addresses import close_address, move_address
from storage.delivery import note_settled
from storage.endings import (
    IDEMPOTENT,
    OUTBOX_TRIES,
    RESEND_AFTER,
    TOLD_WITHIN,
    Batch,
    Uniform,
    change,
    is_resent,
    row_of,
    unsure,
)
from storage.keys import KeyGone, conversation_key
from storage.opening import provider_seal
from storage.outcomes import (
    AnswerLost,
    Blocked,
    Dead,
    Failed,
    Held,
    Moved,
    NotFound,
    Retry,
    Sent,
    Settlement,
    Throttled,
)
from storage.rows import ANSWER_LOST, CHANGED_WHO, NEEDS_TEMPLATE, AddressState, Claimed, OutboxState, OutClass
from storage.tables import Address
from storage.unit_of_work import Unit
from storage.window import note_changed, shut

#: However many tries are left: after a day nobody expects the answer any more.
OLDEST = timedelta(hours=24)

_PAUSE = update(Address).where(Address.id == bindparam("row")).values(not_before=bindparam("to_not_before"))


def settle(unit: Unit, settlements: Sequence[Settlement], uniform: Uniform) -> None:
    """Write down how attempts ended. A row that is no longer ours is left alone.

    Rings nothing: what was behind these rows is free now, and whoever settles claims next.
    """
    batch = Batch()
    for settlement in settlements:
        _note(unit, batch, settlement, uniform)
    batch.execute(unit)
    delays = (Retry, Throttled, Moved)
    humans = [one for one in settlements if one.claimed.cls is OutClass.STAFF and not isinstance(one.outcome, delays)]
    note_settled(unit, [one.claimed.id for one in humans])


def _note(unit: Unit, batch: Batch, settlement: Settlement, uniform: Uniform) -> None:
    row = settlement.claimed
    match settlement.outcome:
        case Sent(keeps=True):
            batch.kept.append(row_of(row) | {"to_at": unit.now})
        case Sent(provider_id):
            batch.sent.append(_sent(unit, row, provider_id))
        case Retry(not_before, counts):
            batch.changed.append(_again(unit, row, not_before, more_tries=int(counts)))
        case Throttled(until):
            unit.connection.execute(_PAUSE, {"row": row.address_id, "to_not_before": until})
            batch.changed.append(_again(unit, row, until))
        case Moved(new_opaque_id):
            move_address(unit, row.address_id, new_opaque_id)
            batch.changed.append(_again(unit, row, None))
        case AnswerLost(tells):
            # Once: a second lost answer in a row says that the first copy has most likely arrived.
            once = row.kind in IDEMPOTENT or not row.answer_was_lost
            again = once and is_resent(row.cls, row.kind, row.tries)
            pause = timedelta(seconds=uniform(*(TOLD_WITHIN if tells else RESEND_AFTER))) if again else None
            batch.changed.append(unsure(unit, row.id, row.token, ANSWER_LOST, pause))
        case Held(reason):
            _hold(unit, row, reason)
            batch.changed.append(change(row.id, row.token, OutboxState.HELD, reason))
        case Failed(reason):
            batch.refused.append(row_of(row) | {"to_reason": reason, "to_at": unit.now})
        case Blocked(reason):
            close_address(unit, row.address_id)
            batch.refused.append(row_of(row) | {"to_reason": reason, "to_at": unit.now})
        case Dead(reason):
            batch.changed.append(change(row.id, row.token, OutboxState.DEAD, reason))
        case NotFound():
            close_address(unit, row.address_id, AddressState.UNKNOWN)
            batch.changed.append(change(row.id, row.token, OutboxState.DEAD, "not_found"))
        case other:
            assert_never(other)


def _sent(unit: Unit, row: Claimed, provider_id: str | None) -> dict[str, Any]:
    sealed = None
    if provider_id is not None:
        # The key is gone when the person was forgotten while this was in flight; so is the row.
        with suppress(KeyGone):
            key = unit.keys.get(conversation_key(row.conversation_id))
            sealed = unit.secrets.seal(key, provider_id.encode(), provider_seal(row.id))
    return row_of(row) | {"to_provider": sealed, "to_at": unit.now}


def _again(unit: Unit, row: Claimed, not_before: datetime | None, *, more_tries: int = 0) -> dict[str, Any]:
    if row.tries + more_tries >= OUTBOX_TRIES:
        return change(row.id, row.token, OutboxState.DEAD, "tries")
    if unit.now - row.created_at > OLDEST:
        return change(row.id, row.token, OutboxState.DEAD, "too_old")
    kept = ANSWER_LOST if row.answer_was_lost else None
    return change(row.id, row.token, OutboxState.READY, kept, not_before=not_before, more_tries=more_tries)


def _hold(unit: Unit, row: Claimed, reason: str) -> None:
    """What the channel has just found out about the address."""
    if reason == NEEDS_TEMPLATE:
        shut(unit, row.address_id)
    elif reason == CHANGED_WHO:
        note_changed(unit, row.address_id)
