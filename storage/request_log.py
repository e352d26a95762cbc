"""The log of requests: rows without words, by what is asked of them. What it gives names nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from storage.requests import RequestRow
from storage.tables import Request
from storage.unit_of_work import Unit

_COLUMNS = tuple(
    getattr(Request, {"number": "id"}.get(column.name, column.name)) for column in fields(RequestRow)
)  # in the order of RequestRow
_NAMES = (Request.locale, Request.guide, Request.tag)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which requests. None asks for nothing. since, until: aware, when they were opened; until is not included.

    is_open: not closed. protected: whether those of the protection group are among them. only, without: by number.
    """

    state: str | None = None
    is_open: bool | None = None
    type: str | None = None
    locale: str | None = None
    guide: str | None = None
    outcome: str | None = None
    tag: str | None = None
    urgent: bool | None = None
    late: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    protected: bool = False
    only: frozenset[int] | None = None
    without: frozenset[int] = frozenset()


def logged(unit: Unit, wanted: Wanted, limit: int | None = None) -> list[RequestRow]:
    """The requests that fit, newest first."""
    found = select(*_COLUMNS).where(*_conditions(wanted)).order_by(Request.id.desc()).limit(limit)
    return [RequestRow(*row) for row in unit.connection.execute(found).all()]


def count(unit: Unit, wanted: Wanted) -> int:
    """How many fit."""
    return unit.connection.execute(select(func.count()).select_from(Request).where(*_conditions(wanted))).scalar_one()


def known(unit: Unit) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
    """The languages, guides and tags that occur, to choose from."""
    languages, guides, tags = (
        [value for value in unit.connection.execute(select(column).distinct().order_by(column)).scalars() if value]
        for column in _NAMES
    )
    return languages, guides, tags


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    equal = (
        (Request.state, wanted.state), (Request.type, wanted.type), (Request.locale, wanted.locale),
        (Request.guide, wanted.guide), (Request.outcome, wanted.outcome), (Request.tag, wanted.tag),
        (Request.urgent, wanted.urgent), (Request.late, wanted.late),
    )  # fmt: skip
    conditions: list[ColumnElement[bool]] = [column == value for column, value in equal if value is not None]
    if wanted.is_open is not None:
        conditions.append(Request.closed_at.is_(None) if wanted.is_open else Request.closed_at.is_not(None))
    conditions += [] if wanted.since is None else [Request.created_at >= wanted.since]
    conditions += [] if wanted.until is None else [Request.created_at < wanted.until]
    conditions += [] if wanted.protected else [Request.protected.is_(False)]
    conditions += [] if wanted.only is None else [Request.id.in_(wanted.only)]
    conditions += [Request.id.not_in(wanted.without)] if wanted.without else []
    return conditions
