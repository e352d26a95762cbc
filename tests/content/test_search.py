"""The search, on a table of messy messages. The thresholds in content/search.py are calibrated on it."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import pytest

from content.search import MAYBE, SURE, Found, Hit, Index
from content.texts import english
from i18n.catalog import Catalog
from tests.content.build import LOCALE, ROOT, shipped

LANGUAGES = ("en", "sr_Latn", "sr_Cyrl", "fa_AF", "ar")
TABLE = ROOT / "tests" / "content" / "queries.tsv"


@dataclass(frozen=True)
class Query:
    """One row: how it is written, the guide that must come first ("-" = none), the step where it matters."""

    way: str
    guide: str
    step: str
    message: str


def _read() -> list[Query]:
    rows = (line.split("\t") for line in TABLE.read_text("utf-8").splitlines() if not line.startswith("#"))
    return [Query(way, *wanted.partition("/")[::2], message) for way, wanted, message in rows]


QUERIES = _read()
TOPICS = [query for query in QUERIES if query.guide != "-"]
NON_TOPICS = [query for query in QUERIES if query.guide == "-"]


@pytest.fixture(scope="module")
def index() -> Index:
    pack = shipped()
    return Index(pack, Catalog.load(LOCALE, english(pack), LANGUAGES), LANGUAGES)


def first(found: Found) -> Hit:
    return found.hits[0] if found.hits and not found.topic else Hit("", "", 0)


def test_the_table_is_large_and_has_many_languages() -> None:
    assert len(TOPICS) >= 150
    assert len(NON_TOPICS) >= 40
    assert len({query.way.partition(",")[0].partition(" ")[0] for query in TOPICS}) >= 8
    assert len({query.message for query in QUERIES}) == len(QUERIES)


def test_the_right_guide_comes_first_in_95_of_100_and_is_offered(index: Index) -> None:
    missed = [
        query
        for query in TOPICS
        if (hit := first(index.search(query.message))).guide != query.guide or hit.score < MAYBE
    ]
    assert len(missed) <= 0.05 * len(TOPICS), missed


def test_the_right_step_comes_first_where_one_is_meant(index: Index) -> None:
    with_step = [query for query in TOPICS if query.step]
    missed = [query for query in with_step if first(index.search(query.message)).step != query.step]
    assert len(missed) <= 0.05 * len(with_step), missed


def test_no_non_topic_reaches_the_lower_threshold(index: Index) -> None:
    taken = [(query.message, hit) for query in NON_TOPICS for hit in index.search(query.message).hits[:1]]
    assert [row for row in taken if row[1].score >= MAYBE] == []


def test_a_slip_in_the_longest_word_of_a_message_is_mostly_forgiven(index: Index) -> None:
    chance = Random(5)
    slipped = [
        (query, _slip(query.message, chance)) for query in TOPICS if len(max(query.message.split(), key=len)) > 5
    ]
    found = [first(index.search(message)).guide == query.guide for query, message in slipped]
    assert sum(found) >= 0.9 * len(slipped)


def _slip(message: str, chance: Random) -> str:
    """The message with one letter of its longest word missing, doubled, or swapped with the next."""
    word = max(message.split(), key=len)
    at = chance.randrange(1, len(word) - 1)
    slips = (
        word[:at] + word[at + 1 :],
        word[: at + 1] + word[at:],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    )
    return message.replace(word, chance.choice(slips), 1)


def test_a_sure_guide_is_offered_alone_with_the_step_that_is_meant(index: Index) -> None:
    (step, whole) = index.search("govahiname ranendegi cheghadr mishe").shown
    assert (step.guide, step.step, whole.guide, whole.step) == ("driving-licence", "slip", "driving-licence", "")
    assert whole.score >= SURE


def test_where_two_guides_fit_both_are_offered(index: Index) -> None:
    shown = index.search("medical certificate for driving licence").shown
    assert {hit.guide for hit in shown} == {"medical", "driving-licence"}
    assert len(shown) <= 3


@pytest.mark.parametrize(
    ("message", "topic"),
    [
        ("where can I get food today", "food"),
        ("مأوى", "shelter"),
        ("لباس گرم", "clothes"),
        ("деньги", "money"),
        ("permis de séjour", "papers"),
        ("business licence", "work"),
    ],
)
def test_a_subject_without_a_guide_is_known_as_such(index: Index, message: str, topic: str) -> None:
    found = index.search(message)
    assert (found.topic, found.shown) == (topic, ())


@pytest.mark.parametrize(
    "message", ["", "   ", "?", "12345", "🙂", "i need the", "x " * 500, "я" * 4000, "a-b_c\u200f"]
)
def test_what_has_no_words_of_ours_finds_nothing(index: Index, message: str) -> None:
    assert index.search(message) == Found()


def test_every_subject_without_a_guide_has_a_name_and_every_listed_step_exists() -> None:
    pack = shipped()
    assert set(pack.topics.no_guide) == set(pack.texts["bot"].root["topics"])
    for id, entry in pack.search.root.items():
        assert {*entry.steps, *entry.aspects.values()} <= set(pack.guides[id].shown())
        assert set(entry.aspects) <= set(pack.search_common.aspects)
