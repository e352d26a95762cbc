"""Our share of CLDR, taken over from Babel into the files that i18n/cldr.py reads."""

from __future__ import annotations

import json
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import asdict
from pathlib import Path
from typing import Any

import babel
from babel.dates import parse_pattern
from babel.localedata import LocaleDataDict, load

from i18n.cldr import Words

# CLDR's plain "en" is American, month first; everyone else's order is taken from CLDR.
_DATE = {"en": "EEEE d MMMM y"}
# Western digits, month in letters, no leading zeros: no other parts are in the full dates of our languages.
_PARTS = {"EEEE": "{weekday}", "d": "{day}", "MMMM": "{month}", "y": "{year}"}


def update(codes: Iterable[str], directory: Path) -> list[Path]:
    """Write the files that are not as Babel has it; return them. Raises as `taken_over`."""
    changed = []
    for code in codes:
        path = directory / f"{code}.json"
        fresh = json.dumps(asdict(taken_over(code)), ensure_ascii=False, indent=1) + "\n"
        if not path.exists() or path.read_text(encoding="utf-8") != fresh:
            path.write_text(fresh, encoding="utf-8")
            changed.append(path)
    return changed


#: Unions, and what CLDR keeps for tests and for places it does not know: nobody comes from there.
_NO_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})


def taken_over(code: str) -> Words:
    """What Babel knows about a language. Raises babel.UnknownLocaleError, KeyError for a date with other parts."""
    locale = babel.Locale.parse(code)
    pattern = parse_pattern(_DATE.get(code, locale.date_formats["full"].pattern))
    return Words(
        date=str(pattern.format) % _PARTS,
        moment=locale.datetime_formats["medium"].replace("{1}", "{date}").replace("{0}", "{time}"),
        weekdays=[locale.days["format"]["wide"][day] for day in range(7)],
        months=[locale.months["format"]["wide"][month] for month in range(1, 13)],
        month_names=_month_names(code),
        # Codes of two letters are countries but for a few, of three digits parts of the world.
        countries={
            two: name for two, name in sorted(locale.territories.items()) if len(two) == 2 and two not in _NO_COUNTRIES
        },
    )


def _month_names(code: str) -> list[list[str]]:
    # A copy: Babel keeps what an alias leads to where all languages find it, and the next one would have these months.
    own: Any = deepcopy(load(code))
    months = LocaleDataDict(own)["months"]
    kinds = [(context, width) for context in ("format", "stand-alone") for width in ("wide", "abbreviated")]
    return [
        list(dict.fromkeys(months[context][width][number].rstrip(".") for context, width in kinds))
        for number in range(1, 13)
    ]
