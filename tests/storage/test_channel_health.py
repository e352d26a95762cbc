"""What waits, what went last, what is slowed and what did not get through, by channel."""

from __future__ import annotations

from datetime import timedelta

from storage.channel_health import Flow, flows
from storage.outcomes import Dead, Failed, Sent, Throttled
from tests.storage.build import CHANNEL, Store, reply


def flow(store: Store) -> Flow:
    return store.database.read_now(flows).get(CHANNEL, Flow())


def test_each_end_of_a_message_shows_where_it_belongs(store: Store) -> None:
    assert store.database.read_now(flows) == {}
    standing = store.newcomer()
    store.say(standing, reply("a"), reply("b"))
    assert flow(store) == Flow(waiting=2)
    (claimed,) = store.claim()
    assert flow(store) == Flow(waiting=2), "what is being sent has not gone yet"
    store.settle(claimed, Sent("1"))
    sent_at = store.clock.now
    assert flow(store) == Flow(waiting=1, sent_at=sent_at)
    (claimed,) = store.claim()
    store.settle(claimed, Throttled(store.clock.now + timedelta(seconds=35)))
    assert flow(store) == Flow(waiting=1, slowed=1, sent_at=sent_at)
    store.clock.forward(seconds=36)
    assert flow(store) == Flow(waiting=1, sent_at=sent_at)
    (claimed,) = store.claim()
    store.settle(claimed, Failed("blocked"))
    assert flow(store) == Flow(sent_at=sent_at), "a person who blocks us is no fault of the channel"


def test_the_newest_fault_stands(store: Store) -> None:
    standing = store.newcomer()
    for name, reason in (("a", "template"), ("b", "account")):
        store.clock.forward(minutes=1)
        store.say(standing, reply(name))
        (claimed,) = store.claim()
        store.settle(claimed, Dead(reason))
    found = flow(store)
    assert (found.fault, found.fault_at, found.waiting) == ("account", store.clock.now, 0)
