"""What staff and the person do with a request. Each is part of one unit of work that holds the conversation.

Nobody is answered twice: an answer goes out only from who has claimed the request, and claiming is one statement in
SQL that one of two wins. While a request is claimed a human is in the chat, and the bot has no floor there; after
three quiet days it has (desk/in_chat.py). What comes from the person stands in desk/turns.py, and how they are reached
where a channel has rules for that in desk/reaching.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from desk import clock
from desk.alerts import tell, tell_coordinators, withdraw
from desk.in_chat import enter, leave
from desk.lifecycle import Move, Outcome, Turn, after
from desk.promise import Calendar
from desk.voice import Alarm, Line, Voice
from desk.wishes import go_on
from storage import audit, contacts, handoff, members, messages, notes, requests
from storage.messages import Said
from storage.requests import RequestRow
from storage.rows import Standing
from storage.unit_of_work import Unit

ASSISTANT, PERSON = "assistant", "person"
#: A closing can be taken back, and words of the person open the request again, for this long.
REOPENS_FOR = timedelta(hours=72)


class NotYours(Exception):
    """Somebody else has the request, or nobody."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What every act needs: the unit, the voice, and who acts (None: the house itself)."""

    unit: Unit
    voice: Voice
    calendar: Calendar
    staff_id: int | None = None

    @property
    def me(self) -> int:
        """Who acts. Raises NotYours where it is the house."""
        if self.staff_id is None:
            raise NotYours
        return self.staff_id


def arrived(desk: Desk, number: int) -> None:
    """A request was born: set its clocks and tell those who could take it."""
    row = requests.request(desk.unit, number)
    handoff.note_event(desk.unit, number, "opened")
    go_on(desk.unit, row)
    clock.start(desk.unit, desk.calendar, row)
    if row.urgent:
        contacts.set_urgent(desk.unit, row.conversation_id, urgent=True)
    tell(desk.unit, desk.voice, row, Alarm.URGENT if row.urgent else Alarm.NEW)


def claim(desk: Desk, number: int) -> bool:
    """Take a request; False when somebody was faster or it is closed. The person is told who reads now."""
    if not handoff.claim(desk.unit, number, desk.me):
        return False
    row = requests.request(desk.unit, number)
    record(desk, "claimed", number)
    settle_in(desk, row, Line.TAKEN)
    return True


def settle_in(desk: Desk, row: RequestRow, line: Line) -> None:
    """Somebody has just got the request: the floor is theirs, the clocks know it, the others are told."""
    member = members.member(desk.unit, desk.me)
    enter(desk.unit, row)
    clock.claimed(desk.unit, row)
    withdraw(desk.unit, desk.voice, row.number, member.label)
    standing = contacts.standing_for(desk.unit, row.contact_id)
    desk.voice.line(desk.unit, standing, line, row.number, member.alias, member.introduction)


def answer(desk: Desk, number: int, text: str) -> None:
    """Write to the person. Raises NotYours, Refused (it is closed)."""
    row = mine(desk, number)
    outbox_id = desk.voice.words(desk.unit, contacts.standing_for(desk.unit, row.contact_id), text)
    record_answer(desk, row, text, outbox_id)


def record_answer(desk: Desk, row: RequestRow, text: str, outbox_id: int | None) -> None:
    """What one of us said to the person stands with the request, and it is their turn. Raises Refused."""
    to = after(Turn(row.state), Move.ANSWERED)
    said = Said("out", ASSISTANT, text, desk.me, outbox_id)
    messages.keep(desk.unit, contacts.standing_for(desk.unit, row.contact_id), [said], request=row.number)
    enter(desk.unit, row)
    handoff.move(desk.unit, row.number, row.state, to, answered_at=row.answered_at or desk.unit.now, due_at=row.due_at)
    notes.keep_draft(desk.unit, row.number, row.contact_id, desk.me, "")
    clock.answered(desk.unit, row)
    record(desk, "answered", row.number)


def note(desk: Desk, number: int, text: str) -> None:
    """Write to colleagues beside the request. The person never gets it."""
    row = requests.request(desk.unit, number)
    notes.write_note(desk.unit, number, row.contact_id, desk.me, text)
    record(desk, "noted", number)


