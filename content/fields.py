"""What every content model is made of: strictness, ids, days, and the place of each value in its file."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, PrivateAttr

from i18n.text import Template

REVIEW_MONTHS = 3  # a fact is looked at again after so long, unless it says another day (ruling 21)
Where = tuple[str | int, ...]  # keys and positions that lead from the top of a file to a value

Strength = Literal["official", "check", "weak", "unknown"]
RequestType = Literal[
    "step_help",
    "question",
    "talk",
    "language",
    "isolation",
    "interpreter",
    "goods",
    "complaint",
    "legal",
    "urgent",
]
# "Not said" is what an undocumented person gets: a choice without a value, never stored.
STATUSES = frozenset(
    {"refugee", "subsidiary", "asylum_seeker", "registered", "temporary_protection", "permanent"},
)


@dataclass(frozen=True, slots=True)
class Origin:
    """The file that a model was read from, and the line (from 1) of each value in it."""

    file: str = ""
    lines: Mapping[Where, int] = field(default_factory=dict)

    def line(self, *path: str | int) -> int:
        """Line of the value at `path`, or of the nearest thing round it that the file has."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


class Strict(BaseModel):
    """A model that takes no unknown key and guesses no type."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Located(Strict):
    """A whole file; it remembers where its values stand."""

    _origin: Origin = PrivateAttr(default_factory=Origin)

    @property
    def origin(self) -> Origin:
        """Where this was read from; empty for a model that was made in code."""
        return self._origin

    def at(self, origin: Origin) -> Self:
        """Remember where this was read from; called once, by the reader of the file."""
        self._origin = origin
        return self


def months_after(day: date, months: int) -> date:
    """Return the same day of a later month, or that month's last day where it is shorter."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _matching(pattern: str, rule: str) -> Callable[[str], str]:
    compiled = re.compile(pattern)

    def check(value: str) -> str:
        if not compiled.fullmatch(value):
            raise ValueError(f"{value!r}: {rule}")
        return value

    return check


def _id_type(longest: int) -> AfterValidator:
    rule = f"an id has 1 to {longest} characters of a-z, 0-9 and -"
    return AfterValidator(_matching(rf"[a-z0-9-]{{1,{longest}}}", rule))


def _to_day(value: object) -> object:
    if isinstance(value, str):
        return date.fromisoformat(_matching(r"\d{4}-\d\d-\d\d", 'a day is written "2026-12-31"')(value))
    return value


def _in_our_time(value: date | None) -> date | None:
    if value is not None and not 2000 <= value.year < 3000:
        raise ValueError(f"the year {value.year} is a slip")
    return value


def _to_day_or_none(value: object) -> object:
    return None if value == "" else _to_day(value)


def _to_clock(value: object) -> object:
    if isinstance(value, str):
        return time.fromisoformat(_matching(r"\d\d:\d\d", 'a time is written "09:00"')(value))
    return value


def _trimmed(value: str) -> str:
    if value != value.strip() or not value:
        raise ValueError("a text is not empty and has no space at its ends")
    return value


def _without_braces(value: str) -> str:
    if "{" in value or "}" in value:
        raise ValueError("no braces: nothing is filled in here")
    return value


def _fillable(value: str) -> str:
    Template.parse(value, "this text")
    return value


# Buttons carry guide, step and choice in 64 bytes together with a tag; hence the lengths.
GuideId = Annotated[str, _id_type(20)]
StepId = Annotated[str, _id_type(20)]
ChoiceId = Annotated[str, _id_type(12)]
Id = Annotated[str, _id_type(24)]
Name = Annotated[str, AfterValidator(_matching(r"[a-z0-9_-]{1,24}", "1 to 24 characters of a-z, 0-9, - and _"))]
SourceId = Annotated[
    str, AfterValidator(_matching(r"[A-Z0-9-]{1,24}", "a source has 1 to 24 characters of A-Z, 0-9 and -"))
]
LocaleCode = Annotated[
    str, AfterValidator(_matching(r"[a-z]{2,3}(_[A-Z][A-Za-z]{1,3})?", 'a language is written "ar" or "sr_Latn"'))
]
SourceDate = Annotated[
    str,
    AfterValidator(
        _matching(r"undated|\d{4}(-\d\d){0,2}", 'a source date is "undated", "2024", "2024-05" or "2024-05-16"')
    ),
]
Text = Annotated[str, AfterValidator(_trimmed), AfterValidator(_without_braces)]
FillableText = Annotated[str, AfterValidator(_trimmed), AfterValidator(_fillable)]
Day = Annotated[date, BeforeValidator(_to_day), AfterValidator(_in_our_time)]
DayOrNone = Annotated[date | None, BeforeValidator(_to_day_or_none), AfterValidator(_in_our_time)]
Clock = Annotated[time, BeforeValidator(_to_clock)]
