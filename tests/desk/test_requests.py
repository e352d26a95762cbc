"""A request between the person and the team: claimed once, answered by who has it, never forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from desk import referring, turns
from desk import requests as acts
from desk.inbox import just_closed
from desk.lifecycle import Outcome, Refused, Turn
from desk.requests import NotYours
from desk.voice import Alarm, Line
from storage import contacts, handoff, messages, notes
from storage.audit import first_break, lines
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
    """Placeholders: nobody's."""
    return team.member("assistant A", alias="A", introduction="Speaks English.")


@pytest.fixture
def ben(team: Team) -> Member:
    return team.member("assistant B")


def standing(team: Team, person: Standing) -> Standing:
    return team.store.database.read_now(lambda unit: contacts.standing(unit, person.conversation_id))


def test_second_claim_on_a_request_is_refused_and_the_other_alert_is_struck(
    team: Team, person: Standing, anna: Member, ben: Member
) -> None:
    number = team.asks(person)
    assert team.voice.alarms(anna.conversation_id) == team.voice.alarms(ben.conversation_id) == [Alarm.NEW]
    assert team.do(acts.claim, number, by=anna)
    assert not team.do(acts.claim, number, by=ben)
    assert team.row(number).assignee_id == anna.id
    assert {chat for chat, _ in team.voice.struck} == {anna.conversation_id, ben.conversation_id}


def test_claiming_brings_the_human_into_the_chat_and_says_who_it_is(team: Team, person: Standing, anna: Member) -> None:
    number = team.asks(person)
    team.do(acts.claim, number, by=anna)
    now = standing(team, person)
    assert (now.attached_staff_id, now.attached_request_id) == (anna.id, number)
    assert team.voice.said == [(Line.TAKEN, "A", "Speaks English.")]


def test_only_who_has_it_may_answer_and_the_person_s_turn_comes_then(
    team: Team, person: Standing, anna: Member, ben: Member
) -> None:
    number = team.asks(person)
    with pytest.raises(NotYours):
        team.do(acts.answer, number, "hello", by=anna)
    team.do(acts.claim, number, by=anna)
    with pytest.raises(NotYours):
        team.do(acts.answer, number, "hello", by=ben)
    team.do(acts.answer, number, "hello", by=anna)
    assert team.row(number).state == Turn.THEIRS
    assert team.row(number).answered_at == team.now
    assert ("words", "hello") in team.voice.said


def test_what_the_person_writes_is_kept_and_who_has_it_is_told_once(team: Team, person: Standing, anna: Member) -> None:
    number = team.asks(person)
    team.do(acts.claim, number, by=anna)
    team.do(acts.answer, number, "hello", by=anna)
    for words in ("thank you", "and one more"):
        team.store.clock.forward(seconds=1)
        team.do(turns.person_wrote, person, number, words)
    assert team.row(number).state == Turn.OURS
    kept = team.store.database.read_now(lambda unit: messages.of_request(unit, number))
    assert [message.text for message in kept] == ["hello", "thank you", "and one more"]
    assert team.voice.alarms(anna.conversation_id).count(Alarm.WROTE) == 1


def test_closing_gives_the_floor_back_and_asks_whether_it_is_solved(team: Team, person: Standing, anna: Member) -> None:
    number = team.asks(person)
    team.do(acts.claim, number, by=anna)
    team.do(acts.close, number, Outcome.INFORMED, by=anna)
    assert standing(team, person).attached_staff_id is None
    assert (team.row(number).state, team.row(number).outcome) == (Turn.DONE, Outcome.INFORMED)
    assert team.voice.lines[-1] == Line.SOLVED


def test_after_an_urgent_case_nobody_asks_whether_it_is_solved(team: Team, person: Standing) -> None:
    carer = team.member("protection", "protection")
    number = team.asks(person, "urgent", urgent=True, protected=True)
    assert standing(team, person).urgent
    team.do(acts.claim, number, by=carer)
    team.do(acts.close, number, Outcome.REFERRED, by=carer)
    assert Line.SOLVED not in team.voice.lines
    assert not standing(team, person).urgent


