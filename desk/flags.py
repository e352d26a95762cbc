"""What staff mark a request with: urgent, or what it is about that only few may read.

Whatever is marked is for the protection group from then on; who has it and is not of that group gives it back. That it
is not urgent any more opens it to nobody: that is a mark of its own, and the last one to be taken away.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from desk import clock, guests
from desk import requests as acts
from desk.access import sees
from desk.alerts import tell, tell_coordinators, withdraw
from desk.lifecycle import Refused
from desk.requests import Desk
from desk.voice import Alarm
from desk.wishes import PROTECTED
from storage import contacts, handoff, members, requests
from storage.handoff import Event
from storage.requests import RequestRow


class Flag(StrEnum):
    """A mark, the most pressing first."""

    URGENT = "urgent"
    CHILD = "child"  # a child without grown-ups
    VIOLENCE = "violence"
    TRAFFICKING = "trafficking"
    SELF_HARM = "self_harm"
    SENSITIVE = "sensitive"  # only the protection group reads it; stands with every other mark


FLAGGED, UNFLAGGED = "flagged", "unflagged"
#: What words of the person themselves said (bot/memory.py), by the kind of its event.
_SAID = {"danger_child": Flag.CHILD}


def flags(row: RequestRow, events: Iterable[Event]) -> tuple[Flag, ...]:
    """The marks that stand. events: of this request, oldest first."""
    there: set[Flag] = set()
    for kind, _, detail, _ in events:
        if kind in _SAID:
            there.add(_SAID[kind])
        elif kind == FLAGGED:
            there.add(Flag(detail))
        elif kind == UNFLAGGED:
            there.discard(Flag(detail))
    # These two are columns: a request may be born with them.
    there -= {Flag.URGENT, Flag.SENSITIVE}
    there |= {Flag.URGENT} if row.urgent else set()
    there |= {Flag.SENSITIVE} if row.protected else set()
    return tuple(flag for flag in Flag if flag in there)


def flag(desk: Desk, number: int, mark: Flag) -> None:
    """Mark it. Those who may see it then are told, of an urgent one until somebody has it. Raises Refused."""
    row = _open(desk, number)
    if mark in flags(row, handoff.events(desk.unit, number)):
        return
    handoff.move(desk.unit, number, row.state, row.state, protected=True, urgent=row.urgent or mark is Flag.URGENT)
    acts.record(desk, FLAGGED, number, mark)
    row = requests.request(desk.unit, number)
    if mark is Flag.URGENT:
        contacts.set_urgent(desk.unit, row.conversation_id, urgent=True)
    _restrict(desk, row, Alarm.URGENT if row.urgent else Alarm.RETURNED, is_news=mark is Flag.URGENT)


def unflag(desk: Desk, number: int, mark: Flag) -> None:
    """Take a mark away. Raises Refused: another mark, or what it is about, still keeps it for the protection group."""
    row = _open(desk, number)
    standing = flags(row, handoff.events(desk.unit, number))
    if mark not in standing:
        return
    if mark is Flag.SENSITIVE and (len(standing) > 1 or row.type in PROTECTED):
        raise Refused("it is for few")
    if mark is Flag.SENSITIVE:
        handoff.move(desk.unit, number, row.state, row.state, protected=False)
    if mark is Flag.URGENT:
        handoff.move(desk.unit, number, row.state, row.state, urgent=False)
        clock.calmed(desk.unit, row)
        if not any(one.urgent for one in requests.open_of_conversation(desk.unit, row.conversation_id)):
            contacts.set_urgent(desk.unit, row.conversation_id, urgent=False)
    acts.record(desk, UNFLAGGED, number, mark)


def _restrict(desk: Desk, row: RequestRow, alarm: Alarm, *, is_news: bool) -> None:
    """Take it from who may not see it any more, and tell those who may. is_news: even if it stays where it is."""
    guests.part(desk, row)
    holder = row.assignee_id
    if holder is None:
        withdraw(desk.unit, desk.voice, row.number, "")
        clock.freed(desk.unit, row)
    elif sees(members.member(desk.unit, holder), row):
        if is_news:
            tell_coordinators(desk.unit, desk.voice, row, alarm, without=desk.staff_id)
        return
    else:
        acts.free(desk, row, "given_back")
    tell(desk.unit, desk.voice, requests.request(desk.unit, row.number), alarm, without=desk.staff_id)


def _open(desk: Desk, number: int) -> RequestRow:
    row = requests.request(desk.unit, number)
    if row.closed_at is not None:
        raise Refused("it is closed")
    return row
