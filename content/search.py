"""Which guide, or step of one, a message is about: free text in any language, script and spelling.

A phrase of the index is found as far as its words are in the message. What else the message says counts too: other
words of the same guide speak for it, words of a subject without a guide against it. Thresholds are calibrated on
tests/content/queries.tsv, and a test holds them there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from typing import TypeAlias

from content.alike import Likeness, words_of
from content.load import Pack
from content.schema import DoStep, Guide
from content.search_tables import Words
from i18n.catalog import Catalog
from i18n.fold import fold

#: From here on a guide is shown as "Is it this?". The weakest right answer of the table has 69, non-topics at most 55.
SURE = 85
#: From here on up to three are shown; below it a message counts as not understood.
MAYBE = 65

_OFFERED = 3
_FAIR = 5  # a second guide so close to the first one makes the answer a choice
_PHRASE = 0.7  # what a phrase is worth by itself; the rest depends on the other words of the message
_STRANGE = 0.3  # weight of a word that we do not know, against 1 for a word of the guide
_FOREIGN = 1.5  # and of a word that belongs to a subject without a guide
_PARTLY = 1.5  # exponent: half of a phrase is worth less than half
_BEHIND = 0.97  # a guide stands behind its step
_LONGER = 0.1  # what each further word of a phrase adds when two are compared
_JOINED = 7  # letters from which two words are also looked for written as one

_TOPIC = "topic:"  # keeps the names of topics apart from those of guides

# (guide or topic, step or "") -> score of its best phrase, and how many words that has.
_Scores: TypeAlias = "dict[tuple[str, str], tuple[float, int]]"
_NOTHING = (0.0, 0)


@dataclass(frozen=True, slots=True)
class Hit:
    """A guide that was found, or a step of it ("" = the whole guide). score: 0..100."""

    guide: str
    step: str
    score: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a message may be about. hits: best first. topic: the subject without a guide that fits better, or ""."""

    hits: tuple[Hit, ...] = ()
    topic: str = ""

    @property
    def shown(self) -> tuple[Hit, ...]:
        """What to offer: one guide when it is sure, else up to three; before it its step, if that is meant."""
        likely = [hit for hit in self.hits if hit.score >= MAYBE]
        if not likely or self.topic:
            return ()
        best = likely[0]
        guides = [hit for hit in likely if not hit.step]
        rivals = [hit for hit in guides if hit.guide != best.guide and hit.score > best.score - _FAIR]
        if best.score >= SURE and not rivals:
            guides = [hit for hit in guides if hit.guide == best.guide]
        return tuple(([best] if best.step else []) + guides)[:_OFFERED]


@dataclass(frozen=True, slots=True)
class _Phrase:
    """Words that mean something. of: guide or topic; step: "" = the whole."""

    of: str
    step: str
    words: tuple[str, ...]


