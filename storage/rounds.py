"""A worker's round: take a batch, handle each row in a savepoint, commit them together.

A row whose handling raises is undone alone and counted. A row whose handling kills the process cannot be counted
that way, and a try written down before every row would cost a second commit for each. So: what killed the last
process is among the rows that would be taken next when this one starts. They, and only they, are handled one by
one, each after a note "this worker is at this row" is committed. Whoever starts after a death finds the note and
counts it. A row that arrives in a living process costs no extra commit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from sqlalchemy import bindparam, delete, select

from storage import bell
from storage.db import Database, Unavailable
from storage.dialects import insert_or_ignore
from storage.inbox_rows import INBOX_TRIES, TAKE, count_death, done, fail, first_heads, park, take, take_only
from storage.presence import is_gone
from storage.rows import Taken
from storage.tables import NEW, Attempt, Inbox
from storage.unit_of_work import Unit

_NOTE = insert_or_ignore(Attempt, ["worker", "seq"])
_NOTES = select(Attempt.worker, Attempt.seq)
_STRIKE = delete(Attempt).where(Attempt.worker == bindparam("worker"), Attempt.seq == bindparam("row"))
_WAITS = select(Inbox.seq).where(Inbox.state == NEW, Inbox.seq == bindparam("row"))

#: How many rows are handled with care after a start: what four workers had in hand. Where more died at once, the row
#: that did it may be missed; it kills once more, and is then among the first.
SUSPECTS = 4 * TAKE


class Rounds:
    """One worker's rounds over the inbox. Several may run side by side, also in several processes on PostgreSQL.

    handle: the turn itself; given_up: what is said once when a row is parked for good. Both run in a worker thread,
    inside the transaction, and do nothing but database work. The bell ANSWERED rings after a round.
    """

    def __init__(
        self,
        database: Database,
        handle: Callable[[Unit, Taken], None],
        given_up: Callable[[Unit, Taken], None] = lambda _unit, _taken: None,
    ) -> None:
        self._database = database
        self._handle = handle
        self._given_up = given_up
        self._suspects: list[int] = []  # by seq, in the order in which they are handled

    async def start(self) -> None:
        """Count the deaths of earlier workers and see what waits. Before the first round."""
        self._suspects = await self._database.write(_look_back)

    async def once(self) -> int:
        """One round; how many rows it handled, 0 when there was nothing to do. Raises Unavailable."""
        handled = await self._suspect() if self._suspects else 0
        try:
            return handled + await self._database.write(self._batch)
        except Unavailable:
            raise
        except Exception:
            # What a row had put off failed when all of it was done together, so nobody knows which row it was.
            return handled + await self._one_by_one()

    async def _one_by_one(self) -> int:
        """As a round, but each row in a transaction of its own."""
        heads = await self._database.read(lambda unit: first_heads(unit, TAKE))
        return sum([await self._database.write(partial(self._alone, seq=seq)) for seq, _ in heads])

    async def _suspect(self) -> int:
        seq = self._suspects[0]
        waits = await self._database.write(partial(_note, seq=seq))
        handled = await self._database.write(partial(self._alone, seq=seq)) if waits else 0
        del self._suspects[0]
        if waits and not handled:
            # Another worker holds it, be it one that died and of which the server has not heard yet.
            self._suspects.append(seq)
        return handled

    def _alone(self, unit: Unit, seq: int) -> int:
        unit.at_once = True
        handled = self._handle_all(unit, take_only(unit, seq))
        unit.connection.execute(_STRIKE, {"worker": unit.worker, "row": seq})
        return handled

    def _batch(self, unit: Unit) -> int:
        return self._handle_all(unit, take(unit, without=self._suspects))

    def _handle_all(self, unit: Unit, batch: Sequence[Taken]) -> int:
        done(unit, [row for row in batch if self._turn(unit, row)])
        if batch:
            unit.ring(bell.ANSWERED)
        return len(batch)

    def _turn(self, unit: Unit, row: Taken) -> bool:
        """Whether the row was handled; one that was not is counted, or parked."""
        if row.tries >= INBOX_TRIES:  # it brought processes down
            park(unit, row)
        else:
            error = self._attempt(unit, row, self._handle)
            if error is None:
                return True
            if not fail(unit, row, error):
                return False
        self._attempt(unit, row, self._given_up)
        return False

    def _attempt(self, unit: Unit, row: Taken, act: Callable[[Unit, Taken], None]) -> Exception | None:
        """Act in a savepoint; what went wrong is undone and returned."""
        try:
            with unit.savepoint():
                act(unit, row)
        except Exception as error:
            # Where the transaction itself is lost (disk full, connection broken) it is not the row's fault.
            if not unit.stands:
                raise
            return error
        return None


def _look_back(unit: Unit) -> list[int]:
    for worker, seq in unit.connection.execute(_NOTES).all():
        if is_gone(unit, worker):
            count_death(unit, seq)
            unit.connection.execute(_STRIKE, {"worker": worker, "row": seq})
    # Those that saw a death come last. What kills for another reason, a machine without memory or an impatient
    # operator, then meets another row each time, and no innocent one collects the deaths that would park it.
    return [seq for seq, _ in sorted(first_heads(unit, SUSPECTS), key=lambda head: head[1])]


def _note(unit: Unit, seq: int) -> bool:
    """False where another worker has handled the row already."""
    if unit.connection.execute(_WAITS, {"row": seq}).one_or_none() is None:
        return False
    unit.connection.execute(_NOTE[unit.dialect], {"worker": unit.worker, "seq": seq})
    return True
