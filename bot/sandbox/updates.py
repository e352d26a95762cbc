"""The queue of updates and Telegram's rules for handing them out.

Rules and figures: tdlib/telegram-bot-api (`Client.cpp`, `TQueue.cpp`). Two are left out, which would only slow tests
down: there a refused poller waits three seconds, and so does one that comes again at once with a short timeout.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from telegram import TelegramObject, Update

from bot.sandbox.refusals import OTHER_POLLER, conflict
from bot.sandbox.shapes import as_json
from bot.sandbox.spec import Json

LONGEST_WAIT = 50
"""Seconds of one long poll, whatever is asked."""
LARGEST_BATCH = 100
REPEAT = 0.5
"""Seconds in which a poll from the same offset gets one update only."""
AHEAD = 10
"""An offset further than this above the next id is not believed: nothing is confirmed by it."""
IDLE = timedelta(days=7)
"""After so long without an update the next id is a random one."""
FIRST_ID = 500_000_000
REMEMBERED = 10_000
"""Confirmed updates that may still be offered again."""
ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
DEFAULT_KINDS = frozenset(Update.ALL_TYPES) - ON_REQUEST


@dataclass(slots=True, eq=False)
class Offer:
    """An update until it is confirmed or too old. One that is offered again stays until it was handed out again."""

    id: int
    body: dict[str, Json]
    expires: datetime
    again: bool = False


class UpdateQueue:
    """Updates in the order in which they happened, until they are confirmed or too old."""

    def __init__(self, clock: Callable[[], datetime], ticks: Callable[[], float], chance: Random) -> None:
        """`clock` decides what is too old, `ticks` (seconds) what is a repeat; both may be virtual."""
        self.kinds: Collection[str] = DEFAULT_KINDS
        self.waiting = 0
        """Polls that wait: one, or for a moment the one that is to end and its successor."""
        self._clock = clock
        self._ticks = ticks
        self._chance = chance
        self._next_id = FIRST_ID
        self._offers: list[Offer] = []
        self._confirmed: deque[Offer] = deque(maxlen=REMEMBERED)
        self._last_added: datetime | None = None
        self._last_poll = (-1, -math.inf)
        self._poller = 0
        self._interruption: str | None = OTHER_POLLER
        self._changed = asyncio.Condition()

    def __len__(self) -> int:
        """How many updates wait to be confirmed, redelivered ones among them."""
        self._drop_expired()
        return len(self._offers)

    async def add(self, kind: str, thing: TelegramObject, keep: timedelta) -> int | None:
        """A new update of this kind, gone after `keep`; its id, or None where the bot does not want the kind."""
        if kind not in self.kinds:
            return None
        now = self._clock()
        if self._last_added is not None and now - self._last_added >= IDLE:
            self.jump()
        self._last_added = now
        number, self._next_id = self._next_id, self._next_id + 1
        body = as_json(Update(number, **{kind: thing}))  # type: ignore[arg-type]
        self._offers.append(Offer(number, body, now + keep))
        await self._wake()
        return number

    def jump(self) -> None:
        """The next update gets a random id, as after a week without any."""
        self._next_id = self._chance.randrange(1, 2**31 - 1)

    async def redeliver(self, share: float) -> int:
        """Offer a share (0 to 1) of the confirmed updates again under their old ids; how many that are."""
        picked = self._chance.sample(list(self._confirmed), math.ceil(share * len(self._confirmed)))
        for offer in picked:
            self._confirmed.remove(offer)
            offer.again = True
        self._offers = sorted(picked, key=lambda offer: offer.id) + self._offers
        await self._wake()
        return len(picked)

    def clear(self) -> None:
        """Forget what waits (drop_pending_updates)."""
        self._offers.clear()

    async def interrupt(self, reason: str | None) -> int:
        """End the waiting poll: refused for this reason, or with an empty answer where there is none.

        The number of the poll that may wait from now on.
        """
        self._poller = successor = self._poller + 1
        self._interruption = reason
        await self._wake()
        return successor

    async def poll(self, offset: int, limit: int, timeout: int) -> list[Json]:
        """What getUpdates answers; `timeout` in seconds. Refused where a later poller takes over."""
        limit = min(max(limit, 1), LARGEST_BATCH)
        now = self._ticks()
        if self._last_poll[0] == offset and now - self._last_poll[1] < REPEAT:
            limit = 1
        self._last_poll = (offset, now)
        self._confirm_below(offset + self._next_id if offset < 0 else offset)
        if timeout > 0 and not len(self):
            await self._wait(min(timeout, LONGEST_WAIT))
        batch = self._offers[:limit] if len(self) else []
        for offer in batch:
            offer.again = False
        return [offer.body for offer in batch]

    async def _wait(self, seconds: float) -> None:
        """Until there is something to hand out; one poller waits at a time, and the last comer is the one."""
        mine = await self.interrupt(OTHER_POLLER)
        self.waiting += 1
        try:
            async with asyncio.timeout(seconds), self._changed:
                await self._changed.wait_for(lambda: self._poller != mine or len(self) > 0)
        except TimeoutError:
            return
        finally:
            self.waiting -= 1
        if self._poller != mine and self._interruption is not None:
            raise conflict(self._interruption)

    def _confirm_below(self, offset: int) -> None:
        if offset > self._next_id + AHEAD:
            return
        confirmed = [offer for offer in self._offers if offer.id < offset and not offer.again]
        if confirmed:
            self._confirmed.extend(confirmed)
            self._offers = [offer for offer in self._offers if offer.id >= offset or offer.again]

    def _drop_expired(self) -> None:
        now = self._clock()
        if any(offer.expires <= now for offer in self._offers):
            self._offers = [offer for offer in self._offers if offer.expires > now]

    async def _wake(self) -> None:
        async with self._changed:
            self._changed.notify_all()
