"""What a channel tells, later, of a message that we sent: it was taken, it arrived, it was read, it failed.

Applied forward only, by rank: told twice or out of order, it ends the same. It is written where it is received, in the
transaction that is committed before the channel hears of it: it changes no conversation, so it waits for no worker.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from sqlalchemy import bindparam, or_, select, update

from storage import bell
from storage.addresses import close_address
from storage.delivery import note_settled
from storage.rows import ANSWER_LOST, WORKER_DIED, AddressState, OutboxState
from storage.tables import READY, SENDING, UNCERTAIN, Address, Outbox
from storage.unit_of_work import Unit


class Delivery(IntEnum):
    """How far a message got. A failure is the end, whenever it is heard of."""

    UNKNOWN = 0
    SENT = 1
    DELIVERED = 2
    READ = 3
    FAILED = 4


@dataclass(frozen=True, slots=True)
class Told:
    """One such news. outbox_id: of the row that was sent. reason: a short code, of a failure.

    gone: it failed because this address cannot be reached.
    """

    channel: str
    account: str
    outbox_id: int
    delivery: Delivery
    reason: str = ""
    gone: bool = False


_ours = (
    Outbox.id == bindparam("row"),
    Outbox.delivery < bindparam("to_delivery"),
    Outbox.address_id.in_(
        select(Address.id).where(Address.channel == bindparam("through"), Address.account == bindparam("on_account"))
    ),
)
_ADVANCE = update(Outbox).where(*_ours).values(delivery=bindparam("to_delivery"))
# Also of a row that is being sent at this moment: the answer, or the loss of it, then changes nothing any more.
_ARRIVED = (
    update(Outbox)
    .where(
        Outbox.id == bindparam("row"),
        or_(
            Outbox.state.in_([SENDING, UNCERTAIN]),
            (Outbox.state == READY) & Outbox.reason.in_([ANSWER_LOST, WORKER_DIED]),
        ),
    )
    .values(state=OutboxState.SENT, sealed=None, reason=None, not_before=None, settled_at=bindparam("to_at"))
)
_FAILED = (
    update(Outbox)
    .where(Outbox.id == bindparam("row"), Outbox.state.in_([SENDING, OutboxState.SENT, UNCERTAIN, READY]))
    .values(state=OutboxState.FAILED, sealed=None, reason=bindparam("to_reason"), settled_at=bindparam("to_at"))
)
_ADDRESS = select(Outbox.address_id).where(Outbox.id == bindparam("row"))


def note_told(unit: Unit, news: Sequence[Told]) -> int:
    """Apply what was told; how much of it was new. What is about no row of ours changes nothing."""
    applied = 0
    for told in news:
        where = {"row": told.outbox_id, "through": told.channel, "on_account": told.account}
        if not unit.connection.execute(_ADVANCE, {**where, "to_delivery": int(told.delivery)}).rowcount:
            continue
        applied += 1
        _conclude(unit, told)
    if applied:
        unit.ring(bell.OUTBOX)
    return applied


def _conclude(unit: Unit, told: Told) -> None:
    failed = told.delivery is Delivery.FAILED
    ended = {"row": told.outbox_id, "to_at": unit.now} | ({"to_reason": told.reason} if failed else {})
    # Most failures are told after the row was settled as sent: the request of a colleague's words must learn it here.
    if unit.connection.execute(_FAILED if failed else _ARRIVED, ended).rowcount:
        note_settled(unit, [told.outbox_id])
    if told.gone:
        address_id = unit.connection.execute(_ADDRESS, {"row": told.outbox_id}).scalar_one()
        close_address(unit, address_id, AddressState.UNKNOWN)
