from __future__ import annotations

from contextlib import suppress

from storage import queue, sessions
from storage.rounds import Rounds
from storage.rows import InboxState, Taken
from storage.tables import Inbox, Outbox, Session
from storage.unit_of_work import Unit
from tests.storage.build import Store, anybody, arrival, reply


def _answer(unit: Unit, taken: Taken, *, version: int | None = None) -> None:
    version = taken.session_version if version is None else version
    queue.say_later(unit, taken.standing, [reply(f"i:{taken.seq}:0", taken.body)], anybody)
    sessions.save(unit, taken.standing, taken.body, version)


def test_a_turn_finds_the_session_that_the_last_one_put_off(store: Store) -> None:
    seen: list[bytes | None] = []

    def work(unit: Unit) -> None:
        (taken,) = queue.take(unit)
        seen.append(taken.session)
        _answer(unit, taken)
        queue.done(unit, [taken])

    store.accept(arrival("u1", body=b"one"), arrival("u2", body=b"two"))
    store.database.write_now(work)
    store.database.write_now(work)
    assert seen == [None, b"one"]


def test_what_was_put_off_is_there_for_whoever_looks_in_the_same_unit(store: Store) -> None:
    person = store.newcomer()

    def work(unit: Unit) -> tuple[bytes | None, int]:
        sessions.save(unit, person, b"step 1", 0)
        return sessions.load(unit, person)

    assert store.database.write_now(work) == (b"step 1", 1)


def test_ids_that_were_promised_are_those_that_stand_in_the_outbox(store: Store) -> None:
    person = store.newcomer()
    promised: list[int] = []

    def work(unit: Unit) -> None:
        promised.extend(queue.say_later(unit, person, [reply("a"), reply("b")], anybody))
        (said,) = queue.say(unit, person, [reply("c")], anybody)
        assert said is not None
        promised.append(said)
        promised.extend(queue.say_later(unit, person, [reply("d")], anybody))

    store.database.write_now(work)
    assert store.column(Outbox.id) == sorted(promised) == promised
    assert store.column(Outbox.dedupe) == ["a", "b", "c", "d"]


def test_what_was_put_off_in_a_savepoint_goes_with_it(store: Store) -> None:
    person = store.newcomer()

    class Refused(Exception):
        pass

    def work(unit: Unit) -> None:
        queue.say_later(unit, person, [reply("before")], anybody)
        for looks in (False, True):
            with suppress(Refused), unit.savepoint():
                queue.say_later(unit, person, [reply(f"inside {looks}")], anybody)
                if looks:
                    sessions.load(unit, person)
                raise Refused
        queue.say_later(unit, person, [reply("after")], anybody)

    store.database.write_now(work)
    assert store.column(Outbox.dedupe) == ["before", "after"]


async def test_a_write_that_fails_with_the_others_fails_its_own_row_alone(store: Store) -> None:
    store.accept(*(arrival(f"u{n}", f"chat-{n}", body=str(n).encode()) for n in range(4)))

    def handle(unit: Unit, taken: Taken) -> None:
        _answer(unit, taken, version=7 if taken.body == b"2" else None)

    rounds = Rounds(store.database, handle)
    assert await rounds.once() == 4
    assert store.column(Inbox.state) == [InboxState.DONE, InboxState.DONE, InboxState.NEW, InboxState.DONE]
    assert store.column(Inbox.tries) == [0, 0, 1, 0]
    assert store.column(Inbox.error)[2] == "Conflict"
    assert store.count(Outbox) == store.count(Session) == 3
