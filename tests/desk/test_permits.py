"""A large file of the log needs a second person, who is not the one who asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk import permits
from desk.permits import LIFE, Act, File, NotNow, State
from desk.voice import Notice
from storage import audit
from storage.members import Member
from tests.desk.team import Team
from tests.storage.build import Store

QUERY = "state=open"


@pytest.fixture
def team(store: Store) -> Team:
    return Team(store)


@pytest.fixture
def boss(team: Team) -> Member:
    return team.member("coordinator", "coordinator")


@pytest.fixture
def admin(team: Team) -> Member:
    return team.member("administrator", "admin")


def ask(team: Team, me: Member, query: str = QUERY) -> int:
    return team.store.database.write_now(lambda unit: permits.ask(unit, team.voice, me, File.LOG_CSV, query, 300))


def decide(team: Team, me: Member, id: int, act: Act = Act.ALLOW) -> None:
    team.store.database.write_now(lambda unit: permits.decide(unit, me, id, act))


def take(team: Team, me: Member, query: str = QUERY) -> int | None:
    return team.store.database.write_now(lambda unit: permits.take(unit, me, File.LOG_CSV, query, 300))


@given(st.lists(st.sampled_from(Act)))
def test_no_history_leaves_the_table_and_a_file_is_taken_at_most_once(history: list[Act]) -> None:
    state, taken = State.ASKED, 0
    for act in history:
        state, taken = LIFE.get((state, act), state), taken + ((state, act) == (State.ALLOWED, Act.TAKE))
    assert taken <= 1
    assert state is not State.TAKEN or {Act.ALLOW, Act.TAKE} <= set(history)


def test_another_one_allows_it_and_it_is_taken_once(team: Team, boss: Member, admin: Member) -> None:
    id = ask(team, boss)
    assert ask(team, boss) == id, "asked twice, it is one"
    assert team.voice.notices == [(admin.conversation_id, Notice.EXPORT, "coordinator")]
    assert take(team, boss) is None
    decide(team, admin, id)
    assert take(team, boss, "state=done") is None, "another file was allowed"
    assert take(team, admin) is None, "it was allowed to somebody else"
    assert take(team, boss) == id
    assert take(team, boss) is None
    logged = [line.act for line in team.store.database.read_now(lambda unit: audit.lines(unit))]
    assert logged == ["export_allowed", "export_asked"]


def test_nobody_decides_on_their_own_nor_twice_nor_a_day_later(team: Team, boss: Member, admin: Member) -> None:
    id = ask(team, boss)
    with pytest.raises(NotNow):
        decide(team, boss, id)
    decide(team, admin, id, Act.DECLINE)
    with pytest.raises(NotNow):
        decide(team, admin, id)
    assert take(team, boss) is None
    late = ask(team, boss)
    assert late != id
    team.store.clock.forward(hours=25)
    with pytest.raises(NotNow):
        decide(team, admin, late)


def test_what_was_allowed_lasts_a_day(team: Team, boss: Member, admin: Member) -> None:
    decide(team, admin, ask(team, boss))
    team.store.clock.forward(hours=25)
    assert take(team, boss) is None
