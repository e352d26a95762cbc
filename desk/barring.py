"""When somebody hurts us: a colleague reports it, a coordinator may close the person's way to the team, and open it.

    open --- barred ---> shut --- lifted ---> open         a report moves nothing: it calls a coordinator

Who is barred is told so, once. Guides, urgent help and legal help in danger work for them as ever; what else they had
asked for is closed.
"""

from __future__ import annotations

from desk import clock
from desk.access import May, may
from desk.alerts import withdraw
from desk.in_chat import leave
from desk.lifecycle import Outcome, Refused, Turn
from desk.requests import Desk, note, record
from desk.voice import Line, Notice
from storage import contacts, handoff, members, requests

#: What the barred may still ask for: nobody is left alone in danger.
STILL = frozenset({"urgent", "legal"})
REPORTED, BARRED, LIFTED = "reported", "barred", "lifted"


def report(desk: Desk, number: int, reason: str) -> None:
    """Tell coordinators how somebody writes to us. The reason is a note among colleagues; the person learns nothing."""
    note(desk, number, reason)
    record(desk, REPORTED, number)
    for one in members.members(desk.unit):
        if one.id != desk.me and may(one, May.BAR_PEOPLE) and one.conversation_id is not None:
            desk.voice.notice(desk.unit, one.conversation_id, Notice.REPORTED, str(number))


def bar(desk: Desk, number: int) -> None:
    """Close the way of this request's person to the team, and what they asked for. Raises Refused: it is closed."""
    row = requests.request(desk.unit, number)
    if not contacts.set_barred(desk.unit, row.conversation_id, barred=True):
        raise Refused("is barred")
    for one in requests.open_of_conversation(desk.unit, row.conversation_id):
        if one.type in STILL or one.urgent:
            continue
        handoff.move(desk.unit, one.number, one.state, Turn.DONE, outcome=str(Outcome.NOT_POSSIBLE), due_at=None)
        clock.closed(desk.unit, one)
        leave(desk.unit, one)
        withdraw(desk.unit, desk.voice, one.number, "")
        record(desk, "closed", one.number, Outcome.NOT_POSSIBLE)
    record(desk, BARRED, number)
    desk.voice.line(desk.unit, contacts.standing(desk.unit, row.conversation_id), Line.BARRED, number)


def lift(desk: Desk, number: int) -> None:
    """Open it again; the person is told. Raises Refused: it is open."""
    row = requests.request(desk.unit, number)
    if not contacts.set_barred(desk.unit, row.conversation_id, barred=False):
        raise Refused("is not barred")
    record(desk, LIFTED, number)
    desk.voice.line(desk.unit, contacts.standing(desk.unit, row.conversation_id), Line.LIFTED, number)
