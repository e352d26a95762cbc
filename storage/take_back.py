"""Taking words back that were wrong: the newest of a member of staff in a request, for as long as channels allow it."""

from __future__ import annotations

from sqlalchemy import bindparam, select, update

from storage import bell
from storage.clearing import DELETABLE
from storage.crypto import unseal
from storage.declared import Moment
from storage.keys import conversation_key
from storage.opening import provider_seal
from storage.rows import OutboxState
from storage.tables import Message, Outbox
from storage.unit_of_work import Unit

TAKEN_BACK = "taken_back"  # the reason that stands at such words from then on
_NEWEST = (
    select(Outbox.id, Outbox.conversation_id, Outbox.state, Outbox.sealed, Outbox.provider_sealed, Message.at)
    .join(Outbox, Outbox.id == Message.outbox_id)
    .where(
        Message.request_id == bindparam("number"),
        Message.staff_id == bindparam("by"),
        Message.at > bindparam("since", type_=Moment()),
    )
    .order_by(Message.at.desc(), Message.id.desc())
    .limit(1)
)
_DROP = update(Outbox).where(Outbox.id == bindparam("row"))


def take_back(unit: Unit, number: int, staff_id: int) -> str | None:
    """Have the newest words of a member not be sent, or shown on a page, any more; "" then.

    Of what a channel has delivered, its id of the message, which is kept no longer. None where nothing can be taken
    back: there are no such words, they are too old, on their way at this moment, or were taken back already.
    """
    where = {"number": number, "by": staff_id, "since": unit.now - DELETABLE}
    row = unit.connection.execute(_NEWEST, where).one_or_none()
    if row is None:
        return None
    unit.ring(bell.ANSWERED)
    if row.state in {OutboxState.READY, OutboxState.HELD}:
        gone = {"state": OutboxState.FAILED, "reason": TAKEN_BACK, "sealed": None, "settled_at": unit.now}
        unit.connection.execute(_DROP.values(gone), {"row": row.id})
        return ""
    if row.state != OutboxState.SENT or (row.sealed is None and row.provider_sealed is None):
        return None
    gone = {"sealed": None, "provider_sealed": None, "reason": TAKEN_BACK}
    if row.provider_sealed is None:
        # A page, which shows the row itself: by the time, those that are open find that it has changed.
        unit.connection.execute(_DROP.values(gone | {"settled_at": unit.now}), {"row": row.id})
        return ""
    unit.connection.execute(_DROP.values(gone), {"row": row.id})
    key = unit.keys.get(conversation_key(row.conversation_id))
    return unseal(key, row.provider_sealed, provider_seal(row.id)).decode()
