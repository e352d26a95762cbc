"""Occasions: days in somebody's own life of which they can ask to be reminded. Their file, and how it is read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from content.compiled import Compiled
from content.fields import Day, Id, Located, Name, StepId, Strict, Text, months_after
from content.problems import ContentError, Problem
from content.reading import read_file
from content.schema import Fact

#: The translators' domain, and what stands in place of a guide where a reminder or a button names one.
OCCASIONS = "occasions"
_Month = Annotated[int, Field(ge=1, le=60)]
_Days = Annotated[int, Field(ge=0, le=90)]


class Occasion(Strict):
    """A day that somebody tells, and when to remind of it. Exactly one rule.

    after_months: so long after a day that has been. before_days alone: so long before a day that is to come.
    every_months: again and again, counted from any day; before_days is then how long before each time.
    anchor: the event; guides and occasions with the same one share its day. facts: ids of what is known of the rule.
    ends: endings of guides (guide.step) at which it is offered.
    """

    id: StepId
    icon: Name
    anchor: Id
    name: Text
    asks: Text
    after_months: tuple[_Month, ...] = ()
    before_days: tuple[_Days, ...] = ()
    every_months: _Month | None = None
    facts: tuple[Id, ...] = ()
    ends: tuple[str, ...] = ()

    @property
    def repeats(self) -> bool:
        """Whether it comes again and again."""
        return self.every_months is not None

    @property
    def lies_behind(self) -> bool:
        """Whether its day has been; the day of others is to come, or may be either where they repeat."""
        return bool(self.after_months)

    def reminder_days(self, anchor: date) -> Iterator[date]:
        """The days on which one is reminded, the first one first; without an end where it repeats.

        Months count from the anchor, not from one another: from 31 January the next ones are 28 February and 31 March.
        Raises ValueError or OverflowError after the year 9999.
        """
        if self.every_months is None:
            found = [months_after(anchor, months) for months in self.after_months]
            yield from sorted(found or [anchor - timedelta(days=days) for days in self.before_days])
            return
        before = timedelta(days=max(self.before_days, default=0))
        for number in count():
            yield months_after(anchor, number * self.every_months) - before

    @model_validator(mode="after")
    def _has_one_rule(self) -> Self:
        if self.repeats:
            if self.after_months or len(self.before_days) > 1:
                raise ValueError("what repeats has no after_months and at most one number in before_days")
        elif bool(self.after_months) == bool(self.before_days):
            raise ValueError("an occasion has one rule: after_months, before_days or every_months")
        return self


class Occasions(Located):
    """Those of a country, in the order of the screen. owner: who confirmed the facts; None = nobody yet."""

    country: Id
    checked_on: Day
    review_by: Day
    owner: str | None = None
    facts: dict[Id, Fact] = Field(default_factory=dict)
    occasions: tuple[Occasion, ...] = ()

    def find(self, id: str) -> Occasion | None:
        """The occasion, or None where there is none (any more)."""
        return next((one for one in self.occasions if one.id == id), None)


def read_occasions(
    root: Path, country: str, icons: Collection[str], sources: Collection[str], compiled: Compiled | None
) -> tuple[Occasions | None, tuple[Problem, ...]]:
    """The occasions of a country, and what is wrong; where anything is, there are none, and all else works on."""
    path = root / OCCASIONS / f"{country}.yaml"
    if not path.exists():
        return None, ()
    try:
        found = read_file(path, Occasions, compiled)
    except ContentError as error:
        return None, tuple(error.problems)
    problems = tuple(_faults(found, country, icons, sources))
    return None if problems else found, problems


def _faults(table: Occasions, country: str, icons: Collection[str], sources: Collection[str]) -> Iterator[Problem]:
    def problem(text: str, *where: str | int) -> Problem:
        return Problem(table.origin.file, table.origin.line(*where), text)

    if table.country != country:
        yield problem("country must be the name of the file", "country")
    for id, fact in table.facts.items():
        yield from (problem(text, "facts", id) for text in _missing("source", fact.sources, sources))
    seen: set[str] = set()
    for index, one in enumerate(table.occasions):
        if one.id in seen:
            yield problem(f"the id {one.id!r} stands twice", "occasions", index)
        seen.add(one.id)
        missing = (*_missing("icon", [one.icon], icons), *_missing("fact", one.facts, table.facts))
        yield from (problem(text, "occasions", index) for text in missing)


def _missing(what: str, ids: Iterable[str], known: Collection[str]) -> Iterator[str]:
    return (f"there is no {what} {id!r}" for id in ids if id not in known)


def unknown_ends(table: Occasions, endings: Mapping[str, Collection[str]]) -> Iterator[tuple[int, str]]:
    """Position of an occasion and an ending that it names and that no guide has. endings: by guide, ids of steps."""
    for index, one in enumerate(table.occasions):
        for end in one.ends:
            guide, _, step = end.partition(".")
            if step not in endings.get(guide, ()):
                yield index, end
