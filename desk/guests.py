"""Who reads along in one request and in no other: an interpreter, or somebody of a partner organisation.

  interpreter, partner ──▶ guest_left    the invitation was ended
                       ──▶ closed        the request ended, and every invitation with it

An invitation is no row of its own: the newest of these events for a colleague says whether one stands. It counts as
long as they have the role, and never lets them see what their role may not (desk/access.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from desk.access import sees, works
from desk.alerts import tell_assignee
from desk.requests import Desk, NotYours
from desk.voice import Alarm, Line
from desk.wishes import coordinates, is_barred, wish_of
from storage import audit, contacts, handoff, media, members, messages, notes, requests
from storage.handoff import Event
from storage.members import Member
from storage.requests import RequestRow
from storage.unit_of_work import Unit


class Guest(StrEnum):
    """As what somebody is asked in: a role, and the kind of the event that says so."""

    INTERPRETER = "interpreter"
    PARTNER = "partner"


LEFT, INTERPRETED = "guest_left", "interpreted"
_LINES: Mapping[Guest, Line] = {Guest.INTERPRETER: Line.INTERPRETER, Guest.PARTNER: Line.PARTNER}
_KINDS = frozenset({*Guest, LEFT, "closed"})


class NotAGuest(Exception):
    """This colleague cannot be asked in."""


def guests(unit: Unit, number: int) -> Mapping[int, Guest]:
    """Who reads along now, by the id of the colleague."""
    return _standing(handoff.events(unit, number))


def guest_in(unit: Unit, member: Member, number: int) -> Guest | None:
    """As what the member reads along in a request; None where they do not."""
    return _as(member, guests(unit, number))


def invited_to(unit: Unit, member: Member) -> frozenset[int]:
    """The numbers of the requests in which the member reads along."""
    happened = handoff.events_of_open(unit, _KINDS) if member.has(*Guest) else {}
    return frozenset(number for number, events in happened.items() if _as(member, _standing(events)) is not None)


def askable(unit: Unit, row: RequestRow) -> list[tuple[Member, Guest]]:
    """Who can be asked to read along, and as what: whom the person did not shut out, and who may see it then."""
    wish, there = wish_of(unit, row), guests(unit, row.number)
    return [
        (one, guest)
        for one in members.members(unit)
        for guest in Guest
        if one.has(guest)
        and one.id not in {*there, row.assignee_id}
        and sees(one, row, invited=True)
        and not is_barred(wish, one)
    ]


def is_host(member: Member, row: RequestRow) -> bool:
    """Whether they may ask others in: who has the request, and coordinators."""
    return row.closed_at is None and works(member, row) and (row.assignee_id == member.id or coordinates(member))


def invite(desk: Desk, number: int, staff_id: int, guest: Guest) -> None:
    """Ask a colleague in. They and the person are told. A partner only with the person's agreement.

    Who reads along already is not told again. Raises NotYours, NotAGuest.
    """
    row = _hosted(desk, number)
    if guests(desk.unit, number).get(staff_id) is guest:
        return
    if (staff_id, guest) not in {(one.id, role) for one, role in askable(desk.unit, row)}:
        raise NotAGuest
    _record(desk, guest, number, staff_id)
    tell_assignee(desk.unit, desk.voice, row, Alarm.INVITED, staff_id)
    desk.voice.line(desk.unit, contacts.standing_for(desk.unit, row.contact_id), _LINES[guest], number)


def dismiss(desk: Desk, number: int, staff_id: int) -> None:
    """They read along no more. Raises NotYours."""
    _hosted(desk, number)
    if staff_id in guests(desk.unit, number):
        _record(desk, LEFT, number, staff_id)


def part(desk: Desk, row: RequestRow) -> None:
    """Whoever reads along and may not see the request any more does so no longer."""
    for staff_id in guests(desk.unit, row.number):
        if not sees(members.member(desk.unit, staff_id), row, invited=True):
            _record(desk, LEFT, row.number, staff_id)


def interpret(desk: Desk, number: int, original: int, text: str) -> None:
    """Write beside an original what it says in the team's language. original: of a message or a file of the request.

    Raises NoRequest where the original is none of this request's.
    """
    row = requests.request(desk.unit, number)
    said = {one.id for one in messages.of_request(desk.unit, number)}
    if original not in said | {one.id for one in media.of_request(desk.unit, number)}:
        raise requests.NoRequest(number)
    notes.write_note(desk.unit, number, row.contact_id, desk.me, text, original)
    handoff.note_event(desk.unit, number, INTERPRETED, desk.me)
    audit.log_act(desk.unit, desk.me, INTERPRETED, f"request:{number}")


def _as(member: Member, there: Mapping[int, Guest]) -> Guest | None:
    guest = there.get(member.id)
    return guest if guest is not None and member.has(guest) else None


def _standing(events: Iterable[Event]) -> Mapping[int, Guest]:
    """events: of one request, oldest first."""
    there: dict[int, Guest] = {}
    for kind, _, detail, _ in events:
        if kind == "closed":
            there.clear()
        elif kind == LEFT:
            there.pop(int(detail), None)
        elif kind in set(Guest):
            there[int(detail)] = Guest(kind)
    return there


def _hosted(desk: Desk, number: int) -> RequestRow:
    row = requests.request(desk.unit, number)
    if not is_host(members.member(desk.unit, desk.me), row):
        raise NotYours
    return row


def _record(desk: Desk, what: str, number: int, staff_id: int) -> None:
    """For the thread and for the log."""
    handoff.note_event(desk.unit, number, what, desk.me, str(staff_id))
    audit.log_act(desk.unit, desk.me, what, f"request:{number}", f"staff:{staff_id}")
