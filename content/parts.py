"""The smaller parts of a guide: its intro, papers, clerk cards, deadlines and changes."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from content.fields import Day, Id, StepId, Strict, Text


class Intro(Strict):
    """The card before the first step: what one gets, for whom, and the facts that matter before one begins."""

    gives: Text
    for_whom: Text
    facts: tuple[Id, ...] = ()


class Paper(Strict):
    """A paper to bring. local: its name at the counter, in the local script."""

    id: Id
    text: Text
    local: Text | None = None
    fact: Id | None = None


class ClerkCard(Strict):
    """Something to show at a counter. local: what the clerk reads; gloss: what it means."""

    local: Text
    gloss: Text


class Deadline(Strict):
    """A time limit that runs from an anchor, an event in the person's life. Exactly one of months and days.

    remind_months, remind_days: when to remind, counted from the anchor.
    """

    id: Id
    anchor: Id
    months: int | None = Field(default=None, ge=1)
    days: int | None = Field(default=None, ge=1)
    remind_months: tuple[int, ...] = ()
    remind_days: tuple[int, ...] = ()
    fact: Id | None = None

    @model_validator(mode="after")
    def _has_one_unit(self) -> Self:
        if (self.months is None) == (self.days is None):
            raise ValueError("a deadline has either months or days")
        if (self.months is None and self.remind_months) or (self.days is None and self.remind_days):
            raise ValueError("reminders count in the unit of their deadline")
        if any(not 0 < at <= (self.months or self.days or 0) for at in self.remind_months + self.remind_days):
            raise ValueError("a reminder lies between the anchor and the deadline")
        return self


class Change(Strict):
    """What changed on a day, told to those who come back. steps: the steps that it touches."""

    date: Day
    text: Text
    steps: tuple[StepId, ...] = ()
