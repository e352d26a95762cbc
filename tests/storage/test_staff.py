from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import update

from storage import codes, staff
from storage.desk_tables import Staff, StaffLink, StaffSession
from storage.staff import HALF, IDLE, LONGEST, StaffMember, invite, redeem, staff_session
from tests.storage.build import Store

LINK_LIFE = timedelta(hours=48)


def _invite(store: Store, *, administrator: bool = False, coordinator: bool = False) -> str:
    expires_at = store.clock.now + LINK_LIFE
    roles = partial(invite, administrator=administrator, coordinator=coordinator)
    return store.database.write_now(partial(roles, expires_at=expires_at, label="Desk one"))


def _redeem(store: Store, token: str) -> str | None:
    return store.database.write_now(lambda unit: redeem(unit, token))


def _who(store: Store, token: str) -> StaffMember | None:
    return store.database.read_now(lambda unit: staff_session(unit, token))


def _saw(store: Store, token: str) -> None:
    store.database.write_now(lambda unit: staff.saw(unit, token))


def _signed_in(store: Store, *, administrator: bool = False, coordinator: bool = False) -> str:
    half = _redeem(store, _invite(store, administrator=administrator, coordinator=coordinator))
    assert half is not None
    member = _who(store, half)
    assert member is not None
    assert store.database.write_now(lambda unit: codes.use_step(unit, member.id, 1))
    return store.database.write_now(lambda unit: staff.open_session(unit, member.id))


def test_an_invitation_signs_in_with_its_roles(store: Store) -> None:
    member = _who(store, _signed_in(store, administrator=True, coordinator=True))
    assert member is not None
    assert (member.label, member.administrator, member.coordinator) == ("Desk one", True, True)


def test_a_link_is_used_up_by_the_first_who_redeems_it(store: Store) -> None:
    token = _invite(store)
    assert _redeem(store, token) is not None
    assert _redeem(store, token) is None
    assert store.count(Staff) == 1


async def test_of_many_who_redeem_a_link_at_once_one_gets_in(store: Store) -> None:
    token = _invite(store)
    databases = [store.database, store.open()]
    sessions = await asyncio.gather(*(databases[n % 2].write(partial(redeem, token=token)) for n in range(10)))
    assert len([session for session in sessions if session is not None]) == 1
    assert store.count(Staff) == 1


def test_looking_at_a_link_does_not_use_it_up(store: Store) -> None:
    token = _invite(store)
    for _ in range(2):
        assert store.database.read_now(lambda unit: staff.is_valid(unit, token))
    _redeem(store, token)
    assert not store.database.read_now(lambda unit: staff.is_valid(unit, token))


@pytest.mark.parametrize("token", ["", "forged", "x" * 43])
def test_a_token_that_was_never_made_opens_nothing(store: Store, token: str) -> None:
    _signed_in(store)
    assert _redeem(store, token) is None
    assert _who(store, token) is None


def test_a_link_ends_at_its_time(store: Store) -> None:
    token = _invite(store)
    store.clock.forward(hours=48)
    assert _redeem(store, token) is None


def test_a_session_token_is_not_a_link_nor_the_other_way_round(store: Store) -> None:
    link = _invite(store)
    assert _who(store, link) is None
    assert _redeem(store, _signed_in(store)) is None


def test_a_session_ends_after_twelve_hours_without_a_sign_of_life(store: Store) -> None:
    token = _signed_in(store)
    for _ in range(3):
        store.clock.now += IDLE - timedelta(minutes=1)
        assert _who(store, token) is not None
        _saw(store, token)
    store.clock.now += IDLE - timedelta(minutes=1)
    assert _who(store, token) is not None
    store.clock.now += timedelta(minutes=1)
    assert _who(store, token) is None


def test_a_session_ends_after_seven_days_however_busy(store: Store) -> None:
    token = _signed_in(store)
    start = store.clock.now
    while store.clock.now < start + LONGEST - timedelta(hours=6):
        store.clock.forward(hours=6)
        assert _who(store, token) is not None
        _saw(store, token)
    store.clock.now = start + LONGEST
    assert _who(store, token) is None


def test_whoever_signed_out_is_out(store: Store) -> None:
    token = _signed_in(store)
    store.database.write_now(lambda unit: staff.sign_out(unit, token))
    assert _who(store, token) is None


