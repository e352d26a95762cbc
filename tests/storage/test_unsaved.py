"""Somebody without saving who has a request, or shares a chat: what goes after a day, and what must not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage import contacts, messages, people, requests
from storage.messages import Said
from storage.outcomes import Failed, Outcome, Sent
from storage.requests import NewRequest
from storage.retention import Periods, expire
from storage.rows import ConsentChoice, OutClass
from storage.tables import Outbox
from tests.storage.build import Store, reply

PERIODS = Periods()
MOMENT = timedelta(seconds=1)


def _dropped(store: Store) -> int:
    """Retention works; how many outgoing messages went."""
    return expire(store.database, store.clock.now, PERIODS)["outgoing"]


@pytest.mark.parametrize("ended", [Sent(keeps=True), Failed("undeliverable")])
def test_the_answer_to_a_request_stays_when_it_comes_to_somebody_who_is_away(store: Store, ended: Outcome) -> None:
    person = store.newcomer("chat-1")
    number = store.database.write_now(lambda unit: requests.open_request(unit, person, NewRequest("stuck", b"{}")))
    store.clock.forward(days=3)
    line, answer = store.say(person, reply("line"), reply("answer", cls=OutClass.STAFF))
    said = [Said("out", "assistant", "hello", 1, answer)]
    store.database.write_now(lambda unit: messages.keep(unit, person, said, request=number))
    for outcome in (Sent(keeps=True), ended):
        store.settle(store.claim()[0], outcome)
    assert _dropped(store) == 0
    assert store.column(Outbox.id) == [line, answer], "nobody had the time to read them"
    store.clock.now += PERIODS.unsaved + MOMENT
    assert _dropped(store) == 1
    assert store.column(Outbox.id) == [answer]
    store.clock.now += PERIODS.outgoing - PERIODS.unsaved
    assert _dropped(store) == 1


def test_where_one_of_several_is_unsaved_and_silent_only_what_is_older_than_a_day_goes(store: Store) -> None:
    here = store.newcomer("chat-1")
    store.database.write_now(
        lambda unit: contacts.give_consent(unit, standing=here, version="1", choice=ConsentChoice.FULL)
    )
    store.database.write_now(lambda unit: people.add(unit, here))
    store.say(here, reply("yesterday"))
    store.settle(store.claim()[0], Sent(keeps=True))
    store.clock.now += PERIODS.unsaved + MOMENT
    store.database.write_now(lambda unit: contacts.seen(unit, here))
    store.say(here, reply("now"))
    store.settle(store.claim()[0], Sent(keeps=True))
    assert _dropped(store) == 1
    assert store.column(Outbox.dedupe) == ["now"]
