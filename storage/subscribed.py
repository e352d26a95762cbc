"""All that somebody asked to hear of, at once: what they follow, reminders, series. Timers are a chat's, so their keys
name the person."""

from __future__ import annotations

from storage import follows, reminders, series, timers
from storage.unit_of_work import Unit

_KINDS = (reminders.KIND, series.KIND)


def drop(unit: Unit, conversation_id: int, contact_id: int) -> None:
    """None of it is wanted any more, or the person is not there any more."""
    follows.drop(unit, contact_id)
    series.drop(unit, contact_id)
    drop_timers(unit, conversation_id, contact_id)


def drop_timers(unit: Unit, conversation_id: int, contact_id: int) -> None:
    """Nothing rings for this person any more."""
    for kind in _KINDS:
        timers.cancel_timers(unit, conversation_id, _prefix(kind, contact_id))


def _prefix(kind: str, contact_id: int) -> str:
    return f"{kind}:{contact_id}:"
