"""Contacts, sessions, messages, requests: what is remembered about a person while we know them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import delete

from storage import contacts, handoff, messages, queue, requests, sessions
from storage.keys import KeyGone
from storage.messages import Said
from storage.requests import NewRequest, NoRequest
from storage.rows import ConsentChoice, Standing
from storage.tables import Consent, Message, Request, Session
from storage.unit_of_work import Unit
from tests.storage.build import MORNING, Store, arrival, on_postgresql


@pytest.fixture
def person(store: Store) -> Standing:
    return store.newcomer("chat-1")


def _standing(store: Store, person: Standing) -> Standing:
    return store.database.read_now(lambda unit: contacts.standing(unit, person.conversation_id))


# Contacts


def test_somebody_new_has_no_language_and_has_not_been_asked(store: Store, person: Standing) -> None:
    assert (person.locale, person.municipality, person.consent_choice) == ("", None, ConsentChoice.NONE)
    assert (person.stopped, person.attached_staff_id, person.urgent) == (False, None, False)
    assert (person.seen_at, person.created_at) == (MORNING, MORNING)


def test_what_is_returned_by_a_change_is_what_stands(store: Store, person: Standing) -> None:
    def change(unit: Unit) -> Standing:
        now = contacts.set_locale(unit, person, "fa_AF")
        now = contacts.set_municipality(unit, now, "subotica")
        now = contacts.give_consent(unit, now, version="2026-11", choice=ConsentChoice.FULL)
        return contacts.stop(unit, now)

    changed = store.database.write_now(change)
    assert (changed.locale, changed.municipality, changed.stopped) == ("fa_AF", "subotica", True)
    assert (changed.consent_choice, changed.consent_version, changed.consent_at) == ("full", "2026-11", MORNING)
    assert _standing(store, person) == changed
    started = store.database.write_now(lambda unit: contacts.start(unit, changed))
    assert _standing(store, person) == started == replace(changed, stopped=False)


def test_every_choice_of_consent_stays_in_the_log(store: Store, person: Standing) -> None:
    for choice in (ConsentChoice.UNSAVED, ConsentChoice.FULL):
        store.database.write_now(partial(contacts.give_consent, standing=person, version="1", choice=choice))
    assert sorted(store.column(Consent.choice)) == ["full", "unsaved"]
    assert _standing(store, person).consent_choice is ConsentChoice.FULL


def test_a_sign_of_life_is_written_down_once_a_minute(store: Store, person: Standing) -> None:
    store.clock.forward(seconds=59)
    assert store.database.write_now(lambda unit: contacts.seen(unit, person)).seen_at == MORNING
    store.clock.forward(seconds=1)
    assert store.database.write_now(lambda unit: contacts.seen(unit, person)).seen_at == store.clock.now
    assert _standing(store, person).seen_at == store.clock.now


def test_a_conversation_that_is_not_there_is_said_so(store: Store) -> None:
    with pytest.raises(contacts.NoConversation):
        store.database.read_now(lambda unit: contacts.standing(unit, 1))
    with pytest.raises(contacts.NoConversation):
        store.database.write_now(lambda unit: contacts.hold(unit, 1))


@on_postgresql
def test_a_held_conversation_is_passed_over_by_workers(store: Store) -> None:
    person = store.newcomer()
    store.accept(arrival("u2"))
    other = store.open()

    def hold(unit: Unit) -> int:
        contacts.hold(unit, person.conversation_id)
        return len(other.write_now(lambda unit: queue.take(unit)))

    assert store.database.write_now(hold) == 0


# Sessions


def test_a_session_comes_back_as_it_was_saved(store: Store, person: Standing) -> None:
    assert store.database.read_now(lambda unit: sessions.load(unit, person)) == (None, 0)
    assert store.database.write_now(lambda unit: sessions.save(unit, person, b"step 1", 0)) == 1
    assert store.database.write_now(lambda unit: sessions.save(unit, person, b"step 2", 1)) == 2
    assert store.restart().read_now(lambda unit: sessions.load(unit, person)) == (b"step 2", 2)


@pytest.mark.parametrize("stale", [0, 1, 3])
def test_a_session_that_was_saved_by_somebody_else_since_is_not_overwritten(
    store: Store, person: Standing, stale: int
) -> None:
    store.database.write_now(lambda unit: sessions.save(unit, person, b"step 1", 0))
    store.database.write_now(lambda unit: sessions.save(unit, person, b"step 2", 1))
    with pytest.raises(sessions.Conflict):
        store.database.write_now(lambda unit: sessions.save(unit, person, b"lost", stale))
    assert store.database.read_now(lambda unit: sessions.load(unit, person)) == (b"step 2", 2)


def test_a_dropped_session_is_gone(store: Store, person: Standing) -> None:
    store.database.write_now(lambda unit: sessions.save(unit, person, b"step 1", 0))
    store.database.write_now(lambda unit: sessions.drop(unit, person))
    assert store.count(Session) == 0


# Messages


def test_messages_come_back_in_the_order_in_which_they_were_said(store: Store, person: Standing) -> None:
    store.database.write_now(
        lambda unit: messages.keep(unit, person, [Said("in", "person", "سلام"), Said("out", "bot", "a")])
    )
    store.clock.forward(seconds=1)
    store.database.write_now(lambda unit: messages.keep(unit, person, [Said("in", "person", "\ud800")]))
    store.database.write_now(lambda unit: messages.keep(unit, person, []))
    kept = store.database.read_now(lambda unit: messages.last(unit, person.contact_id, 10))
    assert [(m.direction, m.speaker, m.text) for m in kept] == [
        ("in", "person", "سلام"), ("out", "bot", "a"), ("in", "person", "\ud800"),
    ]  # fmt: skip
    assert [m.text for m in store.database.read_now(lambda unit: messages.last(unit, person.contact_id, 2))] == [
        "a",
        "\ud800",
    ]


def test_messages_of_others_are_not_among_them(store: Store, person: Standing) -> None:
    other = store.newcomer("chat-2")
    store.database.write_now(lambda unit: messages.keep(unit, other, [Said("in", "person", "secret")]))
    assert store.database.read_now(lambda unit: messages.last(unit, person.contact_id, 10)) == []


# Requests


def _open(store: Store, person: Standing, **changes: object) -> int:
    new = replace(NewRequest("stuck", b'{"answers": {}}'), **changes)  # type: ignore[arg-type]
    return store.database.write_now(lambda unit: requests.open_request(unit, person, new))


def test_a_request_has_a_small_number_and_keeps_what_staff_should_know(store: Store, person: Standing) -> None:
    number = _open(store, person, urgent=True, guide="licence", step="papers", promised_by=MORNING)
    assert number == 1
    row = store.database.read_now(lambda unit: requests.request(unit, 1))
    assert (row.type, row.state, row.urgent, row.guide, row.step) == ("stuck", "ours", True, "licence", "papers")
    assert (row.promised_by, row.created_at, row.closed_at) == (MORNING, MORNING, None)
    assert (row.conversation_id, row.contact_id) == (person.conversation_id, person.contact_id)
    assert store.restart().read_now(lambda unit: requests.context(unit, 1)) == b'{"answers": {}}'


def test_the_sensitive_part_is_kept_apart_and_sealed(store: Store, person: Standing) -> None:
    _open(store, person, sensitive=b"afraid: yes")
    (sealed,) = store.column(Request.sensitive_sealed)
    assert b"afraid" not in sealed
    assert b"afraid" not in store.database.read_now(lambda unit: requests.context(unit, 1))


def test_numbers_are_not_used_again(store: Store, person: Standing) -> None:
    _open(store, person)
    store.database.write_now(lambda unit: unit.connection.execute(delete(Request)) and None)
    assert _open(store, person) == 2


def test_open_requests_are_listed_urgent_ones_first_then_in_order(store: Store, person: Standing) -> None:
    _open(store, person, guide="licence")
    _open(store, person, type="person")
    _open(store, person, urgent=True)
    _open(store, person)
    store.database.write_now(lambda unit: handoff.move(unit, 4, "ours", "done"))
    assert _numbers(store) == [3, 1, 2]
    assert _numbers(store, type="person") == [2]
    assert _numbers(store, guide="licence") == [1]


def _numbers(store: Store, **filters: str) -> list[int]:
    return [row.number for row in store.database.read_now(lambda unit: requests.open_requests(unit, **filters))]


def test_closing_twice_keeps_the_first_time_and_drops_the_sensitive_part(store: Store, person: Standing) -> None:
    _open(store, person, sensitive=b"afraid: yes")
    store.database.write_now(lambda unit: handoff.move(unit, 1, "ours", "done"))
    store.clock.forward(days=1)
    store.database.write_now(lambda unit: handoff.move(unit, 1, "ours", "done"))
    row = store.database.read_now(lambda unit: requests.latest_of(unit, person.contact_id))
    assert row is not None
    assert (row.state, row.closed_at) == ("done", MORNING)
    assert store.column(Request.sensitive_sealed) == [None]


def test_a_request_that_is_not_there_is_said_so(store: Store, person: Standing) -> None:
    assert store.database.read_now(lambda unit: requests.latest_of(unit, person.contact_id)) is None
    with pytest.raises(NoRequest):
        store.database.read_now(lambda unit: requests.request(unit, 7))
    with pytest.raises(NoRequest):
        store.database.read_now(lambda unit: requests.context(unit, 7))


def test_words_within_ten_minutes_join_the_newest_open_request(store: Store, person: Standing) -> None:
    _open(store, person)
    number = _open(store, person)
    store.clock.forward(minutes=9, seconds=59)
    words = [Said("in", "person", "I am at the office")]
    assert store.database.write_now(lambda unit: messages.join_request(unit, person, words)) == number
    joined = store.database.read_now(lambda unit: messages.of_request(unit, number))
    assert [message.text for message in joined] == ["I am at the office"]


@pytest.mark.parametrize("reason", ["late", "closed", "somebody else's"])
def test_words_join_no_other_request(store: Store, person: Standing, reason: str) -> None:
    number = _open(store, store.newcomer("chat-2") if reason == "somebody else's" else person)
    if reason == "late":
        store.clock.forward(minutes=10)
    if reason == "closed":
        store.database.write_now(lambda unit: handoff.move(unit, number, "ours", "done"))
    words = [Said("in", "person", "hello")]
    assert store.database.write_now(lambda unit: messages.join_request(unit, person, words)) is None
    assert store.count(Message) == 0


def test_who_is_in_a_chat_for_another_request_is_not_put_out(store: Store, person: Standing) -> None:
    store.database.write_now(lambda unit: contacts.attach(unit, person.conversation_id, 5, 2))
    assert not store.database.write_now(lambda unit: contacts.detach(unit, person.conversation_id, 1))
    assert _standing(store, person).attached_staff_id == 5
    assert store.database.write_now(lambda unit: contacts.detach(unit, person.conversation_id, 2))
    assert _standing(store, person).attached_staff_id is None


def test_the_open_requests_of_a_chat_are_listed_urgent_ones_first(store: Store, person: Standing) -> None:
    plain, closed = _open(store, person), _open(store, person)
    _open(store, store.newcomer("chat-2"))
    urgent = store.database.write_now(
        lambda unit: requests.open_request(unit, person, NewRequest("urgent", b"{}", urgent=True))
    )
    store.database.write_now(lambda unit: handoff.move(unit, closed, "ours", "done"))
    rows = store.database.read_now(lambda unit: requests.open_of_conversation(unit, person.conversation_id))
    assert [row.number for row in rows] == [urgent, plain]


def test_without_the_key_of_the_person_nothing_can_be_read(store: Store, person: Standing) -> None:
    store.database.write_now(lambda unit: messages.keep(unit, person, [Said("in", "person", "secret")]))
    store.keys.destroy([f"c:{person.contact_id}"])
    with pytest.raises(KeyGone):
        store.restart().read_now(lambda unit: messages.last(unit, person.contact_id, 1))
