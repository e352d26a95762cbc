"""The lists of requests as a member of staff sees them, and whether one of them is theirs to open. Read only."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from desk.access import sees, works
from desk.guests import guest_in, invited_to
from desk.lifecycle import Turn
from desk.offers import offer_of, offers_to, words_of
from desk.requests import REOPENS_FOR
from desk.routing import speaks
from desk.wishes import kept_from, wish_of
from storage import members, messages, requests
from storage.members import Member
from storage.messages import Kept
from storage.requests import RequestRow
from storage.unit_of_work import Unit

LARGEST_NUMBER = 2**63 - 1  # what a database can look up


class Tab(StrEnum):
    """A list. OURS is the one that must be empty in the evening."""

    OURS = "ours"  # mine, and it is our turn; and what a colleague asks me to take over
    FREE = "free"  # nobody has it; in my languages first
    ALL = "all"  # everything that I may see and that is not closed
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Offered:
    """A colleague asks somebody to go on with a request. by, to: labels; words: what is done and what is next."""

    by: str
    to: str
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """One request in a list. late: past the promise and not answered. said: the last words, or None.

    offered: where the reader is asked to take it over.
    """

    row: RequestRow
    late: bool
    said: Kept | None
    offered: Offered | None = None


def inbox(unit: Unit, member: Member, tab: Tab) -> list[Line]:
    """The requests of a list: offered and urgent ones first, then by the promise, then the oldest."""
    rows = requests.closed_requests(unit) if tab is Tab.DONE else requests.open_requests(unit)
    asked, mine = offers_to(unit, member.id), asked_into(unit, member)
    shown = [row for row in _seen(unit, member, rows, mine) if _belongs(row, member, tab, mine)]
    if tab is not Tab.DONE:
        shown.sort(key=lambda row: _order(row, member, tab, asked))
    return [
        Line(
            row,
            is_late(row, unit.now),
            messages.newest_of_request(unit, row.number),
            offered_in(unit, row) if row.number in asked else None,
        )
        for row in shown
    ]


def asked_into(unit: Unit, member: Member) -> frozenset[int]:
    """The numbers of the requests into which colleagues asked them: to go on with one, or to read along in it."""
    return invited_to(unit, member) | offers_to(unit, member.id).keys()


def counts(unit: Unit, member: Member) -> Mapping[Tab, int]:
    """How many requests are in the lists that call for somebody."""
    asked = asked_into(unit, member)
    rows = _seen(unit, member, requests.open_requests(unit), asked)
    return {tab: sum(_belongs(row, member, tab, asked) for row in rows) for tab in (Tab.OURS, Tab.FREE)}


def waiting(unit: Unit, member: Member) -> int:
    """How many requests wait for this member: theirs, offered to them, and free ones in a language that they speak.

    Who has not said which languages they speak hears of all that are free.
    """
    asked = asked_into(unit, member)

    def is_free(row: RequestRow) -> bool:
        spoken = not member.languages or speaks(member.languages, wish_of(unit, row).locale)
        return row.assignee_id is None and row.state == Turn.OURS and spoken

    rows = _seen(unit, member, requests.open_requests(unit), asked)
    return sum(_belongs(row, member, Tab.OURS, asked) or is_free(row) for row in rows)


def find(unit: Unit, member: Member, number: int) -> RequestRow:
    """A request that the member may see. Raises NoRequest also for one that they may not: who asks learns nothing."""
    if number > LARGEST_NUMBER:
        raise requests.NoRequest(number)
    row = requests.request(unit, number)
    if kept_from(unit, member, [row]):
        raise requests.NoRequest(number)
    if not sees(member, row) and not sees(member, row, invited=invited(unit, member, number)):
        raise requests.NoRequest(number)
    return row


def just_closed(unit: Unit, member: Member, number: int) -> RequestRow | None:
    """A request that the member has closed and may still open again, or None. Its words may be hidden from them.

    Raises NoRequest where there is none with this number.
    """
    row = requests.request(unit, number) if number <= LARGEST_NUMBER else None
    if row is None or row.closed_at is None or row.assignee_id != member.id or unit.now - row.closed_at > REOPENS_FOR:
        return None
    theirs = works(member, replace(row, closed_at=None)) and not kept_from(unit, member, [row])
    return row if theirs else None


def invited(unit: Unit, member: Member, number: int) -> bool:
    """Whether a colleague asked them in: to read along, or to take it over and that is not settled yet."""
    offer = offer_of(unit, number)
    return (offer is not None and offer.to == member.id) or guest_in(unit, member, number) is not None


def is_late(row: RequestRow, now: datetime) -> bool:
    """The promise was not kept."""
    return row.promised_by is not None and row.answered_at is None and row.closed_at is None and row.promised_by < now


def _seen(unit: Unit, member: Member, rows: Sequence[RequestRow], asked: Collection[int] = ()) -> list[RequestRow]:
    """Of these rows, what the member may see. asked: numbers that are offered to them."""
    hidden = kept_from(unit, member, rows)
    return [row for row in rows if row.number not in hidden and sees(member, row, invited=row.number in asked)]


def offered_in(unit: Unit, row: RequestRow, reader: Member | None = None) -> Offered | None:
    """The offer of a request that stands; for a reader only where they are one of the two."""
    offer = offer_of(unit, row.number)
    if offer is None or (reader is not None and reader.id not in {offer.by, offer.to}):
        return None
    by, to = (members.member(unit, id).label for id in (offer.by, offer.to))
    return Offered(by, to, words_of(unit, row, offer))


def _belongs(row: RequestRow, member: Member, tab: Tab, asked: Collection[int]) -> bool:
    match tab:
        case Tab.OURS:
            return row.number in asked or (row.assignee_id == member.id and row.state == Turn.OURS)
        case Tab.FREE:
            return row.assignee_id is None
        case Tab.ALL | Tab.DONE:
            return True


def _order(row: RequestRow, member: Member, tab: Tab, asked: Collection[int]) -> tuple[bool, bool, bool, datetime, int]:
    strange = tab is Tab.FREE and row.locale not in member.languages
    return (row.number not in asked, not row.urgent, strange, row.promised_by or row.created_at, row.number)
