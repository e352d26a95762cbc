"""What is remembered of one person, in memory. For tests, for authors, and for `izi talk`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.channels.arrivals import Media
from bot.exchange import JOIN_MINUTES, Asked, Holdings, Opened
from bot.world import World
from storage.dossier import AskedFor, Dossier, SaidThen


@dataclass(slots=True)
class ScratchMemory:
    """Requests, feedback and forgetting, in lists. opened: when each request was opened and what was promised."""

    world: World
    clock: Callable[[], datetime]
    requests: list[Asked] = field(default_factory=list)
    opened: list[tuple[datetime, datetime]] = field(default_factory=list)
    joined: list[tuple[int, str]] = field(default_factory=list)
    ratings: list[tuple[str, str]] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    misses: list[tuple[str, ...]] = field(default_factory=list)
    ticks: list[tuple[str, str]] = field(default_factory=list)
    told: list[tuple[str, date]] = field(default_factory=list)
    media: list[tuple[int, Media]] = field(default_factory=list)
    most_media: int = 20
    cleared: int = 0
    forgotten: int = 0

    def open_request(self, asked: Asked) -> Opened:
        """See Memory."""
        now = self.clock()
        for latest, (at, promised_by) in zip(self.requests[-1:], self.opened[-1:], strict=True):
            same = _about(latest) == _about(asked)
            if same and now - at <= timedelta(minutes=JOIN_MINUTES):
                return Opened(len(self.requests), promised_by, fresh=False)
        promised_by = self.world.calendar.promise(now)
        self.requests.append(asked)
        self.opened.append((now, promised_by))
        return Opened(len(self.requests), promised_by)

    def join_request(self, number: int, words: str) -> None:
        """See Memory."""
        self.joined.append((number, words))

    def add_media(self, number: int, media: Media) -> bool:
        """See Memory."""
        self.media.append((number, media))
        return len(self.media) <= self.most_media

    def dossier(self) -> Dossier:
        """See Memory. Knows nothing but the requests and what joined them."""
        requests = [
            AskedFor(n, asked.type, asked.guide, asked.step, at, until, None, {}, {}, None)
            for n, (asked, (at, until)) in enumerate(zip(self.requests, self.opened, strict=True), 1)
        ]
        said = [SaidThen("in", words, self.clock(), number) for number, words in self.joined]
        return Dossier("", None, False, self.clock(), self.clock(), [], [], requests, said, [])

    def clear(self) -> None:
        """See Memory."""
        self.cleared += 1

    def note_miss(self, topic: str, words: Sequence[str]) -> None:
        """See Memory."""
        self.misses.append((topic, *words))

    def want_language(self, code: str) -> None:
        """See Memory."""
        self.languages.append(code)

    def rate(self, guide: str, value: str) -> None:
        """See Memory."""
        self.ratings.append((guide, value))

    def ticked(self, guide: str) -> frozenset[str]:
        """See Memory."""
        return frozenset(paper for of, paper in self.ticks if of == guide)

    def tick(self, guide: str, paper: str, *, ready: bool) -> None:
        """See Memory."""
        self.ticks = [row for row in self.ticks if row != (guide, paper)] + [(guide, paper)] * ready

    def days(self) -> Mapping[str, date]:
        """See Memory."""
        return dict(self.told)

    def keep_day(self, anchor: str, day: date) -> None:
        """See Memory."""
        self.told = [row for row in self.told if row[0] != anchor] + [(anchor, day)]

    def drop_day(self, anchor: str) -> None:
        """See Memory."""
        self.told = [row for row in self.told if row[0] != anchor]

    def holdings(self) -> Holdings:
        """See Memory."""
        return Holdings(
            messages=len(self.joined),
            requests=len(self.requests),
            media=len(self.media),
            ticks=len(self.ticks),
            days=len(self.told),
        )

    def forget(self) -> str:
        """See Memory."""
        self.forgotten += 1
        return "TESTCODE"


def _about(asked: Asked) -> tuple[str | int | None, ...]:
    return (asked.type, asked.guide, asked.step, asked.notice, asked.event)
