"""The bucket that several processes share, on a real Redis, on a clock that is set by hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError

from bot.pacing import SECOND, TENTH, BotPace
from bot.shared_pace import SharedPace
from tests.bot.test_pacing import Clock, busiest
from tests.storage.conftest import free_port, redis

__all__ = ["redis"]


@pytest.fixture
async def client(redis: str) -> AsyncIterator[Redis]:
    """A client of a real Redis."""
    async with Redis.from_url(redis) as opened, asyncio.timeout(30):
        while True:
            with suppress(ConnectionError):
                await opened.ping()
                break
            await asyncio.sleep(0.01)
        yield opened


def pace(client: Redis, clock: Clock, rate: int = 10, account: str = "1") -> SharedPace:
    return SharedPace(BotPace(rate, clock), client, account, rate, clock)


async def test_two_processes_together_never_send_more_than_the_rate(client: Redis) -> None:
    clock, sent = Clock(), []
    both = [pace(client, clock), pace(client, clock)]
    for _ in range(150):
        for one in both:
            while one.free() and not await one.take():
                sent.append(clock.ms)
        clock.ms += 20
    assert busiest(sent, SECOND) <= 10
    assert busiest(sent, TENTH) == 1
    assert len(sent) >= 24  # of the 30 that three seconds allow; the clock goes in steps


async def test_who_is_refused_knows_how_long_and_claims_nothing_meanwhile(client: Redis) -> None:
    clock = Clock()
    first, second = pace(client, clock, rate=1), pace(client, clock, rate=1)
    assert await first.take() == 0
    assert second.free() == 1
    seconds = await second.take()
    assert 0 < seconds <= 1.001
    assert second.free() == 0
    assert second.wait() == pytest.approx(seconds)
    clock.ms += round(seconds * SECOND)
    assert await second.take() == 0


async def test_of_many_who_ask_at_once_as_many_may_go_as_there_is_room_for(client: Redis) -> None:
    clock = Clock()
    first, second = pace(client, clock, rate=60), pace(client, clock, rate=60)
    assert await first.take() == 0
    waits = await asyncio.gather(*(second.take() for _ in range(7)))
    assert [wait == 0 for wait in waits] == [True] * 5 + [False] * 2  # six in a tenth of a second, one was gone
    assert second.wait() == pytest.approx(max(waits))


async def test_many_who_ask_at_once_are_one_question(client: Redis) -> None:
    clock = Clock()
    one = pace(client, clock, rate=60)
    await one.take()
    before = (await client.info("commandstats"))["cmdstat_evalsha"]["calls"]
    clock.ms += TENTH + 1
    assert await asyncio.gather(*(one.take() for _ in range(6))) == [0] * 6
    assert (await client.info("commandstats"))["cmdstat_evalsha"]["calls"] == before + 1


async def test_who_gives_up_asking_does_not_stop_the_others(client: Redis) -> None:
    one = pace(client, Clock(), rate=60)
    given_up, waiting = (asyncio.create_task(one.take()) for _ in range(2))
    await asyncio.sleep(0)
    given_up.cancel()
    assert await waiting == 0


async def test_another_bot_has_a_bucket_of_its_own(client: Redis) -> None:
    clock = Clock()
    assert await pace(client, clock, rate=1).take() == 0
    assert await pace(client, clock, rate=1, account="2").take() == 0


async def test_without_redis_each_process_keeps_the_rate_by_itself() -> None:
    clock, sent = Clock(), []
    async with Redis.from_url(f"redis://127.0.0.1:{free_port()}") as nobody:
        alone = pace(nobody, clock)
        for _ in range(250):
            while alone.free():
                assert await alone.take() == 0
                sent.append(clock.ms)
            clock.ms += 10
    assert busiest(sent, SECOND) == 10


async def test_a_redis_that_forgot_everything_is_used_again(client: Redis) -> None:
    clock = Clock()
    one = pace(client, clock, rate=1)
    assert await one.take() == 0
    await client.flushall()
    await client.script_flush()
    clock.ms += 2 * SECOND
    assert await one.take() == 0  # by itself
    clock.ms += 2 * SECOND
    assert await one.take() == 0
    assert await pace(client, clock, rate=1).take() > 0
