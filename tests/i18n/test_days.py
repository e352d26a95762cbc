"""Days as people type them: in several orders, digits, calendars and languages."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from i18n.days import read_day

TODAY = date(2026, 11, 23)
DAY = date(2026, 3, 12)
ARABIC, PERSIAN = (str.maketrans("0123456789", digits) for digits in ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹"))
NOWRUZ = {  # first day of the Solar Hijri year, as observed
    1370: date(1991, 3, 21), 1399: date(2020, 3, 20), 1400: date(2021, 3, 21), 1403: date(2024, 3, 20),
    1404: date(2025, 3, 21), 1405: date(2026, 3, 21), 1408: date(2029, 3, 20), 1409: date(2030, 3, 21),
}  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "locale"),
    [
        ("12.3.2026", "en"),
        ("12.03.2026.", "sr_Latn"),
        ("12. 3. 26", "sr_Latn"),
        ("12/3/2026", "fr"),
        ("12-3-2026", "en"),
        ("2026-03-12", "en"),
        ("2026/3/12", "ar"),
        ("١٢/٣/٢٠٢٦", "ar"),
        ("۲۰۲۶-۰۳-۱۲", "fa_AF"),
        ("\u200f١٢،٣،٢٠٢٦\u200f", "ar"),
        ("12 3 2026", "en"),
        ("12.3.", "sr_Latn"),
        ("12 March 2026", "en"),
        ("March 12, 2026", "en"),
        ("12th march", "ar"),
        ("12 mar 2026", "en"),
        ("12. marta 2026.", "sr_Latn"),
        ("12. март 2026", "sr_Cyrl"),
        ("12 mars 2026", "fr"),
        ("12 مارس 2026", "ar"),
        ("۱۲ مارچ ۲۰۲۶", "fa_AF"),
        ("1404/12/21", "fa_AF"),
        ("۲۱/۱۲/۱۴۰۴", "fa"),
        ("۲۱ اسفند ۱۴۰۴", "fa"),
        ("۲۱ حوت", "fa_AF"),
    ],
)
def test_a_day_is_read_however_it_is_written(typed: str, locale: str) -> None:
    assert read_day(typed, TODAY, locale) == DAY


@pytest.mark.parametrize(
    "typed",
    ["", "12", "31.2.2026", "12.13.2026", "3.2026", "1.2.3.2026", "0.0.2026", "30/12/1404", "hello 12", "12-3-1"],
)
def test_what_is_no_day_is_not_read_as_one(typed: str) -> None:
    assert read_day(typed, TODAY, "en") is None


def test_a_day_without_a_year_is_the_last_one_that_was() -> None:
    assert read_day("23.11.", TODAY, "en") == TODAY
    assert read_day("24.11.", TODAY, "en") == date(2025, 11, 24)
    assert read_day("24 November", TODAY, "en") == date(2025, 11, 24)


@pytest.mark.parametrize("year", NOWRUZ)
def test_a_solar_hijri_year_begins_on_the_day_that_was_observed(year: int) -> None:
    assert read_day(f"{year}/1/1", TODAY, "fa") == NOWRUZ[year]


def test_solar_hijri_days_follow_one_another_without_a_gap() -> None:
    found = [
        day
        for year in range(1390, 1420)
        for month in range(1, 13)
        for number in range(1, 32)
        if (day := read_day(f"{year}-{month}-{number}", TODAY, "fa")) is not None
    ]
    assert found == [found[0] + timedelta(days=n) for n in range(len(found))]


@given(
    st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    st.sampled_from(
        ["{0.year}-{0.month:02}-{0.day:02}", "{0.day}.{0.month}.{0.year}.", "{0.day:02}/{0.month:02}/{0.year}"]
    ),
    st.sampled_from([{}, ARABIC, PERSIAN]),
)
def test_every_day_is_read_in_every_form_and_all_digits(day: date, form: str, digits: dict[int, int]) -> None:
    assert read_day(form.format(day).translate(digits), TODAY, "en") == day


@given(st.text(max_size=30))
def test_no_text_breaks_the_reading_of_days(text: str) -> None:
    found = read_day(text, TODAY, "ar")
    assert found is None or isinstance(found, date)


@pytest.mark.parametrize(
    ("typed", "today", "day"),
    [
        ("12.3.", TODAY, date(2027, 3, 12)),
        ("24.11.", TODAY, date(2026, 11, 24)),
        ("23 November", TODAY, TODAY),
        ("12.3.2020", TODAY, date(2020, 3, 12)),
        ("۲۱ حوت", TODAY, date(2027, 3, 12)),
        ("۲۱ حوت", date(2026, 1, 10), date(2026, 3, 12)),
        ("29.2.", TODAY, None),
    ],
)
def test_a_day_without_a_year_may_be_the_next_one(typed: str, today: date, day: date | None) -> None:
    assert read_day(typed, today, "fa_AF", ahead=True) == day
