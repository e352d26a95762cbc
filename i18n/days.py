"""A day that somebody typed: 12.3.2026, 2026-03-12, 12/3, ۱۲ مارچ ۲۰۲۶, ۱۴۰۵/۸/۲. The day stands before the month.

Years 1300 to 1499 are those of the Solar Hijri calendar of Iran and Afghanistan; so are its month names. A day
without a year is the last such day that is not after today, or the next one where a day to come is asked for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache, partial
from typing import TypeAlias

from i18n.cldr import words_in
from i18n.fold import digits, fold

_Make: TypeAlias = Callable[[int, int, int], date | None]  # year, month, day -> the day, if there is one
_Nearest: TypeAlias = Callable[[_Make, int, int, int], date | None]  # of a day without a year, the one that is meant
_Month: TypeAlias = tuple[_Make, int]  # the calendar that it is of, and its number from 1

BEGINNING = 3  # letters by which a month in another case is known: septembar, septembra

_SOLAR_HIJRI_YEARS = range(1300, 1500)
_NUMBER = re.compile(r"\d+")
_BETWEEN = re.compile(r"[\s./\-–,،_]*")  # what may stand round and between numbers
_SOLAR_HIJRI_MONTHS = (
    ("فروردین", "حمل", "وری"),
    ("اردیبهشت", "ثور", "غویی"),
    ("خرداد", "جوزا", "غبرګولی"),
    ("تیر", "سرطان", "چنګاښ"),
    ("مرداد", "اسد", "زمری"),
    ("شهریور", "سنبله", "وږی"),
    ("مهر", "میزان", "تله"),
    ("آبان", "عقرب", "لړم"),
    ("آذر", "قوس", "لیندۍ"),
    ("دی", "جدی", "مرغومی"),
    ("بهمن", "دلو", "سلواغه"),
    ("اسفند", "حوت", "کب"),
)  # in Iran, in Dari, in Pashto


def read_day(text: str, today: date, locale: str, *, ahead: bool = False) -> date | None:
    """The day in a text, or None where there is none that exists. It may lie on either side of today: the caller asks.

    locale: month names are read in this language, in English and in Serbian. ahead: a day without a year is to come.
    """
    shown = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    plain = digits(unicodedata.normalize("NFKC", shown))
    numbers = _NUMBER.findall(plain)
    words = _NUMBER.sub(" ", plain)
    nearest = partial(_next if ahead else _last, today)
    if _BETWEEN.fullmatch(words):
        return _of_numbers(numbers, today, nearest)
    month = _month_in(fold(words).strip(), _months(locale))
    return None if month is None else _of_named_month(*month, numbers, today, nearest)


def _month_in(words: str, months: Mapping[str, _Month]) -> _Month | None:
    """The month that is named, whole or by its first letters, as in "12th March" or "12. marta"."""
    for word in (words, *words.split()):
        if word in months:
            return months[word]
        alike = {
            month for name, month in months.items() if len(word) > BEGINNING and name[:BEGINNING] == word[:BEGINNING]
        }
        if len(alike) == 1:
            return alike.pop()
    return None


def _of_numbers(numbers: list[str], today: date, nearest: _Nearest) -> date | None:
    match [(int(number), len(number)) for number in numbers]:
        case [(year, 4), (month, _), (day, _)] | [(day, _), (month, _), (year, 4)]:
            return _in_its_calendar(year)(year, month, day)
        case [(day, 1 | 2), (month, 1 | 2), (year, 2)]:
            return _gregorian(2000 + year, month, day)
        case [(day, 1 | 2), (month, 1 | 2)]:
            return nearest(_gregorian, today.year, month, day)
        case _:
            return None


def _of_named_month(make: _Make, month: int, numbers: list[str], today: date, nearest: _Nearest) -> date | None:
    match [(int(number), len(number)) for number in numbers]:
        case [(year, 4), (day, 1 | 2)] | [(day, 1 | 2), (year, 4)]:
            return make(year, month, day)
        case [(day, 1 | 2)]:
            this_year = today.year if make is _gregorian else today.year - 621
            return nearest(make, this_year, month, day)
        case _:
            return None


def _in_its_calendar(year: int) -> _Make:
    return _solar_hijri if year in _SOLAR_HIJRI_YEARS else _gregorian


def _last(today: date, make: _Make, this_year: int, month: int, day: int) -> date | None:
    tries = (make(this_year, month, day), make(this_year - 1, month, day))
    return next((found for found in tries if found is not None and found <= today), None)


def _next(today: date, make: _Make, this_year: int, month: int, day: int) -> date | None:
    # The year before too: before spring, the Solar Hijri year began in the Gregorian year before.
    tries = (make(this_year + year, month, day) for year in (-1, 0, 1))
    return next((found for found in tries if found is not None and found >= today), None)


def _gregorian(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _solar_hijri(year: int, month: int, day: int) -> date | None:
    # Here, because hardly anybody types such a day and the package is slow to load.
    from persiantools.jdatetime import JalaliDate

    if year not in _SOLAR_HIJRI_YEARS or not JalaliDate.check_date(year, month, day):
        return None
    found: date = JalaliDate(year, month, day).to_gregorian()  # type: ignore[no-untyped-call]
    return found


@cache
def _months(locale: str) -> Mapping[str, _Month]:
    """The months by their folded names."""
    names: dict[str, _Month] = {
        fold(name): (_gregorian, number) for code in (locale, "en", "sr_Latn") for name, number in _named(code)
    }
    hijri: dict[str, _Month] = {
        fold(name): (_solar_hijri, number)
        for number, spellings in enumerate(_SOLAR_HIJRI_MONTHS, 1)
        for name in spellings
    }
    return {**hijri, **names}


def _named(code: str) -> Iterator[tuple[str, int]]:
    for number, names in enumerate(words_in(code).month_names, 1):
        yield from ((name, number) for name in names)
