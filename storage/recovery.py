"""Rows that a worker left behind: it died while it sent them, or a claim's commit was in doubt."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import bindparam, select, update

from storage import bell
from storage.delivery import note_settled
from storage.endings import RESEND_AFTER, TOLD_WITHIN, Batch, Uniform, change, is_resent, unsure
from storage.presence import is_gone
from storage.rows import WORKER_DIED, OutboxState, OutClass, OutKind
from storage.tables import SENDING, Address, Outbox
from storage.unit_of_work import Unit

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


def recover(unit: Unit, uniform: Uniform, tells: Collection[str] = (), keeps: Collection[str] = ()) -> int:
    """Rows that workers left `sending` when they died may have arrived: each by its policy. How many there were.

    At start, before the first claim; on PostgreSQL also every now and then, because the server may learn late that
    a process has died, and others go on while it is down. tells: channels that say by themselves what became of it;
    keeps: those whose rows never leave the house, so that nothing of them is uncertain.
    """
    batch = Batch()
    for worker in unit.connection.execute(_WORKERS).scalars().all():
        if worker is not None and is_gone(unit, worker):
            for row in unit.connection.execute(_LEFT_BEHIND, {"worker": worker}):
                if row.channel in keeps:
                    batch.changed.append(change(row.id, row.attempt_token, OutboxState.READY, None))
                    continue
                again = is_resent(OutClass(row.cls), OutKind(row.kind), row.tries)
                after = TOLD_WITHIN if row.channel in tells else RESEND_AFTER
                pause = timedelta(seconds=uniform(*after)) if again else None
                batch.changed.append(unsure(unit, row.id, row.attempt_token, WORKER_DIED, pause))
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
