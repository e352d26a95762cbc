from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from storage import (  # noqa: F401 - their tables belong to the same schema
    desk_tables,
    event_tables,
    link_tables,
    notice_tables,
    own_tables,
    web_tables,
)
from storage.db import migrate
from storage.engines import open_engine
from storage.tables import Base
from tests.storage.build import environment
from tests.storage.conftest import create_database


def test_models_and_migrations_agree(url: str) -> None:
    engine = open_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


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
