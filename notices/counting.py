"""Whom a later act on a broadcast would reach: counted by the rule by which it is sent. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from notices.audience import Count, Left
from notices.later import Spared, Way
from storage.notice_rows import Person

Decided = tuple[Person, Way | Left | Spared | None]


def tally(decided: Iterable[Decided], texts: Collection[str]) -> Count:
    """The count of what was decided about each person. Who has nothing to be done for is in no number."""
    left: Counter[Left] = Counter()
    locales: Counter[str] = Counter()
    channels: Counter[str] = Counter()
    lacking: Counter[str] = Counter()
    for person, what in decided:
        if person.locale not in texts and (isinstance(what, Way) or what is Left.LACKING):
            lacking[person.locale] += 1
        if isinstance(what, Left):
            left[what] += 1
        elif isinstance(what, Way):
            locales[person.locale] += 1
            channels[person.channel] += 1
    return Count(locales.total(), left, locales, channels, lacking)
