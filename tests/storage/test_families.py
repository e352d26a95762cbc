"""Several people in one chat: each with a key of their own."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from storage import contacts, messages, people, requests, retention
from storage.forgetting import finish_forgetting
from storage.keys import KeyGone, contact_key, conversation_key
from storage.messages import Said
from storage.requests import NewRequest
from storage.rows import ConsentChoice, Hold, Standing
from storage.tables import Contact, Conversation
from storage.unit_of_work import Unit
from tests.storage.build import Store, reply
from tests.storage.traces import traces

NAME = "Planted Nameplaceholder"


def joins(store: Store, standing: Standing) -> Standing:
    """Somebody else writes from the same phone now."""

    def work(unit: Unit) -> Standing:
        added = people.add(unit, standing)
        assert added is not None
        after = people.activate(unit, standing.conversation_id, added)
        assert after is not None
        return contacts.give_consent(unit, after, version="1", choice=ConsentChoice.FULL)

    return store.database.write_now(work)


def asks(store: Store, standing: Standing, words: str) -> int:
    def work(unit: Unit) -> int:
        number = requests.open_request(unit, standing, NewRequest("stuck", f'"{words}"'.encode()))
        messages.keep(unit, standing, [Said("in", "person", words)], request=number)
        return number

    return store.database.write_now(work)


def test_at_most_six_share_a_chat_and_nobody_of_another_one_is_let_in(store: Store) -> None:
    one, stranger = store.newcomer("one"), store.newcomer("stranger")
    for _ in range(people.MOST_PEOPLE - 1):
        joins(store, one)
    assert store.database.write_now(partial(people.add, standing=one)) is None
    enter = partial(people.activate, conversation_id=one.conversation_id, contact_id=stranger.contact_id)
    assert store.database.write_now(enter) is None
    members = store.database.read_now(partial(people.members, conversation_id=one.conversation_id))
    assert [member.number for member in members] == [1, 2, 3, 4, 5, 6]


def test_one_is_forgotten_with_their_key_and_the_others_stay(store: Store, tmp_path: Path) -> None:
    one = store.newcomer("one")
    two = joins(store, one)
    store.database.write_now(partial(people.call, contact_id=two.contact_id, label=NAME))
    kept, gone = asks(store, one, "words of the first"), asks(store, two, f"I am {NAME}")
    after = store.database.write_now(partial(people.forget_one, before=two, code="K7F2K7F2"))
    finish_forgetting(store.database)
    assert after.contact_id == one.contact_id
    with pytest.raises(requests.NoRequest):
        store.database.read_now(partial(requests.request, number=gone))
    (said,) = store.database.read_now(partial(messages.of_request, number=kept))
    assert said.text == "words of the first"
    with pytest.raises(KeyGone):
        store.keys.get(contact_key(two.contact_id))
    assert store.keys.get(conversation_key(one.conversation_id))
    store.close()
    assert traces([tmp_path], NAME) == []


def test_what_is_held_back_for_the_others_still_goes(store: Store) -> None:
    one = store.newcomer("one")
    two = joins(store, one)
    store.say(one, reply("news", b"for the first"), may_speak=lambda *_: Hold("urgent"))
    store.database.write_now(partial(people.forget_one, before=two, code="K7F2K7F2"))
    store.database.write_now(partial(contacts.set_urgent, conversation_id=one.conversation_id, urgent=False))
    assert [row.payload for row in store.claim()] == [b"for the first"]


def test_the_human_and_the_emergency_of_who_is_forgotten_leave_the_chat(store: Store) -> None:
    one = store.newcomer("one")
    two = joins(store, one)
    kept, gone = asks(store, one, "words of the first"), asks(store, two, "help")
    chat = one.conversation_id

    def answered(unit: Unit) -> Standing:
        contacts.attach(unit, chat, 7, gone)
        contacts.set_urgent(unit, chat, urgent=True)
        return contacts.standing(unit, chat)

    before = store.database.write_now(answered)
    after = store.database.write_now(partial(people.forget_one, before=before, code="K7F2K7F2"))
    assert (after.contact_id, after.attached_request_id, after.urgent) == (one.contact_id, None, False)
    # Who is there for somebody else stays.
    three = joins(store, one)
    store.database.write_now(partial(contacts.attach, conversation_id=chat, staff_id=7, request=kept))
    before = store.database.read_now(partial(contacts.standing_for, contact_id=three.contact_id))
    after = store.database.write_now(partial(people.forget_one, before=before, code="K7F2K7F3"))
    assert after.attached_request_id == kept


def test_who_has_not_written_for_a_year_goes_though_the_chat_goes_on(store: Store) -> None:
    one = store.newcomer("one")
    joins(store, one)
    store.clock.forward(days=366)
    store.database.write_now(partial(contacts.seen, standing=one))
    retention.expire(store.database, store.clock(), retention.Periods())
    assert store.column(Contact.id) == [one.contact_id]
    assert store.column(Conversation.active_contact_id) == [one.contact_id]
