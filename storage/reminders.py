"""Reminders of a day as timers: one for each time that is still to come. Their keys say what they are about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from storage import timers
from storage.rows import Standing
from storage.unit_of_work import Unit

KIND = "remind"  # of the timers


@dataclass(frozen=True, slots=True)
class Reminder:
    """A deadline of which somebody wants to be reminded. at: when they are, the next time.

    guide: or the word that stands for the occasions of content; deadline is then one of them.
    """

    guide: str
    deadline: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Rung:
    """What the key of a timer says. number: which of the times that are counted from the day it is, from 0."""

    contact_id: int
    guide: str
    deadline: str
    number: int


def reminders(unit: Unit, standing: Standing) -> list[Reminder]:
    """Those of the active contact that are still to come, the next one first, each deadline once."""
    found: dict[tuple[str, str], Reminder] = {}
    prefix = f"{KIND}:{standing.contact_id}:"
    for key, at in timers.timers_of(unit, standing.conversation_id, prefix).items():
        rung = read_key(key)
        found.setdefault((rung.guide, rung.deadline), Reminder(rung.guide, rung.deadline, at))
    return list(found.values())


def remind(unit: Unit, standing: Standing, guide: str, deadline: str, moments: Mapping[int, datetime]) -> None:
    """Remind of a deadline at these times (aware), by their numbers, and at no others; none = not any more."""
    timers.cancel_timers(unit, standing.conversation_id, f"{KIND}:{standing.contact_id}:{guide}:{deadline}:")
    for number, moment in moments.items():
        add(unit, standing.conversation_id, Rung(standing.contact_id, guide, deadline, number), moment)


def add(unit: Unit, conversation_id: int, what: Rung, moment: datetime) -> None:
    """One time more. The same one again moves it."""
    key = f"{KIND}:{what.contact_id}:{what.guide}:{what.deadline}:{what.number}"
    timers.set_timer(unit, key, moment, conversation_id, KIND)


def read_key(key: str) -> Rung:
    """What a timer that rings is about."""
    _, contact_id, guide, deadline, number = key.split(":")
    return Rung(int(contact_id), guide, deadline, int(number))
