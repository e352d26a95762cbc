"""Forgetting a person: rows and keys, in two halves that may each be repeated.

First half, one transaction: every row of the conversation goes, and a `forget` row that names the keys is written.
Second half: the keys are destroyed in the key store, then the `forget` row is settled. A death in between leaves it
pending, and the next start finishes it. What lies in backups of the database cannot be read without the keys.

Somebody who deletes their data in the chat is told so, and telling needs an address. So the goodbye goes to a fresh
conversation, under fresh keys, that knows nothing but the address and the language. When the goodbye has gone out
and nothing was written since, that conversation is forgotten as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, ScalarSelect, bindparam, delete, func, insert, or_, select, update

from storage import events
from storage.addresses import read_address
from storage.arrivals import new_conversations
from storage.contacts import NoConversation, standing
from storage.copies import keep_outcome
from storage.declared import Base, Id
from storage.desk_tables import Draft, Note, Referral, RequestEvent, Staff, Topic, TopicMessage
from storage.event_tables import Seat, Shortlisted, SurveyAnswer
from storage.keys import contact_key, conversation_key
from storage.link_tables import Link
from storage.notice_tables import Delivery, Follow
from storage.own_tables import OwnDay, SeriesPlace, Tick
from storage.rows import InboxState, Standing
from storage.tables import (
    NEW,
    Address,
    Consent,
    Contact,
    Conversation,
    Forget,
    Inbox,
    Media,
    Message,
    Outbox,
    Request,
    Session,
    Timer,
)
from storage.unit_of_work import AnyRow, Unit
from storage.web_tables import WebBrowser, WebPage

_conversation = bindparam("conversation", type_=Id)
_contacts = select(Contact.id).where(Contact.conversation_id == _conversation)
_requests = select(Request.id).where(Request.conversation_id == _conversation)
_ADDRESSES = select(Address.id).where(Address.conversation_id == _conversation)
_LOCK = select(Conversation.id).where(Conversation.id == _conversation).with_for_update()
# Children first: the order of the foreign keys.
_DELETE = (
    delete(Session).where(Session.contact_id.in_(_contacts)),
    *(
        delete(table).where(table.contact_id.in_(_contacts))
        for table in (Tick, OwnDay, SeriesPlace, Follow, SurveyAnswer, Shortlisted)
    ),
    # Who got a notice goes; what became of it is counted on.
    keep_outcome(Outbox.conversation_id == _conversation),
    update(Delivery).where(Delivery.contact_id.in_(_contacts)).values(contact_id=None, teaser_id=None),
    delete(Media).where(Media.conversation_id == _conversation),
    delete(Message).where(Message.conversation_id == _conversation),
    delete(Consent).where(Consent.contact_id.in_(_contacts)),
    *(
        delete(table).where(table.request_id.in_(_requests))
        for table in (Note, RequestEvent, Draft, Referral, TopicMessage)
    ),
    # Which topic the group has still to delete is all that stays of it (bot/mirror.py).
    update(Topic).where(Topic.request_id.in_(_requests)).values(name="", card="", card_id=None),
    delete(Request).where(Request.conversation_id == _conversation),
    delete(Timer).where(Timer.conversation_id == _conversation),
    delete(Link).where(or_(Link.conversation_id == _conversation, Link.other_conversation_id == _conversation)),
    delete(Outbox).where(Outbox.conversation_id == _conversation),
    delete(WebPage).where(WebPage.address_id.in_(select(Address.id).where(Address.conversation_id == _conversation))),
    delete(Address).where(Address.conversation_id == _conversation),
    delete(Contact).where(Contact.conversation_id == _conversation),
    # A member of staff who deletes their chat gets no alerts until they link one again.
    update(Staff).where(Staff.conversation_id == _conversation).values(conversation_id=None),
    delete(Conversation).where(Conversation.id == _conversation),
)
_of_addresses = Inbox.address_id.in_(bindparam("addresses", expanding=True))
_WAITS = select(Inbox.seq).where(Inbox.state == NEW, _of_addresses).limit(1)
_HAND_ON = update(Inbox).where(Inbox.state == NEW, _of_addresses).values(address_id=bindparam("to_address"))
# A handled row says nothing any more; it stays, without its address, so that a late redelivery is recognised.
_BLANK = (
    update(Inbox)
    .where(_of_addresses)
    .values(address_id=0, sealed=None, provider_sealed=None, state=InboxState.DONE, not_before=None)
)
_of_web = WebBrowser.address_id.in_(bindparam("addresses", expanding=True))
_LEAD_ON = update(WebBrowser).where(_of_web).values(address_id=bindparam("to_address"))
_PART = delete(WebBrowser).where(_of_web)
_WRITE_DOWN = insert(Forget)
_RECEIPT = select(Forget.at).where(Forget.code_hash == bindparam("code_hash")).limit(1)
_PARTING = update(Conversation).where(Conversation.id == _conversation).values(parting=True)


class StillWriting(Exception):
    """Something arrived from a conversation that was to end by itself."""


@dataclass(frozen=True, slots=True)
class Holdings:
    """How much of what is kept about a person."""

    addresses: int
    consents: int
    sessions: int
    messages: int
    requests: int
    media: int
    timers: int
    outgoing: int
    ticks: int = 0
    days: int = 0
    events: int = 0
    follows: int = 0


def _count(table: type[Base], condition: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count()).select_from(table).where(condition).scalar_subquery()


_HOLDINGS = select(
    _count(Address, Address.conversation_id == _conversation),
    _count(Consent, Consent.contact_id.in_(_contacts)),
    _count(Session, Session.contact_id.in_(_contacts)),
    _count(Message, Message.conversation_id == _conversation),
    _count(Request, Request.conversation_id == _conversation),
    _count(Media, Media.conversation_id == _conversation),
    _count(Timer, Timer.conversation_id == _conversation),
    _count(Outbox, Outbox.conversation_id == _conversation),
    _count(Tick, Tick.contact_id.in_(_contacts)),
    _count(OwnDay, OwnDay.contact_id.in_(_contacts)),
    _count(Seat, Seat.contact_id.in_(_contacts)),
    _count(Follow, Follow.contact_id.in_(_contacts)),
)


def holdings(unit: Unit, conversation_id: int) -> Holdings:
    """What is kept about everybody in the conversation, counted."""
    found: AnyRow = unit.connection.execute(_HOLDINGS, {"conversation": conversation_id}).one()
    return Holdings(*found)


def erase(unit: Unit, conversation_id: int, code: str | None = None, *, goodbye: bool = False) -> Standing | None:
    """The first half: delete every row and write down which keys must go. Raises NoConversation.

    code: the receipt that the person gets; kept as a hash. goodbye: returns the standing of a fresh conversation
    on the same address, to say one last thing to; what the person wrote in the meantime goes on there, as from
    somebody new. `forgetting.finish_forgetting` is the second half.
    """
    if not goodbye:
        _blank(unit, _delete_rows(unit, conversation_id, code))
        return None
    before = standing(unit, conversation_id)
    place, opaque_id = read_address(unit, before.address_id)
    addresses = _delete_rows(unit, conversation_id, code)
    fresh = new_conversations(unit, {place: opaque_id}, before.locale)[place]
    for statement in (_HAND_ON, _LEAD_ON):
        unit.connection.execute(statement, {"addresses": addresses, "to_address": fresh.address_id})
    unit.connection.execute(_PARTING, {"conversation": fresh.conversation_id})
    _blank(unit, addresses)
    return standing(unit, fresh.conversation_id)


def erase_silent(unit: Unit, conversation_id: int) -> None:
    """As erase, for a conversation that ends by itself; raises StillWriting when something arrived from it."""
    addresses = _delete_rows(unit, conversation_id, None)
    if unit.connection.execute(_WAITS, {"addresses": addresses}).one_or_none() is not None:
        raise StillWriting
    _blank(unit, addresses)


def erased_on(unit: Unit, code: str) -> date | None:
    """The day on which the data behind a receipt were deleted; None when nobody holds such a receipt."""
    at = unit.connection.execute(_RECEIPT, {"code_hash": unit.secrets.lookup("receipt", code)}).scalar()
    return None if at is None else at.date()


def _blank(unit: Unit, addresses: list[int]) -> None:
    for statement in (_BLANK, _PART):
        unit.connection.execute(statement, {"addresses": addresses})


def _delete_rows(unit: Unit, conversation_id: int, code: str | None) -> list[int]:
    """Returns the ids of the addresses that are gone. Whoever was storing an arrival from one of them has finished
    by then (see arrivals.py), so the inbox rows of these ids are complete."""
    where = {"conversation": conversation_id}
    if unit.connection.execute(_LOCK, where).one_or_none() is None:
        raise NoConversation
    contacts = unit.connection.execute(_contacts, where).scalars().all()
    addresses = list(unit.connection.execute(_ADDRESSES, where).scalars())
    events.leave(unit, contacts)
    for statement in _DELETE:
        unit.connection.execute(statement, where)
    unit.connection.execute(
        _WRITE_DOWN,
        {
            "id": unit.ids(),
            "code_hash": None if code is None else unit.secrets.lookup("receipt", code),
            "conversation_id": conversation_id,
            "keys": " ".join([conversation_key(conversation_id), *map(contact_key, contacts)]),
            "state": "pending",
            "at": unit.now,
        },
    )
    return addresses