class Index:
    """Everything that can be found, laid out for look-up. Build it once; searching takes well under a millisecond."""

    def __init__(self, pack: Pack, catalog: Catalog, languages: Sequence[str]) -> None:
        """Take the words of the files, and titles in the languages that people can pick."""
        self._small = frozenset(_all_words(pack.search_common.small_words))
        self._guides = tuple(pack.guides)
        self._steps = {id: entry.aspects for id, entry in pack.search.root.items()}
        phrases = [*_guide_phrases(pack, catalog, languages), *_topic_phrases(pack)]
        self._phrases = tuple(self._without_small(phrase) for phrase in phrases)
        self._aspects = {
            name: [words for words in map(self._content, _phrases(spoken)) if words]
            for name, spoken in pack.search_common.aspects.items()
        }
        self._neutral = frozenset(chain(*chain(*self._aspects.values())))
        self._by_word: dict[str, list[int]] = {}
        self._said_of: dict[str, set[str]] = {}
        for number, phrase in enumerate(self._phrases):
            for word in phrase.words:
                self._by_word.setdefault(word, []).append(number)
                self._said_of.setdefault(word, set()).add(phrase.of)
        self._alike = Likeness(chain(self._by_word, self._neutral))

    def knows(self, word: str) -> bool:
        """Whether a folded word is one of ours: it tells nothing about who wrote it."""
        return word in self._alike or word in self._small

    def search(self, message: str) -> Found:
        """Find what the message is about; `Found()` when nothing in it is known."""
        typed = self._joined([word for word in dict.fromkeys(words_of(message)) if word not in self._small])
        meant = {word: self._alike.meant_by(word) for word in typed}
        scores = self._scores(meant)
        topics = {of: score for (of, _), (score, _) in scores.items() if of not in self._guides}
        topic = max(topics, key=lambda of: topics[of], default="")
        against = topics.get(topic, 0.0)
        hits = self._hits({key: value for key, value in scores.items() if key[0] in self._guides}, meant)
        best = max((hit.score for hit in hits), default=0)
        if against <= best:
            return Found(tuple(hits))
        # What a subject without a guide explains better is less likely to mean the guide.
        dimmed = tuple(replace(hit, score=int(hit.score * (hit.score / against) ** 2)) for hit in hits)
        return Found(dimmed, topic.removeprefix(_TOPIC) if against >= MAYBE else "")

    def _scores(self, meant: Mapping[str, Mapping[str, float]]) -> _Scores:
        """What each guide, step and topic scores by its best phrase."""
        sure: dict[str, float] = {}
        for words in meant.values():
            for word, certainty in words.items():
                sure[word] = max(certainty, sure.get(word, 0.0))
        fits: dict[str, float] = {}
        best: _Scores = {}
        for number in {number for word in sure for number in self._by_word.get(word, ())}:
            phrase = self._phrases[number]
            part = sum(sure.get(word, 0.0) for word in phrase.words) / len(phrase.words)
            if phrase.of not in fits:
                fits[phrase.of] = self._fit(phrase.of, meant)
            score = 100 * part**_PARTLY * (_PHRASE + (1 - _PHRASE) * fits[phrase.of])
            key = (phrase.of, phrase.step)
            best[key] = max((score, len(phrase.words)), best.get(key, _NOTHING))
        return best

    def _fit(self, of: str, meant: Mapping[str, Mapping[str, float]]) -> float:
        """How much of the message is about this guide or topic, 0..1."""
        ours, others = 0.0, 0.0
        for words in meant.values():
            about = set().union(*(self._said_of.get(word, set()) for word in words))
            if of in about:
                ours += 1
            elif not words:
                others += _STRANGE
            elif not any(word in self._neutral for word in words):
                others += _FOREIGN
        return ours / (ours + others) if ours else 0.0

    def _hits(self, scores: _Scores, meant: Mapping[str, Mapping[str, float]]) -> list[Hit]:
        """Steps and guides, best first; a step is never without its guide."""
        best = dict(scores)
        for (guide, step), (score, length) in scores.items():
            if step:
                best[guide, ""] = max(best.get((guide, ""), _NOTHING), (score * _BEHIND, length))
        asked = self._asked(meant)
        for guide in self._guides:
            steps = {self._steps[guide][name] for name in asked if name in self._steps.get(guide, {})}
            for step in steps if (guide, "") in best else ():
                best[guide, step] = max(best.get((guide, step), _NOTHING), best[guide, ""])
        order = sorted(best, key=lambda key: (-_rank(*best[key]), self._guides.index(key[0]), not key[1]))
        return [Hit(guide, step, round(best[guide, step][0])) for guide, step in order]

    def _asked(self, meant: Mapping[str, Mapping[str, float]]) -> list[str]:
        """The aspects (cost, papers ...) that the message asks about."""
        known = {word for words in meant.values() for word in words}
        return [name for name, ways in self._aspects.items() if any(known.issuperset(way) for way in ways)]

    def _joined(self, words: Sequence[str]) -> list[str]:
        """Two words that mean something only together are read as one (korona virus, govahi name)."""
        pairs = {first + second: {first, second} for first, second in pairwise(words)}
        found = [pair for pair, parts in pairs.items() if pair in self._alike and not all(map(self.knows, parts))]
        used = set().union(*(pairs[pair] for pair in found))
        return [word for word in words if word not in used] + found

    def _content(self, words: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(word for word in words if word not in self._small)

    def _without_small(self, phrase: _Phrase) -> _Phrase:
        """A phrase without small words; one that has no others keeps them."""
        return replace(phrase, words=self._content(phrase.words) or phrase.words)


def _rank(score: float, length: int) -> float:
    """Of two that fit about equally well, the longer phrase says more: an eye exam for drivers is not only driving."""
    return round(score) * (1 + _LONGER * (length - 1))


def _all_words(spoken: Words) -> Iterator[str]:
    return chain.from_iterable(_phrases(spoken))


def _phrases(spoken: Words) -> Iterator[tuple[str, ...]]:
    """The phrases of all languages, each as its folded words. One word in two languages is the same phrase."""
    texts = chain.from_iterable(spoken.values())
    return (words for text in texts for words in _spellings(text))


def _spellings(text: str) -> set[tuple[str, ...]]:
    words = tuple(dict.fromkeys(words_of(text)))
    one = "".join(words)
    return {words, (one,)} if len(words) == 2 and len(one) >= _JOINED else {words} if words else set()


def _topic_phrases(pack: Pack) -> Iterator[_Phrase]:
    for topic, spoken in pack.topics.no_guide.items():
        yield from (_Phrase(f"{_TOPIC}{topic}", "", words) for words in _phrases(spoken))


def _guide_phrases(pack: Pack, catalog: Catalog, languages: Sequence[str]) -> Iterator[_Phrase]:
    for id, guide in pack.guides.items():
        for words in chain(*map(_spellings, _names(pack, guide, catalog, languages)), *_listed(pack, id)):
            yield _Phrase(id, "", words)
        yield from _step_phrases(pack, guide, catalog, languages)


def _names(pack: Pack, guide: Guide, catalog: Catalog, languages: Sequence[str]) -> Iterator[str]:
    """Titles and keywords, and of each term of the glossary that is among them its words in all languages."""
    yield from (catalog.text(code, f"{guide.id}.guide.title").string for code in languages)
    yield from chain.from_iterable(guide.keywords.values())
    english = {fold(text) for text in (guide.title, *guide.keywords.get("en", ()))}
    for term in pack.glossary.root.values():
        if fold(term.en) in english:
            yield from (term.local, *(wording.term for wording in term.__pydantic_extra__.values()))


def _listed(pack: Pack, guide: str) -> Iterable[Iterator[tuple[str, ...]]]:
    entry = pack.search.root.get(guide)
    return [_phrases(entry.words)] if entry else []


def _step_phrases(pack: Pack, guide: Guide, catalog: Catalog, languages: Sequence[str]) -> Iterator[_Phrase]:
    """Words listed for steps, titles of things to do (a question says too little), and the places on steps."""
    shown = guide.shown()
    entry = pack.search.root.get(guide.id)
    for step, spoken in entry.steps.items() if entry else ():
        yield from (_Phrase(guide.id, step, words) for words in _phrases(spoken) if step in shown)
    named = {row.id: row.name for row in pack.places.contacts} | {row.id: row.name for row in pack.places.places}
    for id, step_shown in shown.items():
        texts = [named[place] for place in step_shown.places]
        if isinstance(step_shown, DoStep):
            texts += [catalog.text(code, f"{guide.id}.{id}.title").string for code in languages]
        yield from (_Phrase(guide.id, id, words) for text in texts for words in _spellings(text) if len(words) > 1)
