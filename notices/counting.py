"""Whom a later act on a broadcast would reach: counted by the rule by which it is sent. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from notices import audience
from notices.audience import Count, Left
from notices.later import Spared, Way
from storage.notice_rows import Person

Decided = tuple[Person, Way | Left | Spared | None]


def tally(decided: Iterable[Decided], texts: Collection[str]) -> Count:
    """The count of what was decided about each person. Who has nothing to be done for is in no number."""
    concerned = ((person, what) for person, what in decided if isinstance(what, Way | Left))
    return audience.tally(((person, what if isinstance(what, Left) else None) for person, what in concerned), texts)
