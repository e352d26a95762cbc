from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path
from threading import Event, Thread

import psycopg
import pytest

from storage import (
    messages,
    queue,
    topics,
)
from storage.contacts import NoConversation
from storage.declared import Base
from storage.forgetting import finish_forgetting, forget
from storage.keys import KeyGone, contact_key, conversation_key
from storage.outcomes import Sent
from storage.privacy import Holdings, erase, erased_on, holdings
from storage.records import set_record
from storage.rows import ConsentChoice, Standing
from storage.tables import Address, Forget, Inbox, Outbox
from storage.unit_of_work import Unit
from tests.storage.build import Store, arrival, on_postgresql, on_sqlite, reply
from tests.storage.planted import IN_PLAIN, NAME, NOBODYS, NUMBER, STREET, THREAD, filled, plant, rows_about
from tests.storage.traces import forms_of, traces


@pytest.fixture
def person(store: Store) -> Standing:
    """See planted."""
    return plant(store)


def test_what_is_held_is_counted(store: Store, person: Standing) -> None:
    store.newcomer("somebody else")
    held = store.database.read_now(lambda unit: holdings(unit, person.conversation_id))
    assert held == Holdings(
        addresses=1,
        consents=1,
        sessions=1,
        messages=2,
        requests=1,
        media=2,
        timers=1,
        outgoing=2,
        ticks=1,
        days=1,
        events=1,
        follows=1,
    )


def test_the_fixture_fills_every_table_about_people(store: Store, person: Standing) -> None:
    """So that a table which is added later, and not deleted from, is noticed."""
    assert filled(store).keys() == {mapper.class_ for mapper in Base.registry.mappers} - NOBODYS.keys()


def test_forgetting_leaves_no_row_and_no_key(store: Store, person: Standing) -> None:
    forget(store.database, person.conversation_id, "K7F2")
    assert rows_about(store) == {}
    keys = store.restart().keys
    for id in (conversation_key(person.conversation_id), contact_key(person.contact_id)):
        with pytest.raises(KeyGone):
            keys.get(id)


def test_nothing_about_others_is_touched(store: Store, person: Standing) -> None:
    other = store.newcomer("somebody else")
    store.say(other, reply("theirs", b"theirs"))
    forget(store.database, person.conversation_id)
    assert [row.payload for row in store.claim()] == [b"theirs"]
    assert rows_about(store) == {"conversation": 1, "address": 1, "contact": 1, "outbox": 1}


def test_what_was_parked_from_the_person_is_blanked_and_a_late_redelivery_is_still_recognised(
    store: Store, person: Standing
) -> None:
    forget(store.database, person.conversation_id)
    assert store.column(Inbox.sealed) == [None, None]
    assert store.column(Inbox.address_id) == [0, 0]
    assert store.accept(arrival("parked", NUMBER)) == 0


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
    assert rows_about(store) == {}
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
