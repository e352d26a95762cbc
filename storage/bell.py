"""The bell: "look at the queue now". Never the truth: a lost ring costs at most the wait's timeout."""

from __future__ import annotations

import asyncio
import contextlib
from threading import Lock
from typing import Protocol

INBOX = "inbox"
OUTBOX = "outbox"
FORGET = "forget"  # somebody was erased: keys wait to be destroyed
ANSWERED = "answered"  # arrivals were handled: for whoever waits for an answer
DESK = "desk"  # something happened to a request: for pages of the desk
MEDIA = "media"  # files wait to be fetched
NOTICES = "notices"  # a broadcast was started, paused, stopped
LINK = "link"  # two chats are to become one


class Bell(Protocol):
    """Rung from any thread after a commit; waited on in the loop."""

    def ring(self, topic: str) -> None:
        """Wake all who wait on the topic, or the next one who will. Never blocks, never raises."""
        ...

    def ring_here(self, topic: str) -> None:
        """As ring, for those of this process alone: what happened concerns nobody else."""
        ...

    async def wait(self, topic: str, timeout: float) -> bool:
        """True when rung (since the last wait, too), False after `timeout` seconds."""
        ...


class MemoryBell:
    """The bell of one process, and of the command line, whose commits the server finds by its one-second poll."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._rung: set[str] = set()
        self._waiting: dict[str, set[asyncio.Future[None]]] = {}

    def ring(self, topic: str) -> None:
        """See Bell."""
        with self._lock:
            waiting = self._waiting.pop(topic, None)
            if waiting is None:
                self._rung.add(topic)
                return
        for future in waiting:
            # The loop may be closing: then nobody is left to wake.
            with contextlib.suppress(RuntimeError):
                future.get_loop().call_soon_threadsafe(_wake, future)

    def ring_here(self, topic: str) -> None:
        """See Bell."""
        self.ring(topic)

    async def wait(self, topic: str, timeout: float) -> bool:
        """See Bell."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        with self._lock:
            if topic in self._rung:
                self._rung.discard(topic)
                return True
            self._waiting.setdefault(topic, set()).add(future)
        try:
            # Not wait_for: until Python 3.12 it forgets a cancellation that comes together with the ring.
            async with asyncio.timeout(timeout):
                await future
        except TimeoutError:
            return False
        finally:
            self._leave(topic, future)
        return True

    def _leave(self, topic: str, future: asyncio.Future[None]) -> None:
        with self._lock:
            waiting = self._waiting.get(topic, set())
            waiting.discard(future)
            if not waiting:
                self._waiting.pop(topic, None)


def _wake(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
