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
from storage.rows import ConsentChoice, Standing
from storage.tables import Contact, Conversation
from storage.unit_of_work import Unit
from tests.storage.build import Store
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


def test_who_has_not_written_for_a_year_goes_though_the_chat_goes_on(store: Store) -> None:
    one = store.newcomer("one")
    joins(store, one)
    store.clock.forward(days=366)
    store.database.write_now(partial(contacts.seen, standing=one))
    retention.expire(store.database, store.clock(), retention.Periods())
    assert store.column(Contact.id) == [one.contact_id]
    assert store.column(Conversation.active_contact_id) == [one.contact_id]
