"""What people asked and nobody understood, counted for editors. Nothing leads from a row to a person.

A name cannot be told from another word by its looks. So a word that is not ours is written down only once several
people have used it; until then there stands a gap. To count people without knowing them, each use leaves a keyed hash
of the word and eight bits of a keyed hash of person and word. The eight bits differ from word to word, so they do not
tie two words to one person, and one in 256 people has the same: that errs towards keeping less.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import bindparam, func, insert, select

from storage.content_tables import Miss, MissWord
from storage.unit_of_work import Unit

PEOPLE = 3  # a family of two that names its child twice tells nobody the name
GAP = "…"

_USED_BY = select(MissWord.person_bits).where(MissWord.word_hash == bindparam("word")).distinct()
_USED = insert(MissWord)
_MISSED = insert(Miss)
_COUNT = func.count().label("count")
_TALLY = (
    select(Miss.topic, Miss.locale, Miss.words, _COUNT, func.max(Miss.day))
    .group_by(Miss.topic, Miss.locale, Miss.words)
    .order_by(_COUNT.desc(), Miss.topic, Miss.locale, Miss.words)
)


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word. ours: it stands in our own content, so it tells nothing about anyone."""

    text: str
    ours: bool


@dataclass(frozen=True, slots=True)
class Missed:
    """What was asked. topic: the subject without a guide, "" = not understood. words: folded, GAP for hidden ones."""

    topic: str
    locale: str
    words: str
    count: int
    last_day: date


def note_miss(unit: Unit, person: int, topic: str, locale: str, words: Sequence[Word]) -> None:
    """Count one message. person: the contact's id, of which nothing is kept but what stands above."""
    shown = [word.text if word.ours or _is_common(unit, person, word.text) else GAP for word in words]
    said = " ".join(word for word, _ in groupby(shown))
    row = {"id": unit.ids(), "topic": topic, "locale": locale, "words": said, "day": unit.now.date()}
    unit.connection.execute(_MISSED, row)


def misses(unit: Unit) -> list[Missed]:
    """What was asked in the kept period, the most frequent first."""
    return [Missed(*row) for row in unit.connection.execute(_TALLY)]


def _is_common(unit: Unit, person: int, word: str) -> bool:
    """Note that somebody used the word; whether enough people have by now."""
    word_hash = unit.secrets.lookup("miss.word", word)
    bits = unit.secrets.lookup("miss.person", f"{person} {word}")[0]
    people = set(unit.connection.execute(_USED_BY, {"word": word_hash}).scalars())
    if bits not in people:
        row = {"id": unit.ids(), "word_hash": word_hash, "person_bits": bits, "day": unit.now.date()}
        unit.connection.execute(_USED, row)
    return len(people | {bits}) >= PEOPLE
