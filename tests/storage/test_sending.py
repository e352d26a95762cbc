from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial
from random import Random

import pytest
from sqlalchemy import update

from storage import queue
from storage.bell import OUTBOX
from storage.contacts import stop
from storage.db import Database
from storage.outcomes import AnswerLost, Retry, Sent, Settlement
from storage.rows import Claimed, Drop, Hold, OutboxState, OutClass, OutKind, Speak, Standing, Verdict
from storage.tables import Outbox
from tests.storage.build import CHANNEL, Store, anybody, reply

READY, SENDING, SENT, UNCERTAIN, FAILED, DEAD, HELD = OutboxState


@pytest.fixture
def person(store: Store) -> Standing:
    return store.newcomer("chat-1")


def _payloads(claimed: list[Claimed]) -> list[bytes]:
    return [row.payload for row in claimed]


def _claim_one(store: Store) -> Claimed:
    (claimed,) = store.claim()
    return claimed


# The write door


def test_what_is_said_comes_out_at_the_claim_as_it_went_in(store: Store, person: Standing) -> None:
    (id,) = store.say(person, reply("d1", b"\x00 payload", matter="answer"))
    claimed = _claim_one(store)
    assert (claimed.id, claimed.payload, claimed.speaker, claimed.matter) == (id, b"\x00 payload", "guide", "answer")
    assert (claimed.channel, claimed.account, claimed.opaque_id) == ("telegram", "bot-1", "chat-1")
    assert (claimed.cls, claimed.kind, claimed.tries, claimed.repeated) == (OutClass.REPLY, OutKind.SEND, 0, False)


def test_the_same_decision_taken_twice_is_one_row(store: Store, person: Standing) -> None:
    assert None not in store.say(person, reply("d1"), reply("d2"))
    again, fresh = store.say(person, reply("d2", b"another"), reply("d3"))
    assert (again, fresh is None) == (None, False)
    assert store.count(Outbox) == 3


def test_what_the_floor_holds_or_drops_is_written_down_with_its_reason(store: Store, person: Standing) -> None:
    def floor(speaker: str, matter: str, standing: Standing) -> Verdict:
        assert (speaker, standing.contact_id) == ("guide", person.contact_id)
        verdicts: dict[str, Verdict] = {"held": Hold("attached"), "dropped": Drop("stopped")}
        return verdicts.get(matter, Speak())

    store.say(person, *(reply(matter, matter=matter) for matter in ("held", "dropped", "said")), may_speak=floor)
    assert store.column(Outbox.state) == [HELD, FAILED, READY]
    assert store.column(Outbox.reason) == ["attached", "stopped", None]
    assert [sealed is None for sealed in store.column(Outbox.sealed)] == [False, True, False]
    assert _payloads(store.claim()) == [b"an answer"]


def test_the_floor_is_asked_again_at_the_claim_with_todays_standing(store: Store, person: Standing) -> None:
    """A notice that was queued before the person said stop."""
    store.say(person, reply("notice", matter="notice", cls=OutClass.NOTICE), reply("answer", matter="answer"))
    store.database.write_now(lambda unit: stop(unit, person))

    def floor(speaker: str, matter: str, standing: Standing) -> Verdict:
        return Drop("stopped") if standing.stopped and matter == "notice" else Speak()

    (answer,) = store.claim(may_speak=floor)
    assert answer.matter == "answer"
    store.settle(answer, Sent())
    assert store.claim(may_speak=floor) == []
    assert store.column(Outbox.state) == [FAILED, SENT]
    assert store.column(Outbox.reason) == ["stopped", None]


async def test_the_outbox_bell_rings_for_what_is_said(store: Store, person: Standing) -> None:
    store.say(person, reply("d1"))
    assert await store.bell.wait(OUTBOX, 0.001)


# Order


def test_one_is_in_flight_per_conversation_and_the_oldest_goes_first(store: Store, person: Standing) -> None:
    other = store.newcomer("chat-2")
    store.say(person, reply("a1", b"a1"), reply("a2", b"a2"))
    store.say(other, reply("b1", b"b1"))
    first = store.claim()
    assert _payloads(first) == [b"a1", b"b1"]
    assert store.claim() == []
    store.settle(first[0], Sent())
    assert _payloads(store.claim()) == [b"a2"]


