"""Marks of staff: what is urgent or sensitive is for the protection group; they are told, and they take it away."""

from __future__ import annotations

import pytest

from desk import requests as acts
from desk.flags import Flag, flag, flags, unflag
from desk.inbox import find
from desk.lifecycle import Outcome, Refused
from desk.voice import Alarm, Line
from storage import contacts, handoff
from storage.audit import lines
from storage.members import Member
from storage.requests import NoRequest
from storage.rows import Standing
from tests.desk.team import Team
from tests.desk.test_offers import Ticking
from tests.storage.build import Store


@pytest.fixture
def team(store: Store) -> Team:
    return Ticking(store)


@pytest.fixture
def person(store: Store) -> Standing:
    return store.newcomer("somebody")


@pytest.fixture
def anna(team: Team) -> Member:
    """Placeholders: nobody's."""
    return team.member("assistant A")


@pytest.fixture
def carer(team: Team) -> Member:
    return team.member("protection", "protection")


@pytest.fixture
def number(team: Team, person: Standing, anna: Member) -> int:
    """A request of a person, which assistant A has."""
    number = team.asks(person)
    team.do(acts.claim, number, by=anna)
    return number


def marks(team: Team, number: int) -> tuple[Flag, ...]:
    row = team.row(number)
    return team.store.database.read_now(lambda unit: flags(row, handoff.events(unit, number)))


def test_what_an_assistant_marks_urgent_goes_to_the_protection_group_and_is_called_out_until_somebody_has_it(
    team: Team, number: int, person: Standing, anna: Member, carer: Member
) -> None:
    boss = team.member("coordinator C", "coordinator", on_duty=False)
    team.do(flag, number, Flag.URGENT, by=anna)
    row = team.row(number)
    assert (row.urgent, row.protected, row.assignee_id) == (True, True, None)
    assert marks(team, number) == (Flag.URGENT, Flag.SENSITIVE)
    with pytest.raises(NoRequest):
        team.store.database.read_now(lambda unit: find(unit, anna, number))
    for one in (carer, boss):
        assert team.voice.alarms(one.conversation_id) == [Alarm.URGENT]
    assert Alarm.URGENT not in team.voice.alarms(anna.conversation_id)
    assert team.voice.lines[-1] == Line.BACK, "it says nothing that could hurt on a shared phone"
    team.store.clock.forward(minutes=5)
    team.ring()
    assert team.voice.alarms(carer.conversation_id) == [Alarm.URGENT] * 2
    team.do(acts.claim, number, by=carer)
    assert team.store.database.read_now(lambda unit: contacts.standing(unit, person.conversation_id)).urgent
    logged = team.store.database.read_now(lines)
    assert (anna.id, "flagged", f"request:{number}", "urgent") in {
        (line.staff_id, line.act, line.thing, line.detail) for line in logged
    }


def test_who_is_of_the_group_keeps_what_they_mark_and_a_coordinator_is_told(
    team: Team, person: Standing, carer: Member
) -> None:
    boss = team.member("coordinator C", "coordinator")
    number = team.asks(person)
    team.do(acts.claim, number, by=carer)
    team.do(flag, number, Flag.VIOLENCE, by=carer)
    team.do(flag, number, Flag.VIOLENCE, by=carer)  # a second press
    assert team.row(number).assignee_id == carer.id
    assert marks(team, number) == (Flag.VIOLENCE, Flag.SENSITIVE)
    assert Alarm.URGENT not in team.voice.alarms(boss.conversation_id)
    team.do(flag, number, Flag.URGENT, by=carer)
    assert team.voice.alarms(boss.conversation_id)[-1] == Alarm.URGENT
    assert team.row(number).assignee_id == carer.id


def test_that_it_is_not_urgent_any_more_opens_it_to_nobody_and_the_last_mark_does(
    team: Team, number: int, person: Standing, anna: Member, carer: Member
) -> None:
    team.do(flag, number, Flag.URGENT, by=anna)
    with pytest.raises(Refused):
        team.do(unflag, number, Flag.SENSITIVE, by=carer)
    team.do(unflag, number, Flag.URGENT, by=carer)
    assert (team.row(number).urgent, team.row(number).protected) == (False, True)
    assert not team.store.database.read_now(lambda unit: contacts.standing(unit, person.conversation_id)).urgent
    before = len(team.voice.alerts)
    team.store.clock.forward(minutes=6)
    team.ring()
    assert len(team.voice.alerts) == before
    team.do(unflag, number, Flag.SENSITIVE, by=carer)
    assert marks(team, number) == ()
    assert team.store.database.read_now(lambda unit: find(unit, anna, number)).number == number


def test_what_only_few_may_read_by_what_it_is_about_stays_so(team: Team, person: Standing, carer: Member) -> None:
    number = team.asks(person, "complaint", protected=True)
    with pytest.raises(Refused):
        team.do(unflag, number, Flag.SENSITIVE, by=carer)
    team.do(acts.claim, number, by=carer)
    team.do(acts.close, number, Outcome.INFORMED, by=carer)
    with pytest.raises(Refused):
        team.do(flag, number, Flag.URGENT, by=carer)
