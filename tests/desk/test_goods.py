"""Goods or money: a short form, a decision, and who learns of both."""

from __future__ import annotations

import pytest

from desk import asking, goods
from desk import requests as acts
from desk.goods import PASSED, QUESTIONS, Decision, Need, next_question
from desk.lifecycle import Refused, Turn
from desk.requests import Desk, NotYours
from desk.voice import Line
from storage import audit, messages, requests
from storage.members import Member
from storage.rows import Standing
from tests.desk.team import CALENDAR, Team
from tests.storage.build import Store


@pytest.fixture
def team(store: Store) -> Team:
    return Team(store)


@pytest.fixture
def person(store: Store) -> Standing:
    return store.newcomer("somebody")


@pytest.fixture
def carer(team: Team) -> Member:
    return team.member("protection", "protection")


def fill_in(team: Team, number: int, question: str, choice: str) -> bool:
    need = Need(question, choice)
    return team.store.database.write_now(
        lambda unit: asking.add(Desk(unit, team.voice, CALENDAR), requests.request(unit, number), need)
    )


def test_the_form_has_at_most_three_questions_and_each_is_asked_once() -> None:
    said: dict[str, str] = {}
    asked = []
    while (question := next_question(said)) is not None:
        asked.append(question)
        said[question] = PASSED
    assert asked == list(QUESTIONS)
    assert len(asked) <= 3


@pytest.mark.parametrize(("question", "choice"), [("status", "none"), ("what", "gold"), ("what", "")])
def test_a_button_of_another_version_says_nothing(question: str, choice: str) -> None:
    with pytest.raises(ValueError, match=question):
        Need(question, choice)


def test_what_is_answered_twice_counts_as_said_last_and_lies_sealed(team: Team, person: Standing) -> None:
    number = team.asks(person, "goods", protected=True)
    assert fill_in(team, number, "what", "clothes")
    assert fill_in(team, number, "what", "cost")
    assert fill_in(team, number, "aid", PASSED)
    form = team.store.database.read_now(lambda unit: goods.form(unit, requests.request(unit, number)))
    assert form == {"what": "cost", "aid": PASSED}
    rows = team.store.database.read_now(
        lambda unit: unit.connection.exec_driver_sql("SELECT sealed FROM request").scalars().all()
    )
    assert all(b"cost" not in bytes(row) for row in rows)


def test_another_type_of_request_has_no_form_and_nothing_to_decide(team: Team, person: Standing, carer: Member) -> None:
    number = team.asks(person, "question")
    team.do(acts.claim, number, by=carer)
    assert not fill_in(team, number, "what", "clothes")
    with pytest.raises(Refused):
        team.do(goods.decide, number, Decision.GRANTED, "x", by=carer)


@pytest.mark.parametrize("decision", Decision)
def test_a_decision_is_told_with_its_reason_and_ends_the_request(
    team: Team, person: Standing, carer: Member, decision: Decision
) -> None:
    number = team.asks(person, "goods", protected=True)
    team.do(acts.claim, number, by=carer)
    team.do(goods.decide, number, decision, "Come on Monday.", by=carer)
    assert ("decision", decision, "Come on Monday.") in team.voice.said
    assert team.voice.lines[-1] == Line.SOLVED
    row = team.row(number)
    assert (row.state, row.outcome) == (Turn.DONE, goods.ENDS[decision])
    assert row.answered_at is not None
    said = team.store.database.read_now(lambda unit: messages.of_request(unit, number))
    assert [(one.direction, one.text) for one in said] == [("out", "Come on Monday.")]
    acts_logged = [line.act for line in team.store.database.read_now(lambda unit: audit.lines(unit))]
    assert f"goods_{decision}" in acts_logged
    assert not fill_in(team, number, "what", "clothes"), "it is closed"


def test_only_who_has_it_decides(team: Team, person: Standing, carer: Member) -> None:
    number = team.asks(person, "goods", protected=True)
    with pytest.raises(NotYours):
        team.do(goods.decide, number, Decision.GRANTED, "x", by=carer)
