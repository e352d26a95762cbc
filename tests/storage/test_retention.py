"""Nothing is kept for ever, and nothing goes before its time. The clock is virtual."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import update

from storage import contacts, handoff, messages, queue, requests, sessions, staff
from storage.desk_tables import StaffLink, StaffSession
from storage.forgetting import forget
from storage.inbox_rows import park
from storage.keys import KeyGone, conversation_key
from storage.messages import Said
from storage.outcomes import AnswerLost, Dead, Sent
from storage.requests import NewRequest
from storage.retention import PAGE, Periods, expire
from storage.rows import ConsentChoice, InboxState, OutClass, Standing
from storage.tables import Contact, Conversation, Forget, Inbox, Message, Outbox, Request, Session
from storage.unit_of_work import Unit
from tests.storage.build import Store, arrival, reply

PERIODS = Periods()
MOMENT = timedelta(seconds=1)


def _expire(store: Store) -> dict[str, int]:
    return {name: count for name, count in expire(store.database, store.clock.now, PERIODS).items() if count}


def _wait(store: Store, period: timedelta) -> None:
    """Until the last moment of the period."""
    store.clock.now += period


def _consent(store: Store, person: Standing, choice: ConsentChoice) -> None:
    store.database.write_now(partial(contacts.give_consent, standing=person, version="1", choice=choice))


@pytest.fixture
def person(store: Store) -> Standing:
    """Somebody who agreed to saving."""
    person = store.newcomer("chat-1")
    _consent(store, person, ConsentChoice.FULL)
    return person


@pytest.mark.parametrize("choice", [ConsentChoice.NONE, ConsentChoice.UNSAVED])
def test_without_saving_everything_goes_24_hours_after_the_last_word(store: Store, choice: ConsentChoice) -> None:
    person = store.newcomer("chat-1")
    _consent(store, person, choice)
    store.database.write_now(lambda unit: sessions.save(unit, person, b"at step 1", 0))
    store.say(person, reply("a1"))
    _wait(store, timedelta(hours=10))
    store.database.write_now(lambda unit: contacts.seen(unit, person))
    _wait(store, PERIODS.unsaved)
    assert _expire(store) == {}
    _wait(store, MOMENT)
    assert _expire(store) == {"people": 1}
    assert [store.count(table) for table in (Conversation, Contact, Session, Outbox)] == [0, 0, 0, 0]
    with pytest.raises(KeyGone):
        store.restart().keys.get(conversation_key(person.conversation_id))


def test_an_unsaved_person_with_a_request_keeps_the_request_and_loses_the_rest(store: Store) -> None:
    person = store.newcomer("chat-1")
    store.database.write_now(lambda unit: sessions.save(unit, person, b"at step 1", 0))
    store.say(person, reply("a1"), reply("a2"))
    store.settle(store.claim()[0], Sent())
    store.database.write_now(lambda unit: requests.open_request(unit, person, NewRequest("stuck", b"{}")))
    _wait(store, PERIODS.unsaved + MOMENT)
    assert _expire(store) == {"sessions": 1, "outgoing": 1}
    assert (store.count(Request), store.count(Conversation), store.count(Session)) == (1, 1, 0)
    assert [row.payload for row in store.claim()] == [b"an answer"]


def test_who_takes_consent_back_loses_the_old_words_and_keeps_those_of_a_request(
    store: Store, person: Standing
) -> None:
    number = store.database.write_now(lambda unit: requests.open_request(unit, person, NewRequest("stuck", b"{}")))
    said = [Said("in", "person", "words")]
    store.database.write_now(lambda unit: messages.keep(unit, person, said))
    store.database.write_now(lambda unit: messages.keep(unit, person, said, request=number))
    _consent(store, person, ConsentChoice.UNSAVED)
    _wait(store, PERIODS.unsaved + MOMENT)
    assert _expire(store)["messages"] == 1
    assert store.column(Message.request_id) == [number]


def test_when_the_request_of_an_unsaved_person_is_closed_and_over_the_person_goes(store: Store) -> None:
    person = store.newcomer("chat-1")
    store.database.write_now(lambda unit: requests.open_request(unit, person, NewRequest("stuck", b"{}")))
    store.database.write_now(lambda unit: handoff.move(unit, 1, "ours", "done"))
    _wait(store, PERIODS.closed_requests + MOMENT)
    assert _expire(store)["requests"] == 1
    assert _expire(store) == {"people": 1}
    assert store.count(Conversation) == 0


def test_whoever_agreed_to_saving_stays_twelve_months_after_the_last_sign_of_life(
    store: Store, person: Standing
) -> None:
    store.database.write_now(lambda unit: sessions.save(unit, person, b"at step 1", 0))
    _wait(store, PERIODS.progress)
    _expire(store)
    assert (store.count(Conversation), store.count(Session)) == (1, 1)
    _wait(store, MOMENT)
    assert _expire(store) == {"people": 1}
    assert store.count(Conversation) == 0


def test_a_conversation_that_writes_at_the_last_moment_stays(store: Store) -> None:
    store.newcomer("chat-1")
    _wait(store, PERIODS.unsaved + MOMENT)
    store.accept(arrival("u2"))
    assert _expire(store) == {}
    assert store.take_one().body == b"hello"


def test_chat_text_goes_after_thirty_days_and_what_belongs_to_a_request_stays(store: Store, person: Standing) -> None:
    number = store.database.write_now(lambda unit: requests.open_request(unit, person, NewRequest("stuck", b"{}")))
    said = [Said("in", "person", "words")]
    store.database.write_now(lambda unit: messages.keep(unit, person, said))
    store.database.write_now(lambda unit: messages.keep(unit, person, said, request=number))
    _wait(store, PERIODS.chat_text)
    assert "messages" not in _expire(store)
    _wait(store, MOMENT)
    assert _expire(store)["messages"] == 1
    assert store.column(Message.request_id) == [number]


def test_a_closed_request_goes_with_its_words_after_ninety_days_and_an_open_one_stays(
    store: Store, person: Standing
) -> None:
    for _ in range(2):
        number = store.database.write_now(lambda unit: requests.open_request(unit, person, NewRequest("stuck", b"{}")))
        said = [Said("in", "person", "words")]
        store.database.write_now(partial(messages.keep, standing=person, said=said, request=number))
    store.database.write_now(lambda unit: handoff.move(unit, 1, "ours", "done"))
    _wait(store, PERIODS.closed_requests)
    assert "requests" not in _expire(store)
    _wait(store, MOMENT)
    assert _expire(store) == {"messages": 1, "requests": 1}
    assert (store.column(Request.id), store.column(Message.request_id)) == ([2], [2])


def test_sensitive_answers_go_after_a_day_and_the_request_stays(store: Store, person: Standing) -> None:
    new = NewRequest("stuck", b"{}", sensitive=b"afraid")
    store.database.write_now(lambda unit: requests.open_request(unit, person, new))
    _wait(store, PERIODS.sensitive)
    assert "sensitive" not in _expire(store)
    _wait(store, MOMENT)
    assert _expire(store)["sensitive"] == 1
    assert store.column(Request.sensitive_sealed) == [None]
    assert store.database.read_now(lambda unit: requests.context(unit, 1)) == b"{}"


def test_provider_ids_go_after_48_hours(store: Store, person: Standing) -> None:
    store.say(person, reply("a1"))
    store.settle(store.claim()[0], Sent("message 1"))
    _wait(store, PERIODS.provider_ids)
    assert "provider_ids" not in _expire(store)
    _wait(store, MOMENT)
    assert _expire(store)["provider_ids"] == 1
    assert store.column(Outbox.provider_sealed) == [None]


def test_what_was_sent_or_given_up_goes_after_thirty_days_and_what_is_to_be_sent_stays(
    store: Store, person: Standing
) -> None:
    store.say(person, *(reply(f"n{n}", cls=OutClass.NOTICE) for n in range(3)), reply("later"))
    in_a_year = store.clock.now + timedelta(days=300)
    store.database.write_now(
        lambda unit: (
            unit.connection.execute(update(Outbox).where(Outbox.dedupe == "later").values(not_before=in_a_year))
            and None
        )
    )
    for outcome in (Sent(), Dead("refused"), AnswerLost()):
        store.settle(store.claim()[0], outcome)
    _wait(store, PERIODS.outgoing)
    assert "outgoing" not in _expire(store)
    _wait(store, MOMENT)
    assert _expire(store)["outgoing"] == 3
    assert store.column(Outbox.dedupe) == ["later"]


def test_a_redelivery_is_recognised_for_72_hours_at_least(store: Store, person: Standing) -> None:
    _wait(store, PERIODS.redelivery)
    _expire(store)
    assert store.accept(arrival("hello of chat-1")) == 0
    _wait(store, timedelta(days=1))
    assert _expire(store)["arrivals"] == 1
    assert store.accept(arrival("hello of chat-1")) == 1


def test_what_could_not_be_handled_goes_after_seven_days_with_its_key(store: Store, person: Standing) -> None:
    store.accept(arrival("parked", "chat-1"), arrival("waits", "chat-2"))

    def park_first(unit: Unit) -> None:
        park(unit, queue.take(unit)[0])

    store.database.write_now(park_first)
    day = store.clock.now.date()
    _wait(store, PERIODS.ingress)
    assert "unhandled" not in _expire(store)
    assert len(store.keys.ingress(day)) == 32
    _wait(store, timedelta(days=1))
    assert _expire(store)["unhandled"] == 2
    assert store.count(Inbox, Inbox.state != InboxState.DONE) == 0
    with pytest.raises(KeyGone):
        store.restart().keys.ingress(day)


def test_receipts_go_after_a_year(store: Store, person: Standing) -> None:
    forget(store.database, person.conversation_id, "K7F2")
    _wait(store, PERIODS.receipts)
    assert "receipts" not in _expire(store)
    _wait(store, MOMENT)
    assert _expire(store) == {"receipts": 1}
    assert store.count(Forget) == 0


def test_used_links_and_ended_sessions_of_staff_go(store: Store) -> None:
    expires_at = store.clock.now + timedelta(hours=48)
    link = store.database.write_now(lambda unit: staff.invite(unit, expires_at, label="Desk one"))
    store.database.write_now(lambda unit: staff.redeem(unit, link))
    _wait(store, timedelta(days=7, seconds=1))
    assert _expire(store) == {"staff_tokens": 2}
    assert (store.count(StaffLink), store.count(StaffSession)) == (0, 0)


def test_more_than_a_page_goes_in_one_night(store: Store, person: Standing) -> None:
    said = [Said("in", "person", f"{n}") for n in range(PAGE + 20)]
    store.database.write_now(lambda unit: messages.keep(unit, person, said))
    store.accept(*(arrival(f"u{n}", f"nobody-{n}") for n in range(20)))
    store.database.write_now(lambda unit: queue.done(unit, queue.take(unit, 20)))
    _wait(store, PERIODS.chat_text + MOMENT)
    report = _expire(store)
    assert (report["messages"], report["people"]) == (PAGE + 20, 20)
    assert store.count(Conversation) == 1


def test_no_period_is_for_ever() -> None:
    assert all(timedelta() < getattr(PERIODS, field.name) <= timedelta(days=366) for field in fields(Periods))


def test_a_night_with_nothing_to_do_says_so(store: Store, person: Standing) -> None:
    assert _expire(store) == {}
