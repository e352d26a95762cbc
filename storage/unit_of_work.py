"""One unit of work = one function in one transaction. The only place that commits."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Row
from sqlalchemy.exc import DBAPIError

from storage.crypto import Secrets
from storage.keys import Keys

T = TypeVar("T")

#: A row of a query with more columns than it pays to name the types of.
AnyRow = Row[*tuple[Any, ...]]


class CommitLost(Exception):
    """The connection broke while committing: the work may stand or not."""


class Unit:
    """What a unit of work may use. It may be run again from the start, so it does nothing but database work.

    now: aware UTC, the same for the whole unit. ids: a new random 63-bit integer a call.
    worker: the id of this process as a worker, for rows that only a living process may hold.
    """

    __slots__ = ("connection", "ids", "keys", "now", "rung", "worker")

    def __init__(
        self, connection: Connection, keys: Keys, *, now: datetime, ids: Callable[[], int], worker: int
    ) -> None:
        self.connection = connection
        self.keys = keys
        self.now = now
        self.ids = ids
        self.worker = worker
        self.rung: set[str] = set()

    @property
    def secrets(self) -> Secrets:
        """For look-ups and sealing."""
        return self.keys.secrets

    @property
    def dialect(self) -> str:
        """ "sqlite" or "postgresql"."""
        return self.connection.dialect.name

    @property
    def stands(self) -> bool:
        """Whether the transaction is still there. A full disk makes SQLite end it, a broken connection any."""
        if self.connection.invalidated:
            return False
        raw = self.connection.connection.dbapi_connection
        return not isinstance(raw, sqlite3.Connection) or raw.in_transaction

    def ring(self, topic: str) -> None:
        """Ring the bell for the topic after the commit, and only then."""
        self.rung.add(topic)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What happens inside is undone alone when it raises.

        SQLAlchemy's own (begin_nested) compiles its two statements anew each time: 209 against 41 microseconds.
        """
        self.connection.exec_driver_sql("SAVEPOINT alone")
        try:
            yield
        except BaseException:
            if self.stands:
                self.connection.exec_driver_sql("ROLLBACK TO SAVEPOINT alone")
                self.connection.exec_driver_sql("RELEASE SAVEPOINT alone")
            raise
        self.connection.exec_driver_sql("RELEASE SAVEPOINT alone")


def run_unit(unit: Unit, work: Callable[[Unit], T]) -> T:
    """Run the work and commit once; whatever it raises rolls everything back. Raises CommitLost."""
    transaction = unit.connection.begin()
    try:
        outcome = work(unit)
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
