"""Who works here no more and is still to be put out of the staff group. Written with the end, settled when it is done.

A row outlives the person's own talk with the bot: where their account was forgotten meanwhile, people must do it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, bindparam, delete, insert, select, update

from storage.addresses import read_address
from storage.desk_tables import GroupLeaver, Staff
from storage.keys import KeyGone
from storage.tables import Address
from storage.unit_of_work import Unit

_NEW = insert(GroupLeaver)
_ALL = (
    select(GroupLeaver.staff_id, Staff.label, GroupLeaver.told_at, Address.id.label("address_id"))
    .join(Staff, Staff.id == GroupLeaver.staff_id)
    .outerjoin(
        Address,
        and_(Address.conversation_id == GroupLeaver.conversation_id, Address.channel == bindparam("on_channel")),
    )
    .order_by(GroupLeaver.staff_id)
)
_TOLD = update(GroupLeaver).where(GroupLeaver.staff_id == bindparam("row")).values(told_at=bindparam("to_at"))
_SETTLE = delete(GroupLeaver).where(GroupLeaver.staff_id == bindparam("row"))
_BACK = delete(GroupLeaver).where(GroupLeaver.conversation_id == bindparam("conversation"))


@dataclass(frozen=True, slots=True)
class Leaver:
    """Somebody who has left. account: the channel's id of theirs; None: not known (any more).

    told: colleagues were asked to put them out by hand.
    """

    staff_id: int
    label: str
    account: str | None
    told: bool


def note_leaver(unit: Unit, staff_id: int, conversation_id: int) -> None:
    """They have left; this was their own chat with the bot."""
    unit.connection.execute(_NEW, {"staff_id": staff_id, "conversation_id": conversation_id})


def leavers(unit: Unit, channel: str) -> list[Leaver]:
    """All who are still to be put out. channel: where the group is."""
    rows = unit.connection.execute(_ALL, {"on_channel": channel}).all()
    return [Leaver(row.staff_id, row.label, _account(unit, row.address_id), row.told_at is not None) for row in rows]


def told(unit: Unit, staff_id: int) -> None:
    """Colleagues were asked to do it by hand."""
    unit.connection.execute(_TOLD, {"row": staff_id, "to_at": unit.now})


def settle_leaver(unit: Unit, staff_id: int) -> None:
    """They are out. May be repeated."""
    unit.connection.execute(_SETTLE, {"row": staff_id})


def came_back(unit: Unit, conversation_id: int) -> None:
    """This is the chat of somebody who works here: it is nobody's who has left."""
    unit.connection.execute(_BACK, {"conversation": conversation_id})


def _account(unit: Unit, address_id: int | None) -> str | None:
    if address_id is None:
        return None
    try:
        return read_address(unit, address_id)[1]
    except KeyGone:
        return None  # they are being forgotten
