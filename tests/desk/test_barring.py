"""A colleague reports, a coordinator bars and lifts; the person is told of each once, and is never alone in danger."""

from __future__ import annotations

import pytest

from desk import barring
from desk import requests as acts
from desk.lifecycle import Outcome, Refused, Turn
from desk.voice import Line, Notice
from storage import audit, contacts, notes
from storage.members import Member
from storage.rows import Standing
from tests.desk.team import Team
from tests.storage.build import Store


@pytest.fixture
def team(store: Store) -> Team:
    return Team(store)


@pytest.fixture
def person(store: Store) -> Standing:
    return store.newcomer("somebody")


@pytest.fixture
def anna(team: Team) -> Member:
    return team.member("assistant A")


@pytest.fixture
def boss(team: Team) -> Member:
    return team.member("coordinator", "coordinator")


def is_barred(team: Team, person: Standing) -> bool:
    return team.store.database.read_now(lambda unit: contacts.standing(unit, person.conversation_id)).barred


def test_a_report_calls_coordinators_and_the_person_learns_nothing(
    team: Team, person: Standing, anna: Member, boss: Member
) -> None:
    number = team.asks(person)
    said = list(team.voice.said)
    team.do(barring.report, number, "threatens me", by=anna)
    assert team.voice.notices == [(boss.conversation_id, Notice.REPORTED, str(number))]
    assert team.voice.said == said
    assert not is_barred(team, person)
    (note,) = team.store.database.read_now(lambda unit: notes.notes(unit, number, person.contact_id))
    assert note.text == "threatens me"
    logged = team.store.database.read_now(lambda unit: audit.lines(unit, act="reported"))
    assert [(line.thing, line.detail) for line in logged] == [(f"request:{number}", "")], "no words in the log"


def test_who_is_barred_is_told_once_and_what_they_asked_for_is_closed(
    team: Team, person: Standing, anna: Member, boss: Member
) -> None:
    number, other = team.asks(person), team.asks(person)
    team.do(acts.claim, number, by=anna)
    team.do(barring.bar, number, by=boss)
    assert is_barred(team, person)
    for one in (number, other):
        assert (team.row(one).state, team.row(one).outcome) == (Turn.DONE, Outcome.NOT_POSSIBLE)
    standing = team.store.database.read_now(lambda unit: contacts.standing(unit, person.conversation_id))
    assert standing.attached_staff_id is None
    with pytest.raises(Refused):
        team.do(barring.bar, number, by=boss)
    assert team.voice.lines.count(Line.BARRED) == 1
    assert Line.SOLVED not in team.voice.lines
    team.do(barring.lift, number, by=boss)
    assert not is_barred(team, person)
    assert team.voice.lines[-1] == Line.LIFTED
    with pytest.raises(Refused):
        team.do(barring.lift, number, by=boss)


def test_an_urgent_request_stays_open(team: Team, person: Standing, boss: Member) -> None:
    urgent, other = team.asks(person, "urgent", urgent=True, protected=True), team.asks(person)
    team.do(barring.bar, other, by=boss)
    assert team.row(urgent).closed_at is None
    assert team.row(other).closed_at is not None
