"""How fast we may send: one bucket for all chats of a bot, one for each conversation, and how much one person may ask.

Buckets are pyrate-limiter's sliding logs: its GCRA lets bursts of 49 a second through at 25 (libraries.md).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum

from pyrate_limiter import InMemoryBucket, Rate, RateItem

SECOND = 1000  # milliseconds, the unit of a Rate
MOST_BUCKETS = 20_000  # conversations that are remembered at once


class BotPace:
    """The bucket that all sends of one bot share: at most `per_second` in any second."""

    def __init__(self, per_second: float, now_ms: Callable[[], int]) -> None:
        self._most = max(1, int(per_second))
        self._bucket = InMemoryBucket([Rate(self._most, SECOND)])
        self._now_ms = now_ms

    def free(self) -> int:
        """How many may go out now."""
        self._bucket.leak(self._now_ms())
        return self._most - self._bucket.count()

    def take(self) -> None:
        """Count one that goes out now."""
        self._bucket.put(RateItem("message", self._now_ms()))

    def wait(self) -> float:
        """Seconds until one more may go out."""
        return _seconds(self._bucket, RateItem("message", self._now_ms()))


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
    # What went out exactly a second ago still counts.
    return (waiting + 1) / SECOND


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
