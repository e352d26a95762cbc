"""The bucket of a bot that several processes send for, kept in Redis; ours alone while Redis is away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from math import ceil
from typing import TypeVar

from pyrate_limiter import Rate, RateItem, RedisBucket
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.logs import log
from bot.pacing import SECOND, TENTH, BotPace

T = TypeVar("T")

KEY = "izi:send:"  # and the bot's own number


class SharedPace:
    """At most `per_second` in any second from all processes together.

    own: this process' bucket, the bound where Redis cannot be reached: then each process keeps the whole rate to itself
    and Telegram's own refusals (429) do the rest. epoch_ms: the same time on all machines, as NTP keeps it.
    """

    def __init__(
        self, own: BotPace, redis: Redis, account: str, per_second: float, epoch_ms: Callable[[], int]
    ) -> None:
        self._own = own
        self._redis = redis
        self._key = KEY + account
        most = max(1, int(per_second))
        tenth = ceil(most * TENTH / SECOND)
        self._rates = [Rate(tenth, TENTH), Rate(most, SECOND)] if tenth < most else [Rate(most, SECOND)]
        self._epoch_ms = epoch_ms
        self._bucket: RedisBucket | None = None
        self._full_until = 0
        self._is_alone = False
        self._leaked = 0
        self._asking: asyncio.Task[list[float]] | None = None
        self._askers = 0

    def free(self) -> int:
        """See SendPace. What the others take is learnt when we take."""
        return 0 if self._epoch_ms() < self._full_until else self._own.free()

    def wait(self) -> float:
        """See SendPace."""
        return max(self._own.wait(), (self._full_until - self._epoch_ms()) / SECOND, 0.0)

    async def take(self) -> float:
        """See SendPace. Redis is asked once for all who ask in the same moment."""
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask())
        asking, place = self._asking, self._askers
        self._askers += 1
        # One who is cancelled does not take the answer from the others.
        return (await asyncio.shield(asking))[place]

    async def _ask(self) -> list[float]:
        """As take, for each who has asked until now."""
        askers, self._asking, self._askers = self._askers, None, 0
        refused = [await self._count(askers)] * askers
        if refused[0] and askers > 1:
            # The bucket takes all or none; there may be room for some.
            refused = [await self._count(1) for _ in range(askers)]
        if longest := max(refused):
            self._full_until = self._epoch_ms() + longest
        return [wait / SECOND for wait in refused]

    async def _count(self, sends: int) -> int:
        """Count so many sends; milliseconds to wait where none of them was counted."""
        try:
            refused = await self._share(sends)
            self._is_alone = False
        except (RedisError, OSError) as error:
            # Also after Redis has lost the script: it is loaded anew with the next one.
            if not self._is_alone:
                log.warning("pace_not_shared", error=type(error).__name__)
            self._bucket, refused, self._is_alone = None, 0, True
        if not refused:
            for _ in range(sends):
                self._own.count()
        return refused

    async def _share(self, sends: int) -> int:
        """As _count, in the bucket of all."""
        if self._bucket is None:
            self._bucket = await RedisBucket.init(self._rates, self._redis, self._key)
        item = RateItem("message", self._epoch_ms(), weight=sends)
        if item.timestamp - self._leaked >= SECOND:
            # The bucket counts what lies within its windows only; what is older just takes up room.
            self._leaked = item.timestamp
            await _answer(self._bucket.leak(item.timestamp))
        if await _answer(self._bucket.put(item)):
            return 0
        refused = self._bucket.waiting(item)
        # A bucket that has just refused knows the time without asking Redis again.
        return max(1, refused) if isinstance(refused, int) else TENTH


async def _answer(answer: T | Awaitable[T]) -> T:
    """The library's bucket is typed for both kinds of clients; ours is the one that must be awaited."""
    return await answer if isinstance(answer, Awaitable) else answer
