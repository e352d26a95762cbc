"""Who may do what. Everything that the table does not name is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from desk.access import ROLES, May, may, sees, works
from storage.members import Member, Role
from storage.requests import RequestRow

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NOBODY = Member(1, "x", "", "", frozenset(), "", "", True, None, 8, None, NOW, frozenset())
FREE = RequestRow(
    1, 1, 1, "question", "ours", False, "en", None, None, None, NOW, None,
    None, None, None, NOW, None, None, 0, False, False, None,
)  # fmt: skip


def member(*roles: str, id: int = 1) -> Member:
    return replace(NOBODY, id=id, roles=frozenset(map(Role, roles)))


@pytest.mark.parametrize("what", May)
def test_who_has_no_role_may_do_nothing(what: May) -> None:
    assert not may(NOBODY, what)
    assert not may(member("no such role"), what)


@pytest.mark.parametrize("role", ROLES)
def test_before_the_code_of_conduct_is_accepted_nothing_is_allowed(role: str) -> None:
    assert not any(may(replace(member(role), pledged_at=None), what) for what in May)


def test_an_assistant_sees_their_own_and_the_free_ones_only() -> None:
    assistant = member("assistant")
    assert sees(assistant, FREE)
    assert sees(assistant, replace(FREE, assignee_id=1))
    assert not sees(assistant, replace(FREE, assignee_id=2))
    assert not sees(assistant, replace(FREE, protected=True))
    assert not sees(assistant, replace(FREE, assignee_id=1, closed_at=NOW))


def test_an_interpreter_sees_only_what_they_were_invited_to_and_works_on_none() -> None:
    interpreter = member("interpreter")
    assert not sees(interpreter, FREE)
    assert sees(interpreter, FREE, invited=True)
    assert not works(interpreter, FREE)


def test_an_invitation_ends_with_the_request() -> None:
    for role in ("interpreter", "assistant", "coordinator:novi_sad"):
        one = replace(NOBODY, roles=frozenset({Role.read(role)}))
        assert sees(one, replace(FREE, assignee_id=2), invited=True)
        assert not sees(one, replace(FREE, assignee_id=2, closed_at=NOW), invited=True)


def test_an_invitation_opens_no_protected_request() -> None:
    assert not sees(member("assistant"), replace(FREE, protected=True), invited=True)


@pytest.mark.parametrize("role", ["editor", "translator", "viewer", "admin", "auditor"])
def test_who_does_not_work_with_people_sees_no_request(role: str) -> None:
    assert not sees(member(role), FREE)


def test_only_coordinators_export_and_take_requests_away() -> None:
    for what in (May.EXPORT, May.TAKE_AWAY):
        assert {role for role in ROLES if may(member(role), what)} == {"coordinator"}


def test_only_administrators_let_people_in() -> None:
    assert {role for role in ROLES if may(member(role), May.MANAGE_STAFF)} == {"admin"}
