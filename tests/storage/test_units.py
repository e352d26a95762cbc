from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Barrier

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage.bell import INBOX, MemoryBell
from storage.content_tables import Record
from storage.db import Unavailable, random_id
from storage.records import records, revision, set_record
from storage.unit_of_work import Unit
from tests.storage.build import Clock, Store, environment, on_postgresql, on_sqlite, open_database


class Refused(Exception):
    pass


def _set(name: str, value: object = 1) -> Callable[[Unit], int]:
    return lambda unit: set_record(unit, name, value, "test")


def test_what_a_unit_wrote_is_there_for_the_next_process(store: Store) -> None:
    store.database.write_now(_set("fact.fee"))
    assert store.restart().read_now(records) == {"fact.fee": 1}


def test_a_unit_that_raises_leaves_nothing_and_rings_nothing(store: Store) -> None:
    def work(unit: Unit) -> None:
        set_record(unit, "fact.fee", 1, "test")
        unit.ring(INBOX)
        raise Refused

    with pytest.raises(Refused):
        store.database.write_now(work)
    assert store.count(Record) == 0
    assert not asyncio.run(store.bell.wait(INBOX, 0.001))


async def test_the_bell_rings_after_the_commit(store: Store) -> None:
    seen: list[int] = []

    class Listening(MemoryBell):
        def ring(self, topic: str) -> None:
            seen.append(store.count(Record))
            super().ring(topic)

    def work(unit: Unit) -> None:
        set_record(unit, "fact.fee", 1, "test")
        unit.ring(INBOX)
        assert seen == []

    store.database.bell = Listening()
    await store.database.write(work)
    assert seen == [1]


def test_what_fails_in_a_savepoint_is_undone_alone(store: Store) -> None:
    def work(unit: Unit) -> None:
        set_record(unit, "before", 1, "test")
        with suppress(Refused), unit.savepoint():
            set_record(unit, "inside", 1, "test")
            raise Refused
        with unit.savepoint():
            set_record(unit, "after", 1, "test")

    store.database.write_now(work)
    assert store.database.read_now(records).keys() == {"before", "after"}


def test_a_refused_statement_in_a_savepoint_leaves_the_unit_whole(store: Store) -> None:
    def work(unit: Unit) -> None:
        set_record(unit, "before", 1, "test")
        with pytest.raises(Exception, match="no_such_table"), unit.savepoint():
            unit.connection.execute(text("SELECT * FROM no_such_table"))
        assert unit.stands
        set_record(unit, "after", 1, "test")

    store.database.write_now(work)
    assert store.database.read_now(records).keys() == {"before", "after"}


def test_a_unit_that_reads_may_not_write(store: Store) -> None:
    with pytest.raises(Exception, match=r"read-?only"):
        store.database.read_now(_set("fact.fee"))
    assert store.count(Record) == 0


def test_times_are_aware_and_utc_on_both_databases(store: Store) -> None:
    store.database.write_now(_set("fact.fee"))
    assert store.column(Record.at) == [store.clock.now]
    assert store.column(Record.at)[0].utcoffset().total_seconds() == 0


def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    store.clock.now = store.clock.now.replace(tzinfo=None)
    with pytest.raises(Exception, match="a time without a zone"):
        store.database.write_now(_set("fact.fee"))


def test_read_and_write_at_once_do_not_wait_for_each_other(store: Store) -> None:
    store.database.write_now(_set("fact.fee", 1))

    def write_and_look(unit: Unit) -> dict[str, object]:
        set_record(unit, "fact.fee", 2, "test")
        return store.database.read_now(records)

    assert store.database.write_now(write_and_look) == {"fact.fee": 1}
    assert store.database.read_now(records) == {"fact.fee": 2}


async def test_no_update_is_lost_when_many_units_change_the_same_value_at_once(store: Store) -> None:
    """With the driver's own BEGIN 341 of 480 were lost on SQLite."""
    store.database.write_now(lambda unit: unit.connection.execute(text("CREATE TABLE counter (n integer)")) and None)
    store.database.write_now(lambda unit: unit.connection.execute(text("INSERT INTO counter VALUES (0)")) and None)
    another = store.open()

    def add_one(unit: Unit) -> None:
        lock = "" if store.is_sqlite else " FOR UPDATE"
        before = unit.connection.execute(text(f"SELECT n FROM counter{lock}")).scalar_one()
        unit.connection.execute(text("UPDATE counter SET n = :n"), {"n": before + 1})

    await asyncio.gather(*(database.write(add_one) for database in (store.database, another) for _ in range(50)))
    assert store.database.read_now(lambda unit: unit.connection.execute(text("SELECT n FROM counter")).scalar()) == 100


