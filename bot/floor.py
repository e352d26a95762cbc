"""The one floor, as storage asks it: codes and rows in, the pure table of flows/floor.py behind."""

from __future__ import annotations

from functools import cache
from typing import assert_never

from flows import floor
from storage import rows


def may_speak(speaker: str, matter: str, standing: rows.Standing) -> rows.Verdict:
    """Whether this may be said now; asked when a row is written and again when it is claimed (ruling 5)."""
    return _verdict(speaker, matter, standing.stopped, standing.urgent, standing.attached_staff_id is not None)


@cache
def _verdict(speaker: str, matter: str, stopped: bool, urgent: bool, attached: bool) -> rows.Verdict:
    now = floor.Standing(stopped=stopped, urgent=urgent, attached=attached)
    match floor.may_speak(floor.Speaker(speaker), floor.Content(matter), now):
        case floor.Speak():
            return rows.Speak()
        case floor.Hold(reason):
            return rows.Hold(reason)
        case floor.Drop(reason):
            return rows.Drop(reason)
        case other:
            assert_never(other)
