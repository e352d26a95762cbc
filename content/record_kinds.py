"""What the value of a record may look like, by its kind. The command line and the console send text."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Literal, assert_never

from content import wording

Kind = Literal[
    "clock",  # "09:00"
    "weekdays",  # "1 2 3 4 5", 1 = Monday
    "days",  # "2026-12-31 2027-01-07", may be empty
    "day",  # "2026-12-31"
    "optional_day",  # may be empty
    "words",  # a name or a version: anything on one line
    "optional_words",  # may be empty
    "text",  # a text for people, by the writing rules; may not be empty
    "optional_text",  # may be empty
    "phone",
    "strength",
    "yes_no",
    "template_state",  # what Meta decided about a text
    "quality",  # what Meta thinks of our number
    "limit",  # "250", "unlimited" or "unknown"
]
_TEMPLATE_STATES = ("none", "waiting", "approved", "rejected", "paused")
_QUALITIES = ("green", "yellow", "red", "unknown")
_STRENGTHS = ("official", "check", "weak", "unknown")


def parse(kind: Kind, value: str, *, english: bool) -> object:
    """Read a value. english: whether the writing rules about English words hold for a text.

    Raises ValueError with a reason in plain words.
    """
    value = value.strip()
    match kind:
        case "clock":
            return _clock(value)
        case "weekdays":
            return _weekdays(value)
        case "days":
            return tuple(sorted(_day(part) for part in _parts(value)))
        case "day":
            return _day(value)
        case "optional_day":
            return _day(value) if value else None
        case "words" | "optional_words":
            return _words(value, may_be_empty=kind == "optional_words")
        case "text" | "optional_text":
            return _text(value, english=english, may_be_empty=kind == "optional_text")
        case "phone":
            return _phone(value)
        case "strength":
            return _one_of(value, _STRENGTHS)
        case "template_state":
            return _one_of(value, _TEMPLATE_STATES)
        case "quality":
            return _one_of(value, _QUALITIES)
        case "limit":
            return _limit(value)
        case "yes_no":
            return _one_of(value, ("yes", "no")) == "yes"
        case _:
            assert_never(kind)


def _parts(value: str) -> list[str]:
    return [part for part in re.split(r"[\s,]+", value) if part]


def _clock(value: str) -> time:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value, re.ASCII):
        raise ValueError(f'{value!r} is no time; write it like "09:00"')
    return time.fromisoformat(value)


def _weekdays(value: str) -> tuple[int, ...]:
    parts = _parts(value)
    if not parts or any(part not in "1234567" or len(part) > 1 for part in parts):
        raise ValueError(f'{value!r} names no weekdays; write "1 2 3 4 5", 1 is Monday')
    return tuple(sorted({int(part) for part in parts}))


def _day(value: str) -> date:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        raise ValueError(f'{value!r} is no day; write it like "2026-12-31"')
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"there is no day {value}") from None


def _words(value: str, *, may_be_empty: bool) -> str:
    if not value and not may_be_empty:
        raise ValueError("this may not be empty")
    if not value.isprintable() or re.search("[{}]", value):
        raise ValueError("one line, without {braces} and invisible characters")
    return value


def _text(value: str, *, english: bool, may_be_empty: bool) -> str:
    if not value and may_be_empty:
        return value
    if not value or re.search("[{}]", value):
        raise ValueError("a text is not empty and has no {braces}")
    rules = wording.IN_ENGLISH if english else wording.FOR_NEWCOMERS
    reasons = [text for severity, text in wording.faults(value, rules) if severity == "error"]
    if reasons:
        raise ValueError("; ".join(reasons))
    return value


def _phone(value: str) -> str:
    reasons = [text for _, text in wording.phone_fault(value)]
    if reasons:
        raise ValueError(reasons[0])
    return value


def _limit(value: str) -> str:
    if not re.fullmatch(r"\d{1,9}|unlimited|unknown", value, re.ASCII):
        raise ValueError(f"{value!r} is neither a number nor unlimited nor unknown")
    return value


def _one_of(value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise ValueError(f"{value!r} is none of {', '.join(allowed)}")
    return value
