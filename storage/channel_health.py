"""How sending goes on each channel now. Cheap on a full database: from indexes, and from the newest rows alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, func, select

from storage.declared import Moment
from storage.rows import OutboxState
from storage.tables import DEAD, HELD, READY, SENDING, UNCERTAIN, Address, Outbox
from storage.unit_of_work import Unit

NEWEST = 2000  # messages among which the last one that went, or did not, is looked for
_of_address = Address.id == Outbox.address_id
# A query for each state, because each has a partial index of its own.
_WAITING = [
    select(Address.channel, func.count())
    .join_from(Outbox, Address, _of_address)
    .where(Outbox.state == state)
    .group_by(Address.channel)
    for state in (READY, SENDING)
]
_SLOWED = (
    select(Address.channel, func.count())
    .where(Address.not_before > bindparam("now", type_=Moment()))
    .group_by(Address.channel)
)
_newest = select(Outbox.address_id, Outbox.state, Outbox.settled_at).order_by(Outbox.id.desc()).limit(NEWEST).subquery()
_SENT = (
    select(Address.channel, func.max(_newest.c.settled_at))
    .join(_newest, Address.id == _newest.c.address_id)
    .where(_newest.c.state == OutboxState.SENT)
    .group_by(Address.channel)
)
_FAULTS = (
    select(Address.channel, Outbox.created_at, Outbox.reason)
    .join_from(Outbox, Address, _of_address)
    .where(Outbox.state.in_([UNCERTAIN, DEAD, HELD]), Outbox.state != HELD)
    .order_by(Outbox.id.desc())
    .limit(NEWEST)
)


@dataclass(frozen=True, slots=True)
class Flow:
    """One channel. waiting: messages that wait to go, or are going. slowed: chats that the channel asked us to leave
    alone for now (429). sent_at: when the last of the newest messages went; None = none of these did.
    fault_at, fault: when the newest message was written that is dead or of which nobody knows, and its reason.
    """

    waiting: int = 0
    slowed: int = 0
    sent_at: datetime | None = None
    fault_at: datetime | None = None
    fault: str = ""


def flows(unit: Unit) -> Mapping[str, Flow]:
    """By channel; one that is not in it has never had a chat."""
    ask, found = unit.connection.execute, defaultdict[str, Flow](Flow)
    for counted in _WAITING:
        for channel, count in ask(counted):
            found[channel] = replace(found[channel], waiting=found[channel].waiting + count)
    for channel, count in ask(_SLOWED, {"now": unit.now}):
        found[channel] = replace(found[channel], slowed=count)
    for channel, at in ask(_SENT):
        found[channel] = replace(found[channel], sent_at=at)
    for channel, at, reason in ask(_FAULTS):
        if found[channel].fault_at is None:  # the newest comes first
            found[channel] = replace(found[channel], fault_at=at, fault=reason or "")
    return found
