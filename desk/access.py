"""Who may do what: a table by role, and for a single request whether it is theirs to see. Deny by default. Pure.

Roles are those of rulings 34. A scope (a translator's language, a coordinator's municipality) narrows what a role
reaches; "" reaches everything.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from storage.members import Member
from storage.requests import RequestRow


class May(StrEnum):
    """One thing that somebody may do."""

    SEE_REQUESTS = "see_requests"  # those that `sees` lets through
    WORK_REQUESTS = "work_requests"  # claim, answer, note, close, hand on
    SEE_ALL_REQUESTS = "see_all_requests"
    SEE_PROTECTED = "see_protected"
    TAKE_AWAY = "take_away"  # take a request from a colleague
    SEE_FIGURES = "see_figures"
    EXPORT = "export"
    SEE_AUDIT = "see_audit"
    MANAGE_STAFF = "manage_staff"
    CHANGE_RECORDS = "change_records"  # hours, numbers, texts that overlay the files
    SEE_MISSES = "see_misses"  # what people asked and nobody understood


_WORK = frozenset({May.SEE_REQUESTS, May.WORK_REQUESTS})

ROLES: Mapping[str, frozenset[May]] = {
    "assistant": _WORK,
    "interpreter": frozenset({May.SEE_REQUESTS}),
    "editor": frozenset({May.SEE_MISSES, May.CHANGE_RECORDS}),
    "translator": frozenset({May.SEE_MISSES}),
    "coordinator": _WORK
    | {
        May.SEE_ALL_REQUESTS,
        May.SEE_PROTECTED,
        May.TAKE_AWAY,
        May.SEE_FIGURES,
        May.EXPORT,
        May.SEE_MISSES,
        May.CHANGE_RECORDS,
    },
    "protection": _WORK | {May.SEE_PROTECTED},
    "partner": frozenset({May.SEE_REQUESTS}),
    "viewer": frozenset({May.SEE_FIGURES}),
    "admin": frozenset({May.MANAGE_STAFF, May.CHANGE_RECORDS, May.SEE_AUDIT, May.SEE_FIGURES}),
    "auditor": frozenset({May.SEE_AUDIT}),
}


def may(member: Member, what: May) -> bool:
    """Whether one of the member's roles allows it. Before the code of conduct is accepted nothing is allowed."""
    return member.pledged_at is not None and any(what in ROLES.get(role.name, ()) for role in member.roles)


def sees(member: Member, row: RequestRow, *, invited: bool = False) -> bool:
    """Whether this request is theirs to see. invited: as an interpreter, or to take it over.

    An assistant sees their own and those that nobody has; after the end of a request, none of it.
    """
    if not may(member, May.SEE_REQUESTS):
        return False
    if row.protected and not may(member, May.SEE_PROTECTED):
        return False
    if invited or may(member, May.SEE_ALL_REQUESTS):
        return True
    if not may(member, May.WORK_REQUESTS):
        return False
    if row.closed_at is not None:
        return False
    return row.assignee_id in {None, member.id} or (row.protected and may(member, May.SEE_PROTECTED))


def works(member: Member, row: RequestRow) -> bool:
    """Whether they may claim it, or do something with it that is not the assignee's alone."""
    return sees(member, row) and may(member, May.WORK_REQUESTS)
