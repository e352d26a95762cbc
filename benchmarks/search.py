"""The search against rapidfuzz's on the same phrases and the same table: what each finds, and what a message costs.

    python -m benchmarks.search

The peer folds every script to the same keys, compares by token_set_ratio with the words and with their consonants,
and takes the better one (the method of the first study, newcomer.md 2.9). Both know the same phrases.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from rapidfuzz import fuzz, process

from content.alike import skeleton, words_of
from content.load import load_country
from content.search import Index
from content.texts import english
from i18n.catalog import Catalog
from tests.content.build import LOCALE, ROOT
from tests.content.test_search import NON_TOPICS, TOPICS, Query

LANGUAGES = ("en", "sr_Latn", "sr_Cyrl", "fa_AF", "ar")


def main() -> None:
    """Print both."""
    pack = load_country(ROOT / "content", "serbia")
    index = Index(pack, Catalog.load(LOCALE, english(pack), LANGUAGES), LANGUAGES)
    phrases = [(phrase.of, " ".join(phrase.words)) for phrase in index._phrases]
    plain = [words for _, words in phrases]
    bones = [" ".join(map(skeleton, words.split())) for words in plain]

    def ours(message: str) -> tuple[str, float]:
        found = index.search(message)
        return (found.hits[0].guide, found.hits[0].score) if found.hits and not found.topic else ("-", 0.0)

    def peer(message: str) -> tuple[str, float]:
        words = words_of(message)
        best = ("-", 0.0)
        for query, choices in ((" ".join(words), plain), (" ".join(map(skeleton, words)), bones)):
            found = process.extractOne(query, choices, scorer=fuzz.token_set_ratio)
            if found is not None and found[1] > best[1]:
                best = (phrases[found[2]][0], found[1])
        return ("-", 0.0) if best[0].startswith("topic:") else best

    for name, search in (("ours", ours), ("rapidfuzz token_set + skeleton", peer)):
        _report(name, search)


def _report(name: str, search: Callable[[str], tuple[str, float]]) -> None:
    began = time.process_time()
    right = [(query, *search(query.message)) for query in TOPICS]
    wrong = [search(query.message)[1] for query in NON_TOPICS]
    cost = (time.process_time() - began) / (len(TOPICS) + len(NON_TOPICS)) * 1e6
    hits = [score for query, guide, score in right if _is_right(query, guide)]
    print(
        f"{name}: top-1 {len(hits)} of {len(TOPICS)}, weakest right {min(hits):.0f}, "
        f"best non-topic {max(wrong):.0f}, {cost:.0f} microseconds of CPU a message"
    )


def _is_right(query: Query, guide: str) -> bool:
    return guide == query.guide


if __name__ == "__main__":
    main()
