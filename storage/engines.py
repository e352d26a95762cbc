"""Opening SQLite and PostgreSQL the right way, for both the main database and the key store."""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import NullPool

BUSY_SECONDS = 10
LOCK_MILLISECONDS = 10_000


def address_of(url: str) -> URL:
    """The parsed URL with the driver we use: pysqlite or psycopg 3. Raises ValueError for another database."""
    parsed = make_url(url)
    match parsed.get_backend_name():
        case "sqlite":
            if not parsed.database or parsed.database == ":memory:":
                raise ValueError("SQLite needs a file: units of work run on several connections")
            return parsed.set(drivername="sqlite+pysqlite")
        case "postgresql" | "postgres":
            return parsed.set(drivername="postgresql+psycopg")
        case other:
            raise ValueError(f"{other}: only sqlite and postgresql are supported")


def open_engine(url: str, *, read_only: bool = False, pooled: bool = False) -> Engine:
    """An engine; connects to nothing yet. Without a pool each worker thread holds its own connection (db.py)."""
    address = address_of(url)
    common: dict[str, Any] = {"pool_pre_ping": True} if pooled else {"poolclass": NullPool}
    # An error that is logged must not bring along what it was about to store.
    common["hide_parameters"] = True
    if address.get_backend_name() == "sqlite":
        # A connection is used by its one thread and closed by another, at the end.
        arguments: dict[str, Any] = {"timeout": BUSY_SECONDS, "check_same_thread": False}
        engine = create_engine(address, connect_args=arguments, **common)
        _begin_rightly(engine, read_only=read_only)
        return engine
    options = f"-c timezone=UTC -c synchronous_commit=on -c lock_timeout={LOCK_MILLISECONDS}"
    return create_engine(
        address,
        connect_args={"options": options, "connect_timeout": BUSY_SECONDS},
        execution_options={"postgresql_readonly": True} if read_only else {},
        **common,
    )


def _begin_rightly(engine: Engine, *, read_only: bool) -> None:
    # With the driver's own BEGIN, 341 of 480 concurrent updates vanished without an error (house 1.5): it starts a
    # transaction late, reads before it are not protected. So the driver is told to begin nothing, and we begin.
    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute(f"PRAGMA query_only={'ON' if read_only else 'OFF'}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def truncate_log(connection: Connection) -> bool:
    """SQLite: empty the write-ahead log, so that what was deleted leaves the disk. False: busy, try later.

    With secure_delete alone 445 copies of a deleted number stayed in the log (reliability 2.3). On PostgreSQL there
    is nothing to do here: its log is recycled, and only sealed bytes were ever written to it.
    """
    raw = connection.connection.dbapi_connection
    if not isinstance(raw, sqlite3.Connection):
        return True
    # A checkpoint cannot run inside a transaction, so it goes round SQLAlchemy's begin.
    (busy, _pages, _moved) = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy
