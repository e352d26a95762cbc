"""Words as people type them: cut to keys, and which known words a mistyped one may be.

Nothing is compared with everything: each known word is laid into tables under what it shares with its misspellings (how
it sounds, its consonants, its beginning, its end). So a look-up costs microseconds however many words there are, and
needs no library for distances.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import takewhile

from i18n.fold import arabizi, fold

LONGEST = 40  # words of a message that are looked at
# "the", with "and", "so", "with", "like" before it, or as "for the": all written onto the word.
_ARABIC_ARTICLE = re.compile("(?<![\u0600-\u06ff])[وفبك]?(?:ال|لل)(?=[\u0600-\u06ff]{3})")
_DOUBLED = re.compile(r"(.)\1+")
_SOFT_C = re.compile(r"c(?=[eiy])")
_UNWRITTEN = re.compile("[aeiouywh]")

# How sure it is that one word is meant by the other. Calibrated on tests/content/queries.tsv.
SAME, SOUNDS_SAME, ENDING, SLIP, LONG_SKELETON, SHORT_SKELETON, SLIP_IN_SKELETON = 1.0, 0.97, 0.92, 0.9, 0.88, 0.8, 0.78
_STEM = 4  # letters by which beginnings are looked up
SHORTEST_WITH_SLIP = 5
_SHORTEST_SKELETON = 3
_LONG_SKELETON = 4
_SKELETON_WITH_SLIP = 5


def words_of(text: str) -> list[str]:
    """The folded words of a text: no Arabic article, Arabizi digits as letters, no bare numbers or single letters."""
    without_article = _ARABIC_ARTICLE.sub("", text)
    words = (re.sub("[0-9]", "", word) for word in fold(arabizi(without_article)).split())
    return [word for word in words if len(word) > 1][:LONGEST]


def sound(word: str) -> str:
    """How a folded word sounds, roughly: no doubled letters, c as s or k, ph as f, w as v."""
    single = _DOUBLED.sub(r"\1", word)
    hard = _SOFT_C.sub("s", single).replace("c", "k").replace("ph", "f").replace("w", "v")
    return _DOUBLED.sub(r"\1", hard)


def skeleton(word: str) -> str:
    """The consonants of a folded word, without the half vowels that scripts write or leave out (y, w, h)."""
    hard = _SOFT_C.sub("s", _DOUBLED.sub(r"\1", word)).replace("c", "k").replace("ph", "f")
    return _DOUBLED.sub(r"\1", _UNWRITTEN.sub("", hard))


class Likeness:
    """Known words, laid out for look-up. Built once, then read only."""

    def __init__(self, words: Iterable[str]) -> None:
        """Take folded words."""
        self._words = frozenset(words)
        self._by_sound = _table((sound(word), word) for word in self._words)
        self._by_stem = _table((word[:_STEM], word) for word in self._words if len(word) >= _STEM)
        self._by_skeleton = _table((skeleton(word), word) for word in self._words)
        self._slips = _Slips(word for word in self._words if len(word) >= SHORTEST_WITH_SLIP)
        self._skeleton_slips = _Slips(bones for bones in self._by_skeleton if len(bones) >= _SKELETON_WITH_SLIP)

    def __contains__(self, word: object) -> bool:
        """Whether the very word is known."""
        return word in self._words

    def meant_by(self, typed: str) -> Mapping[str, float]:
        """Known words that a folded word may mean -> how sure (0..1).

        A known word means itself and its other forms. Of one that is not known only the surest reading counts.
        """
        found = dict(self._forms(typed))
        if typed in self._words:
            return {**found, typed: SAME}
        for word, sure in self._mistyped(typed):
            found[word] = max(sure, found.get(word, 0.0))
        best = max(found.values(), default=0.0)
        return {word: sure for word, sure in found.items() if sure == best}

    def _forms(self, typed: str) -> Iterator[tuple[str, float]]:
        for word in self._by_stem.get(typed[:_STEM], ()):
            if _one_stem(typed, word):
                yield word, ENDING
        for word in self._by_sound.get(sound(typed), ()):
            if min(len(word), len(typed)) >= _STEM:  # kar is work in Persian, and no car
                yield word, SOUNDS_SAME

    def _mistyped(self, typed: str) -> Iterator[tuple[str, float]]:
        heard, bones = sound(typed), skeleton(typed)
        yield from ((word, SLIP) for word in self._slips.of(typed))
        yield from self._by_bones(typed, heard, bones)

    def _by_bones(self, typed: str, heard: str, bones: str) -> Iterator[tuple[str, float]]:
        for word in self._by_skeleton.get(bones, ()) if len(bones) >= _SHORTEST_SKELETON else ():
            if sound(word)[0] == heard[0] and abs(len(word) - len(typed)) <= len(bones):
                yield word, LONG_SKELETON if len(bones) >= _LONG_SKELETON else SHORT_SKELETON
        for known in self._skeleton_slips.of(bones) if len(bones) >= _SKELETON_WITH_SLIP else ():
            for word in self._by_skeleton[known]:
                if sound(word)[0] == heard[0]:
                    yield word, SLIP_IN_SKELETON


class _Slips:
    """Words, found again with one slip in them.

    A slip changes one letter or two neighbours, so either what stands before it or what stands behind it is whole:
    each word is kept under its beginning and its end, which together leave out one letter. (Kept under itself without
    each of its letters it would be found as well, in four times the memory.)
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._by_part = _table((part, word) for word in words for part in _parts(word, len(word)))

    def of(self, typed: str) -> Iterator[str]:
        """The words that are at most one slip away; some twice."""
        for length in range(len(typed) - 1, len(typed) + 2):
            for part in _parts(typed, length):
                yield from (word for word in self._by_part.get(part, ()) if one_slip(typed, word))


def _parts(word: str, length: int) -> tuple[str, str]:
    """Beginning and end of a word as one of that length has them; marked, as a beginning is no end."""
    middle = (length - 1) // 2
    return f"{length}{word[:middle]}-", f"{length}-{word[middle + 1 - length :]}"


def _table(rows: Iterable[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {}
    for key, word in rows:
        table.setdefault(key, []).append(word)
    return {key: tuple(dict.fromkeys(words)) for key, words in table.items()}


def _shared(one: str, other: str) -> int:
    """How many letters two words begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _one_stem(typed: str, known: str) -> bool:
    """Two forms of one word: an ending more, an ending less, or another ending."""
    shared = _shared(typed, known)
    more, less = len(typed) - shared, len(known) - shared
    if not less:
        return more <= 2 if shared == _STEM else more <= _STEM
    if not more:
        return shared > _STEM and less <= 2
    return shared > _STEM and max(more, less) <= 3 and shared >= 0.6 * max(len(typed), len(known))


def one_slip(typed: str, known: str) -> bool:
    """One letter wrong, missing or too many, or two neighbours swapped."""
    same = _shared(typed, known)
    left, right = typed[same:], known[same:]
    swapped = left[:2] == right[1::-1] and left[2:] == right[2:]
    return swapped or left[1:] == right[1:] or left[1:] == right or left == right[1:]
