"""The one statement that SQLite and PostgreSQL spell alike but SQLAlchemy builds apart: INSERT ... ON CONFLICT."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute

#: A statement for each dialect, by its name.
ByDialect = Mapping[str, Insert]


def insert_or_ignore(
    table: type[DeclarativeBase], unique: Sequence[str], *returning: InstrumentedAttribute[Any]
) -> ByDialect:
    """INSERT that leaves a row alone that is there already; returns the columns of the rows that are new."""
    statements: dict[str, Insert] = {
        "sqlite": sqlite.insert(table).on_conflict_do_nothing(index_elements=unique),
        "postgresql": postgresql.insert(table).on_conflict_do_nothing(index_elements=unique),
    }
    if returning:
        return {name: statement.returning(*returning) for name, statement in statements.items()}
    # inline: else PostgreSQL is asked for the new row's number, too.
    return {name: statement.inline() for name, statement in statements.items()}


def insert_or_update(table: type[DeclarativeBase], unique: Sequence[str], changed: Sequence[str]) -> ByDialect:
    """INSERT that overwrites the columns `changed` of a row that is there already."""
    ours, theirs = sqlite.insert(table), postgresql.insert(table)
    return {
        "sqlite": ours.on_conflict_do_update(
            index_elements=unique, set_={name: ours.excluded[name] for name in changed}
        ),
        "postgresql": theirs.on_conflict_do_update(
            index_elements=unique, set_={name: theirs.excluded[name] for name in changed}
        ),
    }
