"""What befalls the product: kills at random moments, updates that come again, a Telegram whose clock we hold."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from tests.reliability.ledger import Ledger
from tests.reliability.product import Product
from tests.reliability.wire import Wire

WITHIN = 0.3  # seconds in which a kill comes, after its moment and the product's first sign of life
EARLY = 0.15  # share of kills that do not wait for a sign of life
STARTING = 1.5  # seconds in which such a kill comes
BEFORE_COMMIT = 0.004  # seconds in which a kill comes after updates were handed out
NOTHING_COMES = 5.0  # seconds until a kill no longer waits for updates to be handed out
#: Lets the channel bring a share of what it brought once more; how much that was.
Redeliver = Callable[[float], Awaitable[int]]

OUTAGE = timedelta(minutes=10)
SLOWER = 100


class Clock:
    """Telegram's clock. It goes a hundred times slower, so that a press may be offered again however late."""

    def __init__(self) -> None:
        self._began = datetime.now(UTC)
        self._jumped = timedelta()

    def __call__(self) -> datetime:
        """The time it is there."""
        return self._began + (datetime.now(UTC) - self._began) / SLOWER + self._jumped

    def forward(self, by: timedelta) -> None:
        """Let time pass."""
        self._jumped += by


@dataclass(slots=True)
class Counts:
    """What was done to the product.

    before_commit: kills that came before all that was handed out was stored. endings: seconds from each SIGTERM to the
    end. bad_exits: of those, with another code than 0.
    """

    kills: int = 0
    sending_at_kills: int = 0
    before_commit: int = 0
    redelivered: int = 0
    bad_exits: int = 0
    endings: list[float] = field(default_factory=list)


class Storm:
    """Kills and redeliveries at moments that are drawn beforehand; a moment is the number of an act.

    at_handover: every kill comes right after updates were handed out, and for Telegram the product is then away for
    ten minutes. gently: the product is asked to end (SIGTERM) instead.
    """

    def __init__(
        self,
        redeliver: Redeliver,
        wire: Wire,
        product: Product,
        clock: Clock,
        chance: Random,
        *,
        at_handover: bool,
        gently: bool,
    ) -> None:
        self._redeliver = redeliver
        self._wire = wire
        self._product = product
        self._clock = clock
        self._chance = chance
        self._at_handover = at_handover
        self._gently = gently
        self._ledger = Ledger(product.folder)
        self._acts = asyncio.Queue[None]()
        self._acted = 0
        self._handed_out: set[int] = set()
        self._handover = asyncio.Event()
        wire.handed_out = self._note
        self.counts = Counts()

    def acted(self) -> None:
        """Somebody has done something."""
        self._acted += 1
        self._acts.put_nowait(None)

    @property
    def behind(self) -> int:
        """Acts whose moments have not come yet: who talks without waiting for answers should not run far ahead."""
        return self._acts.qsize()

    async def up(self) -> None:
        """Wait until the product works."""
        await self._wire.up.wait()
        self._product.works()

    async def rage(self, updates: int, kills: int, redeliver: float) -> None:
        """Until `updates` acts are done; the product runs already. redeliver: share of updates to come again."""
        moments = range(1, updates + 1)
        deadly = frozenset(self._chance.sample(moments, kills))
        repeating = frozenset(self._chance.sample(moments, round(redeliver * updates)))
        owed = 0
        for moment in moments:
            await self._acts.get()
            owed += moment in repeating
            if owed > 0:
                # Of all that were confirmed, at most as many as there were acts, this picks one; none at first. (Of
                # what people did before the storm it picks a few more.)
                came_again = await self._redeliver(1 / self._acted)
                self.counts.redelivered += came_again
                owed -= came_again
            if moment in deadly:
                await self._strike()
        await self.up()

    async def _strike(self) -> None:
        await self._wait_for_the_moment()
        if self._gently:
            began = time.monotonic()
            self.counts.bad_exits += await self._product.terminate() != 0
            self.counts.endings.append(round(time.monotonic() - began, 2))
        else:
            self._product.kill()
            await self._product.ended()
        self._wire.up.clear()
        self.counts.kills += 1
        self.counts.sending_at_kills += self._ledger.sending()
        self.counts.before_commit += len(self._handed_out) > self._ledger.stored()
        if self._at_handover:
            self._clock.forward(OUTAGE)
        await self._product.start()

    async def _wait_for_the_moment(self) -> None:
        if self._at_handover:
            await self.up()
            self._handover.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._handover.wait(), NOTHING_COMES)
            await asyncio.sleep(self._chance.uniform(0, BEFORE_COMMIT))
        elif not self._gently and self._chance.random() < EARLY:
            await asyncio.sleep(self._chance.uniform(0, STARTING))
        else:
            await self.up()
            await asyncio.sleep(self._chance.uniform(0, WITHIN))

    def _note(self, ids: list[int]) -> None:
        self._handed_out.update(ids)
        self._handover.set()
