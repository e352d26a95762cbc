"""How it becomes our turn again: the person wrote or sent something, was not helped, or did not hear what we wrote.

Each ends in the same way (`_ours`): who has the request is told and has a clock; where nobody has it, or who had it
works here no more, everybody who could take it is told.
"""

from __future__ import annotations

from desk import clock
from desk.access import works
from desk.alerts import tell, tell_assignee
from desk.in_chat import enter
from desk.lifecycle import Move, Outcome, Refused, Turn, after
from desk.requests import PERSON, REOPENS_FOR, Desk, NotYours
from desk.voice import Alarm
from storage import audit, contacts, delivery, handoff, members, messages, quoting, requests
from storage.messages import NOT_KNOWN, Said
from storage.quoting import Origin
from storage.requests import RequestRow
from storage.rows import Standing
from storage.unit_of_work import Unit


def person_wrote(desk: Desk, standing: Standing, number: int, text: str, origin: Origin = NOT_KNOWN) -> None:
    """Words of the person for this request: kept, our turn, and who has it is told.

    origin: how the channel names them. What has the id of kept words of this request is what they were changed into.
    """
    meant = quoting.theirs(desk.unit, standing, origin.id) if origin.id else None
    version_of = meant.id if meant is not None and meant.request == number else None
    said = Said("in", PERSON, text, origin=origin, version_of=version_of)
    messages.keep(desk.unit, standing, [said], request=number)
    _came(desk, number)


def person_changed(desk: Desk, standing: Standing, text: str, origin: Origin) -> int | None:
    """Words of the person in an open request are changed; its number, or None where the words are none such."""
    meant = quoting.theirs(desk.unit, standing, origin.id) if origin.id else None
    if meant is None or meant.request is None or requests.request(desk.unit, meant.request).closed_at is not None:
        return None
    person_wrote(desk, standing, meant.request, text, origin)
    return meant.request


def person_moved(desk: Desk, standing: Standing, number: int, guide: str, step: str) -> None:
    """The person is at another step, while one of us is in their chat. Of others on the same phone nothing is said."""
    if requests.request(desk.unit, number).contact_id == standing.contact_id:
        handoff.note_place(desk.unit, number, f"{guide}.{step}")


def person_sent(desk: Desk, number: int, kind: str) -> None:
    """A file or a place for this request, which was written down (storage/media.py): as if it were words."""
    _came(desk, number, kind)


def not_solved(desk: Desk, number: int) -> None:
    """The person says that it is not solved: the same request, the same assistant."""
    row = requests.request(desk.unit, number)
    if row.closed_at is not None:
        _ours(desk, _open_again(desk, row, Move.WROTE), Alarm.WROTE)


def undo_close(desk: Desk, number: int) -> None:
    """The closing was a slip; only who closed it, and not for ever. Raises NotYours, Refused."""
    row = requests.request(desk.unit, number)
    if row.assignee_id != desk.me:
        raise NotYours
    if row.closed_at is None or desk.unit.now - row.closed_at > REOPENS_FOR:
        raise Refused("too late")
    clock.wrote(desk.unit, desk.calendar, _open_again(desk, row, Move.UNDONE))
    audit.log_act(desk.unit, desk.staff_id, "reopened", f"request:{number}")


def reopenable(unit: Unit, contact_id: int) -> int | None:
    """The number of the request that words of this person open again, or None."""
    row = requests.latest_of(unit, contact_id)
    closed = row is not None and row.closed_at is not None and unit.now - row.closed_at <= REOPENS_FOR
    return row.number if closed and row is not None and row.answered_at is not None else None


def came_due(desk: Desk, row: RequestRow) -> None:
    """The office's date, or our own, has come."""
    _move(desk, row, Move.DUE, due_at=None)
    handoff.note_event(desk.unit, row.number, "due")
    _ours(desk, requests.request(desk.unit, row.number), Alarm.DUE)


def unreached(desk: Desk, row: RequestRow) -> None:
    """What one of us wrote did not reach the person: it is no answer, and the promise is still to be kept.

    Closed meanwhile, the request is opened again as by words of the person; not where it was closed for this reason.
    """
    handoff.note_event(desk.unit, row.number, "unreached")
    answered_at = delivery.first_answer(desk.unit, row.number)
    if row.closed_at is None:
        _move(desk, row, Move.UNREACHED, answered_at=answered_at)
        row = requests.request(desk.unit, row.number)
        if row.answered_at is None:
            clock.start(desk.unit, desk.calendar, row)
    elif row.outcome == Outcome.NOT_REACHED or desk.unit.now - row.closed_at > REOPENS_FOR:
        return
    else:
        row = _open_again(desk, row, Move.UNREACHED, answered_at=answered_at)
    _ours(desk, row, Alarm.UNREACHED)


def _came(desk: Desk, number: int, kind: str = "") -> None:
    row = requests.request(desk.unit, number)
    handoff.note_event(desk.unit, number, "wrote", None, kind)
    waited = row.state == Turn.OURS  # then whoever looks at it sees what came
    if row.state == Turn.DONE:
        row = _open_again(desk, row, Move.WROTE)
    elif not waited:
        _move(desk, row, Move.WROTE, due_at=None)
        row = requests.request(desk.unit, number)
    if row.assignee_id is not None:
        enter(desk.unit, row)
    if not waited:
        _ours(desk, row, Alarm.WROTE)


def _ours(desk: Desk, row: RequestRow, alarm: Alarm) -> None:
    if row.assignee_id is None:
        clock.freed(desk.unit, row)
        tell(desk.unit, desk.voice, row, alarm if alarm is Alarm.DUE else Alarm.RETURNED)
    else:
        clock.wrote(desk.unit, desk.calendar, row)
        tell_assignee(desk.unit, desk.voice, row, alarm, row.assignee_id)


def _open_again(desk: Desk, row: RequestRow, move: Move, **values: object) -> RequestRow:
    """Back from the end, as it was: urgent if it was, the promise unless it was kept, with who had it if they may."""
    unit = desk.unit
    _move(desk, row, move, **values)
    handoff.note_event(unit, row.number, "reopened", desk.staff_id)
    row = requests.request(unit, row.number)
    if row.urgent:
        contacts.set_urgent(unit, row.conversation_id, urgent=True)
    if row.answered_at is None:
        clock.start(unit, desk.calendar, row)
    if row.assignee_id is None:
        return row
    if _may_have(unit, row, row.assignee_id):
        enter(unit, row)
        return row
    handoff.hand_over(unit, row.number, row.assignee_id, None)
    return requests.request(unit, row.number)


def _may_have(unit: Unit, row: RequestRow, staff_id: int) -> bool:
    """Whether they work here still, and may work with this request."""
    return any(works(member, row) for member in members.members(unit) if member.id == staff_id)


def _move(desk: Desk, row: RequestRow, move: Move, **values: object) -> None:
    handoff.move(desk.unit, row.number, row.state, after(Turn(row.state), move), **values)
