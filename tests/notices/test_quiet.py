"""Quiet hours and the daily time, on the country's clocks, also in the nights when these change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notices.quiet import after_quiet, next_daily

BELGRADE = ZoneInfo("Europe/Belgrade")
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("now", "goes"),
    [
        ("2026-11-23T20:00", "2026-11-24T07:00"),  # 21:00
        ("2026-11-24T06:59", "2026-11-24T07:00"),  # 07:59
        ("2026-11-24T07:00", None),
        ("2026-11-23T19:59", None),  # 20:59
        ("2026-10-24T21:30", "2026-10-25T07:00"),  # the night back from summer time
        ("2027-03-28T00:30", "2027-03-28T06:00"),  # the night to summer time
    ],
)
def test_what_would_come_at_night_comes_at_eight(now: str, goes: str | None) -> None:
    found = after_quiet(datetime.fromisoformat(now).replace(tzinfo=UTC), BELGRADE)
    assert found == (datetime.fromisoformat(goes).replace(tzinfo=UTC) if goes else None)


@given(MOMENTS)
def test_the_next_daily_time_is_nine_within_the_next_day_and_an_hour(now: datetime) -> None:
    found = next_daily(now, BELGRADE)
    assert now < found <= now + timedelta(hours=25)
    assert (found.astimezone(BELGRADE).hour, found.astimezone(BELGRADE).minute) == (9, 0)


@given(MOMENTS)
def test_after_quiet_nobody_sleeps(now: datetime) -> None:
    found = after_quiet(now, BELGRADE)
    assert 8 <= (found or now).astimezone(BELGRADE).hour < 21
