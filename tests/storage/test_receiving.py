from __future__ import annotations

import asyncio
import subprocess
import sys
from dataclasses import replace
from functools import partial
from random import Random

from sqlalchemy import select, update

from storage import queue
from storage.arrivals import accept
from storage.bell import INBOX
from storage.db import Database
from storage.keys import contact_key, conversation_key
from storage.rows import BLOCKED_KIND, AddressState, InboxState
from storage.tables import Address, Contact, Conversation, Inbox
from storage.unit_of_work import Unit
from tests.storage.build import Store, arrival, environment, on_postgresql


def test_an_arrival_comes_out_as_it_went_in(store: Store) -> None:
    sent = arrival("update 1", "chat-1", body=b"\x00\xff words", kind="press")
    assert store.accept(sent) == 1
    taken = store.take_one()
    assert (taken.channel, taken.account, taken.opaque_id) == (sent.channel, sent.account, "chat-1")
    assert (taken.kind, taken.body, taken.received_at, taken.tries) == ("press", b"\x00\xff words", sent.received_at, 0)
    assert taken.address_channel == "telegram"


def test_an_opaque_id_of_any_characters_survives(store: Store) -> None:
    store.accept(arrival("update 1", "\ud800 +381 \x00"))
    assert store.take_one().opaque_id == "\ud800 +381 \x00"


def test_the_same_update_is_stored_once(store: Store) -> None:
    assert store.accept(arrival("update 1"), arrival("update 2"), arrival("update 1")) == 2
    assert store.accept(arrival("update 2"), arrival("update 3")) == 1
    assert store.count(Inbox) == 3


def test_an_update_that_was_handled_is_still_recognised(store: Store) -> None:
    store.newcomer("chat-1")
    assert store.accept(arrival("hello of chat-1")) == 0


def test_the_same_id_on_another_channel_or_account_is_another_update(store: Store) -> None:
    one = arrival("update 1")
    assert store.accept(one, replace(one, account="bot-2"), replace(one, channel="webchat")) == 3
    assert store.count(Conversation) == 3


def test_everybody_who_writes_gets_one_conversation(store: Store) -> None:
    store.accept(*(arrival(f"update {n}", f"chat-{n % 3}") for n in range(9)))
    store.accept(*(arrival(f"update {n}", f"chat-{n % 4}") for n in range(9, 20)))
    assert [store.count(table) for table in (Conversation, Contact, Address)] == [4, 4, 4]


def test_the_keys_of_somebody_new_are_in_the_key_store(store: Store) -> None:
    store.accept(arrival("update 1"))
    (conversation,), (contact,) = store.column(Conversation.id), store.column(Contact.id)
    keys = store.restart().keys
    assert keys.get(conversation_key(conversation)) != keys.get(contact_key(contact))


def test_nothing_arrives_in_nothing(store: Store) -> None:
    assert store.accept() == 0


async def test_the_inbox_bell_rings_for_news_only(store: Store) -> None:
    store.accept(arrival("update 1"))
    assert await store.bell.wait(INBOX, 0.001)
    store.accept(arrival("update 1"))
    assert not await store.bell.wait(INBOX, 0.001)


async def test_each_update_delivered_three_times_in_shuffled_order_is_one_row(store: Store) -> None:
    updates = [arrival(f"update {n}", f"chat-{n % 20}") for n in range(200)] * 3
    Random(7).shuffle(updates)
    databases = [store.database, store.open()]
    deliveries = [
        databases[start % 2].write(partial(accept, arrivals=updates[start : start + 25])) for start in range(0, 600, 25)
    ]
    assert sum(await asyncio.gather(*deliveries)) == 200
    assert store.count(Inbox) == 200
    assert store.count(Conversation) == 20


def test_two_processes_that_receive_the_same_updates_at_once_store_each_once(store: Store) -> None:
    """A newcomer's very first update among them: both make the person, one of them must find the other's."""
    program = (
        "import sys\n"
        "from tests.storage.build import *\n"
        f"database = open_database({store.url!r}, {store.keys_url!r}, real_clock, MemoryBell())\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "news = 0\n"
        "for n in range(100):\n"
        "    batch = [arrival(f'update {n}.{k}', f'chat-{n}') for k in range(3)]\n"
        "    news += database.write_now(lambda unit: queue.accept(unit, batch))\n"
        "print(news); database.close(); database.keys.close()\n"
    )
    command = [sys.executable, "-c", program]
    processes = [
        subprocess.Popen(command, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    news = [int(process.communicate()[0]) for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert sum(news) == 300
    assert store.count(Inbox) == 300
    assert [store.count(table) for table in (Conversation, Contact, Address)] == [100, 100, 100]


def test_whoever_blocked_us_and_writes_again_is_reachable_again(store: Store) -> None:
    standing = store.newcomer()
    store.database.write_now(lambda unit: queue.close_address(unit, standing.address_id))
    assert store.column(Address.state) == [AddressState.BLOCKED]
    store.accept(arrival("update 2"))
    store.take_one()
    assert store.column(Address.state) == [AddressState.OPEN]


def test_the_news_that_we_were_blocked_does_not_open_the_address(store: Store) -> None:
    standing = store.newcomer()
    store.database.write_now(lambda unit: queue.close_address(unit, standing.address_id))
    store.accept(arrival("update 2", kind=BLOCKED_KIND))
    store.take_one()
    assert store.column(Address.state) == [AddressState.BLOCKED]


def test_a_handled_row_keeps_nothing_of_what_was_said(store: Store) -> None:
    store.newcomer()
    assert store.column(Inbox.sealed) == [None]
    assert store.column(Inbox.state) == [InboxState.DONE]


def test_a_body_is_under_the_key_of_its_day_and_unreadable_when_that_has_ended(store: Store) -> None:
    store.accept(arrival("update 1"))
    store.clock.forward(days=1)
    store.accept(arrival("update 2", "chat-2"))
    store.restart().keys.expire_ingress(store.clock.now.date())
    assert store.take_one().opaque_id == "chat-2"
    assert store.column(Inbox.state) == [InboxState.POISON, InboxState.NEW]
    assert store.column(Inbox.error) == ["KeyGone", None]


def test_a_body_moved_to_another_row_is_parked_not_handled(store: Store) -> None:
    store.accept(arrival("update 1", "chat-1", body=b"one"), arrival("update 2", "chat-2", body=b"two"))

    def swap(unit: Unit) -> None:
        first = unit.connection.execute(select(Inbox.sealed).order_by(Inbox.seq)).scalars().first()
        unit.connection.execute(update(Inbox).where(Inbox.seq == 2).values(sealed=first))

    store.database.write_now(swap)
    assert store.take_one().body == b"one"
    assert store.column(Inbox.error) == [None, "Tampered"]


@on_postgresql
def test_receiving_does_not_wait_for_a_worker(store: Store) -> None:
    """With a foreign key and a plain FOR UPDATE an insert waited 1.00 s for the worker (rulings 2)."""
    store.newcomer()
    store.accept(arrival("update 2"))
    receiver: Database = store.open()

    def hold_while_receiving(unit: Unit) -> int:
        assert len(queue.take(unit)) == 1
        return receiver.write_now(lambda other: accept(other, [arrival("update 3")]))

    assert store.database.write_now(hold_while_receiving) == 1
