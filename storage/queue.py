"""The one write door of the outbox (rulings 5), and both ends of the queue under one name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any, assert_never

from sqlalchemy import Connection

from storage import bell
from storage.addresses import close_address, move_address
from storage.arrivals import accept
from storage.dialects import insert_or_ignore
from storage.inbox_rows import done, fail, take
from storage.keys import conversation_key
from storage.letters import dead_letters, maybe_doubled
from storage.opening import outbox_seal
from storage.outbox_rows import claim
from storage.prepared import Prepared
from storage.recovery import recover, release
from storage.rows import Drop, Hold, MaySpeak, OutboxState, OutgoingRow, Speak, Standing
from storage.settlement import settle
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
    "say_later",
    "settle",
    "take",
]

_SAY = insert_or_ignore(Outbox, ["dedupe"], Outbox.dedupe, Outbox.id)
_COLUMNS = (
    "dedupe", "conversation_id", "address_id", "cls", "kind", "speaker", "matter", "state", "sealed", "replaces",
    "tries", "uncertain", "not_before", "reason", "created_at", "settled_at",
)  # fmt: skip
_SAY_LATER = Prepared(insert_or_ignore(Outbox, ["dedupe"]), ["id", *_COLUMNS])
#: How many ids are drawn at once: what a worker's round says. Those that are not used are never used.
_DRAWN = 32
# SQLite has one writer at a time, which is us; what is inserted with an id moves the counter itself.
_LAST_NUMBER = "SELECT seq FROM sqlite_sequence WHERE name = 'outbox'"
_DRAW = f"SELECT nextval('outbox_id_seq') FROM generate_series(1, {_DRAWN})"  # noqa: S608 - a constant of ours


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
    unit.renumber()
    unit.ring(bell.OUTBOX)
    return [made.get(row.dedupe) for row in rows]


def say_later(unit: Unit, standing: Standing, rows: Sequence[OutgoingRow], may_speak: MaySpeak) -> list[int]:
    """As say, but the rows are written with others, at the latest at the commit (Unit.later); their ids.

    For what is handled once only: a row that was there before stays as it is, and the id leads nowhere.
    """
    if not rows:
        return []
    key = unit.keys.get(conversation_key(standing.conversation_id))
    made = [unit.number(_draw) for _ in rows]
    for id, row in zip(made, rows, strict=True):
        unit.later(_SAY_LATER, {"id": id, **_values(unit, standing, row, key, may_speak)})
    unit.ring(bell.OUTBOX)
    return made


def _draw(connection: Connection) -> Iterator[int]:
    if connection.dialect.name == "postgresql":
        while True:
            yield from connection.exec_driver_sql(_DRAW).scalars().all()
    yield from count((connection.exec_driver_sql(_LAST_NUMBER).scalar() or 0) + 1)


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
