"""A broadcast is moved on: the table says whether it may be, one statement that one of two wins does it.

What is already written for people follows in the same transaction: paused and stopped copies wait or end.
"""

from __future__ import annotations

from notices.lifecycle import Move, Refused, State, after
from storage import broadcasts, copies
from storage.notice_rows import BroadcastRow
from storage.unit_of_work import Unit


def move(unit: Unit, number: int, act: Move, by: int | None, **values: object) -> BroadcastRow:
    """Do it; the broadcast as it is then. Raises Refused, also where somebody was faster, and NoBroadcast.

    by: who does it, None = the clock or the command line. values: what else changes, see broadcasts.CHANGEABLE.
    """
    before = State(broadcasts.read(unit, number).state)
    state = after(before, act)
    if act is Move.STARTED:
        values.setdefault("started_at", unit.now)
    if state in {State.STOPPED, State.DONE}:
        values.setdefault("ended_at", unit.now)
    if not broadcasts.move(unit, number, before, state, by, act, **values):
        raise Refused(f"{act}: it is not {before} any more")
    match act:
        case Move.PAUSED:
            copies.pause(unit, number)
        case Move.RESUMED:
            copies.resume(unit, number)
        case Move.STOPPED:
            copies.end(unit, number)
        case _:
            pass  # nothing is written for people yet, or nothing waits any more
    return broadcasts.read(unit, number)
