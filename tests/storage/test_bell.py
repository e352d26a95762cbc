from __future__ import annotations

import asyncio
import socket
import threading

import pytest

from storage.bell import INBOX, OUTBOX, MemoryBell
from storage.redis_bell import RedisBell
from tests.storage.conftest import free_port

LONG = 30.0  # never waited out in a test that passes
AT_ONCE = 0.001


async def test_a_ring_before_the_wait_is_not_lost() -> None:
    bell = MemoryBell()
    bell.ring(INBOX)
    assert await bell.wait(INBOX, LONG)


async def test_many_rings_wake_once() -> None:
    bell = MemoryBell()
    bell.ring(INBOX)
    bell.ring(INBOX)
    assert await bell.wait(INBOX, LONG)
    assert not await bell.wait(INBOX, AT_ONCE)


async def test_topics_are_apart() -> None:
    bell = MemoryBell()
    bell.ring(OUTBOX)
    assert not await bell.wait(INBOX, AT_ONCE)
    assert await bell.wait(OUTBOX, LONG)


async def test_a_ring_from_a_worker_thread_wakes_everybody_who_waits() -> None:
    bell = MemoryBell()
    waiting = [asyncio.create_task(bell.wait(INBOX, LONG)) for _ in range(3)]
    await asyncio.sleep(0)
    threading.Thread(target=bell.ring, args=(INBOX,)).start()
    assert await asyncio.gather(*waiting) == [True, True, True]


async def test_a_cancelled_wait_does_not_take_the_ring_of_others() -> None:
    bell = MemoryBell()
    given_up, waiting = (asyncio.create_task(bell.wait(INBOX, LONG)) for _ in range(2))
    await asyncio.sleep(0)
    given_up.cancel()
    with pytest.raises(asyncio.CancelledError):
        await given_up
    bell.ring(INBOX)
    assert await waiting


async def test_who_is_cancelled_together_with_a_ring_ends() -> None:
    bell = MemoryBell()

    async def work() -> None:
        while True:
            await bell.wait(INBOX, LONG)

    working = asyncio.create_task(work())
    await asyncio.sleep(0)
    bell.ring(INBOX)
    await asyncio.sleep(0)  # rung, but not yet awake
    working.cancel()
    ended, _ = await asyncio.wait([working], timeout=LONG)
    assert ended


def test_a_ring_after_the_loop_has_ended_raises_nothing() -> None:
    bell = MemoryBell()

    async def leave_a_wait_behind() -> None:
        waiting = asyncio.create_task(bell.wait(INBOX, LONG))
        await asyncio.sleep(0)
        waiting.cancel()

    asyncio.run(leave_a_wait_behind())
    bell.ring(INBOX)


async def test_redis_carries_a_ring_to_another_process(redis: str) -> None:
    here, there = RedisBell(redis), RedisBell(redis)
    await here.start()
    await there.start()
    await asyncio.wait_for(asyncio.gather(here.listening.wait(), there.listening.wait()), LONG)
    here.ring(INBOX)
    assert await there.wait(INBOX, LONG)
    assert await here.wait(INBOX, LONG)
    # Our own ring does not come back to us as a second one.
    there.ring(OUTBOX)
    assert await here.wait(OUTBOX, LONG)
    assert not await here.wait(INBOX, AT_ONCE)
    await here.close()
    await there.close()


async def test_what_rings_here_alone_is_not_heard_elsewhere(redis: str) -> None:
    here, there = RedisBell(redis), RedisBell(redis)
    await here.start()
    await there.start()
    await asyncio.wait_for(asyncio.gather(here.listening.wait(), there.listening.wait()), LONG)
    here.ring_here(INBOX)
    here.ring(OUTBOX)
    assert await here.wait(INBOX, LONG)
    assert await there.wait(OUTBOX, LONG)
    assert not await there.wait(INBOX, AT_ONCE)
    await here.close()
    await there.close()


async def test_topics_that_ring_together_are_all_heard_elsewhere(redis: str) -> None:
    here, there = RedisBell(redis), RedisBell(redis)
    await here.start()
    await there.start()
    await asyncio.wait_for(asyncio.gather(here.listening.wait(), there.listening.wait()), LONG)
    here.ring(INBOX)
    here.ring(OUTBOX)
    assert await there.wait(INBOX, LONG)
    assert await there.wait(OUTBOX, LONG)
    await here.close()
    await there.close()


async def test_without_redis_the_bell_rings_within_the_process() -> None:
    bell = RedisBell(f"redis://127.0.0.1:{free_port()}/0")
    await bell.start()
    bell.ring(INBOX)
    assert await bell.wait(INBOX, LONG)
    await bell.close()


async def test_the_bell_finds_redis_again_after_it_was_away(redis: str) -> None:
    here, there = RedisBell(redis), RedisBell(redis)
    await here.start()
    await there.start()
    await asyncio.wait_for(there.listening.wait(), LONG)
    _throw_out_all_clients(redis)
    while not await there.wait(INBOX, 0.05):
        here.ring(INBOX)
    await here.close()
    await there.close()


def _throw_out_all_clients(url: str) -> None:
    port = int(url.rsplit(":", 1)[1].split("/")[0])
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"CLIENT KILL TYPE pubsub\r\n")
        assert connection.recv(100).startswith(b":")


async def test_a_bell_on_redis_closes_in_the_middle_of_ringing(redis: str) -> None:
    bell = RedisBell(redis)
    await bell.start()
    await asyncio.wait_for(bell.listening.wait(), 10)
    for _ in range(100):
        bell.ring("inbox")
        await asyncio.sleep(0)
    await asyncio.wait_for(bell.close(), 10)
