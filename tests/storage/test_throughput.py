"""Prints how many rows a second this machine takes through each stage (`pytest -s`). Asserts that all arrived only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from random import Random
from time import perf_counter, process_time

from storage import queue, sessions
from storage.outcomes import Sent, Settlement
from storage.rounds import Rounds
from storage.rows import Claimed, Taken
from storage.unit_of_work import Unit
from tests.storage.build import CHANNEL, Store, anybody, arrival, on_sqlite, reply

ROWS, CHATS, BATCH = 2000, 200, 100


@on_sqlite
async def test_rows_a_second_through_the_queue(store: Store) -> None:
    updates = [arrival(f"u{n}", f"chat-{n % CHATS}", body=b"x" * 300) for n in range(ROWS)]

    async def receive() -> int:
        for start in range(0, ROWS, BATCH):
            await store.database.write(partial(queue.accept, arrivals=updates[start : start + BATCH]))
        return ROWS

    async def work() -> int:
        rounds, handled = Rounds(store.database, _turn), 0
        while found := await rounds.once():
            handled += found
        return handled

    async def send() -> int:
        sent = 0
        while claimed := await store.database.write(
            partial(queue.claim, limit=64, may_speak=anybody, channels=[CHANNEL])
        ):
            await store.database.write(partial(_settle_all, claimed=claimed))
            sent += len(claimed)
        return sent

    for name, stage in (("received", receive), ("answered", work), ("claimed and settled", send)):
        wall, processor = perf_counter(), process_time()
        assert await stage() == ROWS
        wall, processor = perf_counter() - wall, process_time() - processor
        print(f"{name}: {ROWS / wall:.0f} a second, {processor / ROWS * 1e6:.0f} microseconds of processor each")


def _turn(unit: Unit, taken: Taken) -> None:
    """What every turn does: load and save where the person stands, say one thing."""
    _, version = sessions.load(unit, taken.standing)
    queue.say(unit, taken.standing, [reply(f"i:{taken.seq}:0", b"x" * 400)], anybody)
    sessions.save(unit, taken.standing, b"x" * 300, version)


def _settle_all(unit: Unit, claimed: Sequence[Claimed]) -> None:
    uniform: Callable[[float, float], float] = Random(1).uniform
    queue.settle(unit, [Settlement(row, Sent("message 1")) for row in claimed], uniform)
