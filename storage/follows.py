"""What people asked to hear of: topics and places. Written only for who agreed to saving; the caller asks."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select

from storage.declared import Id
from storage.dialects import insert_or_ignore
from storage.notice_tables import Follow
from storage.unit_of_work import Unit

TOPIC, PLACE = "topic", "place"

_contact = bindparam("contact", type_=Id)
_ALL = select(Follow.what).where(Follow.contact_id == _contact)
_FOLLOW = insert_or_ignore(Follow, ["contact_id", "what"], Follow.id)
_UNFOLLOW = delete(Follow).where(Follow.contact_id == _contact, Follow.what == bindparam("that"))
_DROP = delete(Follow).where(Follow.contact_id == _contact)


def topic(id: str) -> str:
    """How a topic is written down."""
    return f"{TOPIC}:{id}"


def place(id: str) -> str:
    """How a place is written down."""
    return f"{PLACE}:{id}"


def follows(unit: Unit, contact_id: int) -> frozenset[str]:
    """What a contact follows. Some may be of topics and places that the content does not have any more."""
    return frozenset(unit.connection.execute(_ALL, {"contact": contact_id}).scalars())


def follow(unit: Unit, contact_id: int, what: str, *, on: bool) -> None:
    """Follow something, or follow it no more. May be repeated."""
    if on:
        row = {"id": unit.ids(), "contact_id": contact_id, "what": what, "at": unit.now}
        unit.connection.execute(_FOLLOW[unit.dialect], row)
    else:
        unit.connection.execute(_UNFOLLOW, {"contact": contact_id, "that": what})


def drop(unit: Unit, contact_id: int) -> None:
    """All of it, because saving is not wanted any more."""
    unit.connection.execute(_DROP, {"contact": contact_id})
