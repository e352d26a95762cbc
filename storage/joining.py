"""Two chats of one person become one (rulings 1). Of the two, the one that gave the code goes on.

Everything of the other moves there and is sealed under its keys: what was asked and said, files, papers, days, where
one stands, what is still to be sent. The stricter answer about saving counts, a stop and a bar count, an urgent case
stays one. The keys that are not used any more are destroyed as those of people who are forgotten are.

A recovery code does the same, and then the old addresses know nothing any more: each is told, as a stranger.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, exists, func, insert, or_, select, update

from storage import bell, events, linking, own, subscribed, surveys
from storage.addresses import detach
from storage.contacts import NoConversation, hold, standing
from storage.crypto import unseal
from storage.declared import Id
from storage.keys import contact_key, conversation_key
from storage.link_tables import Link
from storage.linking import LinkKind, LinkRow
from storage.media import MediaState
from storage.moving import move_contact, move_conversation, rename_timers
from storage.people import MOST_PEOPLE
from storage.resealing import OF_CONTACT, OF_CONVERSATION, reseal
from storage.rows import ConsentChoice, Standing
from storage.sessions import session_seal
from storage.tables import SENDING, WANTED, Address, Contact, Conversation, Forget, Media, Outbox, Session
from storage.unit_of_work import AnyRow, Unit

#: (session of the chat that goes on, session of the other) -> the one to keep. What is in them is the caller's.
OneSession = Callable[[bytes | None, bytes | None], bytes | None]

_of = bindparam("of", type_=Id)
_UNDER_WAY = select(
    or_(
        exists().where(Outbox.conversation_id == _of, Outbox.state == SENDING),
        exists().where(Media.conversation_id == _of, Media.state == WANTED),
    )
)
_FILES = select(Media.id).where(
    Media.contact_id == _of, Media.state.in_([MediaState.KEPT, MediaState.DRAFT]), Media.sealed.is_(None)
)
_CONTACT = select(*Contact.__table__.columns).where(
    Contact.id == _of, Contact.conversation_id == bindparam("in_conversation", type_=Id)
)
_PEOPLE = (
    select(func.count())
    .select_from(Contact)
    .where(Contact.conversation_id.in_(bindparam("conversations", expanding=True)))
)
_ADDRESSES = select(Address.id).where(Address.conversation_id == _of)
_CONVERSATION = select(*Conversation.__table__.columns).where(Conversation.id == _of)
_SESSION = select(Session.sealed).where(Session.contact_id == _of)
_KEEP_SESSION = update(Session).where(Session.contact_id == _of)
_NEW_SESSION = insert(Session)
_PUT_CONTACT = update(Contact).where(Contact.id == _of)
_PUT_CONVERSATION = update(Conversation).where(Conversation.id == _of)
_GONE = (
    delete(Link).where(or_(Link.conversation_id == _of, Link.other_conversation_id == _of)),
    delete(Conversation).where(Conversation.id == _of),
)


class NotYet(Exception):
    """Something of the other chat is just being sent or fetched: try again soon."""


@dataclass(frozen=True, slots=True)
class Joined:
    """The chat as it stands now. left: the chats in which the old addresses begin anew, after a recovery."""

    standing: Standing
    left: tuple[Standing, ...] = ()


def files_of(unit: Unit, contact_id: int) -> frozenset[int]:
    """The files of a contact that lie in the folder."""
    return frozenset(unit.connection.execute(_FILES, {"of": contact_id}).scalars())


def join(unit: Unit, link: LinkRow, one_session: OneSession, files: Collection[int]) -> Joined | None:
    """Do what was agreed; None where it cannot be done (any more). Raises NotYet.

    files: those of the contact that goes, which can be read with the other's key already.
    """
    assert link.other_conversation_id is not None
    assert link.other_contact_id is not None
    stays, goes = link.conversation_id, link.other_conversation_id
    if not linking.drop(unit, link.id) or not _held(unit, stays, goes):
        return None
    me, other = _contact(unit, link.contact_id, stays), _contact(unit, link.other_contact_id, goes)
    if me is None or other is None or any(linking.is_closed(unit, one, link.kind) for one in (stays, goes)):
        return None
    if unit.connection.execute(_PEOPLE, {"conversations": [stays, goes]}).scalar_one() - 1 > MOST_PEOPLE:
        return None
    if unit.connection.execute(_UNDER_WAY, {"of": goes}).scalar_one() or files_of(unit, other.id) != set(files):
        raise NotYet
    old_addresses = list(unit.connection.execute(_ADDRESSES, {"of": stays}).scalars())
    _people_become_one(unit, me, other, one_session)
    _chats_become_one(unit, link)
    after = standing(unit, stays)
    if after.consent_choice is ConsentChoice.UNSAVED:
        _let_go(unit, after)
    left = [detach(unit, id) for id in old_addresses] if link.kind is LinkKind.RECOVERY else []
    return Joined(standing(unit, stays), tuple(standing(unit, one) for one in left if one is not None))


def _let_go(unit: Unit, me: Standing) -> None:
    """What rings for who is not remembered, now that the timers of both chats are under one name."""
    subscribed.drop_timers(unit, me.conversation_id, me.contact_id)
    events.leave(unit, [me.contact_id])


def _held(unit: Unit, *conversations: int) -> bool:
    """Both locks, always in the same order; False where one of the two is gone, or they are one already."""
    if len(set(conversations)) < len(conversations):
        return False
    try:
        for conversation_id in sorted(conversations):
            hold(unit, conversation_id)
    except NoConversation:
        return False
    return True


def _contact(unit: Unit, contact_id: int, conversation_id: int) -> AnyRow | None:
    return unit.connection.execute(_CONTACT, {"of": contact_id, "in_conversation": conversation_id}).one_or_none()


def _people_become_one(unit: Unit, me: AnyRow, other: AnyRow, one_session: OneSession) -> None:
    """The other's session is sealed under its own conversation's key until then."""
    session = one_session(_session(unit, me), _session(unit, other))
    keys = [unit.keys.get(contact_key(one.id)) for one in (other, me)]
    reseal(unit, OF_CONTACT, other.id, *keys)
    own.take_over(unit, me.id, other.id)
    events.take_over(unit, me.id, other.id)
    move_contact(unit, other.id, me.id)
    choice, version, at = _stricter(me, other)
    values = {
        "locale": other.locale or me.locale,  # the language in which it was confirmed
        "municipality": None if choice == ConsentChoice.UNSAVED else me.municipality or other.municipality,
        "consent_choice": choice,
        "consent_version": version,
        "consent_at": at,
        "seen_at": max(me.seen_at, other.seen_at),
        "created_at": min(me.created_at, other.created_at),
    }
    unit.connection.execute(_PUT_CONTACT.values(values), {"of": me.id})
    if choice == ConsentChoice.UNSAVED:
        own.drop(unit, me.id)
        subscribed.drop(unit, me.conversation_id, me.id)
        surveys.drop(unit, me.id)
    _keep_session(unit, me, session)


def _stricter(me: AnyRow, other: AnyRow) -> tuple[str, str | None, object]:
    """Who answered "without saving" once is taken at that word; who was not asked yet has said nothing."""
    answers = [one for one in (me, other) if one.consent_choice != ConsentChoice.NONE] or [me]
    one = next((one for one in answers if one.consent_choice == ConsentChoice.UNSAVED), answers[0])
    return one.consent_choice, one.consent_version, one.consent_at


def _session(unit: Unit, contact: AnyRow) -> bytes | None:
    sealed = unit.connection.execute(_SESSION, {"of": contact.id}).scalar()
    key = unit.keys.get(conversation_key(contact.conversation_id))
    return None if sealed is None else unseal(key, sealed, session_seal(contact.id))


def _keep_session(unit: Unit, me: AnyRow, session: bytes | None) -> None:
    if session is None:
        return
    key = unit.keys.get(conversation_key(me.conversation_id))
    values = {"sealed": unit.secrets.seal(key, session, session_seal(me.id))}
    if not unit.connection.execute(
        _KEEP_SESSION.values(values | {"version": Session.version + 1}), {"of": me.id}
    ).rowcount:
        unit.connection.execute(_NEW_SESSION, values | {"contact_id": me.id, "version": 1})


def _chats_become_one(unit: Unit, link: LinkRow) -> None:
    stays, goes = link.conversation_id, link.other_conversation_id
    assert goes is not None
    me, other = (unit.connection.execute(_CONVERSATION, {"of": id}).one() for id in (stays, goes))
    reseal(unit, OF_CONVERSATION, goes, *(unit.keys.get(conversation_key(id)) for id in (goes, stays)))
    rename_timers(unit, goes, {goes: stays, link.other_contact_id or 0: link.contact_id})
    move_conversation(unit, goes, stays)
    human = me if me.attached_request_id is not None else other
    stops = [at for at in (me.stopped_at, other.stopped_at) if at is not None]
    bars = [at for at in (me.barred_at, other.barred_at) if at is not None]
    values = {
        "active_contact_id": link.contact_id,
        "active_address_id": link.other_address_id,
        "stopped_at": min(stops, default=None),
        "barred_at": min(bars, default=None),
        "urgent": me.urgent or other.urgent,
        "attached_staff_id": human.attached_staff_id,
        "attached_request_id": human.attached_request_id,
        "parting": False,
    }
    unit.connection.execute(_PUT_CONVERSATION.values(values), {"of": stays})
    for statement in _GONE:
        unit.connection.execute(statement, {"of": goes})
    keys = f"{conversation_key(goes)} {contact_key(link.other_contact_id or 0)}"
    row = {"id": unit.ids(), "code_hash": None, "conversation_id": goes, "keys": keys, "state": "pending"}
    unit.connection.execute(insert(Forget), row | {"at": unit.now})
    unit.ring(bell.FORGET)
