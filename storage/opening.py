"""What a claimed row says: whether it may still go, its words unsealed, a copy of a notice composed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import assert_never

from sqlalchemy import bindparam, update
from sqlalchemy.exc import DBAPIError

from storage import bell
from storage.arrivals import address_seal
from storage.contacts import standing_of
from storage.crypto import unseal
from storage.declared import Moment
from storage.delivery import note_settled
from storage.keys import conversation_key
from storage.prepared import Prepared
from storage.rows import (
    ANSWER_LOST,
    CHANGED_WHO,
    NEEDS_TEMPLATE,
    AddressState,
    Claimed,
    Composed,
    Drop,
    Hold,
    MaySpeak,
    OutboxState,
    OutClass,
    OutKind,
    Speak,
)
from storage.tables import Outbox
from storage.unit_of_work import AnyRow, Unit

#: What a copy of a notice says now, or why it may not go; asked inside the claim's unit.
Compose = Callable[[Unit, Claimed], Composed | Hold | Drop]

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
    .values(
        state=OutboxState.FAILED,
        reason=bindparam("to_reason"),
        settled_at=bindparam("now", type_=Moment()),
        sealed=None,
    )
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


def opened(unit: Unit, row: AnyRow, token: int, may_speak: MaySpeak) -> Claimed | None:
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


def composed(unit: Unit, row: AnyRow, claimed: Claimed, compose: Compose) -> Claimed | None:
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
