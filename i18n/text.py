"""Texts with values in them: strict placeholders, bidi isolates, dates and times in words.

Every value that is put into a text stands between U+2068 (first strong isolate) and U+2069 (pop directional isolate),
so that a phone number does not flip in an Arabic sentence. Digits are Western in every language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from i18n.cldr import words_in

FSI = "\u2068"
PDI = "\u2069"
_ISOLATES = frozenset("\u2066\u2067\u2068")
_EMBEDDINGS = frozenset("\u202a\u202b\u202c\u202d\u202e")
_BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SIGNS = " ().,/:\u2013-"  # between the digits of one number
_NUMBERS = re.compile(
    rf"(?<![\w./:@?=&#%+-])(?:\(\+?\d+\)[\d{_SIGNS}]*\d|\+\d[\d{_SIGNS}]*\d|\d+(?:[{_SIGNS}]+\d+)+)(?![\w/@])"
)
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Text:
    """A text for people and the code of the language that it is really in (it may be a fallback)."""

    string: str
    locale: str


Value = str | int | date | datetime | Text


@dataclass(frozen=True, slots=True)
class Template:
    """A parsed text: literals[0] {places[0]} literals[1] {places[1]} ... ; `name` is what errors call it."""

    name: str
    literals: tuple[str, ...]
    places: tuple[str, ...]
    names: frozenset[str]

    @classmethod
    def parse(cls, text: str, name: str) -> Template:
        """Read a text whose placeholders are `{lower_case}`. Raises ValueError for any other brace."""
        pieces = _PLACEHOLDER.split(text)
        literals, places = tuple(pieces[::2]), tuple(pieces[1::2])
        if any("{" in literal or "}" in literal for literal in literals):
            raise ValueError(f"{name}: a brace that is not a {{placeholder}}")
        return cls(name, literals, places, frozenset(places))

    def agrees(self, names: frozenset[str], counted: bool) -> bool:
        """Has it exactly these placeholders? A counted form ("one step", a dual) may leave out `{n}`."""
        return self.names == names or (counted and self.names | {"n"} == names | {"n"})


def fill(template: Template, params: Mapping[str, Value], locale: str) -> str:
    """The template with its values, each said in `locale` and isolated.

    Raises KeyError when a placeholder has no value and ValueError when a value has no placeholder; both name the
    template. What is inside a value is never read as a placeholder.
    """
    if params.keys() != template.names:
        missing = sorted(template.names - params.keys())
        if missing:
            raise KeyError(f"{template.name}: no value for {', '.join(missing)}")
        raise ValueError(f"{template.name}: no place for {', '.join(sorted(params.keys() - template.names))}")
    pieces = [template.literals[0]]
    for place, literal in zip(template.places, template.literals[1:], strict=True):
        pieces += (_say(params[place], locale), literal)
    return "".join(pieces)


def _say(value: Value, locale: str) -> str:
    match value:
        case Text():
            return _each_line(value.string)
        case datetime():
            return isolate(say_moment(value, locale))
        case date():
            return isolate(say_date(value, locale))
        case _:
            return isolate(str(value))


def isolate(value: str) -> str:
    """The value between isolates, its own bidi controls removed. Each line gets its own pair; "" stays ""."""
    return _each_line(without_bidi(value))


def isolate_numbers(text: str) -> str:
    """Text that somebody wrote, with each phone number, sum and span of numbers in its order between other words.

    In right-to-left words "+381 60 000" is shown as "000 60 381+" otherwise. Addresses of pages stay as they are.
    """
    return _NUMBERS.sub(lambda found: f"{FSI}{found[0]}{PDI}", text)


def without_bidi(value: str) -> str:
    """The value without the controls that turn what stands after it."""
    return _BIDI_CONTROLS.sub("", value)


def _each_line(text: str) -> str:
    # A paragraph break ends every isolate, so a pair must not cross one.
    isolated = []
    for line in text.splitlines(keepends=True):
        words = line.splitlines()[0]
        isolated.append(f"{FSI}{words}{PDI}{line[len(words) :]}" if words else line)
    return "".join(isolated)


def balanced(text: str) -> bool:
    """Are the isolates of every line closed in that line, and are there no embeddings or overrides?"""
    for line in text.splitlines():
        depth = 0
        for sign in line:
            if sign in _EMBEDDINGS:
                return False
            depth += (sign in _ISOLATES) - (sign == PDI)
            if depth < 0:
                return False
        if depth:
            return False
    return True


def say_date(day: date, locale: str) -> str:
    """Weekday and date in the language's own order, month in letters: "Monday 15 March 2027"."""
    said = words_in(locale)
    weekday, month = said.weekdays[day.weekday()], said.months[day.month - 1]
    return said.date.format(weekday=weekday, day=day.day, month=month, year=day.year)


def say_time(moment: datetime, locale: str) -> str:
    """The time of day on a 24-hour clock, "11:00", the same in all our languages; the zone is the caller's."""
    words_in(locale)
    return f"{moment:%H:%M}"


def say_moment(moment: datetime, locale: str) -> str:
    """Weekday, date and time: "Monday 23 November 2026, 11:00"."""
    return words_in(locale).moment.format(date=say_date(moment, locale), time=say_time(moment, locale))


def say_country(code: str, locale: str) -> str:
    """A country by its two letters: "Syria". Raises KeyError for a code that CLDR does not know."""
    return words_in(locale).countries[code]
