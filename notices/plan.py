"""When a broadcast starts, and when the next of a recurring one does: the people's wall clock, right across clock
changes. Pure; the zone is an argument.

A start is kept as local wall time ("2026-11-29T10:00"), because ten o'clock stays ten o'clock when the clocks change.
A time that the spring change leaves out is taken an hour later, of one that comes twice in autumn the first counts.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Every(StrEnum):
    """How often a broadcast comes again."""

    ONCE = ""
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


def moment(starts: str, zone: ZoneInfo) -> datetime:
    """The wall time in UTC. Raises ValueError for what is no such time."""
    wall = datetime.fromisoformat(starts)
    if wall.tzinfo is not None:
        raise ValueError("a wall time has no zone of its own")
    return wall.replace(tzinfo=zone).astimezone(UTC)


def following(starts: str, every: Every, day: int) -> str:
    """The wall time of the next one. day: the day of the month that was wanted at first; where a month is shorter, its
    last day counts. Raises ValueError for one that comes once."""
    wall = datetime.fromisoformat(starts)
    match every:
        case Every.DAY:
            wall += timedelta(days=1)
        case Every.WEEK:
            wall += timedelta(weeks=1)
        case Every.MONTH:
            year, month = wall.year + wall.month // 12, wall.month % 12 + 1
            wall = wall.replace(year=year, month=month, day=min(day, monthrange(year, month)[1]))
        case Every.ONCE:
            raise ValueError("it comes once")
    return wall.isoformat(timespec="minutes")


def day_of(starts: str) -> int:
    """The day of the month of a wall time."""
    return datetime.fromisoformat(starts).day


def to_come(starts: str, every: Every, day: int, zone: ZoneInfo, now: datetime) -> str:
    """The wall time of the next one that is still to come: what was missed while nothing ran is not made up for."""
    starts = following(starts, every, day)
    while moment(starts, zone) <= now:
        starts = following(starts, every, day)
    return starts
