"""Who reads along: an interpreter or a partner, in one request alone, for as long as it is open and they are wanted."""

from __future__ import annotations

import pytest

from desk import guests, inbox, turns
from desk import requests as acts
from desk.asking import Wished, add
from desk.find import search
from desk.flags import Flag, flag
from desk.guests import Guest, NotAGuest
from desk.inbox import Tab
from desk.lifecycle import Outcome
from desk.requests import NotYours
from desk.thread import thread
from desk.voice import Alarm, Line
from storage import members, messages, requests
from storage.audit import lines
from storage.members import Member, Role
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
def voice_of(team: Team) -> Member:
    """An interpreter."""
    return team.member("interpreter I", "interpreter")


@pytest.fixture
def number(team: Team, person: Standing, anna: Member) -> int:
    """A request of a person, which assistant A has."""
    number = team.asks(person)
    team.do(acts.claim, number, by=anna)
    return number


def numbers(team: Team, member: Member, tab: Tab = Tab.ALL) -> list[int]:
    """The requests in a list of somebody."""
    found = team.store.database.read_now(lambda unit: inbox.inbox(unit, member, tab))
    return [line.row.number for line in found]


def opens(team: Team, member: Member, number: int) -> bool:
    """Whether they can open it."""
    try:
        team.store.database.read_now(lambda unit: inbox.find(unit, member, number))
    except NoRequest:
        return False
    return True


def test_who_is_asked_in_sees_this_request_and_no_other_and_the_person_is_told(
    team: Team, number: int, person: Standing, anna: Member, voice_of: Member
) -> None:
    other = team.asks(team.store.newcomer("somebody else"))
    assert numbers(team, voice_of) == []
    team.do(guests.invite, number, voice_of.id, Guest.INTERPRETER, by=anna)
    team.do(guests.invite, number, voice_of.id, Guest.INTERPRETER, by=anna)  # a second press
    assert team.voice.lines.count(Line.INTERPRETER) == 1
    assert team.voice.alarms(voice_of.conversation_id) == [Alarm.INVITED]
    assert numbers(team, voice_of, Tab.OURS) == [number]
    assert opens(team, voice_of, number)
    assert not opens(team, voice_of, other)
    assert [line.row.number for line in _found(team, voice_of)] == [number]
    logged = team.store.database.read_now(lines)
    assert ("interpreter", f"request:{number}", f"staff:{voice_of.id}") in {
        (line.act, line.thing, line.detail) for line in logged
    }


def _found(team: Team, member: Member) -> list[inbox.Line]:
    return list(team.store.database.read_now(lambda unit: search(unit, member, "x", lambda row: "x")).lines)


@pytest.mark.parametrize("end", ["dismissed", "closed", "not an interpreter any more", "protected"])
def test_an_invitation_ends(team: Team, number: int, anna: Member, voice_of: Member, end: str) -> None:
    team.do(guests.invite, number, voice_of.id, Guest.INTERPRETER, by=anna)
    match end:
        case "dismissed":
            team.do(guests.dismiss, number, voice_of.id, by=anna)
        case "closed":
            team.do(acts.close, number, Outcome.INFORMED, by=anna)
            team.do(turns.undo_close, number, by=anna)
        case "protected":
            team.do(flag, number, Flag.VIOLENCE, by=anna)
            assert team.store.database.read_now(lambda unit: guests.guests(unit, number)) == {}
        case _:
            team.store.database.write_now(lambda unit: members.set_roles(unit, voice_of.id, [Role("editor")]))
            voice_of = team.store.database.read_now(lambda unit: members.member(unit, voice_of.id))
    assert not opens(team, voice_of, number)
    assert numbers(team, voice_of) == []


def test_only_who_has_the_request_and_coordinators_ask_others_in(
    team: Team, number: int, anna: Member, voice_of: Member
) -> None:
    ben, boss = team.member("assistant B"), team.member("coordinator C", "coordinator")
    for act in (guests.invite, guests.dismiss):
        more = (Guest.INTERPRETER,) if act is guests.invite else ()
        with pytest.raises(NotYours):
            team.do(act, number, voice_of.id, *more, by=ben)
        team.do(act, number, voice_of.id, *more, by=boss)


def test_only_interpreters_and_partners_whom_the_person_did_not_shut_out_can_be_asked_in(
    team: Team, number: int, person: Standing, anna: Member, voice_of: Member
) -> None:
    partner = team.member("partner P", "partner", origin="SY")
    team.member("assistant B")
    row = team.row(number)
    askable = team.store.database.read_now(lambda unit: guests.askable(unit, row))
    assert [(one.id, guest) for one, guest in askable] == [
        (voice_of.id, Guest.INTERPRETER),
        (partner.id, Guest.PARTNER),
    ]
    team.do(lambda desk: add(desk, row, Wished("not_origin", "SY")))
    for staff_id, guest in ((partner.id, Guest.PARTNER), (voice_of.id, Guest.PARTNER), (anna.id, Guest.INTERPRETER)):
        with pytest.raises(NotAGuest):
            team.do(guests.invite, number, staff_id, guest, by=anna)


def test_what_an_interpreter_writes_stands_beside_the_original_of_this_request_and_never_goes_out(
    team: Team, number: int, person: Standing, anna: Member, voice_of: Member
) -> None:
    team.do(turns.person_wrote, person, number, "سلام")
    (said,) = team.store.database.read_now(lambda unit: messages.of_request(unit, number))
    before = list(team.voice.said)
    team.do(guests.interpret, number, said.id, "Hello", by=voice_of)
    with pytest.raises(requests.NoRequest):
        team.do(guests.interpret, number, 1, "of nothing here", by=voice_of)
    shown = team.store.database.read_now(lambda unit: thread(unit, anna, number))
    (original,) = [entry for entry in shown.entries if entry.message is not None]
    assert [(line.staff_id, line.text) for line in original.beside] == [(voice_of.id, "Hello")]
    assert not [entry for entry in shown.entries if entry.note is not None]
    assert team.voice.said == before
