"""What the storage tests are made of: a clock that is set by hand, arrivals, and a store that can be reopened."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import ColumnElement, func, select

from storage import queue
from storage.bell import MemoryBell
from storage.crypto import Secrets
from storage.db import Database
from storage.declared import Base
from storage.keys import Keys
from storage.outcomes import Outcome, Settlement
from storage.rows import Arrival, Claimed, MaySpeak, OutgoingRow, Speak, Standing, Taken, Verdict
from storage.unit_of_work import Unit

SECRET_KEY = bytes(range(32))
MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CHANNEL, ACCOUNT = "telegram", "bot-1"


#: For what only one of the two databases can show.
on_sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("url", ["postgresql"], indirect=True)


class Clock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime = MORNING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@dataclass
class Store:
    """A database and its key store. `restart` is what a new process sees."""

    url: str
    keys_url: str
    clock: Clock
    bell: MemoryBell = field(default_factory=MemoryBell)
    opened: list[Database] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.database = self.open()

    @property
    def keys(self) -> Keys:
        return self.database.keys

    @property
    def is_sqlite(self) -> bool:
        return self.url.startswith("sqlite")

    def open(self) -> Database:
        """As another process would open it."""
        database = open_database(self.url, self.keys_url, self.clock, self.bell)
        self.opened.append(database)
        return database

    def restart(self) -> Database:
        """The process is gone, with all that it held in memory; another one starts."""
        self.close()
        self.database = self.open()
        return self.database

    def close(self) -> None:
        while self.opened:
            database = self.opened.pop()
            database.close()
            database.keys.close()

    def accept(self, *arrivals: Arrival) -> int:
        return self.database.write_now(lambda unit: queue.accept(unit, arrivals))

    def take_one(self) -> Taken:
        """The only row that waits; the unit ends at once, so the row stays as it is."""
        (taken,) = self.database.write_now(lambda unit: queue.take(unit))
        return taken

    def newcomer(self, chat: str = "chat-1") -> Standing:
        """Somebody who has written once and been heard."""
        self.accept(arrival(f"hello of {chat}", chat))

        def hear(unit: Unit) -> Standing:
            (taken,) = (row for row in queue.take(unit) if row.opaque_id == chat)
            queue.done(unit, [taken])
            return taken.standing

        return self.database.write_now(hear)

    def say(self, standing: Standing, *rows: OutgoingRow, may_speak: MaySpeak | None = None) -> list[int | None]:
        return self.database.write_now(lambda unit: queue.say(unit, standing, rows, may_speak or anybody))

    def claim(
        self, limit: int = 32, may_speak: MaySpeak | None = None, channels: Collection[str] = (CHANNEL,)
    ) -> list[Claimed]:
        return self.database.write_now(lambda unit: queue.claim(unit, limit, may_speak or anybody, channels))

    def settle(self, claimed: Claimed, outcome: Outcome) -> None:
        self.settle_all([Settlement(claimed, outcome)])

    def settle_all(self, settlements: list[Settlement]) -> None:
        self.database.write_now(lambda unit: queue.settle(unit, settlements, Random(1).uniform))

    def count(self, table: type[Base], *conditions: ColumnElement[bool]) -> int:
        statement = select(func.count()).select_from(table).where(*conditions)
        return self.database.read_now(lambda unit: unit.connection.execute(statement).scalar_one())

    def column(self, column: Any, *conditions: ColumnElement[bool]) -> list[Any]:
        """Every value of a column, in order of the table's key."""
        statement = select(column).where(*conditions).order_by(*column.class_.__table__.primary_key)
        return self.database.read_now(lambda unit: list(unit.connection.execute(statement).scalars()))


def open_database(url: str, keys_url: str, clock: Callable[[], datetime], bell: MemoryBell) -> Database:
    keys = Keys.open(keys_url, Secrets(SECRET_KEY), clock)
    return Database.open(url, keys, bell, clock)


def anybody(speaker: str, matter: str, standing: Standing) -> Verdict:
    """A floor on which everybody may speak."""
    return Speak()


def arrival(external_id: str, chat: str = "chat-1", *, body: bytes = b"hello", kind: str = "words") -> Arrival:
    return Arrival(CHANNEL, ACCOUNT, external_id, chat, kind, body, MORNING)


def reply(dedupe: str, payload: bytes = b"an answer", **changes: Any) -> OutgoingRow:
    return OutgoingRow(dedupe=dedupe, payload=payload, speaker="guide", **changes)


def real_clock() -> datetime:
    return datetime.now(UTC)


def environment() -> dict[str, str]:
    """For Python processes that a test starts from the root of the checkout."""
    return {**os.environ, "PYTHONPATH": os.getcwd()}
