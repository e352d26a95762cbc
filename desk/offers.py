"""Handing a request on: a colleague is asked to go on with it, and may read it until that is settled.

  offered ──▶ taken_over    they have it now
          ──▶ declined      "not now"; it stays where it is
          ──▶ withdrawn     who asked took it back
          ──▶ offered       somebody else is asked instead
          ──▶ closed, given_back, silent    there is nothing to hand on any more

An offer is no row of its own: the newest of these events of a request says whether one stands. Each act is part of a
unit that holds the conversation, but for `accept` and `decline`, which may also come from the colleague's own chat.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from desk.access import May, may, works
from desk.alerts import tell_assignee, withdraw
from desk.requests import Desk, NotYours, settle_in
from desk.voice import Alarm, Line
from desk.wishes import is_barred, wish_of
from storage import audit, handoff, members, notes, requests
from storage.handoff import Event
from storage.members import Member
from storage.requests import RequestRow
from storage.unit_of_work import Unit

OFFERED = "offered"
#: What ends an offer; the newest event of these and OFFERED counts.
ENDS = frozenset({"taken_over", "declined", "withdrawn", "closed", "given_back", "silent"})


class NotForThem(Exception):
    """This colleague may not read the request, or has it already."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A colleague is asked. by, to: ids of staff. at: when; the note of the same moment says why."""

    by: int
    to: int
    at: datetime


def offer_of(unit: Unit, number: int) -> Offer | None:
    """The offer of a request that stands now, or None."""
    return _standing(handoff.events(unit, number))


def offers_to(unit: Unit, staff_id: int) -> Mapping[int, Offer]:
    """What somebody is asked to take over now, by the number of the request."""
    happened = handoff.events_of_open(unit, {OFFERED, *ENDS})
    standing = {number: _standing(events) for number, events in happened.items()}
    return {number: offer for number, offer in standing.items() if offer is not None and offer.to == staff_id}


def words_of(unit: Unit, row: RequestRow, offer: Offer) -> str:
    """What is done and what is next, as who asks wrote it. Raises KeyGone."""
    written = notes.notes(unit, row.number, row.contact_id)
    return next((note.text for note in written if (note.staff_id, note.at) == (offer.by, offer.at)), "")


def colleagues(unit: Unit, row: RequestRow) -> list[Member]:
    """Who may be asked to go on: those who could read it and whom the person did not shut out."""
    wish = wish_of(unit, row)
    others = [one for one in members.members(unit) if one.id != row.assignee_id]
    return [one for one in others if works(one, row, invited=True) and not is_barred(wish, one)]


def offer(desk: Desk, number: int, to_staff: int, text: str) -> None:
    """Ask a colleague to go on. Until they accept it stays mine. Raises NotYours, NotForThem."""
    row = _mine(desk, number)
    if to_staff not in {one.id for one in colleagues(desk.unit, row)}:
        raise NotForThem
    withdraw(desk.unit, desk.voice, number, "")  # whoever was asked before
    notes.write_note(desk.unit, number, row.contact_id, desk.me, text)
    _record(desk, OFFERED, number, str(to_staff))
    tell_assignee(desk.unit, desk.voice, row, Alarm.OFFERED, to_staff)


def withdraw_offer(desk: Desk, number: int) -> None:
    """Nobody need go on with it after all. Raises NotYours, also where nobody is asked."""
    _mine(desk, number)
    if offer_of(desk.unit, number) is None:
        raise NotYours
    withdraw(desk.unit, desk.voice, number, "")
    _record(desk, "withdrawn", number)


def decline(desk: Desk, number: int) -> None:
    """Not now. Who asked is told, and nobody asks why. Raises NotYours where I was not asked, or no more."""
    offered = offer_of(desk.unit, number)
    if offered is None or offered.to != desk.me:
        raise NotYours
    withdraw(desk.unit, desk.voice, number, "")
    _record(desk, "declined", number)
    tell_assignee(desk.unit, desk.voice, requests.request(desk.unit, number), Alarm.DECLINED, offered.by)


def accept(desk: Desk, number: int) -> bool:
    """Take it from who has it; False when somebody was faster. Who had it is told.

    Raises NotYours: nobody offered it to me, and I may not take requests away.
    """
    row, me = requests.request(desk.unit, number), members.member(desk.unit, desk.me)
    offered = offer_of(desk.unit, number)
    if (offered is None or offered.to != me.id) and not may(me, May.TAKE_AWAY):
        raise NotYours
    if row.assignee_id in {None, me.id} or not handoff.hand_over(desk.unit, number, row.assignee_id, me.id):
        return False
    _record(desk, "taken_over", number)
    tell_assignee(desk.unit, desk.voice, row, Alarm.PASSED, row.assignee_id)
    return True


def take_over(desk: Desk, number: int) -> bool:
    """Accept, in the conversation itself: the person is told who goes on. Raises NotYours."""
    if not accept(desk, number):
        return False
    settle_in(desk, requests.request(desk.unit, number), Line.HANDED_OVER)
    return True


def _standing(events: Iterable[Event]) -> Offer | None:
    """events: of one request. What happens at the same time as an offer ends it: it cannot have come before."""
    happened = [event for event in events if event[0] == OFFERED or event[0] in ENDS]
    kind, by, to, at = max(happened, key=lambda event: (event[3], event[0] in ENDS), default=(None, None, "", None))
    if kind != OFFERED or by is None or at is None:
        return None
    return Offer(by, int(to), at)


def _mine(desk: Desk, number: int) -> RequestRow:
    row = requests.request(desk.unit, number)
    if row.assignee_id != desk.me or row.closed_at is not None:
        raise NotYours
    return row


def _record(desk: Desk, what: str, number: int, detail: str = "") -> None:
    """For the thread and for the log."""
    handoff.note_event(desk.unit, number, what, desk.me, detail)
    audit.log_act(desk.unit, desk.me, what, f"request:{number}", detail)
