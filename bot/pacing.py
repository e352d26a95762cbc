"""How fast we may send: one bucket for all chats of a bot, one for each conversation, and how much one person may ask.

Buckets are pyrate-limiter's sliding logs: its GCRA lets bursts of 49 a second through at 25 (libraries.md).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum
from math import ceil
from typing import Protocol

from pyrate_limiter import InMemoryBucket, Rate, RateItem

SECOND = 1000  # milliseconds, the unit of a Rate
TENTH = 100  # milliseconds
MOST_BUCKETS = 20_000  # conversations that are remembered at once


class SendPace(Protocol):
    """How fast all sends of one bot together may go."""

    def free(self) -> int:
        """How many may go out now, as far as is known here."""
        ...

    def wait(self) -> float:
        """Seconds until one more may go out; 0: it may go now."""
        ...

    async def take(self) -> float:
        """Count one that goes out now. 0: it may; else nothing was counted, and these are the seconds to wait."""
        ...


class BotPace:
    """The bucket that all sends of one bot share: at most `per_second` in any second, a tenth of them in any tenth.

    The second window spreads a burst: what left at once does not arrive at once, and what leaves a second later may
    catch up with it. Without it 75 people at once brought 15 refusals of a server that takes 30 in any second.

    The first second counts as half used: a process that was here before may have sent in it, and the first sends of a
    new one are slow, so that the next ones catch up with them.
    """

    def __init__(self, per_second: float, now_ms: Callable[[], int]) -> None:
        most = max(1, int(per_second))
        self._windows = (_Window(most, SECOND), _Window(ceil(most * TENTH / SECOND), TENTH))
        self._now_ms = now_ms
        self._spent_before = most // 2

    def free(self) -> int:
        """See SendPace."""
        return min(window.free(self._now_ms()) for window in self._windows)

    async def take(self) -> float:
        """See SendPace. Never refuses: what `free` allowed was claimed by us alone."""
        self.count()
        return 0.0

    def count(self) -> None:
        """Count one that goes out now, whatever the bucket holds."""
        now = self._now_ms()
        while self._spent_before:
            self._windows[0].bucket.put(RateItem("message", now))
            self._spent_before -= 1
        for window in self._windows:
            window.bucket.put(RateItem("message", now))

    def wait(self) -> float:
        """See SendPace."""
        return max(window.wait(self._now_ms()) for window in self._windows) / SECOND


class _Window:
    """At most so many in any so many milliseconds."""

    def __init__(self, most: int, interval: int) -> None:
        self.bucket = InMemoryBucket([Rate(most, interval)])
        self._most = most
        self._interval = interval

    def free(self, now: int) -> int:
        self.bucket.leak(now)
        return self._most - self.bucket.count()

    def wait(self, now: int) -> int:
        """Milliseconds. The bucket itself tells them only after it refused something, and nobody asks it for that."""
        first = self.bucket.peek(self._most - 1)
        assert first is None or isinstance(first, RateItem), "a bucket in memory answers at once"
        return 0 if first is None else max(first.timestamp + self._interval + 1 - now, 0)


class ConversationPace:
    """A bucket for each conversation: `burst` messages at once, `per_second` in the long run."""

    def __init__(self, per_second: float, burst: int, now_ms: Callable[[], int]) -> None:
        self._rate = Rate(burst, max(1, int(burst / per_second * SECOND)))
        self._now_ms = now_ms
        self._buckets: OrderedDict[int, InMemoryBucket] = OrderedDict()

    def wait(self, conversation_id: int) -> float:
        """Seconds until one more may go to this conversation; 0: it may go now, and is counted."""
        bucket = self._buckets.pop(conversation_id, None) or InMemoryBucket([self._rate])
        self._buckets[conversation_id] = bucket
        if len(self._buckets) > MOST_BUCKETS:
            self._buckets.popitem(last=False)
        item = RateItem("message", self._now_ms())
        bucket.leak(item.timestamp)
        return 0.0 if bucket.put(item) else _seconds(bucket, item)


def _seconds(bucket: InMemoryBucket, item: RateItem) -> float:
    waiting = bucket.waiting(item)
    assert isinstance(waiting, int), "a bucket in memory answers at once"
    return max(waiting, 1) / SECOND


class Pressure(Enum):
    """How much one person asked in the last minute."""

    CALM = "calm"
    TELL = "tell"  # too much from now on: say so, once
    SHED = "shed"  # not answered, counted


class PersonPace:
    """Floods of one person: above `soft` events a minute one notice, above `hard` nothing is answered.

    Everything is stored before it comes here; what is shed is counted. shed: how many since the start.
    """

    def __init__(self, soft: int, hard: int) -> None:
        self._soft = soft
        self._hard = hard
        self._windows: OrderedDict[int, tuple[datetime, int]] = OrderedDict()
        self.shed = 0

    def press(self, conversation_id: int, now: datetime) -> Pressure:
        """Count one event of a person."""
        began, count = self._windows.pop(conversation_id, (now, 0))
        if now - began >= timedelta(minutes=1):
            began, count = now, 0
        count += 1
        self._windows[conversation_id] = (began, count)
        if len(self._windows) > MOST_BUCKETS:
            self._windows.popitem(last=False)
        if count > self._hard:
            self.shed += 1
            return Pressure.SHED
        return Pressure.TELL if count == self._soft + 1 else Pressure.CALM
