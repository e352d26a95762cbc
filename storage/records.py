"""Values that overlay the content files: facts, contacts, switches, hours (rulings 10). Every version stays."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import bindparam, func, insert, select

from storage.content_tables import Record
from storage.unit_of_work import Unit

_LAST_VERSION = select(func.coalesce(func.max(Record.version), 0)).where(Record.name == bindparam("name"))
_SET = insert(Record)
_ONE = select(Record.value).where(Record.name == bindparam("name")).order_by(Record.version.desc()).limit(1)
_newest = select(func.max(Record.id)).group_by(Record.name)
_RECORDS = select(Record.name, Record.value).where(Record.id.in_(_newest)).order_by(Record.name)
_REVISION = select(func.coalesce(func.max(Record.id), 0))


def set_record(unit: Unit, name: str, value: object, author: str) -> int:
    """Give a name a new value, anything that JSON can say; returns its version, from 1."""
    version = unit.connection.execute(_LAST_VERSION, {"name": name}).scalar_one() + 1
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    row = {"name": name, "version": version, "value": text, "author": author, "at": unit.now}
    unit.connection.execute(_SET, row)
    return version


def records(unit: Unit) -> dict[str, Any]:
    """The newest value of every name."""
    return {name: json.loads(value) for name, value in unit.connection.execute(_RECORDS)}


def record(unit: Unit, name: str, default: object) -> Any:
    """The newest value of one name; the default where it has none."""
    value = unit.connection.execute(_ONE, {"name": name}).scalar_one_or_none()
    return default if value is None else json.loads(value)


def revision(unit: Unit) -> int:
    """Grows with every change: whoever keeps `records` in memory reads again when it differs."""
    return unit.connection.execute(_REVISION).scalar_one()