def test_words_after_the_end_open_the_same_request_for_the_same_assistant(
    team: Team, person: Standing, anna: Member
) -> None:
    number = team.asks(person)
    team.do(acts.claim, number, by=anna)
    team.do(acts.answer, number, "here you are", by=anna)
    team.do(acts.close, number, Outcome.INFORMED, by=anna)
    reopened = team.store.database.read_now(lambda unit: turns.reopenable(unit, person.contact_id))
    assert reopened == number
    team.do(turns.person_wrote, person, number, "it did not work")
    row = team.row(number)
    assert (row.state, row.assignee_id, row.reopened, row.closed_at) == (Turn.OURS, anna.id, 1, None)
    assert standing(team, person).attached_staff_id == anna.id


def test_three_days_after_the_end_words_belong_to_the_bot_again(team: Team, person: Standing, anna: Member) -> None:
    number = team.asks(person)
    team.do(acts.claim, number, by=anna)
    team.do(acts.answer, number, "here you are", by=anna)
    team.do(acts.close, number, Outcome.INFORMED, by=anna)
    team.store.clock.forward(hours=73)
    assert team.store.database.read_now(lambda unit: turns.reopenable(unit, person.contact_id)) is None
    with pytest.raises(Refused):
        team.do(turns.undo_close, number, by=anna)


def test_a_closing_can_be_taken_back_by_who_closed_it(team: Team, person: Standing, anna: Member, ben: Member) -> None:
    number = team.asks(person)
    team.do(acts.claim, number, by=anna)
    team.do(acts.close, number, Outcome.INFORMED, by=anna)
    with pytest.raises(NotYours):
        team.do(turns.undo_close, number, by=ben)
    team.do(turns.undo_close, number, by=anna)
    assert team.row(number).state == Turn.OURS


def test_who_closed_a_request_reaches_it_for_three_days_to_open_it_again_and_nobody_else_does(
    team: Team, person: Standing, anna: Member, ben: Member
) -> None:
    number = team.asks(person)
    team.do(acts.claim, number, by=anna)
    assert team.store.database.read_now(lambda unit: just_closed(unit, anna, number)) is None
    team.do(acts.close, number, Outcome.INFORMED, by=anna)

    def reached(by: Member) -> bool:
        return team.store.database.read_now(lambda unit: just_closed(unit, by, number)) is not None

    assert (reached(anna), reached(ben)) == (True, False)
    assert not reached(replace(anna, roles=frozenset()))
    team.store.clock.forward(hours=73)
    assert not reached(anna)


def test_a_note_never_goes_out(team: Team, person: Standing, anna: Member) -> None:
    number = team.asks(person)
    team.do(acts.claim, number, by=anna)
    before = list(team.voice.said)
    team.do(acts.note, number, "she sounds tired", by=anna)
    assert team.voice.said == before
    written = team.store.database.read_now(lambda unit: notes.notes(unit, number, person.contact_id))
    assert [note.text for note in written] == ["she sounds tired"]


def test_a_broken_promise_is_said_once_and_everybody_learns_it(team: Team, person: Standing, anna: Member) -> None:
    boss = team.member("coordinator", "coordinator", on_duty=False)
    number = team.asks(person)
    team.store.clock.forward(hours=2)
    team.ring()
    team.store.clock.forward(hours=30)
    team.ring()
    assert team.voice.lines.count(Line.LATE) == 1
    assert team.row(number).late
    assert Alarm.LATE in team.voice.alarms(boss.conversation_id)
    assert Alarm.LATE in team.voice.alarms(anna.conversation_id)


def test_an_answer_in_time_keeps_the_clocks_quiet(team: Team, person: Standing, anna: Member) -> None:
    number = team.asks(person)
    team.do(acts.claim, number, by=anna)
    team.do(acts.answer, number, "hello", by=anna)
    team.store.clock.forward(hours=40)
    assert team.ring() == []
    assert not team.row(number).late


def test_who_claims_and_says_nothing_gives_it_back_after_half_an_hour(
    team: Team, person: Standing, anna: Member, ben: Member
) -> None:
    number = team.asks(person)
    team.do(acts.claim, number, by=anna)
    team.store.clock.forward(minutes=30)
    team.ring()
    assert team.row(number).assignee_id is None
    assert standing(team, person).attached_staff_id is None
    assert team.voice.lines[-1] == Line.BACK
    assert team.voice.alarms(ben.conversation_id)[-1] == Alarm.RETURNED


