"""What staff do with requests, as one atomic statement each. Who may do it, and when, is the desk's to say.

The conversation is the unit of order: whoever changes a request holds its conversation (contacts.hold) or was given it
by the inbox, but for `claim`, which wins or loses by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, or_, select, update

from storage import bell
from storage.crypto import unseal
from storage.desk_tables import Draft, RequestEvent
from storage.keys import contact_key
from storage.requests import CLOSED, OPEN, NoRequest
from storage.tables import Request
from storage.unit_of_work import Unit

PLACE = "place"  # the kind of the event that says where the person is
_free = (Request.id == bindparam("row"), Request.closed_at.is_(None))
_CLAIM = (
    update(Request)
    .where(*_free, Request.assignee_id.is_(None))
    .values(assignee_id=bindparam("to_staff"), claimed_at=bindparam("to_at"))
)
_HAND_OVER = (
    update(Request)
    .where(*_free, Request.assignee_id == bindparam("from_staff"))
    .values(assignee_id=bindparam("to_staff"), claimed_at=bindparam("to_at"))
)
_MOVE = update(Request).where(Request.id == bindparam("row"), Request.state == bindparam("from_state"))
_EVENT = insert(RequestEvent)
_of_place = (RequestEvent.request_id == bindparam("request"), RequestEvent.kind == PLACE)
_MOVE_ON = update(RequestEvent).where(*_of_place).values(detail=bindparam("to_detail"), at=bindparam("to_at"))
_DROP_PLACE = delete(RequestEvent).where(*_of_place)
_EVENTS = (
    select(RequestEvent.kind, RequestEvent.staff_id, RequestEvent.detail, RequestEvent.at)
    .where(RequestEvent.request_id == bindparam("request"))
    .order_by(RequestEvent.at, RequestEvent.id)
)
_EVENTS_OF_OPEN = (
    select(RequestEvent.request_id, RequestEvent.kind, RequestEvent.staff_id, RequestEvent.detail, RequestEvent.at)
    .join(Request, Request.id == RequestEvent.request_id)
    .where(Request.closed_at.is_(None), RequestEvent.kind.in_(bindparam("kinds", expanding=True)))
    .order_by(RequestEvent.at, RequestEvent.id)
)
_LAST = select(func.max(RequestEvent.at)).scalar_subquery()
_NEWEST = select(
    _LAST,
    # Of one unit of work all events have one time.
    select(func.count()).where(RequestEvent.at == _LAST).scalar_subquery(),
    select(func.max(Draft.at)).scalar_subquery(),
)
_LOADS = (
    select(Request.assignee_id, func.count())
    .where(Request.state == OPEN, Request.assignee_id.is_not(None))
    .group_by(Request.assignee_id)
)
_WISH = update(Request).where(Request.id == bindparam("row")).values(wish_sealed=bindparam("to_wish"))
_READ_WISH = select(Request.contact_id, Request.wish_sealed).where(Request.id == bindparam("number"))
_GUARDED = select(Request.id).where(or_(Request.wish_sealed.is_not(None), Request.type == bindparam("guarded")))
_SENSITIVE = select(Request.contact_id, Request.sensitive_sealed).where(Request.id == bindparam("number"))

Event = tuple[str, int | None, str, datetime]


def claim(unit: Unit, number: int, staff_id: int) -> bool:
    """Take a request that nobody has; False when somebody was faster, or it is closed."""
    row = {"row": number, "to_staff": staff_id, "to_at": unit.now}
    return unit.connection.execute(_CLAIM, row).rowcount == 1


def hand_over(unit: Unit, number: int, from_staff: int, to_staff: int | None) -> bool:
    """Give it to somebody else, or (None) back to all; False when the first did not have it."""
    at = None if to_staff is None else unit.now
    row = {"row": number, "from_staff": from_staff, "to_staff": to_staff, "to_at": at}
    return unit.connection.execute(_HAND_OVER, row).rowcount == 1


def move(unit: Unit, number: int, from_state: str, to_state: str, **values: Any) -> bool:
    """Change the state and what goes with it, if it is still `from_state`; False when it is not.

    values: columns of the request. Closing sets closed_at, and drops what was sensitive; leaving DONE unsets it.
    """
    changed: dict[str, Any] = {"state": to_state, **values}
    if from_state != to_state:
        changed["turn_at"] = unit.now
    if to_state == CLOSED:
        changed |= {"closed_at": unit.now, "sensitive_sealed": None}
    elif from_state == CLOSED:
        changed |= {"closed_at": None, "outcome": None, "reopened": Request.reopened + 1}
    row = {"row": number, "from_state": from_state}
    return unit.connection.execute(_MOVE.values(changed), row).rowcount == 1


def note_event(unit: Unit, number: int, kind: str, staff_id: int | None = None, detail: str = "") -> None:
    """Write down that something happened. detail: a short code, never words of a person."""
    row = {"id": unit.ids(), "request_id": number, "kind": kind, "staff_id": staff_id, "detail": detail}
    unit.connection.execute(_EVENT, {"at": unit.now, **row})
    unit.ring(bell.DESK)


def note_place(unit: Unit, number: int, place: str) -> None:
    """Where in the guides the person is now. One event, overwritten: no way is kept that would tell their answers."""
    row = {"request": number, "to_detail": place, "to_at": unit.now}
    if unit.connection.execute(_MOVE_ON, row).rowcount == 0:
        note_event(unit, number, PLACE, None, place)
    unit.ring(bell.DESK)


def drop_place(unit: Unit, number: int) -> None:
    """It is nothing to us any more where they are."""
    unit.connection.execute(_DROP_PLACE, {"request": number})


def events(unit: Unit, number: int) -> list[Event]:
    """What happened to a request, oldest first: kind, who, detail, when."""
    return [
        (row.kind, row.staff_id, row.detail, row.at) for row in unit.connection.execute(_EVENTS, {"request": number})
    ]


def events_of_open(unit: Unit, kinds: Collection[str]) -> Mapping[int, Sequence[Event]]:
    """What happened to each request that is not closed, oldest first; only of these kinds."""
    found: defaultdict[int, list[Event]] = defaultdict(list)
    for row in unit.connection.execute(_EVENTS_OF_OPEN, {"kinds": sorted(kinds)}):
        found[row.request_id].append((row.kind, row.staff_id, row.detail, row.at))
    return found


def newest(unit: Unit) -> tuple[datetime | None, int, datetime | None]:
    """When something last happened to any request and how much, and when somebody last wrote at a draft. Cheap."""
    event, number, draft = unit.connection.execute(_NEWEST).one()
    return event, number, draft


def loads(unit: Unit) -> Mapping[int, int]:
    """How many requests wait for each assistant."""
    rows = unit.connection.execute(_LOADS).all()
    return {row[0]: row[1] for row in rows if row[0] is not None}


def set_wish(unit: Unit, number: int, contact_id: int, wish: bytes) -> None:
    """Whom the person would like to talk with, as the caller wrote it down."""
    sealed = unit.secrets.seal(unit.keys.get(contact_key(contact_id)), wish, f"request.wish_sealed:{number}")
    unit.connection.execute(_WISH, {"row": number, "to_wish": sealed})


def wish(unit: Unit, number: int) -> bytes | None:
    """What set_wish wrote; None where the person wished for nobody. Raises NoRequest."""
    row = unit.connection.execute(_READ_WISH, {"number": number}).one_or_none()
    if row is None:
        raise NoRequest(number)
    if row.wish_sealed is None:
        return None
    return unseal(unit.keys.get(contact_key(row.contact_id)), row.wish_sealed, f"request.wish_sealed:{number}")


def guarded(unit: Unit, type: str) -> frozenset[int]:
    """The numbers of all requests for which something was wished, and of those of one type."""
    return frozenset(unit.connection.execute(_GUARDED, {"guarded": type}).scalars())


def sensitive(unit: Unit, number: int) -> bytes | None:
    """Answers for the claimer alone; None where there are none (any more). Every reading is audited by the desk."""
    row = unit.connection.execute(_SENSITIVE, {"number": number}).one_or_none()
    if row is None:
        raise NoRequest(number)
    if row.sensitive_sealed is None:
        return None
    return unseal(
        unit.keys.get(contact_key(row.contact_id)), row.sensitive_sealed, f"request.sensitive_sealed:{number}"
    )
