"""Search over what one may see: a number, what is known of a request, and words, which only decrypting can find.

Words are compared as keys in which scripts and spellings fall together (i18n/fold.py), so Serbian in Cyrillic finds
Serbian in Latin. What one may not see is never decrypted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from desk.access import sees
from desk.inbox import LARGEST_NUMBER, Line, asked_into, find, is_late
from desk.wishes import kept_from
from i18n.fold import fold, number
from storage import messages, notes, requests
from storage.members import Member
from storage.requests import RequestRow
from storage.unit_of_work import Unit

MOST_MESSAGES = 5000  # decrypted for one search; about a second (rulings 15)
MOST_CLOSED = 1000  # the newest ones

Facts = Callable[[RequestRow], str]


@dataclass(frozen=True, slots=True)
class Found:
    """The requests that fit, newest first. capped: not all messages were looked through."""

    lines: Sequence[Line]
    capped: bool = False


def search(unit: Unit, member: Member, words: str, facts: Facts) -> Found:
    """What fits all words. facts: what is known of a request without its texts, in the reader's language."""
    if (wanted := number(words)) is not None:
        return Found([_line(unit, row) for row in _numbered(unit, member, wanted)])
    keys = fold(words).split()
    if not keys:
        return Found([])
    found, left = [], MOST_MESSAGES
    for row in _visible(unit, member):
        text = facts(row)
        if not _fits(keys, text) and left > 0:
            said = _texts(unit, row)
            left -= max(1, len(said))
            text = " ".join([text, *said])
        if _fits(keys, text):
            found.append(_line(unit, row))
    return Found(found, capped=left <= 0)


def _numbered(unit: Unit, member: Member, wanted: int) -> list[RequestRow]:
    try:
        return [find(unit, member, min(wanted, LARGEST_NUMBER))]
    except requests.NoRequest:
        return []


def _visible(unit: Unit, member: Member) -> list[RequestRow]:
    rows = [*requests.open_requests(unit), *requests.closed_requests(unit, MOST_CLOSED)]
    hidden, asked = kept_from(unit, member, rows), asked_into(unit, member)
    seen = [row for row in rows if row.number not in hidden and sees(member, row, invited=row.number in asked)]
    return sorted(seen, key=lambda row: -row.number)


def _texts(unit: Unit, row: RequestRow) -> list[str]:
    """All words of a request, decrypted."""
    said = [message.text for message in messages.of_request(unit, row.number)]
    return said + [note.text for note in notes.notes(unit, row.number, row.contact_id)]


def _fits(keys: Sequence[str], text: str) -> bool:
    folded = fold(text)
    return all(key in folded for key in keys)


def _line(unit: Unit, row: RequestRow) -> Line:
    return Line(row, is_late(row, unit.now), messages.newest_of_request(unit, row.number))
