"""The copies of a notice that people get: one row each, its state that of its outbox row as long as there is one."""

from __future__ import annotations

from sqlalchemy import bindparam, select, update

from storage import bell
from storage.notice_tables import Delivery
from storage.rows import OutboxState
from storage.tables import HELD, READY, Outbox
from storage.unit_of_work import Unit

#: Why a row is held, or failed, that a coordinator stopped.
PAUSED, STOPPED = "paused", "stopped_by_us"
_of_broadcast = Delivery.broadcast_id == bindparam("broadcast")
_ours = Outbox.id.in_(select(Delivery.outbox_id).where(_of_broadcast, Delivery.outbox_id.is_not(None)))
_paused = Outbox.reason == PAUSED
# What somebody is claiming at this moment goes out; waiting for it could end in a deadlock with the claim.
_waiting = select(Outbox.id).where(_ours, Outbox.state == READY).with_for_update(skip_locked=True)
_PAUSE = update(Outbox).where(Outbox.id.in_(_waiting)).values(state=OutboxState.HELD, reason=PAUSED)
_RESUME = update(Outbox).where(_ours, Outbox.state == HELD, _paused).values(state=OutboxState.READY, reason=None)
_END = (
    update(Outbox)
    .where(Outbox.state.in_([READY, HELD]))
    .values(state=OutboxState.FAILED, reason=STOPPED, sealed=None, settled_at=bindparam("at"))
)
_STOP = (
    _END.where(Outbox.id.in_(_waiting)),
    _END.where(_ours, Outbox.state == HELD),
)


def pause(unit: Unit, broadcast: int) -> int:
    """What waits for its turn is held; how many."""
    return unit.connection.execute(_PAUSE, {"broadcast": broadcast}).rowcount


def resume(unit: Unit, broadcast: int) -> int:
    """What pause held goes on; how many. Rings the outbox bell."""
    unit.ring(bell.OUTBOX)
    return unit.connection.execute(_RESUME, {"broadcast": broadcast}).rowcount


def stop(unit: Unit, broadcast: int) -> int:
    """What waits for its turn or is held is never sent; how many."""
    given = {"broadcast": broadcast, "at": unit.now}
    return sum(unit.connection.execute(statement, given).rowcount for statement in _STOP)
