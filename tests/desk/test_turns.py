"""Whose turn it is and who is in the chat, where a person has several requests, sends files, or cannot be reached."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk import referring, team, turns
from desk import requests as acts
from desk.lifecycle import Outcome, Turn
from desk.voice import Alarm, Line
from storage import contacts, handoff, queue
from storage.members import Member, Role
from storage.outcomes import Blocked, Dead, Sent
from storage.rows import OutClass, Standing
from storage.unit_of_work import Unit
from tests.desk.team import Heard, Team
from tests.storage.build import Store, anybody, reply


class Sending(Heard):
    """A voice whose words are rows of the outbox."""

    def words(self, unit: Unit, standing: Standing, text: str) -> int | None:
        row = reply(f"words {unit.ids()}", text.encode(), cls=OutClass.STAFF)
        return queue.say(unit, standing, [row], anybody)[0]


@pytest.fixture
def desk(store: Store) -> Team:
    return Team(store, Sending())


@pytest.fixture
def person(store: Store) -> Standing:
    return store.newcomer("somebody")


@pytest.fixture
def anna(desk: Team) -> Member:
    """Placeholders: nobody's."""
    return desk.member("assistant A")


@pytest.fixture
def ben(desk: Team) -> Member:
    return desk.member("assistant B")


@pytest.fixture
def carer(desk: Team) -> Member:
    return desk.member("protection", "protection")


def in_chat(desk: Team, person: Standing) -> tuple[int | None, int | None]:
    """Who is in the chat, and for which request."""
    now = desk.store.database.read_now(lambda unit: contacts.standing(unit, person.conversation_id))
    return now.attached_staff_id, now.attached_request_id


def is_urgent(desk: Team, person: Standing) -> bool:
    return desk.store.database.read_now(lambda unit: contacts.standing(unit, person.conversation_id)).urgent


def events(desk: Team, number: int) -> list[str]:
    return [kind for kind, *_ in desk.store.database.read_now(lambda unit: handoff.events(unit, number))]


def claimed(desk: Team, person: Standing, by: Member, *, answered: bool = False) -> int:
    number = desk.asks(person)
    assert desk.do(acts.claim, number, by=by)
    if answered:
        desk.do(acts.answer, number, "hello", by=by)
    return number


def urgent(desk: Team, person: Standing, by: Member) -> int:
    number = desk.asks(person, "urgent", urgent=True, protected=True)
    assert desk.do(acts.claim, number, by=by)
    desk.do(acts.answer, number, "I am here", by=by)
    return number


def closed(desk: Team, person: Standing, by: Member) -> int:
    number = claimed(desk, person, by, answered=True)
    desk.do(acts.close, number, Outcome.INFORMED, by=by)
    return number


def send(desk: Team, outcome: Sent | Blocked | Dead) -> None:
    for row in desk.store.claim():
        desk.store.settle(row, outcome)


def test_closing_another_request_leaves_the_human_of_an_urgent_one_in_the_chat(
    desk: Team, person: Standing, anna: Member, carer: Member
) -> None:
    plain = claimed(desk, person, anna)
    case = urgent(desk, person, carer)
    desk.do(acts.close, plain, Outcome.INFORMED, by=anna)
    assert in_chat(desk, person) == (carer.id, case)
    assert is_urgent(desk, person)
    assert Line.SOLVED not in desk.voice.lines


def test_silence_in_another_request_leaves_the_human_of_an_urgent_one_in_the_chat(
    desk: Team, person: Standing, anna: Member, carer: Member
) -> None:
    plain = claimed(desk, person, anna)
    case = urgent(desk, person, carer)
    desk.store.clock.forward(minutes=30)
    desk.ring()
    assert desk.row(plain).assignee_id is None
    assert in_chat(desk, person) == (carer.id, case)
    assert Line.BACK not in desk.voice.lines


def test_nobody_is_put_out_of_an_urgent_case_and_after_it_a_colleague_of_another_request_is_there(
    desk: Team, person: Standing, anna: Member, carer: Member
) -> None:
    case = urgent(desk, person, carer)
    plain = claimed(desk, person, anna, answered=True)
    assert in_chat(desk, person) == (carer.id, case)
    desk.do(acts.close, case, Outcome.INFORMED, by=carer)
    assert in_chat(desk, person) == (anna.id, plain)


def test_a_chat_is_urgent_until_the_last_urgent_case_is_closed(desk: Team, person: Standing, carer: Member) -> None:
    first, second = urgent(desk, person, carer), urgent(desk, person, carer)
    desk.do(acts.close, first, Outcome.INFORMED, by=carer)
    assert is_urgent(desk, person)
    desk.do(acts.close, second, Outcome.INFORMED, by=carer)
    assert not is_urgent(desk, person)
    desk.do(turns.undo_close, second, by=carer)
    assert is_urgent(desk, person)


