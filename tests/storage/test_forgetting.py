from __future__ import annotations

import shutil
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from threading import Event, Thread

import psycopg
import pytest
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
    surveys,
    topics,
    web_pages,
)
from storage.arrivals import address_place
from storage.contacts import NoConversation
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
from storage.forgetting import finish_forgetting, forget
from storage.inbox_rows import park
from storage.keys import KeyGone, contact_key, conversation_key
from storage.link_tables import LinkTry
from storage.linking import LinkKind
from storage.media import NewMedia, add_media
from storage.messages import Said
from storage.notice_tables import Broadcast, Delivery, Follow, Notice, NoticeText
from storage.privacy import Holdings, StillWriting, erase, erase_silent, erased_on, holdings
from storage.records import set_record
from storage.requests import NewRequest
from storage.rows import ConsentChoice, InboxState, Sent, Standing
from storage.surveys import SurveyRow
from storage.tables import (
    Address,
    Attempt,
    Base,
    Conversation,
    Feedback,
    Forget,
    Inbox,
    Miss,
    MissWord,
    Outbox,
    Record,
)
from storage.timers import set_timer
from storage.unit_of_work import Unit
from tests.storage.build import ACCOUNT, CHANNEL, Store, anybody, arrival, on_postgresql, on_sqlite, reply
from tests.storage.traces import forms_of, traces

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


@pytest.fixture
def person(store: Store) -> Standing:
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
        surveys.finish(unit, survey, now.contact_id, [1, f"I am {NAME}"])
        surveys.agree(unit, survey.id, now.contact_id)
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


#: Tables in which nothing tells of a newcomer, and why. Every other one is filled by the fixture above.
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


def _filled(store: Store) -> dict[type[Base], int]:
    """The tables about people that are not empty, with the number of rows."""
    counts = {mapper.class_: store.count(mapper.class_) for mapper in Base.registry.mappers}
    return {table: count for table, count in counts.items() if count and table not in NOBODYS}


def _rows(store: Store) -> dict[str, int]:
    """The same, of those whose rows must go, by name."""
    return {table.__tablename__: count for table, count in _filled(store).items() if table not in EMPTIED}


def test_what_is_held_is_counted(store: Store, person: Standing) -> None:
    store.newcomer("somebody else")
    held = store.database.read_now(lambda unit: holdings(unit, person.conversation_id))
    assert held == Holdings(
        addresses=1,
        consents=1,
        sessions=1,
        messages=2,
        requests=1,
        media=1,
        timers=1,
        outgoing=2,
        ticks=1,
        days=1,
        events=1,
        follows=1,
    )


def test_the_fixture_fills_every_table_about_people(store: Store, person: Standing) -> None:
    """So that a table which is added later, and not deleted from, is noticed."""
    assert _filled(store).keys() == {mapper.class_ for mapper in Base.registry.mappers} - NOBODYS.keys()


def test_forgetting_leaves_no_row_and_no_key(store: Store, person: Standing) -> None:
    forget(store.database, person.conversation_id, "K7F2")
    assert _rows(store) == {}
    keys = store.restart().keys
    for id in (conversation_key(person.conversation_id), contact_key(person.contact_id)):
        with pytest.raises(KeyGone):
            keys.get(id)


def test_nothing_about_others_is_touched(store: Store, person: Standing) -> None:
    other = store.newcomer("somebody else")
    store.say(other, reply("theirs", b"theirs"))
    forget(store.database, person.conversation_id)
    assert [row.payload for row in store.claim()] == [b"theirs"]
    assert _rows(store) == {"conversation": 1, "address": 1, "contact": 1, "outbox": 1}


def test_what_was_parked_from_the_person_is_blanked_and_a_late_redelivery_is_still_recognised(
    store: Store, person: Standing
) -> None:
    forget(store.database, person.conversation_id)
    assert store.column(Inbox.sealed) == [None, None]
    assert store.column(Inbox.address_id) == [0, 0]
    assert store.accept(arrival("parked", NUMBER)) == [False]


def test_of_a_topic_only_stays_that_the_group_has_still_to_delete_it(store: Store, person: Standing) -> None:
    forget(store.database, person.conversation_id)
    (left,) = store.database.read_now(topics.topics).values()
    assert left == topics.TopicRow(left.number, THREAD, name="", closed=False, card_id=None, card="")


def test_whoever_writes_after_being_forgotten_is_somebody_new(store: Store, person: Standing) -> None:
    forget(store.database, person.conversation_id)
    store.accept(arrival("new words", NUMBER))
    again = store.take_one().standing
    assert again.conversation_id != person.conversation_id
    assert again.consent_choice is ConsentChoice.NONE