def close(desk: Desk, number: int, outcome: Outcome) -> None:
    """It is settled. The bot has the floor again, and asks once whether it is solved.

    Never after or during an urgent case, and not while a colleague is in the chat for another request.
    """
    row = mine(desk, number)
    after(Turn(row.state), Move.CLOSED)
    handoff.move(desk.unit, number, row.state, Turn.DONE, outcome=str(outcome), due_at=None)
    standing = _leave(desk, row)
    handoff.drop_place(desk.unit, number)
    withdraw(desk.unit, desk.voice, number, "")  # a colleague who was asked to go on
    record(desk, "closed", number, str(outcome))
    if not (row.urgent or standing.urgent or standing.attached_request_id is not None):
        desk.voice.line(desk.unit, standing, Line.SOLVED, number)


def give_back(desk: Desk, number: int) -> None:
    """Back to all, without a reason. The person is told that the request waits. Raises NotYours, also once it ended."""
    row = mine(desk, number)
    if row.closed_at is not None:
        raise NotYours
    free(desk, row, "given_back")
    tell(desk.unit, desk.voice, requests.request(desk.unit, number), Alarm.RETURNED, without=desk.me)


def silent(desk: Desk, row: RequestRow) -> None:
    """Who claimed it has not answered: back to all the others, and the coordinator knows."""
    free(desk, row, "silent")
    freed, by = requests.request(desk.unit, row.number), row.assignee_id
    told = tell_coordinators(desk.unit, desk.voice, freed, Alarm.SILENT, without=by)
    tell(desk.unit, desk.voice, freed, Alarm.RETURNED, without=by, told=told)


def release(desk: Desk, row: RequestRow) -> None:
    """Who has it must not have it: back to the others."""
    free(desk, row, "given_back")
    tell(desk.unit, desk.voice, requests.request(desk.unit, row.number), Alarm.RETURNED, without=row.assignee_id)


def put_off(desk: Desk, number: int, due_at: datetime) -> None:
    """Come back to it on a date."""
    row = mine(desk, number)
    handoff.move(desk.unit, number, row.state, after(Turn(row.state), Move.REFERRED), due_at=due_at)
    clock.put_off(desk.unit, row, due_at)
    record(desk, "put_off", number)


def comes_back(unit: Unit, row: RequestRow) -> datetime | None:
    """When we go on with a request that was put off; None where it was not, or an office has it."""
    if row.state != Turn.OFFICE:
        return None
    acts = [kind for kind, *_ in handoff.events(unit, row.number) if kind in {"referred", "put_off", "institution"}]
    return row.due_at if acts[-1:] == ["put_off"] else None


def mark_ours(desk: Desk, number: int) -> None:
    """It needs one of us after all: they should hear as soon as if they had written. Raises NotYours, Refused."""
    row = mine(desk, number)
    handoff.move(desk.unit, number, row.state, after(Turn(row.state), Move.MARKED), due_at=None)
    clock.wrote(desk.unit, desk.calendar, row)
    record(desk, "marked", number)


def set_tag(desk: Desk, number: int, tag: str) -> None:
    """Name the project or donor that it counts for; "" takes the name away."""
    row = requests.request(desk.unit, number)
    handoff.move(desk.unit, number, row.state, row.state, tag=tag or None)
    record(desk, "tagged", number)


def free(desk: Desk, row: RequestRow, why: str) -> None:
    """Nobody has it any more; the person is told that it waits. why: the kind of the event."""
    assert row.assignee_id is not None
    handoff.hand_over(desk.unit, row.number, row.assignee_id, None)
    notes.keep_draft(desk.unit, row.number, row.contact_id, row.assignee_id, "")
    standing = leave(desk.unit, row)
    clock.freed(desk.unit, row)
    withdraw(desk.unit, desk.voice, row.number, "")  # a colleague who was asked to go on
    record(desk, why, row.number)
    if standing.attached_request_id is None:
        desk.voice.line(desk.unit, standing, Line.BACK, row.number)


def _leave(desk: Desk, row: RequestRow) -> Standing:
    clock.closed(desk.unit, row)
    if row.urgent and not any(one.urgent for one in requests.open_of_conversation(desk.unit, row.conversation_id)):
        contacts.set_urgent(desk.unit, row.conversation_id, urgent=False)
    return leave(desk.unit, row)


def mine(desk: Desk, number: int) -> RequestRow:
    """A request that whoever acts has. Raises NotYours."""
    row = requests.request(desk.unit, number)
    if row.assignee_id != desk.me:
        raise NotYours
    return row


def record(desk: Desk, what: str, number: int, detail: str = "") -> None:
    """For the thread and for the log."""
    handoff.note_event(desk.unit, number, what, desk.staff_id, detail)
    audit.log_act(desk.unit, desk.staff_id, what, f"request:{number}", detail)
