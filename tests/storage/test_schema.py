from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from storage import (  # noqa: F401 - their tables belong to the same schema
    content_tables,
    desk_tables,
    event_tables,
    link_tables,
    notice_tables,
    own_tables,
    tables,
    web_tables,
)
from storage.db import VERSIONS, migrate
from storage.declared import Base
from storage.engines import open_engine
from storage.moving import MOVED
from storage.people import FORGOTTEN
from storage.resealing import OF_CONTACT, OF_CONVERSATION
from tests.storage.build import environment
from tests.storage.conftest import create_database


def test_models_and_migrations_agree(url: str) -> None:
    engine = open_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_migrations_follow_one_another_in_the_order_of_their_numbers() -> None:
    """A start looks for the newest number alone (storage/db.py): a lower one behind it would never be run."""
    said = {
        path.name[:4]: re.findall(r'^down_revision = "(\d{4})"', path.read_text(), re.MULTILINE)
        for path in VERSIONS.glob("0*.py")
    }
    numbers = sorted(said)
    assert [said[number] for number in numbers] == [[], *([before] for before in numbers[:-1])]


def test_partial_indexes_of_models_and_migrations_have_the_same_conditions(url: str) -> None:
    """What compare_metadata does not look at: a query uses a partial index only under the very same condition."""
    engine = open_engine(url)
    with engine.connect() as connection:
        inspector = inspect(connection)
        migrated = {
            index["name"]: _condition(index["dialect_options"].get(f"{connection.dialect.name}_where"))
            for table in inspector.get_table_names()
            for index in inspector.get_indexes(table)
        }
        for table in Base.metadata.sorted_tables:
            for index in table.indexes:
                where = index.dialect_options[connection.dialect.name]["where"]
                text = None
                if where is not None:
                    compiled = where.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
                    text = _condition(str(compiled).replace(f"{table.name}.", ""))
                assert migrated[index.name] == text, index.name
    engine.dispose()


def test_migrating_twice_changes_nothing(url: str) -> None:
    migrate(url)
    migrate(url)


def test_two_processes_that_migrate_an_empty_sqlite_at_once_both_succeed(tmp_path: Path) -> None:
    empty = f"sqlite:///{tmp_path / 'empty.db'}"
    assert _migrate_in_processes(empty) == [0, 0]


def test_two_processes_that_migrate_an_empty_postgresql_at_once_both_succeed(postgres: str) -> None:
    assert _migrate_in_processes(create_database(postgres, "migrated_at_once")) == [0, 0]


def _migrate_in_processes(url: str) -> list[int]:
    command = [sys.executable, "-c", f"from storage.db import migrate; migrate({url!r})"]
    processes = [subprocess.Popen(command, env=environment()) for _ in range(2)]
    return [process.wait() for process in processes]


def _condition(text: object) -> str | None:
    """PostgreSQL writes conditions in its own words: brackets, casts, ANY for IN, a bare boolean for = true."""
    if text is None:
        return None
    plain = re.sub(r"[()]|::(text|integer|character varying)|\[\]", "", str(text))
    return plain.replace("= ANY ARRAY[", "IN ").replace("]", "").removesuffix(" = true")


#: Sealed columns that do not change their key where two chats become one, and why.
KEEPS_ITS_KEY = {
    "staff.totp_sealed": "the application's own key",
    "own_day.sealed": "written anew (own.take_over)",
    "contact.label_sealed": "goes with the contact, or stays with it under its own key",
    "inbox.sealed": "the key of its day",
    "inbox.provider_sealed": "the key of its day",
}
#: Tables whose rows name a contact or a conversation, and stay as they are or go where two chats become one.
NOT_MOVED = {
    "conversation": "goes",
    "contact": "the two contacts are one; others move",
    "session": "one of the two is kept",
    "tick": "written anew (own.take_over)",
    "own_day": "written anew (own.take_over)",
    "link": "codes of the chat that goes are over",
    "forget": "a receipt",
    "staff": "chats of staff are not joined",
    "group_leaver": "chats of staff are not joined",
}


def test_every_sealed_column_is_sealed_again_where_two_chats_become_one() -> None:
    """A column that is added later, and not resealed, could be read by nobody after that."""
    sealed = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name.endswith("sealed")
    }
    assert sealed - KEEPS_ITS_KEY.keys() == {one.place for one in (*OF_CONTACT, *OF_CONVERSATION)}


def test_every_row_that_names_a_contact_or_a_conversation_moves_where_two_chats_become_one() -> None:
    named = {
        table.name
        for table in Base.metadata.sorted_tables
        if {"contact_id", "conversation_id"} & {column.name for column in table.columns}
    }
    assert named - NOT_MOVED.keys() == {table.__tablename__ for table in MOVED} - {"contact"}


def test_every_row_of_one_of_several_people_goes_with_them() -> None:
    named = {table.name for table in Base.metadata.sorted_tables if "contact_id" in table.columns}
    assert named - {"event_seat"} <= {str(statement.table) for statement in FORGOTTEN}  # seats: events.leave
