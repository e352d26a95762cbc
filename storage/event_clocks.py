"""Clocks of events: timers of who is on a list. A chat may be several people's, so their keys name the person."""

from __future__ import annotations

from datetime import datetime

from storage import timers
from storage.unit_of_work import Unit

KIND = "event"  # of the timers
#: What the clock of somebody is for whose turn on a waiting list may have come.
FREED = "freed"


def key(event_id: int, contact_id: int, what: str) -> str:
    """Of a timer: which event, whose, what for."""
    return f"{KIND}:{event_id}:{contact_id}:{what}"


def read_key(key: str) -> tuple[int, int, str]:
    """What `key` wrote. Raises ValueError."""
    _, event_id, contact_id, what = key.split(":")
    return int(event_id), int(contact_id), what


def drop(unit: Unit, conversation_id: int, event_id: int, contact_id: int) -> None:
    """Nothing of this event rings for somebody any more."""
    timers.cancel_timers(unit, conversation_id, key(event_id, contact_id, ""))


def call(unit: Unit, conversation_id: int, event_id: int, contact_id: int, what: str, due: datetime) -> None:
    """Ring for somebody at a time (aware). The same once more moves it."""
    timers.set_timer(unit, key(event_id, contact_id, what), due, conversation_id, KIND)
