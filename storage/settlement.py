"""Sending, second half: how an attempt ended, and what that makes of the row.

    ready --claim--> sending --+-- Sent ---------------------------> sent
      ^                        +-- Retry, Throttled, Moved --------> ready   (dead after too many tries or a day)
      |                        +-- AnswerLost, or the worker died -> ready or uncertain, by _RESENT
      |                        +-- Failed, Blocked ----------------> failed
      |                        +-- Held ---------------------------> held
      +------------------------+-- Dead, NotFound -----------------> dead

An attempt that may have arrived is the third answer between yes and no. Telegram has no key that would make a send
idempotent, so sending again may double and not sending may lose; who is told decides which is worse. Every such
attempt is counted on its row (`uncertain`) and can be listed, also after the row was sent.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, assert_never

from sqlalchemy import bindparam, or_, select, update

from storage import bell
from storage.addresses import close_address, move_address
from storage.delivery import note_settled
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
from storage.prepared import Prepared
from storage.presence import is_gone
from storage.rows import (
    ANSWER_LOST,
    CHANGED_WHO,
    NEEDS_TEMPLATE,
    WORKER_DIED,
    AddressState,
    Claimed,
    OutboxState,
    OutClass,
    OutKind,
)
from storage.tables import READY, SENDING, UNCERTAIN, Address, Outbox
from storage.unit_of_work import Unit
from storage.window import note_changed, shut

OUTBOX_TRIES = 8
#: However many tries are left: after a day nobody expects the answer any more.
OLDEST = timedelta(hours=24)
#: Seconds before something that may have arrived is sent again, from - to.
RESEND_AFTER = (2.0, 5.0)
#: The same where the channel tells by itself what became of it: it is sent again only when no news came.
TOLD_WITHIN = (60.0, 90.0)

#: Whether something that may have arrived is sent again. A lost answer to a question about the law is worse than a
#: doubled one; a mass sending is never doubled by itself.
_RESENT: dict[OutClass, bool] = {OutClass.REPLY: True, OutClass.STAFF: True, OutClass.NOTICE: False}
#: Doing these twice is doing them once.
_IDEMPOTENT = frozenset({OutKind.EDIT, OutKind.DELETE, OutKind.CLEAR})

# The token keeps a late answer from touching a row that somebody else has claimed since. A late yes to a row that
# was given up as uncertain is welcome.
_OURS = (
    Outbox.id == bindparam("row"),
    Outbox.attempt_token == bindparam("token"),
    or_(Outbox.state == SENDING, Outbox.state == READY, Outbox.state == UNCERTAIN),
)
_SENT = Prepared(
    update(Outbox)
    .where(*_OURS)
    .values(
        state=OutboxState.SENT,
        sealed=None,
        reason=None,
        provider_sealed=bindparam("to_provider"),
        settled_at=bindparam("to_at"),
    )
)
_SENT_AND_KEPT = update(Outbox).where(*_OURS).values(state=OutboxState.SENT, reason=None, settled_at=bindparam("to_at"))
_REFUSED = (
    update(Outbox)
    .where(*_OURS)
    .values(state=OutboxState.FAILED, sealed=None, reason=bindparam("to_reason"), settled_at=bindparam("to_at"))
)
_CHANGED = (
    update(Outbox)
    .where(*_OURS)
    .values(
        state=bindparam("to_state"),
        tries=Outbox.tries + bindparam("more_tries"),
        uncertain=Outbox.uncertain + bindparam("more_uncertain"),
        not_before=bindparam("to_not_before"),
        reason=bindparam("to_reason"),
    )
)
_PAUSE = update(Address).where(Address.id == bindparam("row")).values(not_before=bindparam("to_not_before"))
_WORKERS = select(Outbox.worker).where(Outbox.state == SENDING).distinct()
_LEFT_BEHIND = (
    select(Outbox.id, Outbox.attempt_token, Outbox.cls, Outbox.kind, Outbox.tries, Address.channel)
    .join(Address, Address.id == Outbox.address_id)
    .where(Outbox.state == SENDING, Outbox.worker == bindparam("worker"))
)
_RELEASE = (
    update(Outbox)
    .where(
        Outbox.state == SENDING,
        Outbox.worker == bindparam("by"),
        Outbox.id.not_in(bindparam("in_flight", expanding=True)),
    )
    .values(state=OutboxState.READY)
)

#: (from, to) -> a number in between, each time another: random.Random().uniform.
Uniform = Callable[[float, float], float]


@dataclass(slots=True)
class _Batch:
    """What to execute, statement by statement, for many rows at once."""

    sent: list[dict[str, Any]] = field(default_factory=list)
    kept: list[dict[str, Any]] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)

    def execute(self, unit: Unit) -> None:
        for row in self.sent:
            unit.later(_SENT, row)
        todo = ((_SENT_AND_KEPT, self.kept), (_REFUSED, self.refused), (_CHANGED, self.changed))
        for statement, rows in todo:
            if rows:
                unit.connection.execute(statement, rows)


def settle(unit: Unit, settlements: Sequence[Settlement], uniform: Uniform) -> None:
    """Write down how attempts ended. A row that is no longer ours is left alone.

    Rings nothing: what was behind these rows is free now, and whoever settles claims next.
    """
    batch = _Batch()
    for settlement in settlements:
        _note(unit, batch, settlement, uniform)
    batch.execute(unit)
    delays = (Retry, Throttled, Moved)
    humans = [one for one in settlements if one.claimed.cls is OutClass.STAFF and not isinstance(one.outcome, delays)]
    note_settled(unit, [one.claimed.id for one in humans])


def recover(unit: Unit, uniform: Uniform, tells: Collection[str] = (), keeps: Collection[str] = ()) -> int:
    """Rows that workers left `sending` when they died may have arrived: each by its policy. How many there were.

    At start, before the first claim; on PostgreSQL also every now and then, because the server may learn late that
    a process has died, and others go on while it is down. tells: channels that say by themselves what became of it;
    keeps: those whose rows never leave the house, so that nothing of them is uncertain.
    """
    batch = _Batch()
    for worker in unit.connection.execute(_WORKERS).scalars().all():
        if worker is not None and is_gone(unit, worker):
            for row in unit.connection.execute(_LEFT_BEHIND, {"worker": worker}):
                if row.channel in keeps:
                    batch.changed.append(_change(row.id, row.attempt_token, OutboxState.READY, None))
                    continue
                again = _resent(OutClass(row.cls), OutKind(row.kind), row.tries)
                after = TOLD_WITHIN if row.channel in tells else RESEND_AFTER
                pause = timedelta(seconds=uniform(*after)) if again else None
                batch.changed.append(_unsure(unit, row.id, row.attempt_token, WORKER_DIED, pause))
    batch.execute(unit)
    if batch.changed:
        note_settled(unit, [row["row"] for row in batch.changed])
        unit.ring(bell.OUTBOX)
    return len(batch.changed)


def release(unit: Unit, in_flight: Collection[int]) -> int:
    """After a claim whose commit raised Unavailable: rows of this worker that it does not know of are ready again.

    in_flight: ids of the rows that are being sent now. Returns how many were released; none of them was written.
    """
    released = unit.connection.execute(_RELEASE, {"by": unit.worker, "in_flight": list(in_flight)})
    return released.rowcount


def _note(unit: Unit, batch: _Batch, settlement: Settlement, uniform: Uniform) -> None:
    row = settlement.claimed
    match settlement.outcome:
        case Sent(keeps=True):
            batch.kept.append(_row(row) | {"to_at": unit.now})
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
            once = row.kind in _IDEMPOTENT or not row.answer_was_lost
            again = once and _resent(row.cls, row.kind, row.tries)
            pause = timedelta(seconds=uniform(*(TOLD_WITHIN if tells else RESEND_AFTER))) if again else None
            batch.changed.append(_unsure(unit, row.id, row.token, ANSWER_LOST, pause))
        case Held(reason):
            _hold(unit, row, reason)
            batch.changed.append(_change(row.id, row.token, OutboxState.HELD, reason))
        case Failed(reason):
            batch.refused.append(_row(row) | {"to_reason": reason, "to_at": unit.now})
        case Blocked(reason):
            close_address(unit, row.address_id)
            batch.refused.append(_row(row) | {"to_reason": reason, "to_at": unit.now})
        case Dead(reason):
            batch.changed.append(_change(row.id, row.token, OutboxState.DEAD, reason))
        case NotFound():
            close_address(unit, row.address_id, AddressState.UNKNOWN)
            batch.changed.append(_change(row.id, row.token, OutboxState.DEAD, "not_found"))
        case other:
            assert_never(other)


def _row(row: Claimed) -> dict[str, Any]:
    return {"row": row.id, "token": row.token}


def _sent(unit: Unit, row: Claimed, provider_id: str | None) -> dict[str, Any]:
    sealed = None
    if provider_id is not None:
        # The key is gone when the person was forgotten while this was in flight; so is the row.
        with suppress(KeyGone):
            key = unit.keys.get(conversation_key(row.conversation_id))
            sealed = unit.secrets.seal(key, provider_id.encode(), provider_seal(row.id))
    return _row(row) | {"to_provider": sealed, "to_at": unit.now}


def _again(unit: Unit, row: Claimed, not_before: datetime | None, *, more_tries: int = 0) -> dict[str, Any]:
    if row.tries + more_tries >= OUTBOX_TRIES:
        return _change(row.id, row.token, OutboxState.DEAD, "tries")
    if unit.now - row.created_at > OLDEST:
        return _change(row.id, row.token, OutboxState.DEAD, "too_old")
    kept = ANSWER_LOST if row.answer_was_lost else None
    return _change(row.id, row.token, OutboxState.READY, kept, not_before=not_before, more_tries=more_tries)


def _resent(cls: OutClass, kind: OutKind, tries: int) -> bool:
    return (kind in _IDEMPOTENT or _RESENT[cls]) and tries + 1 < OUTBOX_TRIES


def _hold(unit: Unit, row: Claimed, reason: str) -> None:
    """What the channel has just found out about the address."""
    if reason == NEEDS_TEMPLATE:
        shut(unit, row.address_id)
    elif reason == CHANGED_WHO:
        note_changed(unit, row.address_id)


def _unsure(unit: Unit, id: int, token: int | None, reason: str, pause: timedelta | None) -> dict[str, Any]:
    """pause: until it is sent again; None: it is not."""
    if pause is None:
        return _change(id, token, OutboxState.UNCERTAIN, reason, more_uncertain=1)
    return _change(id, token, OutboxState.READY, reason, not_before=unit.now + pause, more_uncertain=1, more_tries=1)


def _change(
    id: int,
    token: int | None,
    state: OutboxState,
    reason: str | None,
    *,
    not_before: datetime | None = None,
    more_tries: int = 0,
    more_uncertain: int = 0,
) -> dict[str, Any]:
    return {
        "row": id,
        "token": token,
        "to_state": state,
        "to_reason": reason,
        "to_not_before": not_before,
        "more_tries": more_tries,
        "more_uncertain": more_uncertain,
    }
