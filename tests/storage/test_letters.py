"""What did not get through is decided on by a person: once more, or never."""

from __future__ import annotations

from typing import Any

import pytest

from storage import letters, members, staff
from storage.inbox_rows import Hopeless
from storage.outcomes import AnswerLost, Dead
from storage.queue import fail, take
from storage.rows import LetterKind, OutClass
from storage.tables import Inbox, Outbox
from storage.unit_of_work import Unit
from tests.storage.build import Store, arrival, reply


def ids(store: Store) -> list[str]:
    return [letter.id for letter in store.database.read_now(letters.dead_letters)]


def parked(store: Store) -> str:
    """An arrival that nobody can read."""
    store.accept(arrival("unreadable"))
    store.database.write_now(lambda unit: [fail(unit, taken, Hopeless()) for taken in take(unit)])
    return ids(store)[0]


def dead(store: Store, **changes: Any) -> str:
    """A message that was refused by our own fault."""
    store.say(store.newcomer("chat-dead"), reply("dead", **changes))
    store.settle(store.claim()[0], Dead("refused_400"))
    return next(name for name in ids(store) if name.startswith("out-"))


def test_letters_are_named_by_where_they_stand_and_say_why_without_a_text(store: Store) -> None:
    names = [parked(store), dead(store)]
    found = store.database.read_now(letters.dead_letters)
    assert {(letter.id, letter.kind, letter.reason) for letter in found} == {
        (names[0], LetterKind.POISON, "Hopeless"),
        (names[1], LetterKind.DEAD, "refused_400"),
    }
    assert names[0].startswith("in-")
    assert names[1].startswith("out-")


def test_a_parked_arrival_that_is_tried_again_is_handled_as_if_for_the_first_time(store: Store) -> None:
    name = parked(store)
    store.database.write_now(lambda unit: letters.retry(unit, name))
    assert store.take_one().tries == 0
    assert ids(store) == []


def test_a_dead_message_that_is_tried_again_is_sent(store: Store) -> None:
    name = dead(store)
    store.database.write_now(lambda unit: letters.retry(unit, name))
    (claimed,) = store.claim()
    assert (claimed.payload, claimed.tries) == (b"an answer", 0)


def test_an_uncertain_notice_is_sent_again_when_a_person_says_so(store: Store) -> None:
    store.say(store.newcomer(), reply("notice", cls=OutClass.NOTICE))
    store.settle(store.claim()[0], AnswerLost())
    (name,) = ids(store)
    store.database.write_now(lambda unit: letters.retry(unit, name))
    (claimed,) = store.claim()
    assert claimed.repeated


@pytest.mark.parametrize("make", [parked, dead])
def test_what_is_discarded_is_gone_from_the_list_with_all_that_it_said(store: Store, make: Any) -> None:
    name = make(store)
    store.database.write_now(lambda unit: letters.discard(unit, name))
    assert ids(store) == []
    assert set(store.column(Inbox.sealed)) | set(store.column(Outbox.sealed)) == {None}


@pytest.mark.parametrize("act", [letters.retry, letters.discard])
@pytest.mark.parametrize("name", ["in-999", "out-999", "out-", "1", "in-1; --"])
def test_what_is_no_letter_is_refused(store: Store, act: Any, name: str) -> None:
    with pytest.raises(letters.NoLetter):
        store.database.write_now(lambda unit: act(unit, name))


def test_a_message_that_waits_to_be_sent_is_no_letter(store: Store) -> None:
    (outbox_id,) = store.say(store.newcomer(), reply("waits"))
    with pytest.raises(letters.NoLetter):
        store.database.write_now(lambda unit: letters.discard(unit, f"out-{outbox_id}"))


def test_whose_access_ends_is_out_at_once_and_out_of_the_list(store: Store) -> None:
    def sign_in(unit: Unit) -> str:
        token = staff.invite(unit, unit.now.replace(year=2030), label="Office", administrator=True)
        session = staff.redeem(unit, token)
        assert session is not None
        return session

    session = store.database.write_now(sign_in)
    (member,) = store.database.read_now(members.members)
    assert (member.label, member.created_at) == ("Office", store.clock.now)
    link = store.database.write_now(lambda unit: staff.login_link(unit, member.id, unit.now.replace(year=2030)))
    assert store.database.write_now(lambda unit: staff.end(unit, member.id))
    assert store.database.write_now(lambda unit: staff.staff_session(unit, session)) is None
    assert not store.database.read_now(lambda unit: staff.is_valid(unit, link))
    assert store.database.read_now(members.members) == []
    assert not store.database.read_now(staff.has_administrator)
    assert not store.database.write_now(lambda unit: staff.end(unit, member.id))
