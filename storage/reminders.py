"""Reminders of a deadline as timers: one for each time that is still to come. Their keys say what they are about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage import timers
from storage.rows import Standing
from storage.unit_of_work import Unit

KIND = "remind"  # of the timers


@dataclass(frozen=True, slots=True)
class Reminder:
    """A deadline of which somebody wants to be reminded. at: when they are, the next time."""

    guide: str
    deadline: str
    at: datetime


def reminders(unit: Unit, standing: Standing) -> list[Reminder]:
    """Those of the active contact that are still to come, the next one first, each deadline once."""
    found: dict[tuple[str, str], Reminder] = {}
    for key, at in timers.timers_of(unit, standing.conversation_id, _prefix(standing)).items():
        guide, deadline = about(key)
        found.setdefault((guide, deadline), Reminder(guide, deadline, at))
    return list(found.values())


def remind(unit: Unit, standing: Standing, guide: str, deadline: str, moments: Sequence[datetime]) -> None:
    """Remind of a deadline at these times (aware), and at no others; none = not any more."""
    prefix = f"{_prefix(standing)}{guide}:{deadline}:"
    timers.cancel_timers(unit, standing.conversation_id, prefix)
    for number, moment in enumerate(moments):
        timers.set_timer(unit, f"{prefix}{number}", moment, standing.conversation_id, KIND)


def about(key: str) -> tuple[str, str]:
    """Guide and deadline of a timer that rings."""
    _, _, guide, deadline, _ = key.split(":")
    return guide, deadline


def _prefix(standing: Standing) -> str:
    return f"{KIND}:{standing.contact_id}:"
