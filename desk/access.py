"""Who may do what: a table by role, and for a single request whether it is theirs to see. Deny by default. Pure.

Roles are those of rulings 34. A scope (a translator's language, a coordinator's municipality) narrows what a role
reaches; "" reaches everything.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
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
    SEE_PERMITS = "see_permits"  # what became of the large files that one asked for
    ALLOW_EXPORT = "allow_export"  # agree, as the second person, to a large file
    BAR_PEOPLE = "bar_people"  # close somebody's way to the team, and open it again
    SEE_AUDIT = "see_audit"
    MANAGE_STAFF = "manage_staff"
    CHANGE_RECORDS = "change_records"  # hours, numbers, texts that overlay the files
    SEE_MISSES = "see_misses"  # what people asked and nobody understood
    SEND_NOTICES = "send_notices"  # write notices and send them, to their own places
    APPROVE_NOTICES = "approve_notices"  # agree, as the second person, to what a colleague wrote
    SWITCH_SERVICE = "switch_service"  # stop all notices, or say that fewer of us are there


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
        May.SEE_PERMITS,
        May.ALLOW_EXPORT,
        May.BAR_PEOPLE,
        May.SEE_MISSES,
        May.CHANGE_RECORDS,
        May.SEND_NOTICES,
        May.APPROVE_NOTICES,
        May.SWITCH_SERVICE,
    },
    "protection": _WORK | {May.SEE_PROTECTED},
    "partner": frozenset({May.SEE_REQUESTS}),
    "viewer": frozenset({May.SEE_FIGURES}),
    "admin": frozenset(
        {
            May.MANAGE_STAFF,
            May.CHANGE_RECORDS,
            May.SEE_AUDIT,
            May.SEE_FIGURES,
            May.SWITCH_SERVICE,
            May.SEE_PERMITS,
            May.ALLOW_EXPORT,
        }
    ),
    "auditor": frozenset({May.SEE_AUDIT}),
}

#: Roles that may be given for one place alone. With a scope they give nothing that reaches beyond it.
SCOPED = frozenset({"coordinator", "translator"})
_EVERYWHERE = frozenset(
    {
        May.SEE_ALL_REQUESTS,
        May.SEE_PROTECTED,
        May.TAKE_AWAY,
        May.EXPORT,
        May.ALLOW_EXPORT,
        May.CHANGE_RECORDS,
        May.APPROVE_NOTICES,
        May.SWITCH_SERVICE,
    }
)


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may open a page. what: the permission; None = everybody who works here.

    code: a code was shown; pledged: the code of conduct is accepted; fresh: the code was shown minutes ago.
    """

    what: May | None = None
    code: bool = True
    pledged: bool = True
    fresh: bool = False


_STAFF = Rule()
_LINK_ALONE = Rule(code=False, pledged=False)
_CODE_ALONE = Rule(pledged=False)
_TEAM = Rule(May.MANAGE_STAFF)
_TEAM_FRESH = Rule(May.MANAGE_STAFF, fresh=True)
_NOTICES = Rule(May.SEND_NOTICES)