def test_replies_go_before_staff_before_notices_across_conversations(store: Store) -> None:
    people = [store.newcomer(f"chat-{n}") for n in range(3)]
    for person, cls in zip(people, (OutClass.NOTICE, OutClass.STAFF, OutClass.REPLY), strict=True):
        store.say(person, reply(cls.name, cls.name.encode(), cls=cls))
    assert _payloads(store.claim(2)) == [b"REPLY", b"STAFF"]
    assert _payloads(store.claim(2)) == [b"NOTICE"]


def test_in_one_conversation_a_reply_overtakes_a_notice(store: Store, person: Standing) -> None:
    store.say(person, reply("n", b"notice", cls=OutClass.NOTICE), reply("r", b"reply"))
    assert _payloads(store.claim()) == [b"reply"]


def test_a_row_waits_for_its_time_and_those_behind_it_in_its_class_wait_too(store: Store, person: Standing) -> None:
    later = store.clock.now + timedelta(minutes=1)
    store.say(person, reply("r1", b"r1", not_before=later), reply("r2", b"r2"))
    assert store.claim() == []
    store.clock.forward(minutes=1)
    assert _payloads(store.claim()) == [b"r1"]


def test_a_row_that_cannot_be_read_stops_nobody_else(store: Store, person: Standing) -> None:
    store.say(person, reply("empty"))
    store.say(store.newcomer("other"), reply("other", b"for another"))
    blank = update(Outbox).where(Outbox.dedupe == "empty").values(sealed=None)
    store.database.write_now(lambda unit: unit.connection.execute(blank))
    assert [row.payload for row in store.claim()] == [b"for another"]
    assert store.column(Outbox.state, Outbox.dedupe == "empty") == [DEAD]


def test_a_notice_that_waits_held_uncertain_or_later_blocks_nobody(store: Store, person: Standing) -> None:
    later = store.clock.now + timedelta(days=1)
    notices = [reply(f"n{n}", f"n{n}".encode(), cls=OutClass.NOTICE, matter=f"n{n}") for n in range(4)]
    store.say(person, *notices)
    store.say(person, reply("later", b"later", cls=OutClass.NOTICE, not_before=later), reply("r", b"reply"))

    def hold_first(speaker: str, matter: str, standing: Standing) -> Verdict:
        return Hold("urgent") if matter == "n0" else Speak()

    sent = []
    for outcome in (Sent(), None, AnswerLost(), Retry(later), Sent()):
        batch = store.claim(may_speak=hold_first)
        sent += _payloads(batch)
        for row in batch:
            store.settle(row, outcome or Sent())
    assert sent == [b"reply", b"n1", b"n2", b"n3"]
    assert store.column(Outbox.state) == [HELD, UNCERTAIN, READY, SENT, READY, SENT]


def test_after_a_row_was_kept_back_the_bell_rings_for_those_behind_it(store: Store, person: Standing) -> None:
    store.say(person, reply("r1", b"r1", matter="held"), reply("r2", b"r2"))

    def floor(speaker: str, matter: str, standing: Standing) -> Verdict:
        return Hold("attached") if matter == "held" else Speak()

    asyncio.run(store.bell.wait(OUTBOX, 0.001))
    assert store.claim(may_speak=floor) == []
    assert asyncio.run(store.bell.wait(OUTBOX, 0.001))
    assert _payloads(store.claim(may_speak=floor)) == [b"r2"]


async def test_senders_in_several_processes_claim_each_row_once_and_in_order(store: Store) -> None:
    people = [store.newcomer(f"chat-{n}") for n in range(10)]
    for person in people:
        store.say(person, *(reply(f"{person.contact_id}.{n}", f"{n}".encode()) for n in range(10)))
    sent: list[tuple[str, int]] = []

    async def send(database: Database) -> None:
        while len(sent) < 100:
            for row in await database.write(lambda unit: queue.claim(unit, 4, anybody, [CHANNEL])):
                sent.append((row.opaque_id, int(row.payload)))
                await asyncio.sleep(0)
                settled = [Settlement(row, Sent())]
                await database.write(partial(queue.settle, settlements=settled, uniform=Random(1).uniform))

    await asyncio.gather(*(send(database) for database in (store.database, store.open(), store.open())))
    for n in range(10):
        assert [ordinal for chat, ordinal in sent if chat == f"chat-{n}"] == list(range(10))


def test_a_row_of_a_channel_that_this_process_has_not_waits_for_one_that_has_it(store: Store) -> None:
    store.say(store.newcomer(), reply("r1"))
    assert store.claim(channels=["webchat"]) == []
    assert store.claim(channels=[]) == []
    assert [row.channel for row in store.claim(channels=["webchat", CHANNEL])] == [CHANNEL]
