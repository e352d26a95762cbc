"""How the sending of a human's words ended is something that happened to their request: open pages show it.

Whoever settles does not hold the conversation. So what did not arrive reaches the request by a timer, due at once
(UNREACHED), in the conversation's order.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, func, or_, select

from storage import handoff
from storage.rows import REQUEST_CLOCK, OutboxState
from storage.tables import Message, Outbox
from storage.timers import set_timer
from storage.unit_of_work import Unit

SETTLED = "settled"
UNREACHED = "unreached"  # the clock of a request by which it learns that words did not arrive
_LOST = (OutboxState.FAILED, OutboxState.DEAD)
_REQUESTS = (
    select(Message.request_id, Message.conversation_id, Outbox.state)
    .join(Outbox, Outbox.id == Message.outbox_id)
    .where(
        Message.outbox_id.in_(bindparam("rows", expanding=True)),
        Message.staff_id.is_not(None),
        Message.request_id.is_not(None),
    )
    .distinct()
)
_FIRST_ANSWER = (
    select(func.min(Message.at))
    .outerjoin(Outbox, Outbox.id == Message.outbox_id)
    .where(
        Message.request_id == bindparam("request"),
        Message.staff_id.is_not(None),
        or_(Outbox.state.is_(None), Outbox.state.not_in(_LOST)),
    )
)


def note_settled(unit: Unit, outbox_ids: Collection[int]) -> None:
    """Note it for the requests whose words these rows send; rows that send no words of a human are passed over.

    Sets the timer for words that did not arrive.
    """
    if not outbox_ids:
        return
    found = unit.connection.execute(_REQUESTS, {"rows": list(outbox_ids)}).all()
    for number in {row.request_id for row in found}:
        handoff.note_event(unit, number, SETTLED)
    for row in found:
        if row.state in _LOST:
            set_timer(unit, f"{UNREACHED}:{row.request_id}", unit.now, row.conversation_id, REQUEST_CLOCK)


def first_answer(unit: Unit, number: int) -> datetime | None:
    """When one of us first wrote words that arrived, or still may; None where there are none."""
    return unit.connection.execute(_FIRST_ANSWER, {"request": number}).scalar()
