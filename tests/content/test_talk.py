"""Small talk, and what of a message may be kept."""

from __future__ import annotations

import pytest

from content.misses import MOST, plain_words
from content.talk import SmallTalk
from tests.content.build import shipped


@pytest.fixture(scope="module")
def talk() -> SmallTalk:
    return SmallTalk(shipped().topics)


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("thanks!", "thanks"),
        ("ok thank you", "thanks"),
        ("شكراً جزيلاً", "thanks"),
        ("شكرا كتير 🙏", "thanks"),
        ("بسیار تشکر", "thanks"),
        ("Хвала", "thanks"),
        ("hvala puno", "thanks"),
        ("tashakor", "thanks"),
        ("Hello", "hello"),
        ("سلام", "hello"),
        ("dobar dan", "hello"),
        ("ok", "fine"),
        ("باشه", "fine"),
        ("?", "puzzled"),
        ("؟؟", "puzzled"),
        ("🙏🙏", "wordless"),
        ("thanks where is the doctor", None),
        ("covid", None),
    ],
)
def test_a_message_is_small_talk_when_nothing_else_is_in_it(talk: SmallTalk, message: str, kind: str | None) -> None:
    assert talk.kind(message) == kind


@pytest.mark.parametrize("message", ["you are an idiot", "IDIOTE", "احمق", "дурак!"])
def test_an_insult_is_known_as_one(talk: SmallTalk, message: str) -> None:
    assert talk.insults(message)


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("my number is +381 60 123 45 67 call", ("my", "number", "is", "call")),
        ("write to someone@example.org or @someone", ("write", "to", "or")),
        ("see https://example.org/me and t.me/me now", ("see", "and", "now")),
        ("passport AB123456 lost", ("pasport", "lost")),
        ("born 12.03.1990 there", ("born", "there")),
        ("رقمي ٠٦٠١٢٣٤٥٦٧ هنا", ("rkmy", "hna")),
    ],
)
def test_addresses_links_and_numbers_are_not_among_the_words_that_are_kept(
    message: str, words: tuple[str, ...]
) -> None:
    kept = plain_words(message)
    assert not any(sign.isdigit() for word in kept for sign in word)
    assert set(kept) <= {*words, "passport"}


def test_of_a_long_story_only_the_beginning_is_kept() -> None:
    assert len(plain_words("word " * 100)) <= MOST
