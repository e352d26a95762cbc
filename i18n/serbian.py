"""Serbian Latin from Serbian Cyrillic. The other way is not safe (Latin nj may be нј or њ), so nobody goes it."""

from __future__ import annotations

import re

import cyrtranslit  # type: ignore[import-untyped]

CYRILLIC = "sr_Cyrl"
LATIN = "sr_Latn"

# What must stay letter for letter: placeholders, addresses of pages (there are Cyrillic domains, .срб), e-mail.
_UNTOUCHED = re.compile(r"(\{[^{}]*\}|https?://\S+|\S+@\S+|\b[\w.-]+\.срб\b\S*)")
_CAPITAL = "А-ЯЂЈЉЊЋЏ"
_CAPITAL_PAIR = re.compile(rf"(?<=[{_CAPITAL}])[ЉЊЏ]|[ЉЊЏ](?=[{_CAPITAL}])")
_IN_CAPITALS = {"Љ": "LJ", "Њ": "NJ", "Џ": "DŽ"}


def to_latin(text: str) -> str:
    """The text in Serbian Latin. Latin words, placeholders, web and e-mail addresses come out unchanged."""
    pieces = _UNTOUCHED.split(text)
    pieces[::2] = [_letters(piece) for piece in pieces[::2]]
    return "".join(pieces)


def _letters(text: str) -> str:
    # cyrtranslit writes "ЊЕГОШ" as "NjEGOŠ": in a word of capitals both letters of a pair are capitals.
    capitals = _CAPITAL_PAIR.sub(lambda pair: _IN_CAPITALS[pair[0]], text)
    return str(cyrtranslit.to_latin(capitals, "sr"))
