"""The daily hour on the country's clocks, also in the nights when these change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from notices.daily import next_daily

BELGRADE = ZoneInfo("Europe/Belgrade")
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))


@given(MOMENTS)
def test_the_next_daily_time_is_nine_within_the_next_day_and_an_hour(now: datetime) -> None:
    found = next_daily(now, BELGRADE)
    assert now < found <= now + timedelta(hours=25)
    assert (found.astimezone(BELGRADE).hour, found.astimezone(BELGRADE).minute) == (9, 0)
