"""A broadcast is moved on: the table says whether it may be, one statement that one of two wins does it.

What is already written for people follows in the same transaction: paused and stopped copies wait or end.
"""

from __future__ import annotations

from notices.lifecycle import Kind, Move, Refused, State, after
from storage import broadcasts, copies, notices
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
        case Move.STARTED:
            _begun(unit, number)
        case Move.PAUSED:
            copies.pause(unit, number)
        case Move.RESUMED:
            copies.resume(unit, number)
        case Move.STOPPED:
            copies.end(unit, number)
        case _:
            pass  # nothing is written for people yet, or nothing waits any more
    return broadcasts.read(unit, number)


def _begun(unit: Unit, number: int) -> None:
    """From now on a notice that is being withdrawn is shown to nobody, be their copy under way or still to come."""
    row = broadcasts.read(unit, number)
    if row.kind == Kind.WITHDRAW:
        notices.mark_withdrawn(unit, row.notice_id)
