"""Whom a notice is for. One pure function decides, for the counts before and for the sending: so they agree."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from storage.notice_rows import Person

__all__ = ["TELLING", "Audience", "Count", "Left", "OutOfReach", "Person", "count", "left_out"]

#: An audience smaller than this may tell who is in it (rulings 33).
TELLING = 5


class Left(StrEnum):
    """Why somebody whom the audience names is left out. The first that fits is the one that is said."""

    STOPPED = "stopped"  # wants no news
    BLOCKED = "blocked"  # cannot be reached at this address
    URGENT = "urgent"  # an urgent request is open
    UNASKED = "unasked"  # never agreed that we keep anything
    RECENT = "recent"  # a notice came only just now
    LACKING = "lacking"  # there is no text in their language, and they were left out knowingly
    SHUT = "shut"  # WhatsApp lets nobody write, and no text is approved in their language


class OutOfReach(Exception):
    """The audience is at places that somebody may not write to."""


@dataclass(frozen=True, slots=True)
class Audience:
    """A question about each person; an empty field asks nothing, several fields must all fit.

    places: where they live or whose news they follow. seen_days: seen within so many days. rest_hours: left out
    when a notice came within so many hours.
    """

    locales: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    guides: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    event: int | None = None
    group: int | None = None
    seen_days: int | None = None
    rest_hours: int = 0

    def names(self, person: Person, now: datetime) -> bool:
        """Whether the audience is about this person."""
        return (
            _fits(self.locales, {person.locale})
            and _fits(self.places, {person.place, *_of(person, "place")})
            and _fits(self.topics, _of(person, "topic"))
            and _fits(self.channels, {person.channel})
            and _fits(self.guides, {person.guide})
            and _fits(self.days, person.days)
            and (self.event is None or self.event in person.events)
            and (self.group is None or self.group in person.groups)
            and (self.seen_days is None or person.seen_at >= now - timedelta(days=self.seen_days))
        )

    def within(self, places: Collection[str]) -> Audience:
        """The same for somebody who may reach these places alone. Raises OutOfReach where it names none of them."""
        reached = tuple(place for place in self.places or sorted(places) if place in places)
        if not reached:
            raise OutOfReach  # an empty field would ask nothing, and so reach everybody
        return replace(self, places=reached)

    def dump(self) -> str:
        """As JSON, without what asks nothing."""
        asked = {name: value for name, value in asdict(self).items() if value not in ((), None, 0)}
        return json.dumps(asked, sort_keys=True)

    @classmethod
    def load(cls, text: str) -> Audience:
        """What dump wrote."""
        found: Mapping[str, Any] = json.loads(text)
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in found.items()
        }
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Count:
    """Who would get it. by_locale, by_channel: of those who would; lacking: of those who speak what has no text yet.

    teased: of those who would, how many get an approved text first and the notice when they write.
    """

    reached: int = 0
    left: Mapping[Left, int] = field(default_factory=dict)
    by_locale: Mapping[str, int] = field(default_factory=dict)
    by_channel: Mapping[str, int] = field(default_factory=dict)
    lacking: Mapping[str, int] = field(default_factory=dict)
    teased: int = 0

    @property
    def tells_who(self) -> bool:
        """Whether so few get it that the notice may tell who they are."""
        return 0 < self.reached < TELLING


def left_out(
    person: Person, audience: Audience, now: datetime, texts: Collection[str], leave_out: Collection[str] = ()
) -> Left | None:
    """Why somebody whom the audience names gets nothing; None: they get it.

    texts: languages that have a text. leave_out: languages whose people are knowingly left out without one.
    """
    rested = person.noticed_at is None or person.noticed_at <= now - timedelta(hours=audience.rest_hours)
    reasons = (
        (Left.STOPPED, person.stopped),
        (Left.BLOCKED, person.blocked),
        (Left.URGENT, person.urgent),
        (Left.UNASKED, not person.agreed),
        (Left.RECENT, not rested),
        (Left.LACKING, person.locale not in texts and person.locale in leave_out),
        (Left.SHUT, not person.writable),
    )
    return next((reason for reason, holds in reasons if holds), None)


def count(
    people: Iterable[Person], audience: Audience, now: datetime, texts: Collection[str], leave_out: Collection[str] = ()
) -> Count:
    """Who of these people gets a notice that has texts in these languages, and who does not, and why."""
    named = (person for person in people if audience.names(person, now))
    return tally(((person, left_out(person, audience, now, texts, leave_out)) for person in named), texts)


def tally(decided: Iterable[tuple[Person, Left | None]], texts: Collection[str]) -> Count:
    """The count of what was decided about each person; None: they get it."""
    left: Counter[Left] = Counter()
    locales: Counter[str] = Counter()
    channels: Counter[str] = Counter()
    lacking: Counter[str] = Counter()
    teased = 0
    for person, why in decided:
        if person.locale not in texts and why in {None, Left.LACKING}:
            lacking[person.locale] += 1
        if why is not None:
            left[why] += 1
            continue
        locales[person.locale] += 1
        channels[person.channel] += 1
        teased += not person.free
    return Count(locales.total(), left, locales, channels, lacking, teased)


def _fits(asked: Collection[str], has: Collection[str]) -> bool:
    return not asked or any(one in has for one in asked)


def _of(person: Person, kind: str) -> frozenset[str]:
    return frozenset(what.partition(":")[2] for what in person.follows if what.startswith(f"{kind}:"))
