"""What the staff group shows of each request: which topic it has, under which name, and how much of it was posted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from storage.desk_tables import Topic, TopicMessage
from storage.tables import Message
from storage.unit_of_work import Unit

_COLUMNS = (Topic.request_id, Topic.thread, Topic.name, Topic.closed, Topic.card_id, Topic.card)
_ALL = select(*_COLUMNS)
_OF_THREAD = select(Topic.request_id).where(Topic.thread == bindparam("in_thread"))
_NEW = insert(Topic)
_CHANGE = update(Topic).where(Topic.request_id == bindparam("row"))
_DROP = tuple(delete(table).where(table.request_id == bindparam("row")) for table in (TopicMessage, Topic))
_POSTED = insert(TopicMessage)
_SHOWN = select(TopicMessage.message_id).where(TopicMessage.request_id == bindparam("row"))
_BEHIND = (
    select(Message.request_id)
    .join(Topic, Topic.request_id == Message.request_id)
    .outerjoin(TopicMessage, TopicMessage.message_id == Message.id)
    .where(TopicMessage.message_id.is_(None))
    .distinct()
)


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic as the group shows it. number: of the request; the rest: see storage/desk_tables.py."""

    number: int
    thread: int
    name: str
    closed: bool = False
    card_id: int | None = None
    card: str = ""


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


def posted(unit: Unit, number: int, message_ids: Sequence[int]) -> None:
    """These messages of the request stand in its topic now."""
    unit.connection.execute(_POSTED, [{"message_id": id, "request_id": number} for id in message_ids])


def shown(unit: Unit, number: int) -> frozenset[int]:
    """Ids of the messages of a request that stand in its topic."""
    return frozenset(unit.connection.execute(_SHOWN, {"row": number}).scalars())


def behind(unit: Unit) -> frozenset[int]:
    """Numbers of the requests of which something was said that their topic does not show."""
    return frozenset(number for number in unit.connection.execute(_BEHIND).scalars() if number is not None)


def drop(unit: Unit, number: int) -> None:
    """The topic is gone, with all that stood in it. May be repeated."""
    for statement in _DROP:
        unit.connection.execute(statement, {"row": number})
