"""What a person adds to a request by buttons: reasons, subjects that few may read, wishes, and how it went."""

from __future__ import annotations

import pytest

from desk import asking, inbox
from desk import requests as acts
from desk.asking import Asking, Reason, Solved, Subject, Wished
from desk.inbox import Tab
from desk.lifecycle import Outcome, Turn
from desk.requests import Desk
from desk.routing import Unmet
from desk.voice import Alarm, Line
from storage import contacts, handoff, messages, requests
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
def anna(team: Team) -> Member:
    """Placeholders: nobody's."""
    return team.member("assistant A", gender="woman", origin="SY")


@pytest.fixture
def ben(team: Team) -> Member:
    return team.member("assistant B", gender="man")


@pytest.fixture
def carer(team: Team) -> Member:
    return team.member("protection", "protection")


def add(team: Team, number: int, added: asking.Added) -> bool:
    return team.store.database.write_now(
        lambda unit: asking.add(Desk(unit, team.voice, CALENDAR), requests.request(unit, number), added)
    )


def seen(team: Team, number: int) -> Asking:
    return team.store.database.read_now(lambda unit: asking.asking(unit, requests.request(unit, number)))


def happened(team: Team, number: int) -> list[str]:
    return [kind for kind, *_ in team.store.database.read_now(lambda unit: handoff.events(unit, number))]


def listed(team: Team, member: Member, tab: Tab = Tab.FREE) -> list[int]:
    return [line.row.number for line in team.store.database.read_now(lambda unit: inbox.inbox(unit, member, tab))]


def test_a_reason_pressed_twice_is_one_reason(team: Team, person: Standing, anna: Member) -> None:
    number = team.asks(person, "step_help")
    assert add(team, number, Reason.REFUSED)
    assert add(team, number, Reason.REFUSED)
    assert happened(team, number).count("reason_refused") == 1


@pytest.mark.parametrize("subject", [Subject.GOODS, Subject.COMPLAINT])
def test_what_few_may_read_is_taken_from_the_others(
    team: Team, person: Standing, anna: Member, carer: Member, subject: Subject
) -> None:
    number = team.asks(person)
    assert listed(team, anna) == [number]
    assert add(team, number, subject)
    assert listed(team, anna) == []
    assert listed(team, carer) == [number]
    assert anna.conversation_id in {chat for chat, _ in team.voice.struck}
    assert team.voice.alarms(carer.conversation_id)[-1] == Alarm.NEW
    assert not add(team, number, Subject.TALK), "it was opened to everybody again"


def test_once_somebody_reads_it_a_complaint_is_a_request_of_its_own(team: Team, person: Standing, anna: Member) -> None:
    number = team.asks(person)
    team.do(acts.claim, number, by=anna)
    assert not add(team, number, Subject.COMPLAINT)
    assert team.row(number).type == "question"


def test_a_complaint_is_kept_from_who_helped_that_person(team: Team, person: Standing) -> None:
    boss = team.member("coordinator", "coordinator", "assistant")
    other = team.member("second coordinator", "coordinator")
    first = team.asks(person)
    team.do(acts.claim, first, by=boss)
    complaint = team.asks(person, "complaint", protected=True)
    assert complaint not in listed(team, boss)
    assert listed(team, other) == [complaint]
    assert team.voice.alarms(boss.conversation_id) == [Alarm.NEW], "told of the first request alone"
    with pytest.raises(requests.NoRequest):
        team.store.database.read_now(lambda unit: inbox.find(unit, boss, complaint))


def test_a_complaint_that_nobody_else_could_read_is_still_read(team: Team, person: Standing) -> None:
    boss = team.member("coordinator", "coordinator")
    team.do(acts.claim, team.asks(person), by=boss)
    complaint = team.asks(person, "complaint", protected=True)
    assert listed(team, boss) == [complaint]


def test_nobody_from_the_unwanted_country_sees_the_request(
    team: Team, person: Standing, anna: Member, ben: Member
) -> None:
    number = team.asks(person)
    assert add(team, number, Wished("not_origin", "SY"))
    assert listed(team, anna) == []
    assert listed(team, ben) == [number]
    assert team.voice.alarms(anna.conversation_id) == [Alarm.NEW]
    assert team.voice.alarms(ben.conversation_id) == [Alarm.NEW, Alarm.NEW]


