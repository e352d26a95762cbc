"""What happens when a clock of a request rings. What was settled meanwhile rings for nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from desk import clock
from desk.alerts import tell, tell_assignee, tell_coordinators
from desk.clock import Clock
from desk.in_chat import leave
from desk.lifecycle import Turn
from desk.requests import Desk, settle_in, silent
from desk.turns import came_due, unreached
from desk.voice import Alarm, Line
from storage import contacts, handoff, requests
from storage.requests import RequestRow


def ring(desk: Desk, key: str) -> None:
    """A clock rang. key: of the timer. A request that is gone, or closed, rings for nothing, but for words that did
    not arrive: a channel may say so after the end."""
    which, number = clock.read_key(key)
    try:
        row = requests.request(desk.unit, number)
    except requests.NoRequest:
        return
    if row.closed_at is not None and which is not Clock.UNREACHED:
        return
    match which:
        case Clock.LATE:
            _late(desk, row)
        case Clock.WARN:
            if row.answered_at is None:
                _warn(desk, row)
        case Clock.SILENT:
            if row.assignee_id is not None and row.state == Turn.OURS:
                silent(desk, row)
        case Clock.CALL:
            if row.assignee_id is None:
                tell(desk.unit, desk.voice, row, Alarm.URGENT)
                clock.called(desk.unit, row)
        case Clock.QUIET:
            if row.state in {Turn.THEIRS, Turn.OFFICE}:
                leave(desk.unit, row)
        case Clock.UNREACHED:
            unreached(desk, row)
        case Clock.CLAIMED:
            if row.assignee_id is not None:
                settle_in(replace(desk, staff_id=row.assignee_id), row, _who_came(desk, row))
        case Clock.DUE:
            if row.state == Turn.OFFICE:
                came_due(desk, row)
        case _:
            assert_never(which)


def _late(desk: Desk, row: RequestRow) -> None:
    """The promise was broken: said once, to the person first, then to everybody who can mend it."""
    if row.answered_at is not None or row.late:
        return
    handoff.move(desk.unit, row.number, row.state, row.state, late=True)
    handoff.note_event(desk.unit, row.number, "late")
    desk.voice.line(desk.unit, contacts.standing_for(desk.unit, row.contact_id), Line.LATE, row.number)
    tell(desk.unit, desk.voice, requests.request(desk.unit, row.number), Alarm.LATE)


def _who_came(desk: Desk, row: RequestRow) -> Line:
    """Whether somebody took it who is the first, or goes on for another."""
    came = [kind for kind, *_ in handoff.events(desk.unit, row.number) if kind in {"claimed", "taken_over"}]
    return Line.HANDED_OVER if came[-1:] == ["taken_over"] else Line.TAKEN


def _warn(desk: Desk, row: RequestRow) -> None:
    if row.assignee_id is None:
        tell_coordinators(desk.unit, desk.voice, row, Alarm.SOON)
    else:
        tell_assignee(desk.unit, desk.voice, row, Alarm.SOON, row.assignee_id)
