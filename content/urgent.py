"""Does a message cry for help? Meant to find too much rather than too little: the emergency card harms nobody.

A phrase is found when its words stand in the message in this order, with at most one other word between two of them.
Everything is compared folded, so scripts and spellings do not matter. Short words must be whole; a word of six letters
or more is also found as the beginning of a longer one (suicide in "suicides", zaključan in zaključana).
A number in a phrase about children stands for every age up to it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from content.tables import UrgentPhrases
from i18n.fold import fold

YOUNGEST = 5  # years; who is younger does not write
_AGE = "#"
LONG = 6  # letters from which a word may have an ending of its own
_ARABIC_PREFIXES = ("wal", "bal", "al", "ll", "w", "f", "b", "l")  # and, with, the, for: written onto the word
_SHORTEST_BEHIND_PREFIX = 3
_VERB_PREFIX = re.compile(r"\b(n?my) ")
_ARABIC = re.compile("[\u0600-\u06ff]")


class UrgentWords:
    """The phrases of all languages, indexed by the beginning of their first word."""

    def __init__(self, phrases: UrgentPhrases) -> None:
        """Take content/urgent/words.yaml."""
        self._child = _index(phrases.child)
        self._by_first = _index(phrases.words)

    def is_urgent(self, message: str) -> bool:
        """Whether the message must bring the emergency card at once."""
        return _is_in(self._by_first, message) or _is_in(self._child, message)

    def is_of_child(self, message: str) -> bool:
        """Whether the words say that a child is alone."""
        return _is_in(self._child, message)


_Index = Mapping[str, Sequence[tuple[str, ...]]]


def _index(phrases: Mapping[str, Sequence[str]]) -> _Index:
    by_first: dict[str, list[tuple[str, ...]]] = {}
    folded = {spelling for spoken in phrases.values() for phrase in spoken for spelling in _spellings(phrase)}
    for phrase in sorted(filter(None, folded)):
        by_first.setdefault(_key(phrase[0]), []).append(phrase)
    return by_first


def _is_in(index: _Index, message: str) -> bool:
    words = fold(message).split()
    readings = [_readings(word) for word in words] if _ARABIC.search(message) else [(word,) for word in words]
    for position, options in enumerate(readings):
        for word in options:
            # Nearly every word of nearly every message ends here.
            if phrases := index.get(_key(word)):
                begun = (phrase for phrase in phrases if _fits(word, phrase[0]))
                if any(_follows(readings, position, phrase[1:]) for phrase in begun):
                    return True
    return False


def _key(word: str) -> str:
    return _AGE if word.isdecimal() else word[:LONG]


def _spellings(phrase: str) -> set[tuple[str, ...]]:
    """Fold a phrase; the Persian prefixes of verbs, mi and nami, are written apart or onto the verb."""
    folded = fold(phrase)
    return {tuple(folded.split()), tuple(_VERB_PREFIX.sub(r"\1", folded).split())}


def _follows(readings: Sequence[tuple[str, ...]], position: int, rest: tuple[str, ...]) -> bool:
    """Whether the rest of a phrase stands behind this word, each word at most one further on than it need be.

    Every way is tried, so that a word said twice ("he he beats me") hides nothing.
    """
    if not rest:
        return True
    ahead = range(position + 1, min(position + 3, len(readings)))
    return any(
        any(_fits(reading, rest[0]) for reading in readings[near]) and _follows(readings, near, rest[1:])
        for near in ahead
    )


def _fits(word: str, wanted: str) -> bool:
    if wanted.isdecimal():
        return word.isdecimal() and YOUNGEST <= int(word[:3]) <= int(wanted)
    return word == wanted or (len(wanted) >= LONG and word.startswith(wanted))


def _readings(word: str) -> tuple[str, ...]:
    """Give a word of Arabic script as it stands and without what Arabic writes onto its front."""
    bare = [
        word[len(prefix) :]
        for prefix in _ARABIC_PREFIXES
        if word.startswith(prefix) and len(word) - len(prefix) >= _SHORTEST_BEHIND_PREFIX
    ]
    return (word, *bare)