#: Every page behind the door of the desk, by method and path as its route writes it. A route without a rule does not
#: start. What a rule lets through is asked again for the single request (`sees`, `works`).
RULES: Mapping[str, Rule] = {
    "POST /desk/logout": _LINK_ALONE,
    "GET /desk/code": _LINK_ALONE,
    "POST /desk/code": _LINK_ALONE,
    "GET /desk/pledge": _CODE_ALONE,
    "POST /desk/pledge": _CODE_ALONE,
    "GET /desk/confirm": _CODE_ALONE,
    "POST /desk/confirm": _CODE_ALONE,
    "GET /desk": _STAFF,
    "GET /desk/live": _STAFF,
    "GET /desk/me": _STAFF,
    "POST /desk/me/profile": _STAFF,
    "POST /desk/me/duty": _STAFF,
    "POST /desk/me/talk": _STAFF,
    "POST /desk/me/sessions": _STAFF,
    "POST /desk/me/chat": _STAFF,
    "GET /desk/requests/{number:int}": Rule(May.SEE_REQUESTS),
    "POST /desk/requests/{number:int}/draft": Rule(May.WORK_REQUESTS),
    "POST /desk/requests/{number:int}/reveal": Rule(May.WORK_REQUESTS),
    "POST /desk/requests/{number:int}/insert": Rule(May.WORK_REQUESTS),
    "POST /desk/requests/{number:int}/attach": Rule(May.WORK_REQUESTS),
    "POST /desk/requests/{number:int}/detach": Rule(May.WORK_REQUESTS),
    "GET /desk/requests/{number:int}/step": Rule(May.SEE_REQUESTS),
    "GET /desk/requests/{number:int}/media/{id:int}": Rule(May.SEE_REQUESTS),
    "GET /desk/requests/{number:int}/slip/{id:int}": Rule(May.WORK_REQUESTS),
    "POST /desk/requests/{number:int}/note": Rule(May.SEE_REQUESTS),
    "POST /desk/requests/{number:int}/interpret": Rule(May.SEE_REQUESTS),
    "POST /desk/requests/{number:int}/{act}": Rule(May.WORK_REQUESTS),
    "GET /desk/find": Rule(May.SEE_REQUESTS),
    "POST /desk/find": Rule(May.SEE_REQUESTS),
    "GET /desk/log": Rule(May.SEE_FIGURES),
    "GET /desk/log/permits": Rule(May.SEE_PERMITS),
    "POST /desk/log/permits": Rule(May.SEND_NOTICES, fresh=True),  # and what the file needs: desk.permits.NEEDED
    "POST /desk/log/permits/{id:int}": Rule(May.ALLOW_EXPORT, fresh=True),
    "GET /desk/log.csv": Rule(May.EXPORT, fresh=True),
    "GET /desk/log.xlsx": Rule(May.EXPORT, fresh=True),
    "GET /desk/view": _STAFF,
    "POST /desk/view": _STAFF,
    "GET /desk/staff": _TEAM,
    "POST /desk/staff/invite": _TEAM_FRESH,
    "POST /desk/staff/{id:int}/roles": _TEAM_FRESH,
    "POST /desk/staff/{id:int}/link": _TEAM_FRESH,
    "POST /desk/staff/{id:int}/chat": _TEAM_FRESH,
    "POST /desk/staff/{id:int}/reset": _TEAM_FRESH,
    "POST /desk/staff/{id:int}/sessions": _TEAM,
    "POST /desk/staff/{id:int}/end": _TEAM,
    "GET /desk/audit": Rule(May.SEE_AUDIT),
    "GET /desk/surveys": _NOTICES,
    "POST /desk/surveys": _NOTICES,
    "GET /desk/surveys/{id:int}": _NOTICES,
    "GET /desk/surveys/{id:int}/voice/{voice:int}": _NOTICES,  # and see desk.surveys.may_listen
    "GET /desk/surveys/{id:int}/counts.csv": Rule(May.SEND_NOTICES, fresh=True),
    "POST /desk/surveys/{id:int}/notice": _NOTICES,
    "POST /desk/surveys/{id:int}/{act}": _NOTICES,
    "GET /desk/events": _NOTICES,
    "POST /desk/events": _NOTICES,
    "GET /desk/events/{id:int}": _NOTICES,
    "GET /desk/events/{id:int}/list.{kind}": Rule(May.SEND_NOTICES, fresh=True),
    "GET /desk/events/{id:int}/pack": _NOTICES,
    "GET /desk/events/{id:int}/leaflet/{locale}": _NOTICES,
    "GET /desk/events/{id:int}/qr/{locale}": _NOTICES,
    "POST /desk/events/{id:int}/notice": _NOTICES,
    "POST /desk/events/{id:int}/{act}": _NOTICES,
    "GET /desk/notices": _NOTICES,
    "POST /desk/notices": _NOTICES,
    "GET /desk/notices/{id:int}": _NOTICES,
    "GET /desk/notices/{id:int}/count": _NOTICES,
    "POST /desk/notices/{id:int}/preview": _NOTICES,
    "GET /desk/notices/{id:int}/live": _NOTICES,
    "GET /desk/notices/{id:int}/report.csv": Rule(May.EXPORT, fresh=True),
    "GET /desk/notices/{id:int}/pack": _NOTICES,
    "GET /desk/notices/{id:int}/leaflet/{locale}": _NOTICES,
    "GET /desk/notices/{id:int}/qr/{locale}": _NOTICES,
    "GET /desk/notices/{id:int}/po/{locale}": _NOTICES,
    "POST /desk/notices/{id:int}/po": _NOTICES,
    "POST /desk/notices/{id:int}/approve": Rule(May.APPROVE_NOTICES),
    "POST /desk/notices/{id:int}/send": Rule(May.SEND_NOTICES, fresh=True),
    "POST /desk/notices/{id:int}/{act}": _NOTICES,
    "GET /desk/service": Rule(May.SWITCH_SERVICE),
    "POST /desk/service": Rule(May.SWITCH_SERVICE),
    "ANY /desk/{path:path}": _STAFF,  # there is no such page
}


def rule_of(methods: Collection[str] | None, path: str) -> Rule:
    """The rule of a route. Raises LookupError where nobody wrote one."""
    assert methods, "every route says its methods"
    names = [f"{'ANY' if len(methods) > 1 else method} {path}" for method in methods]
    if names[0] not in RULES:
        raise LookupError(f"{names[0]}: write a rule for this page into RULES in desk/access.py")
    return RULES[names[0]]


def may(member: Member, what: May) -> bool:
    """Whether one of the member's roles allows it. Before the code of conduct is accepted nothing is allowed."""
    if member.pledged_at is None:
        return False
    return any(what in ROLES.get(role.name, ()) and not (role.scope and what in _EVERYWHERE) for role in member.roles)


def sees(member: Member, row: RequestRow, *, invited: bool = False) -> bool:
    """Whether this request is theirs to see. invited: to read along, or to take it over; until the request ends.

    An assistant sees their own and those that nobody has; after the end of a request, none of it.
    """
    if not may(member, May.SEE_REQUESTS):
        return False
    if row.protected and not may(member, May.SEE_PROTECTED):
        return False
    if may(member, May.SEE_ALL_REQUESTS):
        return True
    if row.closed_at is not None:
        return False
    if invited:
        return True
    if not may(member, May.WORK_REQUESTS):
        return False
    return row.assignee_id in {None, member.id} or (row.protected and may(member, May.SEE_PROTECTED))


def works(member: Member, row: RequestRow, *, invited: bool = False) -> bool:
    """Whether they may claim it, or do something with it that is not the assignee's alone. invited: see `sees`."""
    return sees(member, row, invited=invited) and may(member, May.WORK_REQUESTS)
