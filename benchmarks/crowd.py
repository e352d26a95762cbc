"""The people: each goes through the script, and is clocked from each act until the screen that answers it."""

from __future__ import annotations

import asyncio
from time import perf_counter

from benchmarks.fake import FakeTelegram, Message
from benchmarks.script import PRESSES, TALK, UPDATES

PATIENCE = 300.0  # seconds until a load counts as failed


class Crowd:
    """Everybody who talks to one bot. waits: seconds from each act to its screen, since `clock_anew`."""

    def __init__(self) -> None:
        self.fake = FakeTelegram(self._hears)
        self.waits: list[float] = []
        self.screens: list[Message] = []  # what the first person was shown, in order
        self._at: dict[int, int] = {}
        self._stop_at: dict[int, int] = {}
        self._since: dict[int, float] = {}
        self._shown: dict[int, Message] = {}
        self._busy: set[int] = set()
        self._to_come: list[int] = []
        self._newest = 1000
        self._quiet = asyncio.Event()

    def clock_anew(self) -> None:
        """Forget the times so far."""
        self.waits.clear()

    async def talk(self, people: int, at_once: int, *, acts: int = UPDATES) -> list[int]:
        """New people, `at_once` at a time, do their first acts; each acts as soon as it is answered."""
        chats = [self._newest + n for n in range(1, people + 1)]
        self._newest += people
        self._to_come = chats[at_once:][::-1]
        self._begin(chats[:at_once], acts)
        await self._end()
        return chats

    async def all_at_once(self, chats: list[int]) -> None:
        """Everybody does one act in the same moment."""
        self._begin(chats, 1)
        await self._end()

    async def every(self, seconds: float, chats: list[int]) -> None:
        """One after the other does one act, at a fixed pace, however slow the answers are."""
        began = perf_counter()
        for position, chat in enumerate(chats):
            await asyncio.sleep(max(0.0, began + position * seconds - perf_counter()))
            self._begin([chat], 1)
        await self._end()

    async def _end(self) -> None:
        async with asyncio.timeout(PATIENCE):
            await self._quiet.wait()

    def _begin(self, chats: list[int], acts: int) -> None:
        self._quiet.clear()
        self._busy.update(chats)
        for chat in chats:
            self._stop_at[chat] = self._at.get(chat, 0) + acts
            self._act(chat)

    def _act(self, chat: int) -> None:
        act = TALK[self._at.setdefault(chat, 0)]
        self._since[chat] = perf_counter()
        if act.typed:
            self.fake.says(chat, act.label)
        else:
            self.fake.presses_on(chat, self._shown[chat], act.label)

    def _hears(self, chat: int, shown: Message) -> None:
        self.waits.append(perf_counter() - self._since[chat])
        self._shown[chat] = shown
        self._at[chat] += 1
        if len(self.screens) < UPDATES and chat == 1001:
            self.screens.append(shown)
        if self._at[chat] < self._stop_at[chat]:
            self._act(chat)
            return
        self._busy.discard(chat)
        if self._to_come:
            self._begin([self._to_come.pop()], self._stop_at[chat])
        if not self._busy:
            self._quiet.set()

    async def presses_answered(self, people: int) -> None:
        """Wait until every press of whole talks was acknowledged, too: that may come after the screen."""
        async with asyncio.timeout(PATIENCE):
            while self.fake.presses < people * PRESSES:
                await asyncio.sleep(0.01)
