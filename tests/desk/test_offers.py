"""Handing a request on: who may be asked, what they see until they say yes or no, and that an offer ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from desk import inbox, offers, turns
from desk import requests as acts
from desk.asking import Wished, add
from desk.inbox import Tab
from desk.lifecycle import Outcome
from desk.offers import NotForThem
from desk.requests import Desk, NotYours
from desk.thread import thread
from desk.voice import Alarm, Line
from storage import requests
from storage.members import Member
from storage.requests import NoRequest
from storage.rows import Standing
from tests.desk.team import CALENDAR, T, Team
from tests.storage.build import Store


class Ticking(Team):
    """A team in which no two acts happen at the same moment: what was last decides."""

    def do(self, act: Callable[..., T], *args: Any, by: Member | None = None, **more: Any) -> T:
        self.store.clock.forward(milliseconds=1)
        return super().do(act, *args, by=by, **more)


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
def ben(team: Team) -> Member:
    return team.member("assistant B", origin="SY")


@pytest.fixture
def offered(team: Team, person: Standing, anna: Member, ben: Member) -> int:
    """A request that the first has and the second is asked to go on with."""
    number = team.asks(person)
    team.do(acts.claim, number, by=anna)
    team.do(offers.offer, number, ben.id, "papers are ready, next the office", by=anna)
    return number


def opens(team: Team, member: Member, number: int) -> bool:
    """Whether they can open the request."""
    try:
        team.store.database.read_now(lambda unit: thread(unit, member, number))
    except NoRequest:
        return False
    return True


def may_be_asked(team: Team, number: int) -> list[str]:
    return team.store.database.read_now(
        lambda unit: [one.label for one in offers.colleagues(unit, requests.request(unit, number))]
    )


def ours(team: Team, member: Member) -> list[tuple[int, tuple[str, str] | None]]:
    lines = team.store.database.read_now(lambda unit: inbox.inbox(unit, member, Tab.OURS))
    return [(one.row.number, (one.offered.by, one.offered.words) if one.offered else None) for one in lines]


def test_an_offer_stands_at_the_top_of_our_turn_with_who_asks_and_why(
    team: Team, store: Store, offered: int, ben: Member
) -> None:
    own = team.asks(store.newcomer("another"))
    team.do(acts.claim, own, by=ben)
    assert ours(team, ben) == [(offered, ("assistant A", "papers are ready, next the office")), (own, None)]
    numbers = team.store.database.read_now(lambda unit: inbox.counts(unit, ben))
    assert numbers[Tab.OURS] == 2


def test_who_accepts_has_it_and_who_offered_is_told(team: Team, offered: int, anna: Member, ben: Member) -> None:
    assert team.row(offered).assignee_id == anna.id
    assert team.voice.alarms(ben.conversation_id)[-1] == Alarm.OFFERED
    assert opens(team, ben, offered)
    assert team.do(offers.take_over, offered, by=ben)
    assert team.row(offered).assignee_id == ben.id
    assert ours(team, ben) == [(offered, None)]
    assert team.voice.lines[-1] == Line.HANDED_OVER
    with pytest.raises(NotYours):
        team.do(acts.answer, offered, "hello", by=anna)
    assert team.voice.alarms(anna.conversation_id)[-1] == Alarm.PASSED
    assert not opens(team, anna, offered)
    assert ben.conversation_id in {chat for chat, _ in team.voice.struck}


def test_not_now_ends_the_offer_and_who_offered_is_told(team: Team, offered: int, anna: Member, ben: Member) -> None:
    team.do(offers.decline, offered, by=ben)
    assert team.row(offered).assignee_id == anna.id
    assert team.voice.alarms(anna.conversation_id)[-1] == Alarm.DECLINED
    assert (ours(team, ben), opens(team, ben, offered)) == ([], False)
    with pytest.raises(NotYours):
        team.do(offers.take_over, offered, by=ben)


def test_an_offer_that_is_taken_back_is_over(team: Team, offered: int, anna: Member, ben: Member) -> None:
    with pytest.raises(NotYours):
        team.do(offers.withdraw_offer, offered, by=ben)
    team.do(offers.withdraw_offer, offered, by=anna)
    assert (ours(team, ben), opens(team, ben, offered)) == ([], False)
    with pytest.raises(NotYours):
        team.do(offers.decline, offered, by=ben)


def test_an_offer_to_somebody_else_ends_the_first(team: Team, offered: int, anna: Member, ben: Member) -> None:
    cara = team.member("assistant C")
    team.do(offers.offer, offered, cara.id, "can you?", by=anna)
    assert not opens(team, ben, offered)
    assert opens(team, cara, offered)


def test_after_the_end_who_was_offered_it_reads_nothing_not_even_when_it_is_opened_again(
    team: Team, offered: int, anna: Member, ben: Member
) -> None:
    team.do(acts.close, offered, Outcome.INFORMED, by=anna)
    assert not opens(team, ben, offered)
    assert ben.conversation_id in {chat for chat, _ in team.voice.struck}
    team.do(turns.undo_close, offered, by=anna)
    assert not opens(team, ben, offered)
    assert ours(team, ben) == []


def test_what_is_given_back_is_offered_to_nobody_any_more(team: Team, offered: int, anna: Member, ben: Member) -> None:
    team.do(acts.give_back, offered, by=anna)
    team.do(acts.claim, offered, by=anna)
    assert not opens(team, ben, offered)


def test_without_an_offer_nobody_but_a_coordinator_takes_over(
    team: Team, person: Standing, anna: Member, ben: Member
) -> None:
    boss, near = team.member("coordinator", "coordinator"), team.member("near", "coordinator:novi_sad")
    number = team.asks(person)
    team.do(acts.claim, number, by=anna)
    for one in (ben, near):
        with pytest.raises(NotYours):
            team.do(offers.take_over, number, by=one)
    assert team.do(offers.take_over, number, by=boss)
    assert team.voice.alarms(anna.conversation_id)[-1] == Alarm.PASSED


def test_a_protected_request_is_offered_to_those_alone_who_may_read_it(team: Team, person: Standing) -> None:
    carer, other = team.member("carer", "protection"), team.member("second carer", "protection")
    plain, near = team.member("plain"), team.member("near", "coordinator:novi_sad")
    number = team.asks(person, "goods", protected=True)
    team.do(acts.claim, number, by=carer)
    assert may_be_asked(team, number) == ["second carer"]
    for one in (plain, near, carer):
        with pytest.raises(NotForThem):
            team.do(offers.offer, number, one.id, "can you?", by=carer)
    team.do(offers.offer, number, other.id, "can you?", by=carer)
    assert opens(team, other, number)


def test_a_request_is_not_offered_to_whom_its_person_does_not_want_or_who_has_not_pledged(
    team: Team, person: Standing, anna: Member, ben: Member
) -> None:
    new, viewer = team.member("new", pledged_at=None), team.member("viewer", "viewer")
    number = team.asks(person)
    team.do(acts.claim, number, by=anna)
    assert may_be_asked(team, number) == ["assistant B"]
    team.store.database.write_now(
        lambda unit: add(Desk(unit, team.voice, CALENDAR), requests.request(unit, number), Wished("not_origin", "SY"))
    )
    for one in (ben, new, viewer):
        with pytest.raises(NotForThem):
            team.do(offers.offer, number, one.id, "can you?", by=anna)
