"""Who has a request that one cannot open (any more): said to who could have taken it, and nothing else of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from desk.access import works
from desk.inbox import LARGEST_NUMBER
from desk.wishes import kept_from
from storage import members, notes, requests
from storage.members import Member
from storage.unit_of_work import Unit


@dataclass(frozen=True, slots=True)
class Taken:
    """A request that a colleague has. holder: what the team calls them; words: what the asker had begun to write."""

    holder: str
    since: datetime
    words: str


def taken(unit: Unit, member: Member, number: int) -> Taken | None:
    """Who has it; None where that is nothing to this member, or nobody else has it. Raises KeyGone."""
    try:
        row = requests.request(unit, min(number, LARGEST_NUMBER))
    except requests.NoRequest:
        return None
    if row.closed_at is not None or row.assignee_id in {None, member.id} or row.claimed_at is None:
        return None
    if kept_from(unit, member, [row]) or not works(member, replace(row, assignee_id=None)):
        return None
    assert row.assignee_id is not None
    drafts = {draft.staff_id: draft.text for draft in notes.drafts(unit, number, row.contact_id)}
    return Taken(members.member(unit, row.assignee_id).label, row.claimed_at, drafts.get(member.id, ""))
