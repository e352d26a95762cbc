"""Whether guides helped: one row a press, nothing of who pressed."""

from __future__ import annotations

from sqlalchemy import func, insert, select

from storage.content_tables import Feedback
from storage.unit_of_work import Unit

#: Instead of a guide: a language that was asked for. Its code stands as the locale.
LANGUAGE = "@language"

_COUNT = insert(Feedback)
_TALLY = select(Feedback.guide, Feedback.locale, Feedback.value, func.count()).group_by(
    Feedback.guide, Feedback.locale, Feedback.value
)


def count_feedback(unit: Unit, guide: str, locale: str, value: str) -> None:
    """One press. Whether this person pressed before stands in their session, not here."""
    row = {"id": unit.ids(), "guide": guide, "locale": locale, "value": value, "day": unit.now.date()}
    unit.connection.execute(_COUNT, row)


def languages_wanted(unit: Unit) -> dict[str, int]:
    """How often which language was asked for that we lack, by code."""
    return {locale: count for (guide, locale, _), count in tally(unit).items() if guide == LANGUAGE}


def tally(unit: Unit) -> dict[tuple[str, str, str], int]:
    """How many presses by (guide, locale, value)."""
    return {(guide, locale, value): count for guide, locale, value, count in unit.connection.execute(_TALLY)}
