"""Quiet hours: nobody is woken up by news or reminders. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from notices.drafts import EVENING, MORNING, is_quiet

#: When reminders and daily pieces come, on the country's clocks.
DAILY = time(9)


def after_quiet(now: datetime, zone: tzinfo) -> datetime | None:
    """When something that would go now may go instead (UTC); None where it may go now."""
    local = now.astimezone(zone)
    if not is_quiet(local):
        return None
    return at(local.date() + timedelta(days=local.time() >= EVENING), MORNING, zone)


def next_daily(now: datetime, zone: tzinfo) -> datetime:
    """The next time (UTC) at which a daily piece comes."""
    local = now.astimezone(zone)
    return at(local.date() + timedelta(days=local.time() >= DAILY), DAILY, zone)


def at(day: date, clock: time, zone: tzinfo) -> datetime:
    """This time of this day on the country's clocks, in UTC, also in the week of a clock change."""
    return datetime.combine(day, clock, zone).astimezone(UTC)
