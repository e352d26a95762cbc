"""Terms: the last day that follows from a day, and what an author must write before a step may ask for one."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.load import load_guide
from content.parts import Deadline
from content.problems import ContentError
from content.texts import texts_of
from tests.content.build import country

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
MONTHS = st.integers(1, 60)


def in_months(months: int) -> Deadline:
    return Deadline(id="term", anchor="exam", months=months)


@given(DAYS, MONTHS)
def test_the_last_day_is_the_same_day_of_the_month_or_the_last_one_of_a_shorter_month(day: date, months: int) -> None:
    last = in_months(months).last_day(day)
    assert (last.year * 12 + last.month) - (day.year * 12 + day.month) == months
    assert last.day == day.day or (last.day < day.day and (last + timedelta(days=1)).day == 1)


@given(DAYS, DAYS, MONTHS)
def test_who_began_later_is_never_due_earlier(one: date, other: date, months: int) -> None:
    first, second = sorted([one, other])
    assert in_months(months).last_day(first) <= in_months(months).last_day(second)


@given(DAYS, st.integers(1, 400))
def test_a_term_of_days_ends_so_many_days_later(day: date, days: int) -> None:
    assert (Deadline(id="term", anchor="exam", days=days).last_day(day) - day).days == days


def test_the_end_of_a_month_is_clamped() -> None:
    assert in_months(6).last_day(date(2026, 8, 31)) == date(2027, 2, 28)
    assert in_months(6).last_day(date(2027, 8, 31)) == date(2028, 2, 29)


def _guide(tmp_path: Path, deadline: str, step: str) -> Path:
    path = country(tmp_path) / "guides" / "serbia" / "small.yaml"
    text = path.read_text("utf-8")
    text = text.replace("{id: soon, anchor: decision,", "{id: soon, anchor: decision," + deadline)
    path.write_text(text.replace("    do: Fetch the paper.\n", "    do: Fetch the paper.\n" + step), "utf-8")
    return path


WORDS = " asks: Which day was it?, what: Last day to use it,"


def test_a_step_asks_for_the_day_of_a_deadline_that_has_the_words_for_it(tmp_path: Path) -> None:
    guide = load_guide(_guide(tmp_path, WORDS, "    asks_date: soon\n"))
    deadline = guide.deadline(guide.shown()["fetch"])
    assert deadline is not None
    assert deadline.id == "soon"
    texts = {entry.key: entry.text for entry in texts_of(guide)}
    assert texts["small.deadline-soon.asks"] == "Which day was it?"
    assert texts["small.deadline-soon.what"] == "Last day to use it"


@pytest.mark.parametrize(("words", "asked"), [("", "soon"), (WORDS, "later"), (" what: Last day,", "soon")])
def test_a_step_that_asks_without_the_words_is_refused_where_it_stands(tmp_path: Path, words: str, asked: str) -> None:
    with pytest.raises(ContentError) as refused:
        load_guide(_guide(tmp_path, words, f"    asks_date: {asked}\n"))
    assert "no deadline with asks and what" in str(refused.value)