def test_whoever_no_longer_works_here_is_out(store: Store) -> None:
    token = _signed_in(store, administrator=True)
    store.database.write_now(lambda unit: unit.connection.execute(update(Staff).values(ended_at=unit.now)) and None)
    assert _who(store, token) is None
    assert not store.database.read_now(staff.has_administrator)


def test_there_is_an_administrator_when_an_administrators_invitation_was_redeemed(store: Store) -> None:
    _signed_in(store, coordinator=True)
    assert not store.database.read_now(staff.has_administrator)
    token = _invite(store, administrator=True)
    half = _redeem(store, token)
    assert half is not None
    assert not store.database.read_now(staff.has_administrator), "nobody has shown a code yet"
    _signed_in(store, administrator=True)
    assert store.database.read_now(staff.has_administrator)


def test_a_login_link_signs_the_same_member_in_again(store: Store) -> None:
    first = _who(store, _signed_in(store))
    assert first is not None
    expires_at = store.clock.now + timedelta(minutes=10)
    link = store.database.write_now(lambda unit: staff.login_link(unit, first.id, expires_at))
    session = _redeem(store, link)
    assert session is not None
    again = _who(store, session)
    assert again is not None
    assert (again.id, again.verified_at) == (first.id, None)
    assert store.count(Staff) == 1


def test_tokens_have_256_bits_and_only_their_hashes_are_kept(store: Store) -> None:
    link = _invite(store)
    session = _redeem(store, link)
    assert session is not None
    assert len({staff.random_token() for _ in range(100)}) == 100
    assert len(link) == len(session) == 43
    kept = b"".join(store.column(StaffLink.token_hash) + store.column(StaffSession.token_hash))
    assert link.encode() not in kept
    assert len(kept) == 32


def test_half_a_session_lives_for_half_an_hour_and_a_whole_one_for_days(store: Store) -> None:
    half = _redeem(store, _invite(store))
    whole = _signed_in(store)
    assert half is not None
    store.clock.now += HALF
    assert _who(store, half) is None
    found = _who(store, whole)
    assert found is not None
    assert found.verified_at == store.clock.now - HALF


def test_all_sessions_but_one_are_ended(store: Store) -> None:
    mine, theirs = _signed_in(store), _signed_in(store)
    member = _who(store, mine)
    assert member is not None
    others = [store.database.write_now(lambda unit: staff.open_session(unit, member.id)) for _ in range(2)]
    assert store.database.write_now(lambda unit: staff.end_sessions(unit, member.id, but=mine)) == 3  # and the half one
    assert [_who(store, token) is not None for token in (mine, *others, theirs)] == [True, False, False, True]
    assert store.database.write_now(lambda unit: staff.end_sessions(unit, member.id)) == 1


def test_a_step_is_used_once_and_none_before_it_later(store: Store) -> None:
    member = _who(store, _signed_in(store))
    assert member is not None

    def use(step: int) -> bool:
        return store.database.write_now(lambda unit: codes.use_step(unit, member.id, step))

    assert [use(step) for step in (7, 7, 6, 8)] == [True, False, False, True]


async def test_of_many_who_use_a_code_at_once_one_is_let_in(store: Store) -> None:
    member = _who(store, _signed_in(store))
    assert member is not None
    databases = [store.database, store.open()]
    use = partial(codes.use_step, staff_id=member.id, step=9)
    used = await asyncio.gather(*(databases[n % 2].write(use) for n in range(10)))
    assert sum(used) == 1


def test_a_secret_is_kept_sealed_given_once_and_gone_after_a_reset(store: Store) -> None:
    member = _who(store, _signed_in(store))
    assert member is not None
    for secret in (b"first secret", b"second secret"):
        store.database.write_now(partial(codes.keep_secret, staff_id=member.id, secret=secret))
    assert store.database.write_now(lambda unit: codes.secret(unit, member.id)) == b"first secret"
    assert b"first secret" not in store.column(Staff.totp_sealed)[0]
    store.database.write_now(lambda unit: codes.reset(unit, member.id))
    assert store.database.write_now(lambda unit: codes.secret(unit, member.id)) is None
