"""Who works at the desk: letting people in, what they may do, and letting them go. Every act is logged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from desk import auth
from desk.access import ROLES, SCOPED, May, may, works
from desk.requests import Desk, give_back
from storage import audit, codes, members, requests, staff
from storage.members import Member, Role
from storage.requests import RequestRow
from storage.unit_of_work import Unit


class LastAdministrator(Exception):
    """Nobody would be left who can let others in."""


class BadRole(Exception):
    """There is no such role, or it has no place."""


def read_roles(words: Sequence[str]) -> list[Role]:
    """Roles from what str(Role) writes. Raises BadRole."""
    roles = [Role.read(word) for word in words]
    for role in roles:
        fits = role.scope == "" or (role.name in SCOPED and role.scope.replace("_", "-").replace("-", "").isalnum())
        if role.name not in ROLES or not fits:
            raise BadRole(str(role))
    return roles


def invite(unit: Unit, label: str, roles: Sequence[Role], by: int | None) -> str:
    """The path of an invitation: shown once, works once, for 48 hours. by: None = the command line."""
    named = " ".join(sorted(map(str, roles)))
    audit.log_act(unit, by, "invited", "", named)
    token = staff.invite(unit, unit.now + auth.INVITATION, label=label, roles=list(map(str, roles)))
    return auth.path_of(token)


def change_roles(desk: Desk, member: Member, roles: Sequence[Role]) -> None:
    """Other roles from now on; all their sessions end. What these roles do not let them have goes back to all.

    desk: of who does it. Raises LastAdministrator.
    """
    unit = desk.unit
    if Role("admin") not in roles:
        _somebody_else(unit, member)
    members.set_roles(unit, member.id, roles)
    staff.end_sessions(unit, member.id)
    audit.log_act(unit, desk.me, "roles", f"staff:{member.id}", " ".join(sorted(map(str, roles))))
    now = members.member(unit, member.id)
    _give_back(desk, member, [row for row in _theirs(unit, member) if not works(now, row)])


def reset_code(unit: Unit, member: Member, by: int | None) -> None:
    """Their app is lost: the secret and all sessions go. At their next link they set up a new one."""
    codes.reset(unit, member.id)
    staff.end_sessions(unit, member.id)
    audit.log_act(unit, by, "code_reset", f"staff:{member.id}")


def end_sessions(unit: Unit, member: Member, by: int) -> None:
    """Sign them out everywhere: a phone was lost."""
    staff.end_sessions(unit, member.id)
    audit.log_act(unit, by, "sessions_ended", f"staff:{member.id}")


def end(desk: Desk, member: Member) -> None:
    """They do not work here any more. Their open requests go back to all. Raises LastAdministrator.

    desk: of who ends it; None there = the command line.
    """
    _somebody_else(desk.unit, member)
    _give_back(desk, member, _theirs(desk.unit, member))
    staff.end(desk.unit, member.id)
    audit.log_act(desk.unit, desk.staff_id, "ended", f"staff:{member.id}")


def _theirs(unit: Unit, member: Member) -> list[RequestRow]:
    return [row for row in requests.open_requests(unit) if row.assignee_id == member.id]


def _give_back(desk: Desk, member: Member, rows: Sequence[RequestRow]) -> None:
    # Locks are taken in the order of conversations (rulings 1).
    for row in sorted(rows, key=lambda row: row.conversation_id):
        requests.hold(desk.unit, partial(requests.request, desk.unit, row.number))
        give_back(replace(desk, staff_id=member.id), row.number)


def _somebody_else(unit: Unit, member: Member) -> None:
    if not member.has("admin"):
        return
    if not any(may(one, May.MANAGE_STAFF) and one.has_code for one in members.members(unit) if one.id != member.id):
        raise LastAdministrator
