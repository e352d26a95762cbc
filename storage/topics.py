"""What the staff group shows of each request: which topic it has, under which name, and how much of it was posted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    Integer,
    String,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal,
    null,
    select,
    union,
    union_all,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute

from storage.declared import Moment
from storage.desk_tables import RequestEvent, Topic, TopicMessage
from storage.tables import Media, Message, Request
from storage.unit_of_work import Unit

_COLUMNS = (Topic.request_id, Topic.thread, Topic.name, Topic.closed, Topic.card_id, Topic.card)
_ALL = select(*_COLUMNS)
_OF_THREAD = select(Topic.request_id).where(Topic.thread == bindparam("in_thread"))
_NEW = insert(Topic)
_CHANGE = update(Topic).where(Topic.request_id == bindparam("row"))
_DROP = tuple(delete(table).where(table.request_id == bindparam("row")) for table in (TopicMessage, Topic))
_POSTED = insert(TopicMessage)
_CONTACTS = select(Request.contact_id).where(Request.type == bindparam("of_type"))


#: So long after its time an event is surely committed.
RECENT = timedelta(minutes=1)


class Kind(StrEnum):
    """What an entry of a topic is. The first two are the directions of a message."""

    PERSON = "in"
    STAFF = "out"
    FILE = "file"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic as the group shows it. number: of the request; the rest: see storage/desk_tables.py."""

    number: int
    thread: int
    name: str
    closed: bool = False
    card_id: int | None = None
    card: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that is to stand in the topic of its request, without its words.

    code: of a file or an event, its kind. seconds: how long a file lasts. staff_id: who of us it was.
    """

    id: int
    kind: Kind
    at: datetime
    staff_id: int | None = None
    code: str = ""
    seconds: int | None = None


def _waits(id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    return ~exists().where(TopicMessage.message_id == id)


_shown_event = RequestEvent.kind.in_(bindparam("events", expanding=True))
_nobody = null().cast(Integer)
_UNPOSTED: Executable = union_all(
    select(
        Media.id,
        literal(Kind.FILE.value, String).label("kind"),
        Media.created_at.label("at"),
        _nobody.label("staff_id"),
        Media.kind.label("code"),
        Media.seconds,
    ).where(Media.request_id == bindparam("row"), Media.staff_id.is_(None), _waits(Media.id)),
    select(Message.id, Message.direction, Message.at, Message.staff_id, literal("", String), _nobody).where(
        Message.request_id == bindparam("row"), _waits(Message.id)
    ),
    select(
        RequestEvent.id,
        literal(Kind.EVENT.value, String),
        RequestEvent.at,
        RequestEvent.staff_id,
        RequestEvent.kind,
        _nobody,
    ).where(RequestEvent.request_id == bindparam("row"), _shown_event, _waits(RequestEvent.id)),
).order_by("at", "id")
_BEHIND: Executable = union(
    select(Media.request_id)
    .join(Topic, Topic.request_id == Media.request_id)
    .where(Media.staff_id.is_(None), _waits(Media.id)),
    select(Message.request_id).join(Topic, Topic.request_id == Message.request_id).where(_waits(Message.id)),
    select(RequestEvent.request_id)
    .join(Topic, Topic.request_id == RequestEvent.request_id)
    .where(_shown_event, _waits(RequestEvent.id)),
)
_STAMP = select(
    select(func.max(RequestEvent.at)).scalar_subquery(),
    # An event may be committed after one that is newer.
    select(func.count(RequestEvent.id)).where(RequestEvent.at > bindparam("since", type_=Moment())).scalar_subquery(),
    select(func.count(Request.id)).scalar_subquery(),
    select(func.count(Media.id)).scalar_subquery(),
)


def topics(unit: Unit) -> dict[int, TopicRow]:
    """All topics, by the number of the request."""
    return {row.request_id: TopicRow(*row) for row in unit.connection.execute(_ALL).all()}


def request_of(unit: Unit, thread: int) -> int | None:
    """The number of the request that has this topic."""
    return unit.connection.execute(_OF_THREAD, {"in_thread": thread}).scalar()


def opened(unit: Unit, number: int, thread: int, name: str) -> None:
    """The group has a topic for the request now; nothing stands in it yet."""
    row = {"request_id": number, "thread": thread, "name": name, "closed": False}
    unit.connection.execute(_NEW, {"card": "", **row})


def change(unit: Unit, number: int, **values: Any) -> None:
    """Write down what the topic shows now."""
    unit.connection.execute(_CHANGE.values(values), {"row": number})


def unposted(unit: Unit, number: int, events: Collection[str]) -> list[Entry]:
    """What is to stand in the topic of a request and does not, oldest first. events: the kinds that are shown."""
    rows = unit.connection.execute(_UNPOSTED, {"row": number, "events": list(events)}).all()
    return [Entry(row[0], Kind(row[1]), *row[2:]) for row in rows]


def posted(unit: Unit, number: int, ids: Sequence[int]) -> None:
    """These entries of the request stand in its topic now."""
    unit.connection.execute(_POSTED, [{"message_id": id, "request_id": number} for id in ids])


def behind(unit: Unit, events: Collection[str]) -> frozenset[int]:
    """Numbers of the requests whose topic does not show all of it. events: the kinds that are shown."""
    found = unit.connection.execute(_BEHIND, {"events": list(events)}).scalars()
    return frozenset(number for number in found if number is not None)


def stamp(unit: Unit) -> tuple[object, ...]:
    """Changes with nearly all that the group could show, and when that becomes old. Cheap, by indexes."""
    return tuple(unit.connection.execute(_STAMP, {"since": unit.now - RECENT}).one())


def contacts_of(unit: Unit, type: str) -> frozenset[int]:
    """Who has a request of this type that is still kept: ids of contacts."""
    return frozenset(unit.connection.execute(_CONTACTS, {"of_type": type}).scalars())


def drop(unit: Unit, number: int) -> None:
    """The topic is gone, with all that stood in it. May be repeated."""
    for statement in _DROP:
        unit.connection.execute(statement, {"row": number})
