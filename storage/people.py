"""Several people in one chat: a family on one phone. One of them is active; each is a contact with rows of their own.

What they asked and said, their answers, papers and days lie under a key of each one's own, so that one is forgotten
and the others stay. The chat is one for all: whoever holds the phone can read it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, exists, insert, or_, select, update
from sqlalchemy.orm import aliased

from storage import bell, contacts, events, requests, subscribed
from storage.contacts import NoConversation, hold, standing, standing_for
from storage.crypto import unseal
from storage.declared import Id, Moment
from storage.desk_tables import Draft, Note, Referral, RequestEvent, Topic, TopicMessage
from storage.event_tables import Shortlisted, SurveyAnswer
from storage.keys import contact_key
from storage.link_tables import Link
from storage.notice_tables import Delivery, Follow
from storage.own_tables import OwnDay, SeriesPlace, Tick
from storage.rows import ConsentChoice, OutboxState, Standing
from storage.tables import HELD, READY, Consent, Contact, Conversation, Forget, Media, Message, Outbox, Request, Session
from storage.unit_of_work import Unit

#: So many people share one chat at most.
MOST_PEOPLE = 6


@dataclass(frozen=True, slots=True)
class Sharer:
    """One of the people of a chat. label: how they call themselves, "" = nothing. number: 1, 2, 3 as they came."""

    contact_id: int
    number: int
    label: str


_conversation, _contact = bindparam("conversation", type_=Id), bindparam("contact", type_=Id)
_MEMBERS = (
    select(Contact.id, Contact.label_sealed)
    .where(Contact.conversation_id == _conversation)
    .order_by(Contact.created_at, Contact.id)
)
_ADD = insert(Contact)
_LABEL = update(Contact).where(Contact.id == _contact).values(label_sealed=bindparam("to_label"))
_ACTIVATE = (
    update(Conversation)
    .where(
        Conversation.id == _conversation,
        exists().where(Contact.id == _contact, Contact.conversation_id == _conversation),
    )
    .values(active_contact_id=_contact)
)
_requests = select(Request.id).where(Request.contact_id == _contact)
_words = select(Message.outbox_id).where(Message.contact_id == _contact)
_here = Outbox.conversation_id == _conversation
#: What is forgotten with one of several people, children first. What the bot showed is the chat's, and is blanked.
FORGOTTEN = (
    *(delete(table).where(table.contact_id == _contact) for table in (Session, Tick, OwnDay, SeriesPlace, Follow)),
    update(Delivery).where(Delivery.contact_id == _contact).values(contact_id=None, teaser_id=None),
    update(Outbox)
    .where(_here, Outbox.id.in_(_words), Outbox.state.in_([READY, HELD]))
    .values(state=OutboxState.FAILED, sealed=None, reason="forgotten", settled_at=bindparam("now")),
    update(Outbox).where(_here, Outbox.state.not_in([READY, OutboxState.SENDING, HELD])).values(sealed=None),
    *(
        delete(table).where(table.contact_id == _contact)
        for table in (Media, Message, Consent, SurveyAnswer, Shortlisted)
    ),
    *(
        delete(table).where(table.request_id.in_(_requests))
        for table in (Note, RequestEvent, Draft, Referral, TopicMessage)
    ),
    update(Topic).where(Topic.request_id.in_(_requests)).values(name="", card="", card_id=None),
    delete(Request).where(Request.contact_id == _contact),
    delete(Link).where(or_(Link.contact_id == _contact, Link.other_contact_id == _contact)),
    delete(Contact).where(Contact.id == _contact),
)
_WRITE_DOWN = insert(Forget)
_ACTIVE = select(Conversation.active_contact_id).where(Conversation.id == _conversation)
_other = aliased(Contact)
_before = bindparam("before", type_=Moment())
_SILENT = select(Contact.id).where(
    Contact.seen_at < _before,
    exists().where(_other.conversation_id == Contact.conversation_id, _other.seen_at >= _before),
)


def members(unit: Unit, conversation_id: int) -> list[Sharer]:
    """Who shares the chat, in the order in which they came."""
    found = unit.connection.execute(_MEMBERS, {"conversation": conversation_id})
    return [Sharer(row.id, number, _label(unit, row.id, row.label_sealed)) for number, row in enumerate(found, 1)]


def add(unit: Unit, standing: Standing) -> int | None:
    """Somebody else uses the chat too, of whom nothing is known; None where there are too many."""
    if len(members(unit, standing.conversation_id)) >= MOST_PEOPLE:
        return None
    id = unit.ids()
    unit.keys.make([contact_key(id)])
    row = {"id": id, "conversation_id": standing.conversation_id, "locale": "", "consent_choice": ConsentChoice.NONE}
    unit.connection.execute(_ADD, row | {"seen_at": unit.now, "created_at": unit.now})
    return id


def call(unit: Unit, contact_id: int, label: str) -> None:
    """How somebody calls themselves from now on."""
    sealed = unit.secrets.seal(unit.keys.get(contact_key(contact_id)), label.encode(), _seal(contact_id))
    unit.connection.execute(_LABEL, {"contact": contact_id, "to_label": sealed})


def activate(unit: Unit, conversation_id: int, contact_id: int) -> Standing | None:
    """Somebody else of the chat writes from now on; None where they are not of this chat (any more)."""
    where = {"conversation": conversation_id, "contact": contact_id}
    if not unit.connection.execute(_ACTIVATE, where).rowcount:
        return None
    return standing(unit, conversation_id)


def forget_one(unit: Unit, before: Standing, code: str | None) -> Standing:
    """Delete one of several people and write down that their key must go; the chat as it stands for who came first.

    code: the receipt that the person gets, kept as a hash; None: retention deletes, nobody holds a receipt.
    """
    others = [one for one in members(unit, before.conversation_id) if one.contact_id != before.contact_id]
    events.leave(unit, [before.contact_id])
    subscribed.drop_timers(unit, before.conversation_id, before.contact_id)
    where = {"conversation": before.conversation_id, "contact": before.contact_id, "now": unit.now}
    for statement in FORGOTTEN:
        unit.connection.execute(statement, where)
    row = {
        "id": unit.ids(),
        "code_hash": code and unit.secrets.lookup("receipt", code),
        "state": "pending",
        "at": unit.now,
    }
    row |= {"conversation_id": before.conversation_id, "keys": contact_key(before.contact_id)}
    unit.connection.execute(_WRITE_DOWN, row)
    unit.ring(bell.FORGET)
    _settle_chat(unit, before)
    after = activate(unit, before.conversation_id, others[0].contact_id)
    assert after is not None
    return after


def _settle_chat(unit: Unit, before: Standing) -> None:
    """Nobody is in the chat for a request that is gone, and only an urgent case that is left keeps news back."""
    left = requests.open_of_conversation(unit, before.conversation_id)
    number = before.attached_request_id
    if number is not None and number not in {one.number for one in left}:
        contacts.detach(unit, before.conversation_id, number)
    if before.urgent:
        contacts.set_urgent(unit, before.conversation_id, urgent=any(one.urgent for one in left))


def silent(unit: Unit, before: datetime) -> list[int]:
    """Contacts who have not written since, while somebody else of the same chat has."""
    return list(unit.connection.execute(_SILENT, {"before": before}).scalars())


def leave_silently(unit: Unit, contact_id: int, before: datetime) -> bool:
    """Forget one of several who has not written since; False where they have, or are gone. Locks the chat."""
    try:
        found = standing_for(unit, contact_id)
        hold(unit, found.conversation_id)
    except NoConversation:
        return False
    if contact_id not in silent(unit, before):
        return False
    active = unit.connection.execute(_ACTIVE, {"conversation": found.conversation_id}).scalar_one()
    forget_one(unit, found, None)
    if active != contact_id:
        activate(unit, found.conversation_id, active)
    return True


def _label(unit: Unit, contact_id: int, sealed: bytes | None) -> str:
    return "" if sealed is None else unseal(unit.keys.get(contact_key(contact_id)), sealed, _seal(contact_id)).decode()


def _seal(contact_id: int) -> str:
    return f"contact.label_sealed:{contact_id}"
