"""Who is written to, and when: only who could open it, and nobody in a language the person did not agree to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk import asking, inbox, staff_chat
from desk import requests as acts
from desk.asking import Wished
from desk.inbox import Tab
from desk.requests import Desk
from desk.voice import Alarm
from storage import contacts, handoff, members, requests
from storage.members import Member
from storage.rows import Standing
from tests.desk.team import CALENDAR, Team
from tests.storage.build import Store


@pytest.fixture
def team(store: Store) -> Team:
    return Team(store)


@pytest.fixture
def person(store: Store) -> Standing:
    found = store.newcomer("somebody")
    return store.database.write_now(lambda unit: contacts.set_locale(unit, found, "en"))


@pytest.fixture
def kirundi(store: Store) -> Standing:
    """Somebody whose language few of the team speak."""
    found = store.newcomer("speaks Kirundi")
    return store.database.write_now(lambda unit: contacts.set_locale(unit, found, "rn"))


def wishes(team: Team, number: int, name: str, value: str) -> None:
    team.store.database.write_now(
        lambda unit: asking.add(Desk(unit, team.voice, CALENDAR), requests.request(unit, number), Wished(name, value))
    )


def on_duty_for(team: Team, number: int) -> bool:
    return team.store.database.read_now(lambda unit: asking.asking(unit, requests.request(unit, number)).called.on_duty)


def free(team: Team, member: Member) -> list[int]:
    lines = team.store.database.read_now(lambda unit: inbox.inbox(unit, member, Tab.FREE))
    return [line.row.number for line in lines]


def waiting(team: Team, member: Member) -> int:
    return team.store.database.read_now(lambda unit: inbox.waiting(unit, member))


def test_who_cannot_open_an_urgent_request_is_not_called_and_does_not_count_as_awake(
    team: Team, person: Standing
) -> None:
    near = team.member("near", "coordinator:novi_sad")
    new = team.member("new", "protection", pledged_at=None)
    number = team.asks(person, "urgent", urgent=True, protected=True)
    assert team.voice.alarms(near.conversation_id) == team.voice.alarms(new.conversation_id) == []
    assert not on_duty_for(team, number)
    boss = team.member("coordinator", "coordinator")
    assert on_duty_for(team, number)
    team.store.clock.forward(minutes=5)
    team.ring()
    assert team.voice.alarms(boss.conversation_id) == [Alarm.URGENT]


def test_before_the_code_of_conduct_is_accepted_nobody_is_alerted(team: Team, person: Standing) -> None:
    new = team.member("new", pledged_at=None)
    boss = team.member("new coordinator", "coordinator", pledged_at=None)
    number = team.asks(person)
    team.store.clock.forward(hours=2)
    team.ring()
    assert team.voice.alarms(new.conversation_id) == team.voice.alarms(boss.conversation_id) == []
    assert not on_duty_for(team, number)


def test_a_complaint_about_who_coordinates_is_read_where_another_can_read_it(team: Team, person: Standing) -> None:
    boss = team.member("coordinator", "coordinator")
    team.member("near", "coordinator:novi_sad")  # cannot read it
    team.do(acts.claim, team.asks(person), by=boss)
    complaint = team.asks(person, "complaint", protected=True)
    assert free(team, boss) == [complaint], "nobody else could read it"


def test_the_coordinator_is_told_who_was_silent_and_the_silent_one_is_not_asked_again(
    team: Team, person: Standing
) -> None:
    silent = team.member("assistant A")
    other = team.member("assistant B")
    boss = team.member("coordinator", "coordinator", languages="fr")
    number = team.asks(person)
    team.do(acts.claim, number, by=silent)
    team.store.clock.forward(minutes=30)
    team.ring()
    assert team.voice.alarms(boss.conversation_id) == [Alarm.SILENT]
    assert team.voice.alarms(other.conversation_id) == [Alarm.NEW, Alarm.RETURNED]
    assert team.voice.alarms(silent.conversation_id) == [Alarm.NEW]


def test_a_coordinator_who_could_take_it_is_told_once_of_a_silent_colleague(team: Team, person: Standing) -> None:
    silent, boss = team.member("assistant A"), team.member("coordinator", "coordinator")
    number = team.asks(person)
    team.do(acts.claim, number, by=silent)
    team.store.clock.forward(minutes=30)
    team.ring()
    assert team.voice.alarms(boss.conversation_id) == [Alarm.NEW, Alarm.SILENT]
    (alert,) = [alert for _, alert in team.voice.alerts if alert.alarm is Alarm.SILENT]
    assert alert.can_claim


def test_until_the_person_agrees_to_another_language_the_coordinator_alone_is_told(
    team: Team, kirundi: Standing
) -> None:
    french = team.member("assistant F", languages="fr")
    boss = team.member("coordinator", "coordinator", languages="en")
    number = team.asks(kirundi)
    assert team.voice.alarms(french.conversation_id) == []
    assert team.voice.alarms(boss.conversation_id) == [Alarm.UNSPOKEN]
    wishes(team, number, "locale", "fr")
    assert team.voice.alarms(french.conversation_id) == [Alarm.NEW]
    assert boss.conversation_id in {chat for chat, _ in team.voice.struck}


def test_who_speaks_it_is_alerted_and_nobody_need_be_told_that_nobody_does(team: Team, kirundi: Standing) -> None:
    own = team.member("assistant K", languages="rn")
    french = team.member("assistant F", languages="fr")
    boss = team.member("coordinator", "coordinator")
    team.asks(kirundi)
    assert team.voice.alarms(own.conversation_id) == [Alarm.NEW]
    assert team.voice.alarms(french.conversation_id) == team.voice.alarms(boss.conversation_id) == []


def test_an_urgent_request_calls_everybody_in_any_language(team: Team, kirundi: Standing) -> None:
    french = team.member("assistant F", "protection", languages="fr")
    own = team.member("assistant K", "protection", languages="rn")
    team.asks(kirundi, "urgent", urgent=True, protected=True)
    assert team.voice.alarms(french.conversation_id) == team.voice.alarms(own.conversation_id) == [Alarm.URGENT]


def test_where_no_coordinator_could_be_told_everybody_is_rather_than_nobody(team: Team, kirundi: Standing) -> None:
    french = team.member("assistant F", languages="fr")
    number = team.asks(kirundi)
    assert team.voice.alarms(french.conversation_id) == [Alarm.NEW]
    wishes(team, number, "waits", "yes")
    team.store.clock.forward(hours=2)
    team.ring()
    assert team.voice.alarms(french.conversation_id) == [Alarm.NEW], "the person waits"


def test_who_waits_for_their_language_is_seen_by_those_who_speak_it_and_coordinators(
    team: Team, kirundi: Standing
) -> None:
    french = team.member("assistant F", languages="fr")
    boss = team.member("coordinator", "coordinator", languages="en")
    own = team.member("assistant K", languages="rn", on_duty=False)
    number = team.asks(kirundi)
    assert free(team, french) == [number]
    wishes(team, number, "waits", "yes")
    assert (free(team, french), free(team, boss), free(team, own)) == ([], [number], [number])
    wishes(team, number, "locale", "fr")
    assert free(team, french) == [number], "they agreed to French after all"


def test_who_has_it_already_keeps_it_when_an_old_button_says_that_the_person_waits(
    team: Team, kirundi: Standing
) -> None:
    french = team.member("assistant F", languages="fr")
    number = team.asks(kirundi)
    team.do(acts.claim, number, by=french)
    wishes(team, number, "waits", "yes")
    assert team.row(number).assignee_id == french.id


def test_somebody_from_their_country_orders_but_shuts_nobody_out(team: Team, person: Standing) -> None:
    team.member("assistant A", origin="SY")
    other = team.member("assistant B", origin="AF")
    number = team.asks(person)
    wishes(team, number, "origin", "SO")
    assert free(team, other) == [number]
    unmet = team.store.database.read_now(lambda unit: handoff.events(unit, number))
    assert [detail for kind, _, detail, _ in unmet if kind == "unmet"] == ["origin"]
    wishes(team, number, "not_origin", "SO")
    seen = team.store.database.read_now(lambda unit: asking.asking(unit, requests.request(unit, number)).wished)
    assert seen == {"not_origin": "SO"}, "nobody can be wished for and kept out"


def test_the_date_of_a_request_that_nobody_has_calls_like_a_new_one(team: Team, person: Standing) -> None:
    anna = team.member("assistant A")
    number = team.asks(person)
    team.do(acts.claim, number, by=anna)
    team.do(acts.put_off, number, team.now + timedelta(days=3), by=anna)
    team.do(acts.give_back, number, by=anna)
    other = team.member("assistant B")
    team.store.clock.forward(days=3)
    team.ring()
    for one in (anna, other):
        assert team.voice.alarms(one.conversation_id)[-1] == Alarm.DUE
    assert team.voice.alerts[-1][1].can_claim


def test_what_waits_for_somebody_is_their_turn_and_what_is_free_in_their_languages(
    team: Team, store: Store, person: Standing, kirundi: Standing
) -> None:
    anna = team.member("assistant A", on_duty=False)
    team.do(acts.claim, team.asks(person), by=anna)
    team.asks(person)
    strange = team.asks(kirundi)
    assert waiting(team, anna) == 2
    wishes(team, strange, "locale", "en")
    assert waiting(team, anna) == 3
    store.database.write_now(lambda unit: members.change(unit, anna.id, languages="fr"))
    french = store.database.read_now(lambda unit: members.member(unit, anna.id))
    assert waiting(team, french) == 1


def test_who_comes_hears_how_much_waits_and_where_nothing_does_nothing(team: Team, person: Standing) -> None:
    anna = team.member("assistant A", on_duty=False)

    def comes() -> None:
        team.store.database.write_now(lambda unit: staff_chat.announce(unit, team.voice, anna))

    comes()
    assert team.voice.counts == []
    team.asks(person)
    comes()
    assert team.voice.counts == [(anna.conversation_id, 1)]


def test_who_comes_back_from_a_break_hears_how_much_waits(team: Team, person: Standing) -> None:
    anna = team.member("assistant A", on_duty=False, break_until=team.now + timedelta(minutes=30))
    team.member("assistant B", on_duty=False)  # who is at home
    team.asks(person)
    team.store.clock.forward(minutes=30)
    for _ in range(2):
        team.store.database.write_now(lambda unit: staff_chat.settle(unit, team.voice))
    assert team.voice.counts == [(anna.conversation_id, 1)]
