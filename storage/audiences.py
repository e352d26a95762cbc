"""Everybody who could be written to, page by page, with what an audience asks about them.

Of a conversation only the contact who is active now; never a conversation of staff or of a group, nor one that is
there for a goodbye alone. Whether somebody is left out is decided elsewhere (notices/audience.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Executable, Select, bindparam, exists, false, func, or_, select, true

from storage.crypto import Tampered, unseal
from storage.declared import Id
from storage.desk_tables import Staff
from storage.event_tables import Seat, Shortlisted
from storage.events import COMING, WAITING
from storage.keys import KeyGone, conversation_key
from storage.notice_rows import Person
from storage.notice_tables import Delivery, Follow
from storage.own_tables import OwnDay
from storage.rows import LEAVE_GROUP, AddressState, ConsentChoice
from storage.sessions import session_seal
from storage.tables import Address, Contact, Conversation, Session, Timer
from storage.unit_of_work import AnyRow, Unit

#: Which guide a session is in, "" = none; a session is opened only for an audience that asks for guides.
GuideOf = Callable[[bytes], str]
#: People of one page: its transaction stays short beside those of turns.
PAGE = 500
SKIPPED = "skipped"

_after = bindparam("after", type_=Id)
_last = bindparam("last", type_=Id)
_noticed_at = (
    select(func.max(Delivery.at))
    .where(Delivery.contact_id == Contact.id, or_(Delivery.outcome.is_(None), Delivery.outcome != SKIPPED))
    .scalar_subquery()
)
_people = (
    select(
        Contact.id.label("contact_id"),
        Conversation.id.label("conversation_id"),
        Address.id.label("address_id"),
        Contact.locale,
        Contact.municipality,
        Contact.seen_at,
        Contact.consent_choice,
        Conversation.stopped_at,
        Conversation.urgent,
        Address.channel,
        Address.state.label("address_state"),
        Address.open_until,
        _noticed_at.label("noticed_at"),
    )
    .join(Conversation, Conversation.active_contact_id == Contact.id)
    .join(Address, Address.id == Conversation.active_address_id)
    .where(
        Contact.id > _after,
        Conversation.parting == false(),
        ~exists().where(Staff.conversation_id == Conversation.id),
        ~exists().where(Timer.conversation_id == Conversation.id, Timer.kind == LEAVE_GROUP),
    )
    .order_by(Contact.id)
    .limit(bindparam("limit"))
)
_of_broadcast = Contact.id.in_(select(Delivery.contact_id).where(Delivery.broadcast_id == bindparam("of", type_=Id)))
_FOLLOWS = select(Follow.contact_id, Follow.what).where(Follow.contact_id > _after, Follow.contact_id <= _last)
_DAYS = select(OwnDay.contact_id, OwnDay.anchor).where(OwnDay.contact_id > _after, OwnDay.contact_id <= _last)
_ON_LISTS = select(Seat.contact_id, Seat.event_id).where(
    Seat.contact_id > _after, Seat.contact_id <= _last, Seat.stand.in_([COMING, WAITING])
)
_CHOSEN = select(Shortlisted.contact_id, Shortlisted.survey_id).where(
    Shortlisted.contact_id > _after, Shortlisted.contact_id <= _last, Shortlisted.chosen == true()
)
_SESSIONS = select(Session.contact_id, Session.sealed).where(Session.contact_id > _after, Session.contact_id <= _last)


def people(
    unit: Unit,
    after: int,
    limit: int,
    *,
    teasers: Collection[str] = (),
    guide_of: GuideOf | None = None,
    of: int | None = None,
    lock: bool = False,
) -> list[Person]:
    """The next people by contact id; an empty page is the end, a short one need not be.

    of: only those for whom this broadcast has a row. teasers: languages with an approved text for people to whom the
    channel lets us write nothing else now. guide_of: None where no audience asks for guides. lock: whether to hold
    their conversations against forgetting.
    """
    asked = _people if of is None else _people.where(_of_broadcast)
    if lock:
        # Forgetting waits for us and we for it: nothing is written for who is being forgotten. Workers do not wait.
        asked = asked.with_for_update(read=True, key_share=True, of=Conversation)
    rows = unit.connection.execute(asked, {"after": after, "limit": limit, "of": of}).all()
    if not rows:
        return []
    span = {"after": after, "last": rows[-1].contact_id}
    follows, days = _gathered(unit, _FOLLOWS, span), _gathered(unit, _DAYS, span)
    guides = {} if guide_of is None else _guides(unit, rows, span, guide_of)
    events, groups = _lists(unit, _ON_LISTS, span), _lists(unit, _CHOSEN, span)
    return [
        replace(
            _standing(unit, row, teasers),
            follows=frozenset(follows.get(row.contact_id, ())),
            guide=guides.get(row.contact_id, ""),
            days=frozenset(days.get(row.contact_id, ())),
            events=events.get(row.contact_id, frozenset()),
            groups=groups.get(row.contact_id, frozenset()),
        )
        for row in rows
    ]


def everybody(unit: Unit, *, teasers: Collection[str] = (), guide_of: GuideOf | None = None) -> Iterator[Person]:
    """All people, fetched page by page: for counts."""
    after = -1
    while page := people(unit, after, PAGE, teasers=teasers, guide_of=guide_of):
        yield from page
        after = page[-1].contact_id


def _standing(unit: Unit, row: AnyRow, teasers: Collection[str]) -> Person:
    """Somebody by their own row alone."""
    free = row.open_until is None or row.open_until > unit.now
    return Person(
        contact_id=row.contact_id,
        conversation_id=row.conversation_id,
        address_id=row.address_id,
        locale=row.locale,
        channel=row.channel,
        place=row.municipality or "",
        seen_at=row.seen_at,
        agreed=row.consent_choice == ConsentChoice.FULL,
        stopped=row.stopped_at is not None,
        blocked=row.address_state != AddressState.OPEN,
        urgent=row.urgent,
        writable=free or row.locale in teasers,
        free=free,
        noticed_at=row.noticed_at,
    )


def _gathered(unit: Unit, statement: Select[int, str], span: Mapping[str, int]) -> dict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for contact_id, what in unit.connection.execute(statement, span):
        found[contact_id].append(what)
    return found


def _guides(unit: Unit, rows: Sequence[AnyRow], span: Mapping[str, int], guide_of: GuideOf) -> dict[int, str]:
    conversations = {row.contact_id: row.conversation_id for row in rows}
    unit.keys.warm(map(conversation_key, conversations.values()))
    found = {}
    for contact_id, sealed in unit.connection.execute(_SESSIONS, span):
        if contact_id not in conversations:
            continue  # of another contact on the same phone, or of staff
        try:
            key = unit.keys.get(conversation_key(conversations[contact_id]))
            found[contact_id] = guide_of(unseal(key, sealed, session_seal(contact_id)))
        except (KeyGone, Tampered):
            continue  # what cannot be read tells of no guide
    return found


def _lists(unit: Unit, statement: Executable, span: Mapping[str, int]) -> dict[int, frozenset[int]]:
    """Ids of the lists that somebody is on."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    for contact_id, id in unit.connection.execute(statement, span):
        found[contact_id].add(id)
    return {contact_id: frozenset(ids) for contact_id, ids in found.items()}
