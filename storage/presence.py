"""Which workers live. A row that a worker holds may be taken from it only when the worker is gone.

PostgreSQL: a worker holds an advisory lock on its id for as long as its connection lives, so the server itself
knows when the process has died; no clock, no lease. SQLite: one process works the queue, so every other id is gone.
"""

from __future__ import annotations

from contextlib import suppress
from threading import Lock

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.exc import DBAPIError

from storage.engines import address_of, open_engine
from storage.unit_of_work import Unit

# "try": where a session of ours that broke is still known to the server, its lock stands for us as well.
_HOLD = select(func.pg_try_advisory_lock(bindparam("worker")))
_LET_GO = select(func.pg_advisory_unlock(bindparam("worker")))
_GONE = select(func.pg_try_advisory_xact_lock(bindparam("worker")))


class Presence:
    """This process as a living worker."""

    def __init__(self, url: str, worker: int) -> None:
        self._worker = worker
        self._engine = None if address_of(url).get_backend_name() == "sqlite" else open_engine(url)
        self._connection: Connection | None = None
        self._lock = Lock()

    def show(self) -> None:
        """Hold the lock, again where its connection broke. Called when a connection for units is opened.

        Between a break and this, what we hold may count as left behind and be sent twice; never lost.
        """
        if self._engine is None:
            return
        with self._lock:
            try:
                self._hold()
            except DBAPIError:
                self._forget_connection()
                self._hold()

    def close(self) -> None:
        """Let go, so that it is known when this returns. (Of a process that died, the server learns a little later.)"""
        with self._lock:
            if self._connection is not None:
                with suppress(DBAPIError):
                    self._connection.execute(_LET_GO, {"worker": self._worker})
            self._forget_connection()
            if self._engine is not None:
                self._engine.dispose()

    def _hold(self) -> None:
        if self._connection is None:
            assert self._engine is not None
            self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self._connection.execute(_HOLD, {"worker": self._worker})

    def _forget_connection(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def is_gone(unit: Unit, worker: int) -> bool:
    """Whether the worker has died or stopped. Never true of ourselves."""
    if worker == unit.worker:
        return False
    if unit.dialect == "sqlite":
        return True
    return bool(unit.connection.execute(_GONE, {"worker": worker}).scalar_one())
