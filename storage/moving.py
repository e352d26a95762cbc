"""Rows that are named after a person or a chat get another name: the ids alone, not what is sealed in them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import bindparam, delete, exists, select, update
from sqlalchemy.orm import aliased

from storage.declared import Base, Id
from storage.event_tables import Seat, Shortlisted, SurveyAnswer
from storage.notice_tables import Delivery, Follow
from storage.own_tables import SeriesPlace
from storage.tables import Address, Consent, Contact, Media, Message, Outbox, Request, Session, Timer
from storage.unit_of_work import Unit

_old, _new = bindparam("old", type_=Id), bindparam("new", type_=Id)
_NAMED_AFTER_CONTACT: tuple[type[Base], ...] = (Message, Request, Media, Consent, SurveyAnswer)
_NAMED_AFTER_CONVERSATION: tuple[type[Base], ...] = (
    Address,
    Contact,
    Message,
    Request,
    Media,
    Timer,
    Outbox,
)


_theirs, _got, _sits, _begun = aliased(Follow), aliased(Delivery), aliased(Seat), aliased(SeriesPlace)
_follows_too = exists().where(_theirs.contact_id == _new, _theirs.what == Follow.what)
_begun_too = exists().where(_begun.contact_id == _new, _begun.series == SeriesPlace.series)
_got_it_too = exists().where(_got.contact_id == _new, _got.broadcast_id == Delivery.broadcast_id)
_sits_too = exists().where(_sits.contact_id == _new, _sits.event_id == Seat.event_id)
_listed = aliased(Shortlisted)
_listed_too = exists().where(_listed.contact_id == _new, _listed.survey_id == Shortlisted.survey_id)
_MOVE_CONTACT = (
    *(
        update(table).where(table.contact_id == _old).values(contact_id=_new)  # type: ignore[attr-defined]
        for table in _NAMED_AFTER_CONTACT
    ),
    update(Follow).where(Follow.contact_id == _old, ~_follows_too).values(contact_id=_new),
    delete(Follow).where(Follow.contact_id == _old),
    update(SeriesPlace).where(SeriesPlace.contact_id == _old, ~_begun_too).values(contact_id=_new),
    delete(SeriesPlace).where(SeriesPlace.contact_id == _old),
    update(Delivery).where(Delivery.contact_id == _old, ~_got_it_too).values(contact_id=_new),
    update(Delivery).where(Delivery.contact_id == _old).values(contact_id=None),
    update(Seat).where(Seat.contact_id == _old, ~_sits_too).values(contact_id=_new),
    update(Seat).where(Seat.contact_id == _old).values(contact_id=None),
    update(Shortlisted).where(Shortlisted.contact_id == _old, ~_listed_too).values(contact_id=_new),
    delete(Shortlisted).where(Shortlisted.contact_id == _old),
    delete(Session).where(Session.contact_id == _old),
    delete(Contact).where(Contact.id == _old),
)
_MOVE_CONVERSATION = tuple(
    update(table).where(table.conversation_id == _old).values(conversation_id=_new)  # type: ignore[attr-defined]
    for table in _NAMED_AFTER_CONVERSATION
)

_TIMERS = select(Timer.id, Timer.key).where(Timer.conversation_id == _old)
_TIMER = select(Timer.id).where(Timer.key == bindparam("named"))
_RENAME = update(Timer).where(Timer.id == bindparam("row")).values(key=bindparam("to_key"))
_CANCEL = delete(Timer).where(Timer.id == bindparam("row"))
_EACH_ONCE = (Follow, SeriesPlace, Delivery, Seat, Shortlisted)
#: The tables whose rows move.
MOVED: tuple[type[Base], ...] = (*_NAMED_AFTER_CONTACT, *_NAMED_AFTER_CONVERSATION, *_EACH_ONCE)


def move_contact(unit: Unit, old: int, new: int) -> None:
    """What is the old contact's is the new one's, and the old one is no more."""
    for statement in _MOVE_CONTACT:
        unit.connection.execute(statement, {"old": old, "new": new})


def move_conversation(unit: Unit, old: int, new: int) -> None:
    """What is in the old conversation is in the new one."""
    for statement in _MOVE_CONVERSATION:
        unit.connection.execute(statement, {"old": old, "new": new})


def rename_timers(unit: Unit, conversation_id: int, names: Mapping[int, int]) -> None:
    """Keys of timers name people and chats, between colons; where the new name has such a timer, that one counts."""
    renamed = {str(old): str(new) for old, new in names.items()}
    for id, key in unit.connection.execute(_TIMERS, {"old": conversation_id}).all():
        new = ":".join(renamed.get(part, part) for part in key.split(":"))
        if new == key:
            continue
        if unit.connection.execute(_TIMER, {"named": new}).one_or_none() is None:
            unit.connection.execute(_RENAME, {"row": id, "to_key": new})
        else:
            unit.connection.execute(_CANCEL, {"row": id})