def test_another_country_keeps_out_those_of_no_listed_country(team: Team, person: Standing, anna: Member) -> None:
    far = team.member("assistant N", origin="NP")
    local = team.member("assistant L", origin="RS")
    number = team.asks(person)
    assert add(team, number, Wished("not_origin", "other"))
    assert (listed(team, far), listed(team, local), listed(team, anna)) == ([], [number], [number])


def test_who_has_it_and_is_not_wanted_gives_it_back(team: Team, person: Standing, anna: Member, ben: Member) -> None:
    number = team.asks(person)
    team.do(acts.claim, number, by=anna)
    assert add(team, number, Wished("not_origin", "SY"))
    assert team.row(number).assignee_id is None
    assert team.voice.lines[-1] == Line.BACK
    assert team.voice.alarms(ben.conversation_id)[-1] == Alarm.RETURNED


def test_a_wish_lasts_for_the_next_request_and_is_sealed(team: Team, person: Standing, anna: Member) -> None:
    first = team.asks(person)
    assert add(team, first, Wished("gender", "woman"))
    assert add(team, first, Wished("waits", "yes"))
    second = team.asks(person)
    assert seen(team, second).wished == {"gender": "woman"}
    raw = team.store.database.read_now(
        lambda unit: unit.connection.exec_driver_sql("SELECT wish_sealed FROM request").scalars().all()
    )
    assert not [sealed for sealed in raw if b"woman" in sealed]


def test_a_wish_that_is_taken_back_is_gone(team: Team, person: Standing, anna: Member) -> None:
    number = team.asks(person)
    assert add(team, number, Wished("gender", "woman"))
    assert add(team, number, Wished("gender", ""))
    assert seen(team, number).wished == {}


def test_where_nobody_speaks_the_language_the_others_are_offered_and_the_choice_calls_them(
    team: Team, store: Store
) -> None:
    person = store.newcomer("speaks Kirundi")
    person = store.database.write_now(lambda unit: contacts.set_locale(unit, person, "rn"))
    french = team.member("assistant F", languages="fr")
    english = team.member("assistant E", languages="en")
    number = team.asks(person)
    assert set(seen(team, number).called.languages) == {"fr", "en"}
    assert add(team, number, Wished("locale", "fr"))
    assert seen(team, number).called.languages == ()
    assert team.voice.alarms(french.conversation_id) == [Alarm.NEW, Alarm.NEW]
    assert team.voice.alarms(english.conversation_id) == [Alarm.NEW]


def test_the_same_helper_as_before_is_wished_for_by_who_they_were(
    team: Team, person: Standing, anna: Member, ben: Member
) -> None:
    first = team.asks(person)
    team.do(acts.claim, first, by=anna)
    team.do(acts.close, first, Outcome.INFORMED, by=anna)
    second = team.asks(person)
    assert seen(team, second).known
    assert add(team, second, Wished("previous", "yes"))
    assert seen(team, second).called.unmet == frozenset()


def test_a_wish_that_nobody_who_is_there_meets_is_counted(team: Team, person: Standing, ben: Member) -> None:
    number = team.asks(person)
    assert add(team, number, Wished("gender", "woman"))
    counted = team.store.database.read_now(lambda unit: handoff.events(unit, number))
    assert [detail for kind, _, detail, _ in counted if kind == "unmet"] == [Unmet.GENDER]


def test_nobody_on_duty_is_known_and_the_coordinator_is_told_of_the_urgent(team: Team, person: Standing) -> None:
    boss = team.member("coordinator", "coordinator", on_duty=False)
    number = team.asks(person, "urgent", urgent=True, protected=True)
    assert (seen(team, number).called.on_duty, seen(team, number).called.alerted) == (False, True)
    assert team.voice.alarms(boss.conversation_id) == [Alarm.URGENT]


def test_what_is_said_of_the_help_is_kept_and_opens_nothing(team: Team, person: Standing, anna: Member) -> None:
    number = team.asks(person)
    team.do(acts.claim, number, by=anna)
    team.do(acts.close, number, Outcome.INFORMED, by=anna)
    assert add(team, number, Solved.YES)
    team.store.database.write_now(
        lambda unit: asking.thank(
            Desk(unit, team.voice, CALENDAR), person, requests.request(unit, number), "you were kind"
        )
    )
    assert team.row(number).state == Turn.DONE
    kept = team.store.database.read_now(lambda unit: messages.of_request(unit, number))
    assert [message.text for message in kept] == ["you were kind"]
    assert {"solved_yes", "commented"} <= set(happened(team, number))
