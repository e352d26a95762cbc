"""Notices as they are written: a text for each language, what goes with it, and which texts somebody tested.

Whatever changes what people would read makes the version grow, and a text that was tested before is untested again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, bindparam, delete, insert, select, update

from storage.dialects import insert_or_update
from storage.notice_tables import Notice, NoticeText
from storage.unit_of_work import Unit

_COLUMNS = (
    Notice.id, Notice.category, Notice.valid_until, Notice.buttons, Notice.event_id, Notice.tag, Notice.version,
    Notice.common, Notice.author_id, Notice.created_at, Notice.withdrawn_at,
)  # fmt: skip
_TEXTS = (NoticeText.locale, NoticeText.title, NoticeText.body, NoticeText.version, NoticeText.tested)
_row = bindparam("row", type_=Integer)
_NEW = insert(Notice).returning(Notice.id)
_ONE = select(*_COLUMNS).where(Notice.id == _row)
_NEWEST = select(*_COLUMNS).order_by(Notice.id.desc()).limit(bindparam("most"))
_OF_ONE = select(*_TEXTS, NoticeText.checked_by).where(NoticeText.notice_id == _row).order_by(NoticeText.version)
_IN_ONE = (NoticeText.notice_id == _row, NoticeText.locale == bindparam("of_locale"))
_GROWN = update(Notice).where(Notice.id == _row).values(version=Notice.version + 1).returning(Notice.version)
_CHANGE = update(Notice).where(Notice.id == _row)
_KEEP_TEXT = insert_or_update(NoticeText, ["notice_id", "locale"], ["title", "body", "version", "tested", "checked_by"])
_DROP_TEXT = delete(NoticeText).where(*_IN_ONE)
_TESTED = update(NoticeText).where(*_IN_ONE).values(tested=NoticeText.version)
_UNTESTED = update(NoticeText).where(NoticeText.notice_id == _row).values(tested=None)
_CHECKED = update(NoticeText).where(*_IN_ONE).values(checked_by=bindparam("who"))


class NoNotice(Exception):
    """There is no notice of this number."""


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice without its texts. buttons: JSON of notices.buttons. tag: project or donor, "" = none.

    common: the version with which something changed that is seen in every language.
    """

    id: int
    category: str
    valid_until: date | None
    buttons: str
    event_id: int | None
    tag: str
    version: int
    common: int
    author_id: int
    created_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class TextRow:
    """A notice in one language. version: the notice's, when this was last changed. checked_by: "" = nobody."""

    locale: str
    title: str
    body: str
    version: int
    tested: int | None
    checked_by: str

    @property
    def is_tested(self) -> bool:
        """Whether somebody sent themselves what it says now."""
        return self.tested == self.version


def create(unit: Unit, author_id: int, category: str) -> int:
    """A notice without any text; its number."""
    row = {"category": category, "version": 0, "author_id": author_id, "created_at": unit.now}
    return unit.connection.execute(_NEW, {"buttons": "[]", **row}).scalar_one()


def notice(unit: Unit, notice_id: int) -> NoticeRow:
    """One of them. Raises NoNotice."""
    row = unit.connection.execute(_ONE, {"row": notice_id}).one_or_none()
    if row is None:
        raise NoNotice(notice_id)
    return _notice(row)


def notices(unit: Unit, most: int) -> list[NoticeRow]:
    """The newest of them."""
    return [_notice(row) for row in unit.connection.execute(_NEWEST, {"most": most}).all()]


def texts(unit: Unit, notice_id: int) -> dict[str, TextRow]:
    """Its texts by locale, the one that was longest unchanged first."""
    rows = unit.connection.execute(_OF_ONE, {"row": notice_id}).all()
    return {row.locale: TextRow(*row) for row in rows}


def versions(notice: NoticeRow, texts: Mapping[str, TextRow]) -> dict[str, int]:
    """The version with which what people read last changed, by language."""
    return {locale: max(text.version, notice.common) for locale, text in texts.items()}


def set_text(unit: Unit, notice_id: int, locale: str, title: str, body: str) -> None:
    """What it says in one language; an empty body takes the language out. The same words again change nothing.

    Raises NoNotice.
    """
    known = texts(unit, notice_id).get(locale)
    if (known.title, known.body) == (title, body) if known else not body:
        return
    version = _grow(unit, notice_id)
    if not body:
        # Who read this one reads another from now on, wherever that one stands.
        unit.connection.execute(_DROP_TEXT, {"row": notice_id, "of_locale": locale})
        unit.connection.execute(_CHANGE.values(common=version), {"row": notice_id})
        return
    row = {"notice_id": notice_id, "locale": locale, "title": title, "body": body, "version": version}
    unit.connection.execute(_KEEP_TEXT[unit.dialect], {**row, "tested": None, "checked_by": ""})


def set_checked(unit: Unit, notice_id: int, locale: str, by: str) -> None:
    """A native reader has read the text; "" = nobody has. A change of the text takes this away."""
    unit.connection.execute(_CHECKED, {"row": notice_id, "of_locale": locale, "who": by})


def set_about(unit: Unit, notice_id: int, **values: Any) -> None:
    """Change category, valid_until, tag or event_id. Raises NoNotice.

    Category and event are seen in the message, so with them the texts are untested.
    """
    before = notice(unit, notice_id)
    seen = {"category": before.category, "event_id": before.event_id}
    unit.connection.execute(_CHANGE.values(values), {"row": notice_id})
    if any(values.get(name, known) != known for name, known in seen.items()):
        _void_tests(unit, notice_id)


def set_buttons(unit: Unit, notice_id: int, buttons: str) -> None:
    """Give it these buttons (JSON of notices.buttons); others than before make the texts untested. Raises NoNotice."""
    if notice(unit, notice_id).buttons != buttons:
        unit.connection.execute(_CHANGE.values(buttons=buttons), {"row": notice_id})
        _void_tests(unit, notice_id)


def mark_tested(unit: Unit, notice_id: int, locale: str) -> None:
    """Somebody has just sent themselves what it says in this language."""
    unit.connection.execute(_TESTED, {"row": notice_id, "of_locale": locale})


def mark_withdrawn(unit: Unit, notice_id: int) -> None:
    """It is not true any more: nobody is shown it from now on."""
    unit.connection.execute(_CHANGE.values(withdrawn_at=unit.now), {"row": notice_id})


def _void_tests(unit: Unit, notice_id: int) -> None:
    unit.connection.execute(_CHANGE.values(common=_grow(unit, notice_id)), {"row": notice_id})
    unit.connection.execute(_UNTESTED, {"row": notice_id})


def _grow(unit: Unit, notice_id: int) -> int:
    version: int | None = unit.connection.execute(_GROWN, {"row": notice_id}).scalar_one_or_none()
    if version is None:
        raise NoNotice(notice_id)
    return version


def _notice(row: Any) -> NoticeRow:
    values: Mapping[str, Any] = row._mapping
    return NoticeRow(**{**values, "tag": values["tag"] or ""})