def test_a_file_makes_it_our_turn_as_words_do(desk: Team, person: Standing, anna: Member) -> None:
    number = claimed(desk, person, anna, answered=True)
    desk.do(turns.person_sent, number, "voice")
    assert desk.row(number).state == Turn.OURS
    assert "wrote" in events(desk, number)
    assert desk.voice.alarms(anna.conversation_id)[-1] == Alarm.WROTE
    desk.store.clock.forward(hours=2)
    desk.ring()
    assert desk.row(number).assignee_id is None, "whoever lets a voice note lie loses the request"


def test_a_file_after_the_end_opens_the_request_again(desk: Team, person: Standing, anna: Member) -> None:
    number = closed(desk, person, anna)
    desk.do(turns.person_sent, number, "photo")
    assert (desk.row(number).state, desk.row(number).reopened) == (Turn.OURS, 1)
    assert in_chat(desk, person) == (anna.id, number)


def test_not_yet_brings_back_the_same_assistant_with_a_clock(desk: Team, person: Standing, anna: Member) -> None:
    number = closed(desk, person, anna)
    desk.do(turns.not_solved, number)
    assert in_chat(desk, person) == (anna.id, number)
    assert desk.voice.alarms(anna.conversation_id)[-1] == Alarm.WROTE
    desk.store.clock.forward(hours=2)
    desk.ring()
    assert desk.row(number).assignee_id is None


@pytest.mark.parametrize("words", [False, True])
def test_what_is_opened_again_for_somebody_who_has_left_is_offered_to_all(
    desk: Team, person: Standing, anna: Member, ben: Member, words: bool
) -> None:
    number = closed(desk, person, anna)
    desk.do(team.end, anna)
    if words:
        desk.do(turns.person_wrote, person, number, "it did not work")
    else:
        desk.do(turns.not_solved, number)
    assert (desk.row(number).state, desk.row(number).assignee_id) == (Turn.OURS, None)
    assert in_chat(desk, person) == (None, None)
    assert desk.voice.alarms(ben.conversation_id)[-1] == Alarm.RETURNED


def test_who_loses_the_role_gives_back_what_they_may_not_have_any_more(
    desk: Team, person: Standing, ben: Member
) -> None:
    boss = desk.member("administrator", "admin")
    cleric = desk.member("assistant C", "assistant", "protection")
    plain, case = claimed(desk, person, cleric), urgent(desk, person, cleric)
    desk.do(team.change_roles, cleric, [Role("assistant")], by=boss)
    assert (desk.row(plain).assignee_id, desk.row(case).assignee_id) == (cleric.id, None)
    desk.do(team.change_roles, cleric, [Role("editor")], by=boss)
    assert desk.row(plain).assignee_id is None
    assert in_chat(desk, person) == (None, None)
    assert desk.voice.alarms(ben.conversation_id)[-1] == Alarm.RETURNED


@pytest.mark.parametrize("outcome", [Blocked(), Dead("internal")])
def test_words_that_do_not_arrive_are_no_answer(
    desk: Team, person: Standing, anna: Member, outcome: Blocked | Dead
) -> None:
    number = claimed(desk, person, anna, answered=True)
    assert (desk.row(number).state, desk.row(number).answered_at) == (Turn.THEIRS, desk.now)
    send(desk, outcome)
    desk.ring()
    assert (desk.row(number).state, desk.row(number).answered_at) == (Turn.OURS, None)
    assert desk.voice.alarms(anna.conversation_id)[-1] == Alarm.UNREACHED
    assert "unreached" in events(desk, number)
    desk.store.clock.forward(hours=2)
    desk.ring()
    assert desk.row(number).late, "the promise was forgotten"


def test_words_that_fail_after_the_request_was_closed_open_it_again(desk: Team, person: Standing, anna: Member) -> None:
    number = claimed(desk, person, anna, answered=True)
    desk.do(acts.close, number, Outcome.INFORMED, by=anna)
    send(desk, Blocked())
    desk.ring()
    row = desk.row(number)
    assert (row.state, row.answered_at, row.closed_at, row.outcome) == (Turn.OURS, None, None, None)
    assert row.assignee_id == anna.id
    assert desk.voice.alarms(anna.conversation_id)[-1] == Alarm.UNREACHED
    desk.store.clock.forward(hours=2)
    desk.ring()
    assert desk.row(number).late, "the promise was forgotten"


@pytest.mark.parametrize(
    ("outcome", "hours"),
    [
        pytest.param(Outcome.NOT_REACHED, 0, id="who closed it knew"),
        pytest.param(Outcome.INFORMED, 73, id="long ago"),
    ],
)
def test_words_that_fail_after_the_end_are_told_in_the_log_alone_where_nobody_can_do_more(
    desk: Team, person: Standing, anna: Member, outcome: Outcome, hours: int
) -> None:
    number = claimed(desk, person, anna, answered=True)
    desk.do(acts.close, number, outcome, by=anna)
    alarms = desk.voice.alarms(anna.conversation_id)
    desk.store.clock.forward(hours=hours)
    send(desk, Blocked())
    desk.ring()
    assert desk.row(number).state == Turn.DONE
    assert desk.voice.alarms(anna.conversation_id) == alarms
    assert "unreached" in events(desk, number)


