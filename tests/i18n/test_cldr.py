"""Our share of CLDR is what Babel says."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from babel.dates import format_date

from i18n.cldr import FILES, words_in
from i18n.from_babel import taken_over, update
from i18n.locales import LOCALES
from i18n.text import say_date


@pytest.mark.parametrize("code", sorted(LOCALES))
def test_the_files_hold_what_babel_says_today(code: str) -> None:
    assert words_in(code) == taken_over(code)


@pytest.mark.parametrize("code", sorted(LOCALES.keys() - {"en"}))
def test_a_whole_year_of_dates_is_said_as_babel_says_them(code: str) -> None:
    days = [date.fromordinal(date(2027, 1, 1).toordinal() + n) for n in range(0, 365, 5)]
    assert [say_date(day, code) for day in days] == [format_date(day, "full", code) for day in days]


def test_only_files_that_are_not_right_are_written(tmp_path: Path) -> None:
    codes = ("en", "lv")
    assert update(codes, tmp_path) == [tmp_path / "en.json", tmp_path / "lv.json"]
    assert (tmp_path / "lv.json").read_bytes() == (FILES / "lv.json").read_bytes()
    (tmp_path / "lv.json").write_text("{}")
    assert update(codes, tmp_path) == [tmp_path / "lv.json"]


@pytest.mark.parametrize("code", sorted(LOCALES))
def test_nobody_is_offered_a_union_or_an_unknown_place_as_their_country(code: str) -> None:
    countries = words_in(code).countries
    assert not {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"} & countries.keys()
    assert {"AF", "SY"} <= countries.keys()
