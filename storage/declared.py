"""What every table is declared with: types of columns, names of constraints, indexes of a part of the rows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    Dialect,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    literal_column,
)
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

Id = BigInteger().with_variant(Integer, "sqlite")


class Moment(TypeDecorator[datetime]):
    """Aware UTC in and out. SQLite has no time zones: there it is stored naive, in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuses a naive time: it would be read as UTC, whatever was meant."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        return value.astimezone(UTC).replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Always aware, always UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """All tables but those of the key store."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own form
        int: Id,
        datetime: Moment,
        bytes: LargeBinary,
        str: String,
    }


# A partial index is used only where the query names the same constant, so these are literals, never parameters.
def literal_state(state: str) -> ColumnElement[str]:
    """A state as it stands in an index and in the queries that use it."""
    return literal_column(f"'{state}'", String())


def partial_index(
    name: str, *columns: ColumnElement[Any] | InstrumentedAttribute[Any], where: ColumnElement[bool]
) -> None:
    """An index of the rows alone for which `where` holds."""
    Index(name, *columns, sqlite_where=where, postgresql_where=where)