def test_who_marks_a_request_as_our_turn_and_says_nothing_gives_it_back_and_leaves_the_chat(
    team: Team, person: Standing, anna: Member, ben: Member
) -> None:
    number = team.asks(person)
    team.do(acts.claim, number, by=anna)
    team.do(acts.answer, number, "I ask the office", by=anna)
    team.do(acts.mark_ours, number, by=anna)
    assert (team.row(number).state, standing(team, person).attached_staff_id) == (Turn.OURS, anna.id)
    team.store.clock.forward(hours=2)
    team.ring()
    assert (team.row(number).assignee_id, standing(team, person).attached_staff_id) == (None, None)
    assert team.voice.alarms(ben.conversation_id)[-1] == Alarm.RETURNED


def test_only_who_has_a_request_marks_it_as_our_turn(team: Team, person: Standing, anna: Member, ben: Member) -> None:
    number = team.asks(person)
    team.do(acts.claim, number, by=anna)
    team.do(acts.answer, number, "I ask the office", by=anna)
    with pytest.raises(acts.NotYours):
        team.do(acts.mark_ours, number, by=ben)
    assert team.row(number).state == Turn.THEIRS


def test_an_urgent_request_is_called_out_until_somebody_has_it(team: Team, person: Standing) -> None:
    carer = team.member("protection", "protection")
    plain = team.member("assistant C")
    number = team.asks(person, "urgent", urgent=True, protected=True)
    for _five_minutes in range(3):
        team.store.clock.forward(minutes=5)
        team.ring()
    assert team.voice.alarms(carer.conversation_id) == [Alarm.URGENT] * 4
    assert team.voice.alarms(plain.conversation_id) == []
    team.do(acts.claim, number, by=carer)
    team.store.clock.forward(minutes=5)
    team.ring()
    assert team.voice.alarms(carer.conversation_id) == [Alarm.URGENT] * 4


def test_an_office_s_date_brings_the_request_back(team: Team, person: Standing, anna: Member) -> None:
    number = team.asks(person)
    team.do(acts.claim, number, by=anna)
    team.do(referring.refer, number, "office", "needs a lawyer", team.now + timedelta(days=3), by=anna)
    assert team.row(number).state == Turn.OFFICE
    team.store.clock.forward(days=3)
    team.ring()
    assert team.row(number).state == Turn.OURS
    assert team.voice.alarms(anna.conversation_id)[-1] == Alarm.DUE


def test_only_who_speaks_the_language_is_written_to_where_there_is_somebody(team: Team, store: Store) -> None:
    person = store.newcomer("speaks Dari")
    person = store.database.write_now(lambda unit: contacts.set_locale(unit, person, "fa_AF"))
    dari = team.member("assistant D", languages="fa_AF en")
    french = team.member("assistant F", languages="fr")
    team.asks(person)
    assert team.voice.alarms(dari.conversation_id) == [Alarm.NEW]
    assert team.voice.alarms(french.conversation_id) == []


def test_who_is_off_duty_gets_no_alert_at_all(team: Team, person: Standing) -> None:
    away = team.member("assistant E", on_duty=False)
    team.asks(person)
    team.store.clock.forward(hours=3)
    team.ring()
    assert team.voice.alarms(away.conversation_id) == []


def test_a_wish_that_nobody_meets_is_counted(team: Team, store: Store, anna: Member) -> None:
    person = store.newcomer("speaks Kirundi")
    person = store.database.write_now(lambda unit: contacts.set_locale(unit, person, "rn"))
    number = team.asks(person)
    happened = store.database.read_now(lambda unit: handoff.events(unit, number))
    assert [detail for kind, _, detail, _ in happened if kind == "unmet"] == ["language"]


def test_every_act_stands_in_a_log_whose_chain_is_whole(team: Team, person: Standing, anna: Member) -> None:
    number = team.asks(person)
    team.do(acts.claim, number, by=anna)
    team.do(acts.answer, number, "hello", by=anna)
    team.do(acts.close, number, Outcome.INFORMED, by=anna)
    logged = team.store.database.read_now(lines)
    assert [line.act for line in reversed(logged)] == ["claimed", "answered", "closed"]
    assert {line.staff_id for line in logged} == {anna.id}
    assert team.store.database.read_now(first_break) is None


def test_a_line_of_the_log_that_was_changed_breaks_the_chain(team: Team, person: Standing, anna: Member) -> None:
    number = team.asks(person)
    team.do(acts.claim, number, by=anna)
    team.do(acts.answer, number, "hello", by=anna)
    team.do(acts.close, number, Outcome.INFORMED, by=anna)
    team.store.database.write_now(
        lambda unit: unit.connection.exec_driver_sql("UPDATE audit SET staff_id = 1 WHERE seq = 2") and None
    )
    assert team.store.database.read_now(first_break) == 2
