"""Applying migrations from within the process: no alembic.ini, no second configuration."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import func, select

from storage.engines import open_engine

# Any number that nothing else locks: "the schema is changed by one process at a time".
_ONE_AT_A_TIME = select(func.pg_advisory_xact_lock(0x1220))


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the schema to a revision, in one transaction. A second process waits and finds nothing to do."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    engine = open_engine(url)
    try:
        # SQLite: BEGIN IMMEDIATE is the lock.
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(_ONE_AT_A_TIME)
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
    finally:
        engine.dispose()
