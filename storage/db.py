"""The database: units of work in worker threads, and the schema.

Synchronous SQLAlchemy in threads, on purpose: a unit of work hops to a thread once, not once a statement.
SQLite: one writer connection on one thread (rulings 3) and one reader beside it. PostgreSQL: a few of each.
"""

from __future__ import annotations

import asyncio
import secrets as system_secrets
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from threading import Lock, local
from typing import TypeVar

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from storage.bell import Bell
from storage.engines import address_of, open_engine, truncate_log
from storage.keys import Keys
from storage.presence import Presence
from storage.unit_of_work import CommitLost, Unit, run_unit

T = TypeVar("T")

#: Threads that write, and threads that read, on PostgreSQL. SQLite has one of each.
POSTGRES_THREADS = 4
#: How often a unit is run again after a deadlock, a serialisation error or a broken connection.
REPEATS = 3
#: Seconds before it is run again, more each time: who was waiting for its lock must wake up before it asks anew.
PAUSE = 0.05
VERSIONS = Path(__file__).parent / "migrations" / "versions"
_REVISION = text("SELECT version_num FROM alembic_version")
#: PostgreSQL: serialization_failure, deadlock_detected, lock_not_available.
_WORTH_REPEATING = frozenset({"40001", "40P01", "55P03"})


class Unavailable(Exception):
    """The database cannot be used now: locked, unreachable, full or read-only. What was asked may have to be
    repeated by whoever asked; after a commit whose answer was lost it may stand."""


def random_id() -> int:
    """63 random bits: fits a signed bigint, says nothing of when or how many."""
    return system_secrets.randbits(63)


class _Lane:
    """Threads that run units, each on a connection of its own that it keeps."""

    def __init__(self, engine: Engine, threads: int, name: str, opening: Callable[[], None]) -> None:
        self.executor = ThreadPoolExecutor(threads, thread_name_prefix=f"storage-{name}")
        self._engine = engine
        self._opening = opening
        self._own = local()
        self._lock = Lock()
        self._open: set[Connection] = set()

    def connection(self) -> Connection:
        kept: Connection | None = getattr(self._own, "connection", None)
        if kept is None:
            self._opening()
            kept = self._own.connection = self._engine.connect()
            with self._lock:
                self._open.add(kept)
        return kept

    def drop_connection(self) -> None:
        """After it broke: the next unit of this thread opens another."""
        kept: Connection | None = getattr(self._own, "connection", None)
        if kept is not None:
            self._own.connection = None
            with self._lock:
                self._open.discard(kept)
            kept.close()

    def close(self) -> None:
        self.executor.shutdown()
        for connection in self._open:
            connection.close()
        self._engine.dispose()


class Database:
    """Units of work, run in threads. worker: this process as a worker, a random id that is new at each start."""

    def __init__(
        self,
        url: str,
        keys: Keys,
        bell: Bell,
        clock: Callable[[], datetime],
        ids: Callable[[], int] = random_id,
    ) -> None:
        self.keys = keys
        self.bell = bell
        self.worker = ids()
        self._clock = clock
        self._ids = ids
        threads = 1 if address_of(url).get_backend_name() == "sqlite" else POSTGRES_THREADS
        self._presence = Presence(url, self.worker)
        self._writers = _Lane(open_engine(url), threads, "write", self._presence.show)
        self._readers = _Lane(open_engine(url, read_only=True), threads, "read", self._presence.show)

    @classmethod
    def open(
        cls,
        url: str,
        keys: Keys,
        bell: Bell,
        clock: Callable[[], datetime],
        ids: Callable[[], int] = random_id,
    ) -> Database:
        """Open a database whose schema is there (see migrate). Raises Unavailable when it cannot be reached.

        clock: aware UTC. ids: random 63-bit integers.
        """
        database = cls(url, keys, bell, clock, ids)
        try:
            database.read_now(lambda unit: None)
        except Unavailable:
            database.close()
            raise
        return database

    def now(self) -> datetime:
        """The time on this database's clock (aware, UTC)."""
        return self._clock()

    def new_id(self) -> int:
        """A number that nothing has yet: 63 random bits."""
        return self._ids()

    async def write(self, work: Callable[[Unit], T]) -> T:
        """Run the work in one transaction; when this returns, it is on disk. Raises Unavailable.

        The work may be run again from its start, so it does nothing but database work. Whatever it raises rolls
        it back and is raised here.
        """
        return await asyncio.get_running_loop().run_in_executor(self._writers.executor, self._run, self._writers, work)

    async def read(self, work: Callable[[Unit], T]) -> T:
        """Run the work on a snapshot; a write in it is refused. Raises Unavailable."""
        return await asyncio.get_running_loop().run_in_executor(self._readers.executor, self._run, self._readers, work)

    def write_now(self, work: Callable[[Unit], T]) -> T:
        """As write, but blocks: for the command line. Never from within a unit of work."""
        return self._writers.executor.submit(self._run, self._writers, work).result()

    def read_now(self, work: Callable[[Unit], T]) -> T:
        """As read, but blocks."""
        return self._readers.executor.submit(self._run, self._readers, work).result()

    def close(self) -> None:
        """Finish the units that run, then close every connection. Also lets go of what this worker held."""
        self._writers.close()
        self._readers.close()
        self._presence.close()

    def truncate_log(self) -> bool:
        """See engines.truncate_log. Blocks; False: busy, try later."""
        return self._writers.executor.submit(lambda: truncate_log(self._writers.connection())).result()

    def _run(self, lane: _Lane, work: Callable[[Unit], T]) -> T:
        for attempt in range(1, REPEATS + 1):
            try:
                return self._once(lane, work)
            except CommitLost as error:
                # It may stand; whether to run it again is for the caller to decide.
                lane.drop_connection()
                raise Unavailable("the answer to a commit was lost") from error
            except DBAPIError as error:
                if error.connection_invalidated:
                    lane.drop_connection()
                elif not _worth_repeating(error):
                    raise _translated(error) from error
                if attempt == REPEATS:
                    raise Unavailable(str(error.orig)) from error
                time.sleep(attempt * PAUSE)
        raise AssertionError("unreachable")

    def _once(self, lane: _Lane, work: Callable[[Unit], T]) -> T:
        unit = Unit(lane.connection(), self.keys, now=self._clock(), ids=self._ids, worker=self.worker)
        outcome = run_unit(unit, work)
        for topic in unit.rung:
            self.bell.ring(topic)
        return outcome


def migrate(url: str) -> None:
    """Bring the schema up to date. Safe when several processes start at once."""
    if _is_up_to_date(url):
        return
    # Alembic takes 0.3 s and 15 MB to import, and most starts have nothing to migrate.
    from storage.migrations.run import upgrade

    upgrade(url)


def _is_up_to_date(url: str) -> bool:
    newest = max(path.name.partition("_")[0] for path in VERSIONS.glob("[0-9]*.py"))
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            return connection.execute(_REVISION).scalar() == newest
    except DBAPIError:
        return False  # there is no such table yet; or no database, which the migration says better
    finally:
        engine.dispose()


def _worth_repeating(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) in _WORTH_REPEATING


def _translated(error: DBAPIError) -> Exception:
    # SQLite says "operational" of a mistake in a statement, too; that is nothing to wait out.
    ours = getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR
    return Unavailable(str(error.orig)) if isinstance(error, OperationalError) and not ours else error
