"""The honest promise: two working hours later on the country's clocks, whatever day and night it is."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.promise import Calendar, NeverOpen

BELGRADE = ZoneInfo("Europe/Belgrade")
MONDAY_TO_FRIDAY = frozenset(range(1, 6))


def calendar(
    country: str = "serbia",
    opens: time = time(9),
    closes: time = time(17),
    weekdays: Collection[int] = MONDAY_TO_FRIDAY,
    closed: Collection[date] = (),
    hours: int = 2,
) -> Calendar:
    return Calendar(country, opens, closes, frozenset(weekdays), frozenset(closed), hours)


USUAL = calendar()


def promised(asked: str, calendar: Calendar = USUAL) -> str:
    """When we promise to look at what was asked at this time on Belgrade's clocks."""
    return f"{calendar.promise(datetime.fromisoformat(asked).replace(tzinfo=BELGRADE)):%a %d %b %H:%M}"


@pytest.mark.parametrize(
    ("asked", "promise"),
    [
        ("2026-11-23 10:00", "Mon 23 Nov 12:00"),
        ("2026-11-23 07:15", "Mon 23 Nov 11:00"),
        ("2026-11-23 09:00", "Mon 23 Nov 11:00"),
        ("2026-11-23 15:00", "Mon 23 Nov 17:00"),
        ("2026-11-23 16:30", "Tue 24 Nov 10:30"),
        ("2026-11-23 17:00", "Tue 24 Nov 11:00"),
        ("2026-11-23 23:59", "Tue 24 Nov 11:00"),
        ("2026-11-20 16:30", "Mon 23 Nov 10:30"),
        ("2026-11-20 18:40", "Mon 23 Nov 11:00"),
        ("2026-11-21 12:00", "Mon 23 Nov 11:00"),
        ("2026-11-22 00:01", "Mon 23 Nov 11:00"),
    ],
    ids=[
        "in hours", "before opening", "at opening", "to the last minute", "carries over", "at closing", "at night",
        "carries over a weekend", "Friday evening", "Saturday", "Sunday",
    ],
)  # fmt: skip
def test_a_request_is_promised_two_working_hours_later(asked: str, promise: str) -> None:
    assert promised(asked) == promise


@pytest.mark.parametrize(
    ("asked", "promise"),
    [
        ("2026-11-11 10:00", "Thu 12 Nov 11:00"),  # Armistice Day
        ("2026-12-31 16:30", "Mon 04 Jan 10:30"),  # New Year, then a weekend
        ("2027-01-06 18:00", "Fri 08 Jan 11:00"),  # Orthodox Christmas
    ],
)
def test_public_holidays_are_no_working_days(asked: str, promise: str) -> None:
    assert promised(asked) == promise


def test_each_country_has_its_own_holidays_and_clocks() -> None:
    latvia = calendar("latvia")
    promise = latvia.promise(datetime(2026, 11, 18, 8, tzinfo=UTC))  # Proclamation Day
    assert promise == datetime(2026, 11, 19, 11, tzinfo=ZoneInfo("Europe/Riga"))
    assert calendar().promise(datetime(2026, 11, 18, 8, tzinfo=UTC)).date() == date(2026, 11, 18)


def test_days_that_the_organisation_is_closed_are_left_out() -> None:
    assert promised("2026-11-23 10:00", calendar(closed=[date(2026, 11, 23), date(2026, 11, 24)])) == "Wed 25 Nov 11:00"


def test_what_does_not_fit_into_a_short_day_goes_on_the_next() -> None:
    short = calendar(opens=time(9), closes=time(10), hours=3)
    assert promised("2026-11-23 09:30", short) == "Thu 26 Nov 09:30"


@pytest.mark.parametrize(
    ("asked", "utc"),
    [
        ("2026-10-23 18:40", datetime(2026, 10, 26, 10, tzinfo=UTC)),  # clocks go back on Sunday
        ("2027-03-26 18:40", datetime(2027, 3, 29, 9, tzinfo=UTC)),  # clocks go forward on Sunday
    ],
)
def test_over_the_night_of_the_clock_change_eleven_stays_eleven(asked: str, utc: datetime) -> None:
    assert promised(asked).endswith("11:00")
    assert calendar().promise(datetime.fromisoformat(asked).replace(tzinfo=BELGRADE)) == utc


@pytest.mark.parametrize(
    "asked",
    [datetime(2026, 10, 24, 23, 30, tzinfo=UTC), datetime(2027, 3, 28, 0, 30, tzinfo=UTC)],
    ids=["clocks go back", "clocks go forward"],
)
def test_two_hours_are_two_hours_in_the_night_of_the_clock_change(asked: datetime) -> None:
    night_desk = calendar(opens=time(0), closes=time(23), weekdays=range(1, 8))
    assert night_desk.promise(asked) - asked == timedelta(hours=2)


def test_seconds_are_not_promised() -> None:
    asked = datetime(2026, 11, 23, 10, 0, 59, 999, tzinfo=BELGRADE)
    assert calendar().promise(asked) == datetime(2026, 11, 23, 12, tzinfo=BELGRADE)


def test_a_calendar_without_an_open_day_says_so() -> None:
    with pytest.raises(NeverOpen):
        calendar(weekdays=[]).promise(datetime(2026, 11, 23, 10, tzinfo=BELGRADE))


@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC)), st.integers(1, 16))
def test_a_promise_is_later_than_the_request_and_in_working_hours(asked: datetime, hours: int) -> None:
    found = calendar(hours=hours)
    promise = found.promise(asked)
    assert promise > asked - timedelta(minutes=1)
    assert found.is_open_day(promise.date())
    assert time(9) < promise.timetz().replace(tzinfo=None) <= time(17)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC)))
def test_who_asks_later_is_never_promised_something_earlier(asked: datetime) -> None:
    assert calendar().promise(asked) <= calendar().promise(asked + timedelta(minutes=17))