@on_postgresql
async def test_a_deadlock_is_run_again(store: Store) -> None:
    store.database.write_now(_set("a"))
    store.database.write_now(_set("b"))
    together = Barrier(2)
    runs: list[str] = []

    def lock(first: str, second: str) -> Callable[[Unit], None]:
        def work(unit: Unit) -> None:
            runs.append(first)
            statement = text("SELECT id FROM record WHERE name = :name FOR UPDATE")
            unit.connection.execute(statement, {"name": first})
            if len(runs) <= 2:
                together.wait()
            unit.connection.execute(statement, {"name": second})

        return work

    await asyncio.gather(store.database.write(lock("a", "b")), store.database.write(lock("b", "a")))
    assert len(runs) >= 3


@on_postgresql
def test_a_connection_that_broke_is_replaced(store: Store) -> None:
    store.database.write_now(_set("before"))
    _end_all_connections(store.url)
    store.database.write_now(_set("after"))
    assert store.database.read_now(records).keys() == {"before", "after"}


def test_a_server_that_is_not_there_is_unavailable(postgres_url: str, keys_url: str, tmp_path: Path) -> None:
    nowhere = postgres_url.split("?")[0] + f"?host={tmp_path}"
    with pytest.raises(Unavailable):
        Store(nowhere, keys_url, Clock())


def test_a_folder_that_is_not_there_is_unavailable(keys_url: str, tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        Store(f"sqlite:///{tmp_path / 'missing' / 'izi.db'}", keys_url, Clock())


@on_sqlite
def test_a_full_disk_is_unavailable_and_loses_nothing_that_was_committed(store: Store) -> None:
    store.database.write_now(_set("before"))

    def limit_size(unit: Unit) -> None:
        pages = unit.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        unit.connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    store.database.write_now(limit_size)
    with pytest.raises(Unavailable):
        store.database.write_now(_set("large", "x" * 100_000))
    store.database.write_now(lambda unit: None)
    assert store.restart().read_now(records) == {"before": 1}


def test_a_mistake_in_a_statement_is_not_taken_for_an_absence(store: Store) -> None:
    with pytest.raises(DBAPIError, match="no_such_table"):
        store.database.write_now(lambda unit: unit.connection.execute(text("SELECT * FROM no_such_table")))


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://localhost/izi"])
def test_databases_that_cannot_serve_are_refused_with_a_reason(url: str, keys_url: str) -> None:
    with pytest.raises(ValueError, match=r"needs a file|only sqlite and postgresql"):
        open_database(url, keys_url, Clock(), MemoryBell())


async def test_the_command_line_writes_while_the_server_writes(store: Store) -> None:
    program = (
        "from tests.storage.build import *\n"
        "from storage.records import set_record\n"
        f"database = open_database({store.url!r}, {store.keys_url!r}, real_clock, MemoryBell())\n"
        "for number in range(40):\n"
        "    database.write_now(lambda unit: set_record(unit, f'cli.{number}', 1, 'cli'))\n"
        "database.close(); database.keys.close()\n"
    )
    command_line = await asyncio.create_subprocess_exec(sys.executable, "-c", program, env=environment())
    ended = asyncio.create_task(command_line.wait())
    written = 0
    while not ended.done():
        await store.database.write(_set(f"server.{written}"))
        written += 1
    assert await ended == 0
    assert store.count(Record) == 40 + written


def test_ids_are_63_bits_and_do_not_repeat() -> None:
    ids = {random_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(0 <= id < 2**63 for id in ids)


def test_a_record_has_every_version_and_the_newest_counts(store: Store) -> None:
    assert store.database.read_now(revision) == 0
    versions = [store.database.write_now(_set("fact.fee", value)) for value in ("10 €", {"amount": 12}, None)]
    assert versions == [1, 2, 3]
    assert store.database.write_now(_set("hours", ["09-17"])) == 1
    assert store.database.read_now(records) == {"fact.fee": None, "hours": ["09-17"]}
    assert store.database.read_now(revision) == 4
    assert store.count(Record) == 4


def _end_all_connections(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