def test_words_to_somebody_who_has_blocked_us_before_are_no_answer(desk: Team, person: Standing, anna: Member) -> None:
    number = claimed(desk, person, anna)
    desk.store.database.write_now(lambda unit: queue.close_address(unit, person.address_id))
    desk.do(acts.answer, number, "hello", by=anna)
    assert desk.store.claim() == []
    desk.ring()
    assert (desk.row(number).state, desk.row(number).answered_at) == (Turn.OURS, None)


def test_words_that_waited_when_the_person_blocked_us_are_no_answer_but_earlier_ones_stay_one(
    desk: Team, person: Standing, anna: Member
) -> None:
    number = claimed(desk, person, anna, answered=True)
    send(desk, Sent("1"))
    at = desk.now
    desk.store.clock.forward(minutes=1)
    desk.do(acts.answer, number, "and one more", by=anna)
    desk.store.database.write_now(lambda unit: queue.close_address(unit, person.address_id))
    assert desk.ring() == [f"unreached:{number}"]
    assert (desk.row(number).state, desk.row(number).answered_at) == (Turn.OURS, at)


def test_after_three_quiet_days_the_bot_has_the_floor_and_the_request_stays_open(
    desk: Team, person: Standing, anna: Member
) -> None:
    number = claimed(desk, person, anna, answered=True)
    desk.store.clock.forward(hours=71)
    desk.do(acts.answer, number, "did it work?", by=anna)
    desk.store.clock.forward(hours=71)
    desk.ring()
    assert in_chat(desk, person) == (anna.id, number)
    desk.store.clock.forward(hours=1)
    desk.ring()
    assert in_chat(desk, person) == (None, None)
    assert (desk.row(number).state, desk.row(number).assignee_id) == (Turn.THEIRS, anna.id)
    desk.do(turns.person_wrote, person, number, "it did")
    assert in_chat(desk, person) == (anna.id, number)
    assert desk.row(number).state == Turn.OURS


def test_while_an_office_has_it_the_bot_has_the_floor_after_three_days_until_one_of_us_writes(
    desk: Team, person: Standing, anna: Member
) -> None:
    number = claimed(desk, person, anna)
    desk.do(referring.refer, number, "office", "needs a lawyer", desk.now + timedelta(days=9), by=anna)
    desk.store.clock.forward(hours=72)
    desk.ring()
    assert in_chat(desk, person) == (None, None)
    assert desk.row(number).state == Turn.OFFICE
    desk.do(acts.answer, number, "they call you tomorrow", by=anna)
    assert in_chat(desk, person) == (anna.id, number)


def test_who_owes_an_answer_does_not_leave_the_chat_by_the_clock_of_quiet(
    desk: Team, person: Standing, anna: Member
) -> None:
    number = claimed(desk, person, anna, answered=True)
    desk.store.clock.forward(hours=71)
    desk.do(turns.person_wrote, person, number, "and now?")
    desk.store.clock.forward(hours=1)
    desk.ring()
    assert in_chat(desk, person) == (anna.id, number)


def test_a_date_of_our_own_is_told_from_an_office(desk: Team, person: Standing, anna: Member) -> None:
    day = desk.now + timedelta(days=3)

    def comes_back(number: int) -> object:
        row = desk.row(number)
        return desk.store.database.read_now(lambda unit: acts.comes_back(unit, row))

    ours, theirs = claimed(desk, person, anna), claimed(desk, person, anna)
    desk.do(acts.put_off, ours, day, by=anna)
    desk.do(referring.refer, theirs, "office", "needs a lawyer", day, by=anna)
    assert (comes_back(ours), comes_back(theirs)) == (day, None)
    desk.store.clock.forward(days=3)
    desk.ring()
    assert comes_back(ours) is None


def test_a_date_that_comes_gives_who_has_it_a_clock(desk: Team, person: Standing, anna: Member) -> None:
    number = claimed(desk, person, anna)
    desk.do(acts.put_off, number, desk.now + timedelta(days=1), by=anna)
    desk.store.clock.forward(days=1)
    desk.ring()
    assert desk.voice.alarms(anna.conversation_id)[-1] == Alarm.DUE
    desk.store.clock.forward(hours=2)
    desk.ring()
    assert desk.row(number).assignee_id is None


def test_an_unanswered_request_that_is_opened_again_keeps_its_promise(
    desk: Team, person: Standing, anna: Member
) -> None:
    number = claimed(desk, person, anna)
    desk.do(acts.close, number, Outcome.INFORMED, by=anna)
    desk.do(turns.undo_close, number, by=anna)
    desk.store.clock.forward(hours=2)
    desk.ring()
    assert desk.row(number).late
