"""Pages that wait for news: one look at the database for all of them, when the bell rings and once a second."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from storage import bell, web_pages
from storage.db import Database, Unavailable

POLL = 1.0  # seconds; stands beside the bell, and finds what staff sent
MOST = 2000  # pages of one process that wait at once
MOST_OF_ONE = 12  # pages of one chat
GONE = -1


class LivePages:
    """Tells waiting pages that their chat has news. Works while `watch` runs."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: dict[bytes, dict[asyncio.Future[int], int]] = {}
        self._anyone = asyncio.Event()
        self._seats: Counter[bytes] = Counter()

    def is_full(self, place: bytes) -> bool:
        """Whether one more page of this chat would be too much."""
        return self._seats.total() >= MOST or self._seats[place] >= MOST_OF_ONE

    @contextmanager
    def seat(self, place: bytes) -> Iterator[None]:
        """Count one open page of this chat. place: the look-up of its address."""
        self._seats[place] += 1
        try:
            yield
        finally:
            self._seats[place] -= 1
            if not self._seats[place]:
                del self._seats[place]

    async def version(self, place: bytes) -> int:
        """The version of the address's page; GONE where there is no such address (any more)."""
        return (await self._look([place])).get(place, GONE)

    async def news(self, place: bytes, known: int, timeout: float) -> int:
        """Wait until the version of the address's page is another than `known`; `known` after `timeout` seconds."""
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(place, {})[future] = known
        self._anyone.set()
        try:
            # Not wait_for: until Python 3.12 it forgets a cancellation that comes together with the news.
            async with asyncio.timeout(timeout):
                return await future
        except TimeoutError:
            return known
        finally:
            self._leave(place, future)

    async def watch(self) -> None:
        """Look for news until cancelled."""
        while True:
            await self._anyone.wait()
            await self._database.bell.wait(bell.ANSWERED, POLL)
            try:
                versions = await self._look(list(self._waiting))
            except Unavailable:
                continue
            for place, waiting in self._waiting.items():
                version = versions.get(place, GONE)
                for future, known in waiting.items():
                    if version != known and not future.done():
                        future.set_result(version)

    async def _look(self, places: list[bytes]) -> dict[bytes, int]:
        return await self._database.read(partial(web_pages.versions, lookups=places))

    def _leave(self, place: bytes, future: asyncio.Future[int]) -> None:
        waiting = self._waiting[place]
        del waiting[future]
        if not waiting:
            del self._waiting[place]
        if not self._waiting:
            self._anyone.clear()
