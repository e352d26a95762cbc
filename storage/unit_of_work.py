"""One unit of work = one function in one transaction. The only place that commits."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Row
from sqlalchemy.exc import DBAPIError

from storage.crypto import Secrets
from storage.keys import Keys
from storage.prepared import Prepared

T = TypeVar("T")

#: A row of a query with more columns than it pays to name the types of.
AnyRow = Row[*tuple[Any, ...]]


class CommitLost(Exception):
    """The connection broke while committing: the work may stand or not."""


class Unit:
    """What a unit of work may use. It may be run again from the start, so it does nothing but database work.

    now: aware UTC, the same for the whole unit. ids: a new random 63-bit integer a call.
    worker: the id of this process as a worker, for rows that only a living process may hold.
    at_once: nothing is put off.
    """

    __slots__ = ("_connection", "_later", "_mark", "_numbers", "at_once", "ids", "keys", "now", "rung", "worker")

    def __init__(
        self, connection: Connection, keys: Keys, *, now: datetime, ids: Callable[[], int], worker: int
    ) -> None:
        self._connection = connection
        self._later: list[_Put] = []
        # Where in _later a savepoint begins that the database has not been told of; None: there is none.
        self._mark: int | None = None
        self._numbers: Iterator[int] | None = None
        self.at_once = False
        self.keys = keys
        self.now = now
        self.ids = ids
        self.worker = worker
        self.rung: set[str] = set()

    @property
    def connection(self) -> Connection:
        """For statements. Whoever asks for it finds done what was put off until later."""
        if self._later or self._mark is not None:
            self._catch_up()
        return self._connection

    def later(self, statement: Prepared, row: Mapping[str, Any], short: type[Exception] | None = None) -> None:
        """Put off a write until somebody needs the connection, at the latest until the commit; then all rows of one
        statement go together. short: raised then where a row of it changed nothing."""
        if self.at_once:
            _do(self.connection, [(statement, row, short)])
        else:
            self._later.append((statement, row, short))

    def number(self, draw: Callable[[Connection], Iterator[int]]) -> int:
        """The next of the ids that `draw` gives; it begins anew after `renumber`."""
        if self._numbers is None:
            self._numbers = draw(self._connection)
        return next(self._numbers)

    def renumber(self) -> None:
        """Ids were used up that `number` did not give."""
        self._numbers = None

    def fetch(self, statement: Prepared, params: Mapping[str, Any]) -> list[Any]:
        """The rows of a prepared statement."""
        return statement.fetch(self.connection, params)

    def glance(self, statement: Prepared, params: Mapping[str, Any]) -> list[Any]:
        """As fetch, without doing first what was put off: for rows that are never written by `later`.

        Where the database refuses it, all that is handled together has to be done again.
        """
        return statement.fetch(self._connection, params)

    def run(self, statement: Prepared, params: Mapping[str, Any]) -> int:
        """Run a prepared statement; how many rows it touched."""
        return statement.run(self.connection, params)

    @property
    def secrets(self) -> Secrets:
        """For look-ups and sealing."""
        return self.keys.secrets

    @property
    def dialect(self) -> str:
        """ "sqlite" or "postgresql"."""
        return self._connection.dialect.name

    @property
    def stands(self) -> bool:
        """Whether the transaction is still there. A full disk makes SQLite end it, a broken connection any."""
        if self._connection.invalidated:
            return False
        raw = self._connection.connection.dbapi_connection
        return not isinstance(raw, sqlite3.Connection) or raw.in_transaction

    def ring(self, topic: str) -> None:
        """Ring the bell for the topic after the commit, and only then."""
        self.rung.add(topic)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What happens inside is undone alone when it raises. Not to be nested.

        The database hears of it only when something inside uses the connection: most turns do not, all that they
        write is put off. (SQLAlchemy's own, begin_nested, compiles its statements anew each time.)
        """
        self._mark = len(self._later)
        try:
            yield
        except BaseException:
            self._undo()
            raise
        if self._mark is None:
            self._connection.exec_driver_sql("RELEASE SAVEPOINT alone")
        self._mark = None

    def flush(self) -> None:
        """Do what was put off."""
        put, self._later = self._later, []
        _do(self._connection, put)

    def _catch_up(self) -> None:
        if self._mark is not None:
            before, self._later, self._mark = self._later[: self._mark], self._later[self._mark :], None
            _do(self._connection, before)
            self._connection.exec_driver_sql("SAVEPOINT alone")
        self.flush()

    def _undo(self) -> None:
        if self._mark is not None:
            del self._later[self._mark :]
            self._mark = None
            return
        self._later.clear()
        if self.stands:
            self._connection.exec_driver_sql("ROLLBACK TO SAVEPOINT alone")
            self._connection.exec_driver_sql("RELEASE SAVEPOINT alone")


#: A statement, a row for it, and what is raised where that row changed nothing.
_Put = tuple[Prepared, Mapping[str, Any], type[Exception] | None]


def _do(connection: Connection, put: list[_Put]) -> None:
    together: dict[tuple[Prepared, type[Exception] | None], list[Mapping[str, Any]]] = {}
    for statement, row, short in put:
        together.setdefault((statement, short), []).append(row)
    for (statement, short), rows in together.items():
        if statement.run_many(connection, rows) < len(rows) and short is not None:
            raise short


def run_unit(unit: Unit, work: Callable[[Unit], T]) -> T:
    """Run the work and commit once; whatever it raises rolls everything back. Raises CommitLost."""
    transaction = unit.connection.begin()
    try:
        outcome = work(unit)
        unit.flush()
    except BaseException:
        transaction.rollback()
        raise
    try:
        transaction.commit()
    except DBAPIError as error:
        if error.connection_invalidated:
            raise CommitLost from error
        raise
    return outcome