def test_a_receipt_proves_the_day_and_a_made_up_one_nothing(store: Store, person: Standing) -> None:
    forget(store.database, person.conversation_id, "K7F2")
    assert store.database.read_now(lambda unit: erased_on(unit, "K7F2")) == store.clock.now.date()
    assert store.database.read_now(lambda unit: erased_on(unit, "K7F3")) is None
    assert b"K7F2" not in store.column(Forget.code_hash)[0]


def test_somebody_who_is_not_there_cannot_be_forgotten(store: Store) -> None:
    with pytest.raises(NoConversation):
        forget(store.database, 1)
    assert store.count(Forget) == 0


# Two halves, each of which may be repeated


def test_after_a_death_between_the_halves_the_next_start_finishes(store: Store, person: Standing) -> None:
    store.database.write_now(partial(erase, conversation_id=person.conversation_id))
    assert _rows(store) == {}
    database = store.restart()
    assert len(database.keys.get(conversation_key(person.conversation_id))) == 32
    assert finish_forgetting(database) == 1
    assert finish_forgetting(database) == 0
    with pytest.raises(KeyGone):
        database.keys.get(conversation_key(person.conversation_id))
    assert store.column(Forget.state) == ["settled"]


def test_keys_that_were_destroyed_before_a_death_are_no_obstacle(store: Store, person: Standing) -> None:
    store.database.write_now(partial(erase, conversation_id=person.conversation_id))
    store.keys.destroy([conversation_key(person.conversation_id)])
    assert finish_forgetting(store.restart()) == 1


@on_sqlite
def test_an_old_copy_of_the_database_cannot_be_read_after_forgetting(
    store: Store, person: Standing, tmp_path: Path
) -> None:
    store.restart()
    store.database.truncate_log()
    shutil.copy(tmp_path / "izi.db", tmp_path / "backup.db")
    forget(store.database, person.conversation_id)
    store.close()
    shutil.copy(tmp_path / "backup.db", tmp_path / "izi.db")
    database = store.open()
    with pytest.raises(KeyGone):
        database.read_now(lambda unit: messages.last(unit, person.contact_id, 1))


# The goodbye


def _erase_with_goodbye(store: Store, person: Standing) -> Standing:
    def press_delete(unit: Unit) -> Standing:
        goodbye = erase(unit, person.conversation_id, "K7F2", goodbye=True)
        assert goodbye is not None
        queue.say(unit, goodbye, [reply("goodbye", b"deleted: K7F2")], anybody)
        return goodbye

    return store.database.write_now(press_delete)


def test_the_goodbye_is_said_from_a_conversation_that_knows_only_address_and_language(
    store: Store, person: Standing
) -> None:
    store.database.write_now(lambda unit: contacts.set_locale(unit, person, "fa_AF"))
    goodbye = _erase_with_goodbye(store, person)
    assert (goodbye.locale, goodbye.consent_choice) == ("fa_AF", ConsentChoice.NONE)
    assert goodbye.conversation_id != person.conversation_id
    finish_forgetting(store.database)
    (row,) = store.claim()
    assert (row.opaque_id, row.payload) == (NUMBER, b"deleted: K7F2")
    # The other browser is led on, so that it shows the goodbye, too; it goes with the address.
    assert _rows(store) == {"conversation": 1, "address": 1, "contact": 1, "outbox": 1, "web_browser": 1}


def test_when_the_goodbye_is_sent_the_rest_goes_too(store: Store, person: Standing) -> None:
    goodbye = _erase_with_goodbye(store, person)
    finish_forgetting(store.database)
    assert store.count(Conversation) == 1
    store.settle(store.claim()[0], Sent())
    assert finish_forgetting(store.database) == 1
    assert _rows(store) == {}
    with pytest.raises(KeyGone):
        store.restart().keys.get(conversation_key(goodbye.conversation_id))


def test_whoever_writes_after_the_goodbye_stays_as_somebody_new(store: Store, person: Standing) -> None:
    _erase_with_goodbye(store, person)
    store.settle(store.claim()[0], Sent())
    store.accept(arrival("u9", NUMBER, body=b"hello again"))
    finish_forgetting(store.database)
    assert store.count(Conversation) == 1
    assert store.take_one().body == b"hello again"
    finish_forgetting(store.database)
    assert store.count(Conversation) == 1


