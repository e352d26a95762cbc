"""Copies of a notice: what became of them is known, is kept when their rows go, and what waited for a case goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from notices.lifecycle import Kind, Move, State
from notices.moving import move
from notices.sending import PAGE, Means, expand, finish
from storage import broadcasts, contacts, copies, notices, queue
from storage.deliveries import Delivery as Got
from storage.deliveries import Told, note_told
from storage.forgetting import forget
from storage.notice_rows import Fate, NewBroadcast
from storage.notice_tables import Delivery
from storage.outcomes import AnswerLost, Dead, Sent, Settlement
from storage.retention import Periods, expire
from storage.rows import Claimed, Composed, ConsentChoice, Hold, OutClass, Passing, Speak, Standing, Verdict
from storage.tables import Outbox
from storage.unit_of_work import Unit
from tests.storage.build import ACCOUNT, CHANNEL, Store, anybody, reply

MEANS = Means(anybody, bytes.decode, {}, lambda channel: True)


@pytest.fixture
def number(store: Store) -> int:
    """A broadcast to three who agreed, every row written."""
    for chat in ("a", "b", "c"):
        standing = store.newcomer(chat)
        store.database.write_now(
            lambda unit, standing=standing: contacts.give_consent(  # type: ignore[misc]
                unit, standing, version="1", choice=ConsentChoice.FULL
            )
        )
    return begun(store)


def begun(store: Store, kind: Kind = Kind.FIRST, of: int | None = None) -> int:
    def write(unit: Unit) -> int:
        notice = notices.create(unit, 7, "news")
        notices.set_about(unit, notice, valid_until=date(2026, 12, 31))
        notices.set_text(unit, notice, "en", "", "words")
        made = broadcasts.create(unit, NewBroadcast(notice, kind, "{}", 7, of_id=of), State.DRAFT)
        for act in (Move.PASSED, Move.STARTED):
            move(unit, made, act, 7)
        return made

    made = store.database.write_now(write)
    while store.database.write_now(lambda unit: expand(unit, made, MEANS)):
        pass
    return made


def words(unit: Unit, claimed: Claimed) -> Composed:
    return Composed(b"words")


def claim(store: Store, passing: Passing = Passing.ALL) -> list[Claimed]:
    return store.database.write_now(lambda unit: queue.claim(unit, 32, anybody, [CHANNEL], words, passing))


def somebody(store: Store) -> Standing:
    """One of those whose copy waits."""
    chat = store.column(Outbox.conversation_id)[0]
    return store.database.read_now(lambda unit: contacts.standing(unit, chat))


def fates(store: Store, number: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in store.database.read_now(lambda unit: copies.counts(unit, number)):
        name = f"{one.fate}:{one.reason}" if one.reason else str(one.fate)
        found[name] = found.get(name, 0) + one.many
    return found


def test_each_way_in_which_a_copy_can_end_is_told_apart(store: Store, number: int) -> None:
    assert fates(store, number) == {"waiting": 3}
    first, second, third = claim(store)
    assert fates(store, number) == {"waiting": 3}
    assert not store.database.write_now(lambda unit: finish(unit, number))
    store.settle_all(
        [Settlement(first, Sent("77")), Settlement(second, AnswerLost()), Settlement(third, Dead("refused_400"))]
    )
    assert fates(store, number) == {"sent": 1, "uncertain:answer_lost": 1, "dead:refused_400": 1}
    store.database.write_now(lambda unit: note_told(unit, [Told(CHANNEL, ACCOUNT, first.id, Got.READ)]))
    assert fates(store, number)["read"] == 1
    assert store.database.write_now(lambda unit: finish(unit, number))
    assert store.database.read_now(lambda unit: broadcasts.read(unit, number)).state == "done"


def test_another_try_is_for_those_alone_whom_a_passing_trouble_kept_it_from(store: Store, number: int) -> None:
    first, second, third = claim(store)
    store.settle_all(
        [Settlement(first, Dead("tries")), Settlement(second, AnswerLost()), Settlement(third, Sent("77"))]
    )
    again = begun(store, Kind.AGAIN, of=number)
    assert fates(store, again) == {"waiting": 1}
    assert store.column(Outbox.conversation_id, Outbox.id > third.id) == [first.conversation_id]


def test_a_correction_names_the_message_that_it_replaces(store: Store, number: int) -> None:
    (first, *_) = claim(store)
    store.settle(first, Sent("message 77"))
    store.database.write_now(lambda unit: notices.set_text(unit, 1, "en", "", "better words"))
    other = store.database.write_now(
        lambda unit: broadcasts.create(unit, NewBroadcast(1, Kind.CORRECT, "{}", 7, of_id=number), State.DRAFT)
    )
    for act in (Move.PASSED, Move.STARTED):
        store.database.write_now(lambda unit, act=act: move(unit, other, act, 7))  # type: ignore[misc]
    while store.database.write_now(lambda unit: expand(unit, other, MEANS)):
        pass
    assert store.column(Outbox.replaces, Outbox.replaces.is_not(None)).count(first.id) == 1
    (edit,) = (row for row in claim(store) if row.conversation_id == first.conversation_id)
    assert edit.provider_id == "message 77"


def test_what_became_of_copies_outlives_their_rows_and_their_people(store: Store, number: int) -> None:
    first, second, third = claim(store)
    store.settle_all([Settlement(one, Sent("77")) for one in (first, second)] + [Settlement(third, Dead("tries"))])
    forget(store.database, first.conversation_id)
    assert fates(store, number) == {"sent": 2, "dead:tries": 1}
    assert store.count(Delivery, Delivery.contact_id.is_(None)) == 1
    store.clock.forward(days=31)
    expire(store.database, store.clock(), Periods())
    assert store.count(Outbox) == 2  # the notice is true, so it can still be put right
    assert all(store.column(Outbox.provider_sealed, Outbox.id == second.id))
    store.clock.forward(days=45)
    expire(store.database, store.clock(), Periods())
    assert store.count(Outbox) == 0
    assert fates(store, number) == {"sent": 2, "dead:tries": 1}


def test_who_is_forgotten_while_their_copy_waits_counts_as_never_sent(store: Store, number: int) -> None:
    forget(store.database, somebody(store).conversation_id)
    assert fates(store, number) == {"waiting": 2, "failed:never_sent": 1}


def test_a_page_that_breaks_off_leaves_nothing_and_the_next_one_goes_on_at_the_cursor(store: Store) -> None:
    for at in range(3):
        standing = store.newcomer(f"chat-{at}")
        store.database.write_now(
            lambda unit, standing=standing: contacts.give_consent(  # type: ignore[misc]
                unit, standing, version="1", choice=ConsentChoice.FULL
            )
        )

    def broken(speaker: str, matter: str, standing: Standing) -> Verdict:
        raise RuntimeError("the process dies here")

    made = begun(store)
    again = begun(store)
    assert fates(store, made) == fates(store, again) == {"waiting": 3}
    third = store.database.write_now(
        lambda unit: broadcasts.create(unit, NewBroadcast(1, Kind.FIRST, "{}", 7), State.DRAFT)
    )
    for act in (Move.PASSED, Move.STARTED):
        store.database.write_now(lambda unit, act=act: move(unit, third, act, 7))  # type: ignore[misc]
    with pytest.raises(RuntimeError):
        store.database.write_now(lambda unit: expand(unit, third, replace(MEANS, may_speak=broken)))
    assert fates(store, third) == {}
    assert store.database.write_now(lambda unit: expand(unit, third, MEANS))
    assert not store.database.write_now(lambda unit: expand(unit, third, MEANS))
    assert fates(store, third) == {"waiting": 3}
    assert PAGE > 3


def test_whose_chat_was_joined_with_that_of_somebody_who_has_a_copy_gets_no_second_one(
    store: Store, number: int
) -> None:
    everybody = sorted(store.column(Delivery.contact_id))
    again = store.database.write_now(
        lambda unit: broadcasts.create(unit, NewBroadcast(1, Kind.FIRST, "{}", 7), State.DRAFT)
    )
    for act in (Move.PASSED, Move.STARTED):
        store.database.write_now(lambda unit, act=act: move(unit, again, act, 7))  # type: ignore[misc]
    # Somebody earlier in the row had theirs, and is the last one now: joining two chats leaves it so.
    had = {"id": 5, "broadcast_id": again, "contact_id": everybody[-1], "locale": "en", "channel": CHANNEL}
    had |= {"version": 1, "outcome": "sent", "at": store.clock.now}
    store.database.write_now(lambda unit: unit.connection.execute(insert(Delivery), had))
    while store.database.write_now(lambda unit: expand(unit, again, MEANS)):
        pass
    assert store.count(Delivery, Delivery.broadcast_id == again) == 3


def test_copies_never_go_before_answers_and_what_nobody_may_hear_now_stays_as_it_is(store: Store, number: int) -> None:
    assert claim(store, Passing.NONE) == []
    assert claim(store, Passing.SAFETY) == []
    assert fates(store, number) == {"waiting": 3}
    store.say(somebody(store), reply("r1"))
    assert [row.cls for row in claim(store)] == [OutClass.REPLY, OutClass.NOTICE, OutClass.NOTICE]


def test_a_notice_that_cannot_be_made_stops_nobody_else(store: Store, number: int) -> None:
    def faulty(unit: Unit, claimed: Claimed) -> Composed:
        raise LookupError

    store.say(store.newcomer("d"), reply("r1"))
    claimed = store.database.write_now(lambda unit: queue.claim(unit, 32, anybody, [CHANNEL], faulty))
    assert [row.payload for row in claimed] == [b"an answer"]
    assert fates(store, number) == {"dead:LookupError": 3}


@pytest.mark.parametrize("why", ["urgent", "attached"])
def test_what_a_situation_held_goes_when_it_is_over(store: Store, number: int, why: str) -> None:
    def floor(speaker: str, matter: str, standing: Standing) -> Verdict:
        holds = standing.urgent if why == "urgent" else standing.attached_request_id is not None
        return Hold(why) if holds else Speak()

    chat = somebody(store).conversation_id
    store.database.write_now(lambda unit: contacts.set_urgent(unit, chat, urgent=True))
    store.database.write_now(lambda unit: contacts.attach(unit, chat, 1, 1))
    claimed = store.database.write_now(lambda unit: queue.claim(unit, 32, floor, [CHANNEL], words))
    assert len(claimed) == 2
    assert fates(store, number) == {"waiting": 2, f"held:{why}": 1}
    store.database.write_now(lambda unit: contacts.set_urgent(unit, chat, urgent=False))
    store.database.write_now(lambda unit: contacts.detach(unit, chat, 1))
    assert fates(store, number) == {"waiting": 3}


def test_what_is_held_past_the_day_of_the_notice_is_never_sent(store: Store, number: int) -> None:
    store.database.write_now(lambda unit: copies.pause(unit, number))
    assert store.database.read_now(queue.dead_letters) == []  # else a paused broadcast would hide all other letters
    assert store.database.write_now(lambda unit: copies.lapse(unit, date(2026, 12, 31))) == 0
    assert store.database.write_now(lambda unit: copies.lapse(unit, date(2027, 1, 1))) == 3
    assert fates(store, number) == {"failed:over": 3}


def test_the_report_names_each_copy_once_however_small_the_pages_are(store: Store, number: int) -> None:
    seen, after = [], -1
    while page := store.database.read_now(lambda unit, after=after: copies.results(unit, number, after, 2)):  # type: ignore[misc]
        seen += [one.contact_id for one in page]
        after = page[-1].id
        assert {one.fate for one in page} == {Fate.WAITING}
    assert len(seen) == 3
    assert set(seen) == set(store.column(Delivery.contact_id))


def test_what_was_sent_lately_tells_the_rate(store: Store, number: int) -> None:
    (first, *_) = claim(store)
    store.settle(first, Sent("1"))
    since = store.clock.now - timedelta(seconds=10)
    assert store.database.read_now(lambda unit: copies.sent_since(unit, number, since)) == 1
