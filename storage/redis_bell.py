"""The bell of several processes: Redis pub/sub beside the bell of our own. A lost Redis means the poll alone."""

from __future__ import annotations

import asyncio
import contextlib
import secrets

from redis.asyncio import Redis
from redis.exceptions import RedisError

from storage.bell import MemoryBell

CHANNEL = "izi:bell"
#: Seconds between attempts to reach a Redis that is away.
RECONNECT = 1.0


class RedisBell:
    """Rings here at once and in the other processes through Redis. url: redis://..."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(url, decode_responses=True, socket_connect_timeout=RECONNECT)
        self._here = MemoryBell()
        self._name = secrets.token_hex(8)
        self._to_tell: set[str] = set()
        self._tell = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: tuple[asyncio.Task[None], ...] = ()
        self.listening = asyncio.Event()

    async def start(self) -> None:
        """Begin to listen and to tell; returns at once, also where Redis cannot be reached."""
        self._loop = asyncio.get_running_loop()
        self._tasks = (asyncio.create_task(self._listen()), asyncio.create_task(self._tell_others()))

    async def close(self) -> None:
        """Stop; the bell still rings within this process."""
        self._loop = None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._redis.aclose()

    def ring(self, topic: str) -> None:
        """See Bell."""
        self._here.ring(topic)
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._note, topic)

    def ring_here(self, topic: str) -> None:
        """See Bell."""
        self._here.ring(topic)

    async def wait(self, topic: str, timeout: float) -> bool:
        """See Bell."""
        return await self._here.wait(topic, timeout)

    def _note(self, topic: str) -> None:
        self._to_tell.add(topic)
        self._tell.set()

    async def _tell_others(self) -> None:
        # Not "for ever": the Redis client may turn a cancellation in the middle of a call into an error of its own.
        while self._loop is not None:
            await self._tell.wait()
            self._tell.clear()
            topics, self._to_tell = self._to_tell, set()
            # Not kept for later: by the time Redis is back, the poll has found what the ring was for.
            with contextlib.suppress(RedisError, OSError):
                await self._redis.publish(CHANNEL, " ".join((self._name, *topics)))

    async def _listen(self) -> None:
        while self._loop is not None:
            with contextlib.suppress(RedisError, OSError):
                await self._hear()
            self.listening.clear()
            await asyncio.sleep(RECONNECT)

    async def _hear(self) -> None:
        async with self._redis.pubsub() as listener:
            await listener.subscribe(CHANNEL)
            async for said in listener.listen():
                match said["type"]:
                    case "subscribe":
                        self.listening.set()
                    case "message":
                        name, *topics = said["data"].split(" ")
                        if name != self._name:
                            for topic in topics:
                                self._here.ring(topic)
                    case _:
                        pass
