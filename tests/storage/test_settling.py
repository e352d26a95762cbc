from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest

from storage import queue
from storage.endings import OUTBOX_TRIES, RESEND_AFTER
from storage.outcomes import AnswerLost, Blocked, Dead, Failed, Moved, NotFound, Retry, Sent, Throttled
from storage.rows import AddressState, Claimed, LetterKind, OutboxState, OutClass, OutKind, Standing
from storage.tables import Address, Conversation, Outbox
from tests.storage.build import CHANNEL, Store, anybody, arrival, on_postgresql, reply

READY, SENDING, SENT, UNCERTAIN, FAILED, DEAD, HELD = OutboxState


@pytest.fixture
def person(store: Store) -> Standing:
    return store.newcomer("chat-1")


def _payloads(claimed: list[Claimed]) -> list[bytes]:
    return [row.payload for row in claimed]


def _claim_one(store: Store) -> Claimed:
    (claimed,) = store.claim()
    return claimed


def _recover(store: Store) -> int:
    return store.database.write_now(lambda unit: queue.recover(unit, Random(1).uniform))


# How attempts end


def test_a_sent_row_keeps_the_provider_id_for_edits_and_not_the_words(store: Store, person: Standing) -> None:
    (id,) = store.say(person, reply("d1"))
    store.settle(_claim_one(store), Sent("message 77"))
    assert store.column(Outbox.state) == [SENT]
    assert store.column(Outbox.sealed) == [None]
    store.say(person, reply("d2", kind=OutKind.EDIT, replaces=id))
    edit = _claim_one(store)
    assert (edit.kind, edit.provider_id) == (OutKind.EDIT, "message 77")


def test_an_edit_of_what_was_never_sent_has_no_provider_id(store: Store, person: Standing) -> None:
    (id,) = store.say(person, reply("d1"))
    store.settle(_claim_one(store), Dead("refused"))
    store.say(person, reply("d2", kind=OutKind.EDIT, replaces=id))
    assert _claim_one(store).provider_id is None


def test_a_row_that_its_reader_reads_here_keeps_its_words(store: Store, person: Standing) -> None:
    store.say(person, reply("d1"))
    store.settle(_claim_one(store), Sent(keeps=True))
    assert store.column(Outbox.state) == [SENT]
    assert store.column(Outbox.sealed) != [None]


def test_a_retry_waits_and_counts_when_it_should(store: Store, person: Standing) -> None:
    store.say(person, reply("d1"))
    store.settle(_claim_one(store), Retry(store.clock.now + timedelta(seconds=2)))
    assert store.claim() == []
    store.clock.forward(seconds=2)
    row = _claim_one(store)
    assert row.tries == 1
    store.settle(row, Retry(store.clock.now, counts=False))
    assert _claim_one(store).tries == 1


def test_too_many_tries_make_a_dead_letter(store: Store, person: Standing) -> None:
    store.say(person, reply("d1"))
    for _ in range(OUTBOX_TRIES):
        store.settle(_claim_one(store), Retry(store.clock.now))
    assert store.claim() == []
    (letter,) = store.database.read_now(queue.dead_letters)
    assert (letter.kind, letter.reason) == (LetterKind.DEAD, "tries")


def test_after_a_day_nobody_is_answered_any_more_however_few_tries_were_used(store: Store, person: Standing) -> None:
    store.say(person, reply("d1"))
    row = _claim_one(store)
    store.clock.forward(hours=24, seconds=1)
    store.settle(row, Retry(store.clock.now, counts=False))
    assert store.column(Outbox.reason) == ["too_old"]


def test_a_throttled_address_waits_as_a_whole_survives_a_restart_and_burns_no_try(
    store: Store, person: Standing
) -> None:
    store.say(person, reply("r", b"reply"), reply("s", b"staff", cls=OutClass.STAFF))
    store.settle(_claim_one(store), Throttled(store.clock.now + timedelta(seconds=35)))
    store.restart()
    store.clock.forward(seconds=34)
    assert store.claim() == []
    store.clock.forward(seconds=1)
    row = _claim_one(store)
    assert (row.payload, row.tries) == (b"reply", 0)


