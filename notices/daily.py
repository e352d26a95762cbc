"""The hour at which reminders and daily pieces come, on the country's clocks. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

DAILY = time(9)


def daily_on(day: date, zone: tzinfo) -> datetime:
    """That hour of a day, in UTC, also in the week of a clock change."""
    return datetime.combine(day, DAILY, zone).astimezone(UTC)


def next_daily(now: datetime, zone: tzinfo) -> datetime:
    """The next time (UTC) that it is that hour."""
    local = now.astimezone(zone)
    return daily_on(local.date() + timedelta(days=local.time() >= DAILY), zone)
