"""What may stand in the staff group at all, and what of a request is to stand there, in its order."""

from __future__ import annotations

import pytest

from desk import requests as acts
from desk import turns
from desk.asking import Wished, add
from desk.topics import LEGAL, SHOWN_EVENTS, Wanted, kept_out, wanted
from storage import requests, topics
from storage.media import NewMedia, add_media
from storage.topics import Entry, Kind
from storage.unit_of_work import Unit
from tests.desk.team import Team
from tests.storage.build import Store

THREAD = 9


@pytest.fixture
def team(store: Store) -> Team:
    """A team at its desk."""
    return Team(store)


def out(team: Team) -> set[int]:
    """The numbers of the requests that never stand in the group."""
    return set(team.store.database.read_now(lambda unit: kept_out(unit, requests.open_requests(unit))))


def waiting(team: Team, number: int) -> list[Entry]:
    """What is to stand in the topic of the request and does not."""
    return team.store.database.read_now(lambda unit: topics.unposted(unit, number, SHOWN_EVENTS))


def wish(team: Team, number: int, name: str, value: str) -> None:
    """The person says whom they would like."""
    team.do(lambda desk: add(desk, team.row(number), Wished(name, value)))


def test_a_wish_against_a_country_takes_the_request_out_of_the_group_and_the_next_one_too(team: Team) -> None:
    person = team.store.newcomer()
    first = team.asks(person)
    wish(team, first, "locale", "fa")
    assert out(team) == set()
    wish(team, first, "not_origin", "SY")
    second = team.asks(person, "step_help")
    other = team.asks(team.store.newcomer("chat-2"))
    assert out(team) == {first, second}
    wish(team, second, "not_origin", "")
    assert out(team) == {first}
    assert wanted(team.row(first), team.now, kept_out=True) is Wanted.GONE
    assert wanted(team.row(other), team.now, kept_out=False) is Wanted.OPEN


def test_legal_help_urgent_and_protected_requests_never_stand_there_nor_what_else_somebody_afraid_asks(
    team: Team,
) -> None:
    afraid = team.store.newcomer()
    numbers = {team.asks(afraid, LEGAL), team.asks(afraid, "step_help")}
    numbers.add(team.asks(team.store.newcomer("chat-2"), "urgent", urgent=True, protected=True))
    numbers.add(team.asks(team.store.newcomer("chat-3"), "goods", protected=True))
    team.asks(team.store.newcomer("chat-4"), "step_help")
    assert out(team) == numbers


def test_words_files_notes_and_hand_overs_stand_there_once_in_their_order(team: Team) -> None:
    person, helper = team.store.newcomer(), team.member("A")
    number = team.asks(person)

    def send(unit: Unit) -> int | None:
        return add_media(unit, person, NewMedia("voice", "ref", seconds=12), number)

    team.do(turns.person_wrote, person, number, "help me")
    team.store.clock.forward(seconds=1)
    team.store.database.write_now(send)
    team.store.clock.forward(seconds=1)
    team.do(acts.claim, number, by=helper)
    team.do(acts.note, number, "for us", by=helper)
    team.store.clock.forward(seconds=1)
    team.do(acts.answer, number, "window 3", by=helper)
    found = waiting(team, number)
    assert [(one.kind, one.code, one.seconds) for one in found] == [
        (Kind.PERSON, "", None),
        (Kind.FILE, "voice", 12),
        (Kind.EVENT, "noted", None),
        (Kind.STAFF, "", None),
    ]
    assert [one.staff_id for one in found] == [None, None, helper.id, helper.id]

    def show(unit: Unit) -> None:
        topics.opened(unit, number, THREAD, "No. 1")
        topics.posted(unit, number, [one.id for one in found[:3]])

    team.store.database.write_now(show)
    assert waiting(team, number) == found[3:]
    assert team.store.database.read_now(lambda unit: topics.behind(unit, SHOWN_EVENTS)) == {number}
    team.store.database.write_now(lambda unit: topics.posted(unit, number, [found[3].id]))
    assert team.store.database.read_now(lambda unit: topics.behind(unit, SHOWN_EVENTS)) == set()


def test_the_stamp_changes_with_words_files_and_wishes_and_not_with_time_alone(team: Team) -> None:
    person = team.store.newcomer()
    number = team.asks(person)
    team.store.clock.forward(minutes=2)
    seen = [team.store.database.read_now(topics.stamp)]
    team.store.clock.forward(minutes=1)
    assert team.store.database.read_now(topics.stamp) == seen[0]
    team.do(turns.person_wrote, person, number, "help me")
    seen.append(team.store.database.read_now(topics.stamp))
    team.store.database.write_now(lambda unit: add_media(unit, person, NewMedia("photo", "ref"), number))
    seen.append(team.store.database.read_now(topics.stamp))
    wish(team, number, "not_origin", "SY")
    seen.append(team.store.database.read_now(topics.stamp))
    assert len(set(seen)) == 4
