"""What an institution answers: each answer follows another by the table, and the request comes back when it should."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk import requests as acts
from desk.lifecycle import Refused, Turn
from desk.referring import STAGES, Share, Stage, answered, refer
from desk.requests import NotYours
from desk.voice import Alarm
from storage import referrals, requests
from storage.members import Member
from storage.referrals import Referred
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
def number(team: Team, person: Standing, anna: Member) -> int:
    """A request that was handed on."""
    number = team.asks(person)
    team.do(acts.claim, number, by=anna)
    team.do(refer, number, "office", "needs a lawyer", None, {Share.LANGUAGE}, by=anna)
    return number


def referral(team: Team, number: int) -> Referred:
    contact = team.row(number).contact_id
    (one,) = team.store.database.read_now(lambda unit: referrals.referrals(unit, number, contact))
    return one


def test_it_ends_with_an_outcome_or_stays_open_to_an_answer() -> None:
    reachable = {Stage.SENT}
    for _ in Stage:
        reachable |= {then for now in reachable for then in STAGES[now]}
    assert reachable == set(Stage)
    assert {stage for stage in Stage if not STAGES[stage]} == {Stage.OUTCOME}


def test_from_handed_on_to_the_outcome_the_day_of_the_appointment_brings_it_back(
    team: Team, number: int, anna: Member
) -> None:
    id, day = referral(team, number).id, team.now + timedelta(days=3)
    team.do(answered, number, id, Stage.ACCEPTED, "", None, by=anna)
    assert team.row(number).state == Turn.OFFICE
    team.do(answered, number, id, Stage.APPOINTMENT, "room 4", day, by=anna)
    now = referral(team, number)
    assert (now.state, now.answer, now.due_at, now.shares) == ("appointment", "room 4", day, frozenset({"language"}))
    assert (team.row(number).state, team.row(number).due_at) == (Turn.OFFICE, day)
    team.store.clock.forward(days=3)
    team.ring()
    assert team.row(number).state == Turn.OURS
    assert team.voice.alarms(anna.conversation_id)[-1] == Alarm.DUE
    team.do(answered, number, id, Stage.OUTCOME, "they got it", None, by=anna)
    assert referral(team, number).answer == "they got it"
    with pytest.raises(Refused):
        team.do(answered, number, id, Stage.ACCEPTED, "", None, by=anna)


def test_no_answer_needs_us_and_they_may_answer_after_all(team: Team, number: int, anna: Member) -> None:
    id = referral(team, number).id
    team.do(answered, number, id, Stage.NO_ANSWER, "", None, by=anna)
    assert team.row(number).state == Turn.OURS
    team.do(answered, number, id, Stage.APPOINTMENT, "", team.now + timedelta(days=1), by=anna)
    assert team.row(number).state == Turn.OFFICE


def test_an_answer_is_of_who_has_the_request_and_of_a_referral_of_it(team: Team, number: int, anna: Member) -> None:
    id, ben = referral(team, number).id, team.member("assistant B")
    with pytest.raises(NotYours):
        team.do(answered, number, id, Stage.ACCEPTED, "", None, by=ben)
    with pytest.raises(requests.NoRequest):
        team.do(answered, number, 1, Stage.ACCEPTED, "", None, by=anna)
    for stage, day in ((Stage.APPOINTMENT, None), (Stage.ACCEPTED, team.now)):
        with pytest.raises(Refused):
            team.do(answered, number, id, stage, "", day, by=anna)