def test_a_refusal_for_good_is_failed_and_not_among_the_dead_letters(store: Store, person: Standing) -> None:
    store.say(person, reply("d1"))
    store.settle(_claim_one(store), Failed("window_closed"))
    assert (store.column(Outbox.state), store.column(Outbox.reason)) == ([FAILED], ["window_closed"])
    assert store.database.read_now(queue.dead_letters) == []


def test_blocked_drops_the_queue_of_that_address_and_of_no_other(store: Store, person: Standing) -> None:
    other = store.newcomer("chat-2")
    store.say(person, reply("a1"), reply("a2"), reply("a3", cls=OutClass.NOTICE))
    store.say(other, reply("b1"))
    first, second = store.claim()
    store.settle(first, Blocked())
    assert store.column(Outbox.state) == [FAILED, FAILED, FAILED, SENDING]
    assert store.column(Outbox.reason)[:3] == ["blocked"] * 3
    assert sorted(store.column(Address.state)) == [AddressState.BLOCKED, AddressState.OPEN]
    store.settle(second, Sent())
    store.say(person, reply("a4"))
    assert store.claim() == []
    assert store.column(Outbox.state)[-1] == FAILED


def test_an_unknown_chat_is_parked_and_its_row_listed(store: Store, person: Standing) -> None:
    store.say(person, reply("a1"), reply("a2"))
    store.settle(_claim_one(store), NotFound())
    assert store.column(Outbox.state) == [DEAD, FAILED]
    assert store.column(Address.state) == [AddressState.UNKNOWN]
    assert [letter.reason for letter in store.database.read_now(queue.dead_letters)] == ["not_found"]


# The third answer: it may have arrived


def test_a_lost_answer_to_a_reply_is_sent_again_once_after_a_pause_and_stays_listed(
    store: Store, person: Standing
) -> None:
    (id,) = store.say(person, reply("d1"))
    store.settle(_claim_one(store), AnswerLost())
    store.clock.forward(seconds=RESEND_AFTER[0] - 0.001)
    assert store.claim() == []
    store.clock.forward(seconds=RESEND_AFTER[1])
    row = _claim_one(store)
    assert row.repeated
    store.settle(row, Sent("message 1"))
    assert store.column(Outbox.state) == [SENT]
    assert store.database.read_now(queue.maybe_doubled) == [id]


def test_a_second_lost_answer_leaves_the_row_to_staff(store: Store, person: Standing) -> None:
    store.say(person, reply("d1"), reply("d2", b"next"))
    for _ in range(2):
        store.settle(_claim_one(store), AnswerLost())
        store.clock.forward(seconds=10)
    assert store.column(Outbox.state) == [UNCERTAIN, READY]
    (letter,) = store.database.read_now(queue.dead_letters)
    assert (letter.kind, letter.reason) == (LetterKind.UNCERTAIN, "answer_lost")
    assert _payloads(store.claim()) == [b"next"]


def test_an_edit_whose_answer_was_lost_is_done_again_until_it_is_answered(store: Store, person: Standing) -> None:
    store.say(person, reply("d1", kind=OutKind.EDIT))
    for _ in range(OUTBOX_TRIES - 1):
        store.settle(_claim_one(store), AnswerLost())
        store.clock.forward(seconds=10)
    assert _claim_one(store).kind == OutKind.EDIT


def test_a_notice_whose_answer_was_lost_is_never_sent_again_by_itself(store: Store, person: Standing) -> None:
    store.say(person, reply("d1", cls=OutClass.NOTICE))
    store.settle(_claim_one(store), AnswerLost())
    store.clock.forward(days=1)
    assert store.claim() == []
    assert store.column(Outbox.state) == [UNCERTAIN]


def test_a_staff_row_whose_answer_was_lost_is_repeated_with_a_mark(store: Store, person: Standing) -> None:
    store.say(person, reply("d1", cls=OutClass.STAFF))
    store.settle(_claim_one(store), AnswerLost())
    store.clock.forward(seconds=10)
    assert _claim_one(store).repeated


