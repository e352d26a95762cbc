"""The honest promise: by when somebody looks at a request, from the organisation's working calendar. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import holidays

LONGEST_SEARCH = 366  # days; a calendar with no open day in a year is a mistake


@dataclass(frozen=True, slots=True)
class Country:
    """Time zone and the country code of its public holidays."""

    zone: str
    holidays: str


COUNTRIES = {"serbia": Country("Europe/Belgrade", "RS"), "latvia": Country("Europe/Riga", "LV")}


class NeverOpen(Exception):
    """The calendar has no open day within a year."""


@dataclass(frozen=True)
class Calendar:
    """When the organisation works, in the country's own time.

    weekdays: 1 = Monday. closed: days closed beside public holidays. answer_within: hours.
    """

    country: str
    opens: time
    closes: time
    weekdays: Collection[int]
    closed: Collection[date]
    answer_within: int

    @cached_property
    def zone(self) -> ZoneInfo:
        """The country's time zone."""
        return ZoneInfo(COUNTRIES[self.country].zone)

    @cached_property
    def _public_holidays(self) -> holidays.HolidayBase:
        return holidays.country_holidays(COUNTRIES[self.country].holidays)

    def local(self, moment: datetime) -> datetime:
        """The moment on the country's clocks."""
        return moment.astimezone(self.zone)

    def is_open_day(self, day: date) -> bool:
        """Whether somebody works on this day."""
        return day.isoweekday() in self.weekdays and day not in self.closed and day not in self._public_holidays

    def is_open(self, now: datetime) -> bool:
        """Whether somebody works at this moment (aware)."""
        there = self.local(now)
        return self.is_open_day(there.date()) and self.opens <= there.time() < self.closes

    def promise(self, now: datetime) -> datetime:
        """By when a request of `now` (aware) is looked at, on the country's clocks.

        `answer_within` working hours later: what does not fit into a day goes on at the next opening (ruling 30).
        Raises NeverOpen.
        """
        # Counted in UTC: on the night of a clock change two hours on the country's clocks are one hour, or three.
        asked = now.astimezone(UTC).replace(second=0, microsecond=0)
        left = timedelta(hours=self.answer_within)
        today = self.local(now).date()
        day = today if self.is_open_day(today) else self._next_open_day(today)
        while True:
            begin = max(asked, self._at(day, self.opens))
            room = max(self._at(day, self.closes) - begin, timedelta())
            if left <= room:
                return self.local(begin + left)
            left -= room
            day = self._next_open_day(day)

    def _next_open_day(self, after: date) -> date:
        days = (after + timedelta(days=n) for n in range(1, LONGEST_SEARCH))
        day = next((day for day in days if self.is_open_day(day)), None)
        if day is None:
            raise NeverOpen
        return day

    def _at(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self.zone).astimezone(UTC)
