"""Who is there: going off duty by itself after hours without a sign of life, coming back after a break; own figures."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import bindparam, exists, false, func, select, true, update

from storage.declared import Moment
from storage.desk_tables import RequestEvent, Staff, StaffSession
from storage.tables import Contact, Request
from storage.unit_of_work import Unit

#: Without a page opened or a word in their own chat for so long, somebody is not there (assistant.md 3.3).
IDLE = timedelta(hours=2)

_since = bindparam("since", type_=Moment())
_END_BREAKS = (
    update(Staff)
    .where(Staff.break_until <= bindparam("now"), Staff.ended_at.is_(None))
    .values(on_duty=true(), break_until=None)
    .returning(Staff.id)
)
_SEND_HOME = (
    update(Staff)
    .where(
        Staff.on_duty.is_(True),
        ~exists().where(StaffSession.staff_id == Staff.id, StaffSession.seen_at > _since),
        ~exists().where(Contact.conversation_id == Staff.conversation_id, Contact.seen_at > _since),
    )
    .values(on_duty=false(), paused_until=None)
)
_CLOSED = select(func.count()).where(Request.assignee_id == bindparam("me"), Request.closed_at.is_not(None))
_THANKED = select(func.count(RequestEvent.request_id.distinct())).where(
    Request.assignee_id == bindparam("me"),
    RequestEvent.request_id == Request.id,
    RequestEvent.kind.in_(["solved_yes", "commented"]),
)


def settle_duty(unit: Unit) -> list[int]:
    """Send home who gave no sign of life, and bring back whose break is over: the ids of these. May be repeated."""
    unit.connection.execute(_SEND_HOME, {"since": unit.now - IDLE})
    return list(unit.connection.execute(_END_BREAKS, {"now": unit.now}).scalars())


def own_figures(unit: Unit, staff_id: int) -> tuple[int, int]:
    """Of the requests that are still kept: how many of mine were closed, and of how many the person said thanks."""
    row = {"me": staff_id}
    return unit.connection.execute(_CLOSED, row).scalar_one(), unit.connection.execute(_THANKED, row).scalar_one()
