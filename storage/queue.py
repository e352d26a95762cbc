"""The one write door of the outbox (rulings 5), and both ends of the queue under one name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, assert_never

from storage import bell
from storage.addresses import close_address, move_address
from storage.arrivals import accept
from storage.dialects import insert_or_ignore
from storage.inbox_rows import done, fail, take
from storage.keys import conversation_key
from storage.letters import dead_letters, maybe_doubled
from storage.outbox_rows import claim, outbox_seal
from storage.rows import Drop, Hold, MaySpeak, OutboxState, OutgoingRow, Speak, Standing
from storage.settlement import recover, release, settle
from storage.tables import Outbox
from storage.unit_of_work import Unit

__all__ = [
    "accept",
    "claim",
    "close_address",
    "dead_letters",
    "done",
    "fail",
    "maybe_doubled",
    "move_address",
    "recover",
    "release",
    "say",
    "settle",
    "take",
]

_SAY = insert_or_ignore(Outbox, ["dedupe"], Outbox.dedupe, Outbox.id)


def say(unit: Unit, standing: Standing, rows: Sequence[OutgoingRow], may_speak: MaySpeak) -> list[int | None]:
    """Write down what is to be sent; outbox ids in the order of `rows`, None where the row was there before.

    The unit holds the conversation's lock. What the floor does not let pass is written down too, held or failed
    with its reason: nobody vanishes without a row that says why. Rings the outbox bell.
    """
    if not rows:
        return []
    key = unit.keys.get(conversation_key(standing.conversation_id))
    values = [_values(unit, standing, row, key, may_speak) for row in rows]
    made: dict[str, int] = dict(unit.connection.execute(_SAY[unit.dialect], values).all())
    unit.ring(bell.OUTBOX)
    return [made.get(row.dedupe) for row in rows]


def _values(unit: Unit, standing: Standing, row: OutgoingRow, key: bytes, may_speak: MaySpeak) -> dict[str, Any]:
    state, reason = _verdict(row, standing, may_speak)
    sealed = None if state is OutboxState.FAILED else unit.secrets.seal(key, row.payload, outbox_seal(row.dedupe))
    return {
        "dedupe": row.dedupe,
        "conversation_id": standing.conversation_id,
        "address_id": row.address_id or standing.address_id,
        "cls": int(row.cls),
        "kind": row.kind,
        "speaker": row.speaker,
        "matter": row.matter,
        "state": state,
        "sealed": sealed,
        "replaces": row.replaces,
        "tries": 0,
        "uncertain": 0,
        "not_before": row.not_before,
        "reason": reason,
        "created_at": unit.now,
        "settled_at": unit.now if state is OutboxState.FAILED else None,
    }


def _verdict(row: OutgoingRow, standing: Standing, may_speak: MaySpeak) -> tuple[OutboxState, str | None]:
    match may_speak(row.speaker, row.matter, standing):
        case Speak():
            return OutboxState.READY, None
        case Hold(reason):
            return OutboxState.HELD, reason
        case Drop(reason):
            return OutboxState.FAILED, reason
        case other:
            assert_never(other)
