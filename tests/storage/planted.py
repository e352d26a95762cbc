"""Somebody about whom every table that can hold a row holds one, with words and numbers to be searched for."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import insert

from storage import (
    contacts,
    events,
    handoff,
    linking,
    messages,
    notes,
    own,
    queue,
    referrals,
    requests,
    series,
    sessions,
    shortlist,
    survey_voices,
    surveys,
    topics,
    web_pages,
)
from storage.arrivals import address_place
from storage.content_tables import Feedback, Miss, MissWord, Record
from storage.declared import Base
from storage.desk_tables import (
    Audit,
    GroupLeaver,
    Permit,
    SentForm,
    Staff,
    StaffFailure,
    StaffLink,
    StaffRole,
    StaffSession,
    Topic,
)
from storage.event_tables import Event as Gathering
from storage.event_tables import EventText, Survey, SurveyText
from storage.events import EventRow, SeatRow
from storage.inbox_rows import park
from storage.link_tables import LinkTry
from storage.linking import LinkKind
from storage.media import NewMedia, add_media
from storage.messages import Said
from storage.notice_tables import Broadcast, Delivery, Follow, Notice, NoticeText
from storage.outcomes import Sent
from storage.requests import NewRequest
from storage.rows import ConsentChoice, Standing
from storage.surveys import SurveyRow
from storage.tables import Attempt, Forget, Inbox
from storage.timers import set_timer
from storage.unit_of_work import Unit
from tests.storage.build import ACCOUNT, CHANNEL, Store, arrival, reply

# Placeholders: nobody's.
NUMBER = "+381600000000017"
NAME = "Planted Nameplaceholder"
IN_PLAIN = "Another Nameplaceholder"
STREET = "Улица Примерна 1700017"
THREAD = 17


def _broadcast(unit: Unit) -> int:
    """A notice that is sent; its number."""
    notice = {"id": 1, "category": "news", "author_id": 7, "created_at": unit.now}
    unit.connection.execute(insert(Notice), notice)
    sent = {"id": 1, "notice_id": 1, "kind": "send", "state": "running", "audience": "{}", "author_id": 7}
    unit.connection.execute(insert(Broadcast), sent | {"created_at": unit.now})
    return 1


def plant(store: Store) -> Standing:
    """Somebody about whom a row stands in every table that can hold one."""
    standing = store.newcomer(NUMBER)

    def live(unit: Unit) -> None:
        now = contacts.give_consent(unit, standing, version="1", choice=ConsentChoice.FULL)
        sessions.save(unit, now, f"at step 1, {NAME}".encode(), 0)
        messages.keep(unit, now, [Said("in", "person", f"I am {NAME}, {STREET}, {NUMBER}")])
        new = NewRequest("stuck", f"context: {STREET}".encode(), sensitive=f"afraid of {NAME}".encode())
        number = requests.open_request(unit, now, new)
        messages.keep(unit, now, [Said("in", "person", f"call {NUMBER}")], request=number)
        add_media(unit, now, NewMedia("photo", f"file of {NAME}"), number)
        web_pages.make_code(unit, standing.address_id, "PLACEHOLDERCODE2")
        place = address_place(unit, CHANNEL, ACCOUNT, "another browser")
        web_pages.resume(unit, "PLACEHOLDERCODE2", place, "another browser", alone=False)
        followed = {"id": 5, "contact_id": now.contact_id, "what": "topic:housing", "at": unit.now}
        unit.connection.execute(insert(Follow), followed)
        got = {
            "id": 6,
            "broadcast_id": _broadcast(unit),
            "contact_id": now.contact_id,
            "locale": "en",
            "channel": CHANNEL,
        }
        unit.connection.execute(insert(Delivery), got | {"version": 1, "at": unit.now})
        series.put(unit, now.contact_id, "phrases", series.Place(1, wanted=False))
        linking.make_code(unit, now, LinkKind.RECOVERY, "PLACEHOLDERCODE3")
        handoff.set_wish(unit, number, now.contact_id, b"not somebody from there")
        handoff.note_event(unit, number, "claimed", 7)
        notes.write_note(unit, number, now.contact_id, 7, f"{NAME} was here")
        notes.keep_draft(unit, number, now.contact_id, 7, f"Dear {NAME}")
        referrals.refer(unit, number, now.contact_id, 7, institution="x", words=NAME, agreed_locale="en", due_at=None)
        own.tick(unit, now.contact_id, "driving-licence", "slip", ready=True)
        own.keep_day(unit, now.contact_id, "medical-exam", date(2026, 11, 23))
        seat = SeatRow(_gathering(unit), now.contact_id, None, None, 1, "coming", 0, 1, None)
        events.put(unit, seat)
        survey = surveys.read(unit, surveys.create(unit, SurveyRow(0, "open", False, False, True), 7))
        voice = survey_voices.keep(unit, now, NewMedia("voice", f"voice of {NAME}"))
        assert voice is not None
        surveys.finish(unit, survey, now.contact_id, [1, f"I am {NAME}", None], {2: voice})
        shortlist.agree(unit, survey.id, now.contact_id)
        set_timer(unit, "promise:1", unit.now, standing.conversation_id, "promise")
        topics.opened(unit, number, THREAD, f"{number} · en")
        topics.change(unit, number, card_id=2, card="ours:7:0")
        topics.posted(unit, number, [message.id for message in messages.of_request(unit, number)])

    store.database.write_now(live)
    store.accept(arrival("parked", NUMBER, body=f"parked {NAME}".encode()))
    store.database.write_now(_park_all)
    store.say(standing, reply("sent", f"hello {NAME}".encode()), reply("waits", f"to {STREET}".encode()))
    store.settle(store.claim()[0], Sent(f"wamid.{NUMBER}"))
    return standing


def _gathering(unit: Unit) -> int:
    texts = {"en": ("Language café", "")}
    times = ("2026-12-01T10:00", "2026-12-01T11:00", "Europe/Belgrade", unit.now, unit.now + timedelta(days=8))
    return events.create(unit, EventRow(0, "open", "", "", *times, None, False, False, texts), 7)


def _park_all(unit: Unit) -> None:
    for taken in queue.take(unit):
        park(unit, taken)


#: Tables in which nothing tells of a newcomer, and why. Every other one is filled by `plant`.
NOBODYS = {
    Attempt: "number of an arrival that is being handled",
    Broadcast: "which notice went out when",
    Audit: "what staff did with which number of a request",
    EventText: "words of staff",
    Survey: "questions of staff",
    SurveyText: "questions of staff",
    Feedback: "a count by guide and day",
    Forget: "the receipt",
    Gathering: "when and where",
    GroupLeaver: "colleagues",
    LinkTry: "that a chat asked for a code; its number as a look-up, for a day",
    Miss: "words without those that only few use (test_misses.py)",
    MissWord: "hashes that tie no two words to one person (test_misses.py)",
    Notice: "news of the organisation",
    NoticeText: "news of the organisation",
    Permit: "large files that colleagues asked for",
    Record: "values of the organisation",
    SentForm: "a token of a form of the desk",
    Staff: "colleagues",
    StaffFailure: "colleagues",
    StaffLink: "colleagues",
    StaffRole: "colleagues",
    StaffSession: "colleagues",
}
#: Rows that stay when their person is forgotten; that nothing stands in them is shown below.
EMPTIED = (Inbox, Topic, Delivery)


def filled(store: Store) -> dict[type[Base], int]:
    """The tables about people that are not empty, with the number of rows."""
    counts = {mapper.class_: store.count(mapper.class_) for mapper in Base.registry.mappers}
    return {table: count for table, count in counts.items() if count and table not in NOBODYS}


def rows_about(store: Store) -> dict[str, int]:
    """The same, of those whose rows must go, by name."""
    return {table.__tablename__: count for table, count in filled(store).items() if table not in EMPTIED}
