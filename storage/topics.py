"""What the staff group shows of each request: which topic it has, under which name, and how much of it was posted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from storage.desk_tables import Topic
from storage.tables import Message
from storage.unit_of_work import Unit

_COLUMNS = (Topic.request_id, Topic.thread, Topic.name, Topic.closed, Topic.card_id, Topic.card, Topic.shown)
_ALL = select(*_COLUMNS).order_by(Topic.request_id)
_OF_THREAD = select(Topic.request_id).where(Topic.thread == bindparam("in_thread"))
_NEW = insert(Topic)
_CHANGE = update(Topic).where(Topic.request_id == bindparam("row"))
_DROP = delete(Topic).where(Topic.request_id == bindparam("row"))
_DROP_ALL = delete(Topic)
_SAID = (
    select(Message.request_id, func.count()).where(Message.request_id.is_not(None)).group_by(Message.request_id)
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
    shown: int = 0


def topics(unit: Unit) -> dict[int, TopicRow]:
    """All topics, by the number of the request."""
    return {row.request_id: TopicRow(*row) for row in unit.connection.execute(_ALL).all()}


def request_of(unit: Unit, thread: int) -> int | None:
    """The number of the request that has this topic."""
    return unit.connection.execute(_OF_THREAD, {"in_thread": thread}).scalar()


def opened(unit: Unit, number: int, thread: int, name: str) -> None:
    """The group has a topic for the request now; nothing stands in it yet."""
    row = {"request_id": number, "thread": thread, "name": name, "closed": False}
    unit.connection.execute(_NEW, {"card": "", "shown": 0, **row})


def change(unit: Unit, number: int, **values: Any) -> None:
    """Write down what the topic shows now."""
    unit.connection.execute(_CHANGE.values(values), {"row": number})


def drop(unit: Unit, number: int) -> None:
    """The topic is gone. May be repeated."""
    unit.connection.execute(_DROP, {"row": number})


def drop_all(unit: Unit) -> None:
    """The group is another one: it has none of the topics."""
    unit.connection.execute(_DROP_ALL)


def said(unit: Unit) -> dict[int, int]:
    """How many messages each request has."""
    return {number: count for number, count in unit.connection.execute(_SAID).all() if number is not None}
