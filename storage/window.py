"""Until when a channel lets us write freely to an address, and whether somebody else may be behind it now.

What may not go is held with its reason when it is claimed (opening.py), and goes as soon as it may.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, or_, select, update

from storage import bell
from storage.declared import Moment
from storage.rows import CHANGED_WHO, NEEDS_TEMPLATE, OutboxState
from storage.tables import HELD, Address, Conversation, Outbox
from storage.unit_of_work import Unit

_row = Address.id == bindparam("row")
_WINDOW = (
    select(Address.id, Address.channel, Address.open_until, Address.changed_at)
    .join(Conversation, Conversation.active_address_id == Address.id)
    .where(Conversation.id == bindparam("conversation"))
)
# A late delivery of an earlier message never shortens the time.
_EXTEND = (
    update(Address)
    .where(_row, or_(Address.open_until.is_(None), Address.open_until < bindparam("until", type_=Moment())))
    .values(open_until=bindparam("until", type_=Moment()))
)
_SHUT = update(Address).where(_row).values(open_until=bindparam("until", type_=Moment()))
_CHANGED = update(Address).where(_row, Address.changed_at.is_(None)).values(changed_at=bindparam("at", type_=Moment()))
_DOUBTED = select(Address.changed_at).where(_row)
_KNOWN_AGAIN = update(Address).where(_row).values(changed_at=None)
_RELEASE = (
    update(Outbox)
    .where(
        # By the conversation, for which there is an index of the rows that wait.
        Outbox.conversation_id.in_(select(Address.conversation_id).where(_row)),
        Outbox.address_id == bindparam("row"),
        Outbox.state == HELD,
        Outbox.reason == bindparam("why"),
    )
    .values(state=OutboxState.READY, reason=None, not_before=None)
)


@dataclass(frozen=True, slots=True)
class Window:
    """How we may write to a conversation's address.

    open_until: None = always. changed_at: since when it is doubtful who is there, None = it is not.
    """

    address_id: int
    channel: str
    open_until: datetime | None
    changed_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        """Whether more than a template may be sent."""
        return self.open_until is None or self.open_until > now


def window(unit: Unit, conversation_id: int) -> Window:
    """How it stands with the address to which a conversation's replies go."""
    row = unit.connection.execute(_WINDOW, {"conversation": conversation_id}).one()
    return Window(row.id, row.channel, row.open_until, row.changed_at)


def note_written(unit: Unit, address_id: int, until: datetime) -> None:
    """The person wrote: we may write freely until then. What waited for this goes now, if there is still time."""
    unit.connection.execute(_EXTEND, {"row": address_id, "until": until})
    if until > unit.now:
        _release(unit, address_id, NEEDS_TEMPLATE)


def shut(unit: Unit, address_id: int) -> None:
    """The channel says that the time is over."""
    unit.connection.execute(_SHUT, {"row": address_id, "until": unit.now})


def note_changed(unit: Unit, address_id: int) -> None:
    """The number or the device changed: what staff write waits until they have made sure who is there."""
    unit.connection.execute(_CHANGED, {"row": address_id, "at": unit.now})


def is_doubted(unit: Unit, address_id: int) -> bool:
    """Whether somebody else may be there, and staff have not made sure."""
    return unit.connection.execute(_DOUBTED, {"row": address_id}).scalar() is not None


def trust(unit: Unit, address_id: int) -> None:
    """Staff have made sure who is there."""
    unit.connection.execute(_KNOWN_AGAIN, {"row": address_id})
    _release(unit, address_id, CHANGED_WHO)


def _release(unit: Unit, address_id: int, why: str) -> None:
    if unit.connection.execute(_RELEASE, {"row": address_id, "why": why}).rowcount:
        unit.ring(bell.OUTBOX)
