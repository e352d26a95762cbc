"""One worker process: rounds over the inbox until nothing waits. Started by tests as `python -m tests.storage.worker`.

Every handled row becomes an outbox row, so the order in which rows were handled can be read afterwards.
"""

from __future__ import annotations

import asyncio
import sys

from storage import queue
from storage.bell import MemoryBell
from storage.rounds import Rounds
from storage.rows import OutgoingRow, Taken
from storage.unit_of_work import Unit
from tests.storage.build import anybody, open_database, real_clock


def answer(unit: Unit, taken: Taken) -> None:
    """Say what was heard."""
    queue.say(unit, taken.standing, [OutgoingRow(f"i:{taken.seq}:0", taken.body, "guide")], anybody)


async def work_until_empty(rounds: Rounds, idle_rounds: int = 20) -> int:
    """Rounds until so many in a row found nothing; how many rows were handled."""
    handled = idle = 0
    await rounds.start()
    while idle < idle_rounds:
        found = await rounds.once()
        handled += found
        idle = 0 if found else idle + 1
    return handled


def main(url: str, keys_url: str) -> None:
    database = open_database(url, keys_url, real_clock, MemoryBell())
    print(asyncio.run(work_until_empty(Rounds(database, answer))))
    database.close()
    database.keys.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