def test_words_that_arrived_behind_the_press_are_answered_as_from_somebody_new(store: Store) -> None:
    person = store.newcomer(NUMBER)
    store.accept(arrival("delete", NUMBER, body=b"delete"), arrival("behind", NUMBER, body=b"behind"))

    def press_delete(unit: Unit) -> Standing | None:
        (taken,) = queue.take(unit)
        goodbye = erase(unit, taken.conversation_id, "K7F2", goodbye=True)
        queue.done(unit, [taken])
        return goodbye

    goodbye = store.database.write_now(press_delete)
    assert goodbye is not None
    taken = store.take_one()
    assert (taken.body, taken.conversation_id) == (b"behind", goodbye.conversation_id)
    assert goodbye.conversation_id != person.conversation_id
    assert store.column(Inbox.state) == [InboxState.DONE, InboxState.DONE, InboxState.NEW]


def test_a_conversation_that_should_end_by_itself_but_writes_again_stays(store: Store, person: Standing) -> None:
    store.accept(arrival("just now", NUMBER))
    before = _rows(store)
    with pytest.raises(StillWriting):
        store.database.write_now(lambda unit: erase_silent(unit, person.conversation_id))
    assert _rows(store) == before


@on_postgresql
def test_what_arrives_while_somebody_is_being_forgotten_is_not_lost(store: Store) -> None:
    """The receiver has found the address, then forgetting begins: it waits, and takes the new row into account."""
    person = store.newcomer()
    received, forgotten, other = Event(), Event(), store.open()

    def forget_meanwhile() -> None:
        received.wait()
        other.write_now(lambda unit: erase(unit, person.conversation_id, "K", goodbye=True))
        forgotten.set()

    def receive(unit: Unit) -> None:
        queue.accept(unit, [arrival("u2", body=b"late")])
        received.set()
        while not _somebody_waits_for_a_lock(store):
            assert not forgotten.is_set(), "forgetting did not wait for us"

    thread = Thread(target=forget_meanwhile)
    thread.start()
    store.database.write_now(receive)
    thread.join()
    taken = store.take_one()
    assert taken.body == b"late"
    assert taken.conversation_id != person.conversation_id


def _somebody_waits_for_a_lock(store: Store) -> bool:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    return store.database.read_now(lambda unit: bool(unit.connection.exec_driver_sql(waiting).scalar_one()))


def test_an_answer_that_comes_after_its_person_was_forgotten_changes_nothing(store: Store, person: Standing) -> None:
    (row,) = store.claim()
    forget(store.database, person.conversation_id)
    store.settle(row, Sent("message 9"))
    assert store.count(Outbox) == 0


# Nothing of it on the disk, before and after


@pytest.mark.parametrize("name", list(forms_of(NUMBER)))
def test_the_search_finds_a_planted_number_in_each_form(tmp_path: Path, name: str) -> None:
    for form in forms_of(NUMBER)[name]:
        (tmp_path / "file").write_bytes(b"xx" + form + b"yy")
        assert any(name in trace or "plain" in trace for trace in traces([tmp_path], NUMBER))


def test_the_search_finds_what_is_stored_in_plain(store: Store, disk: list[Path]) -> None:
    store.database.write_now(lambda unit: set_record(unit, "fact", IN_PLAIN, "test"))
    _write_out(store)
    assert traces(disk, IN_PLAIN) != []


def test_no_file_holds_what_was_planted_before_or_after_forgetting(
    store: Store, person: Standing, disk: list[Path]
) -> None:
    _write_out(store)
    assert traces(disk, NUMBER, NAME, STREET) == []
    forget(store.database, person.conversation_id, "K7F2")
    _write_out(store)
    assert traces(disk, NUMBER, NAME, STREET) == []


@on_sqlite
def test_the_sealed_rows_themselves_leave_the_file_and_its_log(store: Store, person: Standing, tmp_path: Path) -> None:
    """SQLite: secure_delete and an emptied log. PostgreSQL keeps dead rows for a while; only their keys are gone."""
    (sealed,) = store.column(Address.sealed)
    assert any(sealed in path.read_bytes() for path in tmp_path.iterdir())
    forget(store.database, person.conversation_id)
    assert not any(sealed in path.read_bytes() for path in tmp_path.iterdir())


@pytest.fixture
def disk(store: Store, tmp_path: Path) -> list[Path]:
    """The folders in which the database, its log and the key store lie."""
    if store.is_sqlite:
        return [tmp_path]
    server = Path(store.url.partition("host=")[2])
    oid = "SELECT oid FROM pg_database WHERE datname = current_database()"
    number = store.database.read_now(lambda unit: unit.connection.exec_driver_sql(oid).scalar_one())
    return [server / "base" / str(number), server / "pg_wal", tmp_path]


def _write_out(store: Store) -> None:
    """PostgreSQL: everything that is in memory goes to the files."""
    if not store.is_sqlite:
        with psycopg.connect(store.url, autocommit=True) as connection:
            connection.execute("CHECKPOINT")
