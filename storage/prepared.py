"""Statements of the hot path: built by SQLAlchemy once, then run straight on the driver's cursor.

A statement through `Connection.execute` costs several times what the driver itself takes for it (rulings 41: Core to
raw SQL is 3 to 1). Here the text and the conversions of its values are made once for each dialect; Core stays the one
source, so both databases and the schema's names are kept right by it.
"""

from __future__ import annotations

import json
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, Executable, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import Text, TypeDecorator, TypeEngine

Convert = Callable[[Any], Any]
Params = Mapping[str, Any]


class Prepared:
    """One statement. statement: for both dialects, or one for each by its name; columns: of an INSERT."""

    def __init__(self, statement: Executable | Mapping[str, Executable], columns: Sequence[str] | None = None) -> None:
        self._statement = statement
        self._columns = columns
        self._compiled: dict[str, _Compiled] = {}

    def fetch(self, connection: Connection, params: Params) -> list[Any]:
        """Run it; its rows, with the columns as attributes."""
        compiled = self._for(connection.dialect)
        return compiled.rows(_run(connection, compiled.text, compiled.values(params), many=False).fetchall())

    def run(self, connection: Connection, params: Params) -> int:
        """Run it; how many rows it touched."""
        compiled = self._for(connection.dialect)
        return int(_run(connection, compiled.text, compiled.values(params), many=False).rowcount)

    def run_many(self, connection: Connection, rows: Sequence[Params]) -> int:
        """Run it for each of the rows; how many rows of the table that touched."""
        compiled = self._for(connection.dialect)
        return int(_run(connection, compiled.text, [compiled.values(row) for row in rows], many=True).rowcount)

    def _for(self, dialect: Dialect) -> _Compiled:
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            statement = self._statement
            statement = statement[dialect.name] if isinstance(statement, Mapping) else statement
            compiled = self._compiled[dialect.name] = _Compiled(statement, dialect, self._columns)
        return compiled


class _Compiled:
    """The text of a statement for one dialect, and how its values go in and out."""

    def __init__(self, statement: Any, dialect: Dialect, columns: Sequence[str] | None) -> None:
        made = statement.compile(dialect=dialect, column_keys=columns)
        assert isinstance(made, SQLCompiler)
        self.text = made.string
        self._fixed = made.construct_params(_check=False)
        # By the names that stand in the text; those of `binds` may be placeholders of them.
        self._into = {name: convert for bind, name in made.bind_names.items() if (convert := _into(bind.type, dialect))}
        self._order = made.positiontup
        chosen = getattr(statement, "selected_columns", ()) or getattr(statement, "_returning", ())
        shape: Any = namedtuple("_row", [column.key for column in chosen])  # type: ignore[misc]
        self._row = shape._make
        self._out = [
            (position, convert) for position, column in enumerate(chosen) if (convert := _out_of(column.type, dialect))
        ]

    def values(self, params: Params) -> Any:
        given = {**self._fixed, **params}
        for name, convert in self._into.items():
            given[name] = convert(given[name])
        return given if self._order is None else [given[name] for name in self._order]

    def rows(self, found: Sequence[Sequence[Any]]) -> list[Any]:
        if not self._out:
            return [self._row(row) for row in found]
        made = []
        for row in found:
            values = list(row)
            for position, convert in self._out:
                values[position] = convert(values[position])
            made.append(self._row(values))
        return made


def one_of(column: Any, name: str) -> Mapping[str, Any]:
    """By dialect: the column is one of the values of the parameter, in one statement however many they are."""
    listed = func.json_each(bindparam(name, type_=_Listed())).table_valued("value")
    return {
        "sqlite": column.in_(select(listed.c.value)),
        "postgresql": column == any_(bindparam(name, type_=ARRAY(column.type))),
    }


class _Listed(TypeDecorator[Sequence[int | str]]):
    """Numbers or words as the JSON list that json_each reads."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Sequence[int | str] | None, dialect: Dialect) -> str:
        """See TypeDecorator."""
        return json.dumps(value)


def _into(type: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return type.dialect_impl(dialect).bind_processor(dialect)


def _out_of(type: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return type.dialect_impl(dialect).result_processor(dialect, None)


def _run(connection: Connection, text: str, values: Any, *, many: bool) -> DBAPICursor:
    raw: Any = connection.connection.dbapi_connection
    cursor: DBAPICursor = raw.cursor()
    dialect = connection.dialect
    try:
        if many:
            cursor.executemany(text, values)
        else:
            cursor.execute(text, values)
    except dialect.loaded_dbapi.Error as error:
        # As SQLAlchemy would have it, so that db.py need not know of two kinds of errors.
        broken = dialect.is_disconnect(error, raw, None)
        if broken:
            connection.invalidate()
        wrapped = DBAPIError.instance(
            None, None, error, dialect.loaded_dbapi.Error, True, connection_invalidated=broken, dialect=dialect
        )
        raise wrapped from error
    return cursor
