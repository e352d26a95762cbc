"""What CLDR says about dates and countries in each of our languages, as far as we say it.

Babel knows it too, but keeps everything that CLDR says: a megabyte for each language. `izi texts update` takes our
share over from Babel (i18n/from_babel.py); a test holds both together.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILES = Path(__file__).parent / "cldr"


@dataclass(frozen=True, slots=True)
class Words:
    """One language. weekdays from Monday and months from January, as they stand in a date.

    date: "{weekday} {day} {month} {year}" in the language's own order; moment: "{date}, {time}". month_names: for each
    month all ways to write it. countries: by their two letters.
    """

    date: str
    moment: str
    weekdays: Sequence[str]
    months: Sequence[str]
    month_names: Sequence[Sequence[str]]
    countries: Mapping[str, str]


@cache
def words_in(code: str) -> Words:
    """The words of a language of ours, read from disk once. Raises ValueError for an unknown code."""
    try:
        return Words(**json.loads((FILES / f"{code}.json").read_bytes()))
    except FileNotFoundError:
        raise ValueError(f"no calendar words for the language {code!r}") from None
