"""Nothing is kept for ever: what is dropped after how long (rulings 14, 27, 35). Blocking: run it in a thread.

Every step may be repeated; it works in pages, so that the writer is never held for long.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Date, Delete, Select, Update, bindparam, delete, exists, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from storage import people
from storage.audit import expire_audit
from storage.content_tables import Miss, MissWord
from storage.copies import keep_outcome
from storage.db import Database
from storage.declared import Base, Moment
from storage.desk_tables import (
    Draft,
    Note,
    Permit,
    Referral,
    RequestEvent,
    SentForm,
    Staff,
    StaffFailure,
    StaffLink,
    StaffSession,
    TopicMessage,
)
from storage.event_tables import Event, Seat, SurveyAnswer
from storage.forgetting import SETTLED, end_silently, finish_forgetting
from storage.link_tables import Link, LinkTry
from storage.notice_tables import Broadcast, Delivery, Follow, Notice
from storage.own_tables import OwnDay, SeriesPlace, Tick
from storage.rows import LEAVE_GROUP, ConsentChoice, OutboxState
from storage.tables import (
    DONE,
    HELD,
    NEW,
    POISON,
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
from storage.unit_of_work import Unit

PAGE = 500


@dataclass(frozen=True, slots=True)
class Periods:
    """How long what is kept. Settings; none of them can be "for ever"."""

    unsaved: timedelta = timedelta(hours=24)  # of people who did not agree to saving, after their last word
    progress: timedelta = timedelta(days=365)  # of everybody, after their last sign of life
    chat_text: timedelta = timedelta(days=30)
    closed_requests: timedelta = timedelta(days=90)
    sensitive: timedelta = timedelta(hours=24)
    provider_ids: timedelta = timedelta(hours=48)
    outgoing: timedelta = timedelta(days=30)  # what was sent, refused or given up
    redelivery: timedelta = timedelta(hours=72)  # for so long a channel may bring the same thing again
    ingress: timedelta = timedelta(days=7)  # what could not be handled
    receipts: timedelta = timedelta(days=365)
    media: timedelta = timedelta(days=30)
    access_log: timedelta = timedelta(days=365)
    misses: timedelta = timedelta(days=180)  # long enough to see what keeps being asked
    answers: timedelta = timedelta(days=365)  # to surveys
    lists: timedelta = timedelta(days=30)  # who was on the list of an event, after its end; then only how many


_before = bindparam("before", type_=Moment())
_unsaved = Contact.consent_choice != ConsentChoice.FULL
_unsaved_and_silent = select(Contact.id).where(_unsaved, Contact.seen_at < _before)
_silent_contacts = select(Contact.id).where(Contact.seen_at < _before)
_their_conversations = select(Contact.conversation_id).where(_unsaved, Contact.seen_at < _before)
_long_closed = select(Request.id).where(Request.closed_at < _before)
_long_over = select(Event.id).where(Event.ends_at < _before)
_finished = Outbox.state.not_in([OutboxState.READY, OutboxState.SENDING])
# As long as a notice is true it can be corrected and taken back, for which the channel's ids are needed (rulings 13).
_notice_is_over = ~exists().where(
    Delivery.outbox_id == Outbox.id,
    Broadcast.id == Delivery.broadcast_id,
    Notice.id == Broadcast.notice_id,
    Notice.valid_until >= bindparam("day", type_=Date()),
)
# The web chat shows the row itself, and who asked may come days after the answer. What is held is such an answer, too.
_answers_request = exists().where(Message.outbox_id == Outbox.id, Message.request_id.is_not(None))
# By age: a row does not say whose it is where several share a chat, and one of them may have just got it.
_of_unsaved = (
    _finished,
    Outbox.state != HELD,
    Outbox.created_at < _before,
    Outbox.conversation_id.in_(_their_conversations),
    ~_answers_request,
)
_outgoing = (_finished, Outbox.created_at < _before, _notice_is_over)


def _page_of(key: InstrumentedAttribute[Any], *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return key.in_(select(key).where(*conditions).limit(PAGE))


def _drop(table: type[Base], key: InstrumentedAttribute[Any], *conditions: ColumnElement[bool]) -> Delete:
    return delete(table).where(_page_of(key, *conditions))


def _blank(
    column: InstrumentedAttribute[Any], key: InstrumentedAttribute[Any], *conditions: ColumnElement[bool]
) -> Update:
    return update(column.class_).where(_page_of(key, column.is_not(None), *conditions)).values({column: None})


def _silent(*keeps: ColumnElement[bool]) -> Select[int]:
    """Conversations, page by page in order of id, that nothing in `keeps` keeps alive."""
    return (
        select(Conversation.id)
        .where(Conversation.id > bindparam("after"), *(~keep for keep in keeps))
        .order_by(Conversation.id)
        .limit(PAGE)
    )


_their_contact = Contact.conversation_id == Conversation.id
_UNSAVED = _silent(
    exists().where(_their_contact, or_(Contact.consent_choice == ConsentChoice.FULL, Contact.seen_at >= _before)),
    # What somebody asked of staff is kept until it is closed and its period is over, saved or not.
    exists().where(Request.conversation_id == Conversation.id),
    # Alerts go to the chat of a member of staff as long as they work here.
    exists().where(Staff.conversation_id == Conversation.id),
    # A group is nobody's; it is kept until the bot has left it.
    exists().where(Timer.conversation_id == Conversation.id, Timer.kind == LEAVE_GROUP),
)
_ABANDONED = _silent(exists().where(_their_contact, Contact.seen_at >= _before))

# A copy's outcome is written down first; only then its outbox row may go.
_is_copy = exists().where(Delivery.outbox_id == Outbox.id)
#: What is done, how it is reported, and the period after which. Statements take `before`.
_STEPS: tuple[tuple[str, str, Delete | Update], ...] = (
    ("sessions", "unsaved", _drop(Session, Session.contact_id, Session.contact_id.in_(_unsaved_and_silent))),
    *(
        ("own", "progress", _drop(table, table.id, table.contact_id.in_(_silent_contacts)))
        for table in (Tick, OwnDay, SeriesPlace, Follow)
    ),
    ("copies", "unsaved", keep_outcome(*_of_unsaved)),
    ("outgoing", "unsaved", _drop(Outbox, Outbox.id, *_of_unsaved, ~_is_copy)),
    (
        "messages",
        "unsaved",
        _drop(Message, Message.id, Message.request_id.is_(None), Message.contact_id.in_(_unsaved_and_silent)),
    ),
    ("messages", "chat_text", _drop(Message, Message.id, Message.request_id.is_(None), Message.at < _before)),
    ("messages", "closed_requests", _drop(Message, Message.id, Message.request_id.in_(_long_closed))),
    *(
        ("beside_requests", "closed_requests", delete(table).where(table.request_id.in_(_long_closed)))
        for table in (Note, RequestEvent, Draft, Referral, TopicMessage)
    ),
    ("media", "media", _drop(Media, Media.id, Media.created_at < _before)),
    ("media", "closed_requests", _drop(Media, Media.id, Media.request_id.in_(_long_closed))),
    ("requests", "closed_requests", _drop(Request, Request.id, Request.closed_at < _before)),
    ("sensitive", "sensitive", _blank(Request.sensitive_sealed, Request.id, Request.created_at < _before)),
    (
        "provider_ids",
        "provider_ids",
        _blank(Outbox.provider_sealed, Outbox.id, Outbox.settled_at < _before, _notice_is_over),
    ),
    ("provider_ids", "provider_ids", _blank(Message.written_sealed, Message.id, Message.at < _before)),
    ("provider_ids", "provider_ids", _blank(Inbox.provider_sealed, Inbox.seq, Inbox.received_at < _before)),
    ("copies", "outgoing", keep_outcome(*_outgoing)),
    ("outgoing", "outgoing", _drop(Outbox, Outbox.id, *_outgoing, ~_is_copy)),
    ("lists", "lists", _blank(Seat.contact_id, Seat.id, Seat.event_id.in_(_long_over))),
    ("receipts", "receipts", _drop(Forget, Forget.id, Forget.state == SETTLED, Forget.at < _before)),
)
# By the day on which we stored it: what the channel says of the time is not ours to rely on.
_HANDLED = _drop(Inbox, Inbox.seq, Inbox.state == DONE, Inbox.key_day < bindparam("before"))
_UNHANDLED = _drop(Inbox, Inbox.seq, Inbox.state.in_([NEW, POISON]), Inbox.key_day < bindparam("before"))
_ASKED = _drop(SurveyAnswer, SurveyAnswer.id, SurveyAnswer.day < bindparam("before"))
_MISSED = tuple(_drop(table, table.id, table.day < bindparam("before")) for table in (Miss, MissWord))
# A page that stays open is fetched anew whenever something happens; a lost answer is asked for again within minutes.
_SENT = _drop(SentForm, SentForm.token, SentForm.at < _before)
_PERMITTED = _drop(Permit, Permit.id, Permit.at < _before)
_FAILED = _drop(StaffFailure, StaffFailure.id, StaffFailure.at < _before)
_TRIED = _drop(LinkTry, LinkTry.id, LinkTry.at < _before)
_LEFT = (
    _drop(StaffSession, StaffSession.token_hash, StaffSession.expires_at < _before),
    _drop(StaffLink, StaffLink.token_hash, StaffLink.expires_at < _before),
    _drop(Link, Link.id, Link.expires_at < _before, Link.agreed_at.is_(None)),
)


def expire(database: Database, now: datetime, periods: Periods) -> Mapping[str, int]:
    """Drop what is older than its period; how many of what. The nightly job's report."""
    report: Counter[str] = Counter()
    report["people"] += _end_all(database, _UNSAVED, now - periods.unsaved)
    report["people"] += _end_all(database, _ABANDONED, now - periods.progress)
    report["people"] += _end_people(database, now - periods.progress)
    for name, period, statement in _STEPS:
        report[name] += _in_pages(database, statement, now - getattr(periods, period))
    report["arrivals"] += _in_pages(database, _HANDLED, (now - periods.redelivery).date())
    oldest_day = (now - periods.ingress).date()
    report["unhandled"] += _in_pages(database, _UNHANDLED, oldest_day)
    database.keys.expire_ingress(oldest_day)
    report["answers"] += _in_pages(database, _ASKED, (now - periods.answers).date())
    for statement in _MISSED:
        report["misses"] += _in_pages(database, statement, (now - periods.misses).date())
    report["staff_failures"] += _in_pages(database, _FAILED, now - periods.ingress)
    report["link_tries"] += _in_pages(database, _TRIED, now - periods.unsaved)
    report["sent_forms"] += _in_pages(database, _SENT, now - periods.ingress)
    report["permits"] += _in_pages(database, _PERMITTED, now - periods.access_log)
    report["access_log"] += database.write_now(partial(expire_audit, before=now - periods.access_log))
    for statement in _LEFT:
        report["staff_tokens"] += _in_pages(database, statement, now)
    finish_forgetting(database)
    database.truncate_log()
    return dict(report)


def _in_pages(database: Database, statement: Delete | Update, before: date) -> int:
    total = 0
    while changed := database.write_now(partial(_execute, statement=statement, before=before)):
        total += changed
    return total


def _execute(unit: Unit, statement: Delete | Update, before: date) -> int:
    day = before.date() if isinstance(before, datetime) else before
    return unit.connection.execute(statement, {"before": before, "day": day}).rowcount


def _end_all(database: Database, candidates: Select[int], before: datetime) -> int:
    ended, after = 0, -1
    while page := database.read_now(partial(_next_page, candidates=candidates, before=before, after=after)):
        ended += sum(end_silently(database, conversation_id) for conversation_id in page)
        after = page[-1]
    return ended


def _end_people(database: Database, before: datetime) -> int:
    """Of chats that go on: who of several has not written since."""
    silent = database.read_now(partial(people.silent, before=before))
    return sum(database.write_now(partial(people.leave_silently, contact_id=one, before=before)) for one in silent)


def _next_page(unit: Unit, candidates: Select[int], before: datetime, after: int) -> list[int]:
    return list(unit.connection.execute(candidates, {"before": before, "after": after}).scalars())
