"""The smaller parts of a guide: its intro, papers, clerk cards, deadlines and changes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Self

from pydantic import Field, model_validator

from content.fields import Day, Id, StepId, Strict, Text, months_after


class Intro(Strict):
    """The card before the first step: what one gets, for whom, and the facts that matter before one begins."""

    gives: Text
    for_whom: Text
    facts: tuple[Id, ...] = ()


class Rules(Strict):
    """Rules that may come into force again. The record rules_active.<guide> switches them on and off.

    fact: what holds while they are active; its text comes from a record, and stands first on the intro and the first
    step. replaces: facts that do not hold then.
    """

    active: bool
    fact: Id
    replaces: tuple[Id, ...] = ()


class Paper(Strict):
    """A paper to bring. local: its name at the counter, in the local script.

    label: a short name for its button in the checklist; where there is none, the text itself is short enough.
    """

    id: StepId  # a button carries it beside the guide's id
    text: Text
    label: Text | None = None
    local: Text | None = None
    fact: Id | None = None


class ClerkCard(Strict):
    """Something to show at a counter. local: what the clerk reads; gloss: what it means."""

    local: Text
    gloss: Text


class Deadline(Strict):
    """A time limit that runs from an anchor, an event in the person's life. Exactly one of months and days.

    remind_months, remind_days: when to remind, counted from the anchor.
    asks: the question for the day of the anchor. what: what the last day is. A step that asks for the day needs both.
    """

    id: Id
    anchor: Id
    asks: Text | None = None
    what: Text | None = None
    months: int | None = Field(default=None, ge=1)
    days: int | None = Field(default=None, ge=1)
    remind_months: tuple[int, ...] = ()
    remind_days: tuple[int, ...] = ()
    fact: Id | None = None

    def last_day(self, anchor: date) -> date:
        """The day on which the time is over; a month later is the same day, or the last one of a shorter month.

        Raises OverflowError or ValueError after the year 9999.
        """
        return anchor + timedelta(days=self.days) if self.days else months_after(anchor, self.months or 0)

    def reminder_days(self, anchor: date) -> list[date]:
        """The days on which one is reminded, the first one first."""
        days = [months_after(anchor, months) for months in self.remind_months]
        return sorted(days + [anchor + timedelta(days=days) for days in self.remind_days])

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
