"""Wall times across clock changes, and when the next of a recurring broadcast comes."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from notices.plan import Every, following, moment, to_come

BELGRADE = ZoneInfo("Europe/Belgrade")


@pytest.mark.parametrize(
    ("starts", "utc"),
    [
        ("2026-11-23T10:00", datetime(2026, 11, 23, 9, tzinfo=UTC)),  # winter: one hour ahead
        ("2026-07-01T10:00", datetime(2026, 7, 1, 8, tzinfo=UTC)),  # summer: two
        ("2027-03-28T02:30", datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),  # left out: an hour later, 03:30
        ("2026-10-25T02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # comes twice: the first
    ],
)
def test_a_wall_time_is_one_moment_in_every_season(starts: str, utc: datetime) -> None:
    assert moment(starts, BELGRADE) == utc


@pytest.mark.parametrize("starts", ["", "tomorrow", "2026-11-23T10:00+01:00"])
def test_what_is_no_wall_time_is_refused(starts: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of datetime's own making, too
        moment(starts, BELGRADE)


def test_ten_o_clock_stays_ten_o_clock_when_the_clocks_change() -> None:
    saturday = "2027-03-27T10:00"
    sunday = following(saturday, Every.DAY, 27)
    assert sunday == "2027-03-28T10:00"
    assert moment(sunday, BELGRADE) - moment(saturday, BELGRADE) == (
        datetime(2027, 3, 28, 8, tzinfo=UTC) - datetime(2027, 3, 27, 9, tzinfo=UTC)
    )


@pytest.mark.parametrize(
    ("starts", "every", "expected"),
    [
        ("2026-12-31T10:00", Every.DAY, "2027-01-01T10:00"),
        ("2026-12-28T10:00", Every.WEEK, "2027-01-04T10:00"),
        ("2026-12-15T10:00", Every.MONTH, "2027-01-15T10:00"),
        ("2027-01-31T10:00", Every.MONTH, "2027-02-28T10:00"),
    ],
)
def test_the_next_one_comes_a_day_a_week_or_a_month_later(starts: str, every: Every, expected: str) -> None:
    assert following(starts, every, int(starts[8:10])) == expected


def test_after_a_short_month_the_day_that_was_wanted_comes_again() -> None:
    assert following("2027-02-28T10:00", Every.MONTH, 31) == "2027-03-31T10:00"


def test_what_comes_once_has_no_next_one() -> None:
    with pytest.raises(ValueError, match="once"):
        following("2027-02-28T10:00", Every.ONCE, 28)


def test_what_was_missed_is_not_made_up_for() -> None:
    back = datetime(2026, 12, 20, 9, 30, tzinfo=UTC)
    assert to_come("2026-11-23T10:00", Every.WEEK, 23, BELGRADE, back) == "2026-12-21T10:00"