@pytest.mark.parametrize(
    ("cls", "kind", "state"),
    [
        (OutClass.REPLY, OutKind.SEND, READY),
        (OutClass.STAFF, OutKind.SEND, READY),
        (OutClass.NOTICE, OutKind.SEND, UNCERTAIN),
        (OutClass.NOTICE, OutKind.EDIT, READY),
    ],
)
def test_a_crash_between_claim_and_settle_leaves_the_row_uncertain_by_its_policy(
    store: Store, person: Standing, cls: OutClass, kind: OutKind, state: OutboxState
) -> None:
    (id,) = store.say(person, reply("d1", cls=cls, kind=kind))
    _claim_one(store)
    store.restart()
    assert store.claim() == []
    assert _recover(store) == 1
    assert store.column(Outbox.state) == [state]
    assert store.column(Outbox.reason) == ["worker_died"]
    assert store.database.read_now(queue.maybe_doubled) == [id]
    assert _recover(store) == 0
    store.clock.forward(seconds=10)
    assert len(store.claim()) == (state is READY)


def test_a_reply_survives_more_than_one_crash(store: Store, person: Standing) -> None:
    store.say(person, reply("d1"))
    for _ in range(4):
        _claim_one(store)
        store.restart()
        assert _recover(store) == 1
        store.clock.forward(seconds=10)
    store.settle(_claim_one(store), Sent())
    assert store.column(Outbox.uncertain) == [4]


@on_postgresql
def test_what_a_living_sender_has_in_flight_is_not_recovered_by_another(store: Store) -> None:
    store.say(store.newcomer(), reply("d1"))
    living = store.open()
    living.write_now(lambda unit: queue.claim(unit, 1, anybody, [CHANNEL]))
    assert _recover(store) == 0
    assert store.column(Outbox.state) == [SENDING]
    living.close()
    living.keys.close()
    store.opened.remove(living)
    assert _recover(store) == 1


def test_our_own_rows_in_flight_are_not_recovered(store: Store, person: Standing) -> None:
    store.say(person, reply("d1"))
    _claim_one(store)
    assert _recover(store) == 0


def test_a_late_yes_to_a_row_that_was_recovered_is_believed(store: Store, person: Standing) -> None:
    store.say(person, reply("d1"))
    row = _claim_one(store)
    store.restart()
    _recover(store)
    store.settle(row, Sent("message 1"))
    store.clock.forward(seconds=10)
    assert store.claim() == []
    assert store.column(Outbox.state) == [SENT]


def test_a_late_answer_to_an_attempt_that_was_followed_by_another_changes_nothing(
    store: Store, person: Standing
) -> None:
    store.say(person, reply("d1"))
    first = _claim_one(store)
    store.restart()
    _recover(store)
    store.clock.forward(seconds=10)
    _claim_one(store)
    store.settle(first, Failed("late"))
    assert store.column(Outbox.state) == [SENDING]


def test_a_claim_whose_answer_was_lost_is_released_unsent(store: Store, person: Standing) -> None:
    """The commit of a claim stood, but the sender never heard so: it knows only of what it has in flight."""
    other = store.newcomer("chat-2")
    store.say(person, reply("a"))
    store.say(other, reply("b"))
    known, _unheard = store.claim()
    assert store.database.write_now(lambda unit: queue.release(unit, {known.id})) == 1
    assert store.column(Outbox.state) == [SENDING, READY]
    assert store.column(Outbox.uncertain) == [0, 0]


# A group that was upgraded


def test_a_moved_chat_keeps_its_queue_and_is_written_to_under_the_new_id(store: Store, person: Standing) -> None:
    store.say(person, reply("a1", b"a1"), reply("a2", b"a2"))
    store.settle(_claim_one(store), Moved("chat-1-super"))
    row = _claim_one(store)
    assert (row.payload, row.opaque_id, row.tries) == (b"a1", "chat-1-super", 0)
    assert store.accept(arrival("u2", "chat-1-super")) == 1
    assert store.count(Conversation) == 1


def test_what_the_new_id_wrote_before_we_heard_of_the_move_joins_the_old_conversation(
    store: Store, person: Standing
) -> None:
    store.accept(arrival("early", "chat-1-super", body=b"early"))
    store.say(person, reply("a1"))
    store.settle(_claim_one(store), Moved("chat-1-super"))
    taken = store.take_one()
    assert (taken.conversation_id, taken.body) == (person.conversation_id, b"early")
    store.accept(arrival("later", "chat-1-super"))
    assert store.count(Conversation) == 2
    assert store.take_one().conversation_id == person.conversation_id
    assert _claim_one(store).opaque_id == "chat-1-super"
