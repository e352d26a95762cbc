"""The last word to somebody who was forgotten, and what comes after it."""

from __future__ import annotations

import pytest

from storage import (
    contacts,
    queue,
)
from storage.forgetting import GOODBYE, finish_forgetting
from storage.keys import KeyGone, conversation_key
from storage.outcomes import Sent
from storage.privacy import StillWriting, erase, erase_silent
from storage.rows import ConsentChoice, InboxState, Standing
from storage.tables import Conversation, Inbox
from storage.unit_of_work import Unit
from tests.storage.build import Store, anybody, arrival, reply
from tests.storage.planted import NUMBER, plant, rows_about


@pytest.fixture
def person(store: Store) -> Standing:
    """See planted."""
    return plant(store)


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
    assert rows_about(store) == {"conversation": 1, "address": 1, "contact": 1, "outbox": 1, "web_browser": 1}


def test_a_while_after_the_goodbye_was_sent_the_rest_goes_too(store: Store, person: Standing) -> None:
    goodbye = _erase_with_goodbye(store, person)
    finish_forgetting(store.database)
    assert store.count(Conversation) == 1
    store.settle(store.claim()[0], Sent())
    finish_forgetting(store.database)
    assert store.count(Conversation) == 1  # an open page may still have to be told
    store.clock.now += GOODBYE
    assert finish_forgetting(store.database) == 1
    assert rows_about(store) == {}
    with pytest.raises(KeyGone):
        store.restart().keys.get(conversation_key(goodbye.conversation_id))


def test_whoever_writes_after_the_goodbye_stays_as_somebody_new(store: Store, person: Standing) -> None:
    _erase_with_goodbye(store, person)
    store.settle(store.claim()[0], Sent())
    store.clock.now += GOODBYE
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
    before = rows_about(store)
    with pytest.raises(StillWriting):
        store.database.write_now(lambda unit: erase_silent(unit, person.conversation_id))
    assert rows_about(store) == before
