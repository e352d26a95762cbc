"""Checks of a country's tables: numbers, contacts, places, words. The guides are the matter of `content/lint.py`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from content import wording
from content.commands import doubled
from content.fields import Located, SourceId, Strength
from content.load import Pack
from content.occasions import Occasions, unknown_ends
from content.problems import Problem, Severity
from content.schema import EndStep
from content.series import Series
from content.tables import Source
from i18n.fold import fold
from i18n.locales import LOCALES
from i18n.serbian import to_latin

# Script of the offices, and so of clerk cards, local names and addresses. Latvia's is Latin: nothing to check.
LOCAL_SCRIPTS = {"serbia": "CYRILLIC"}
ALWAYS_NAMED = ("police", "ambulance")  # texts in `bot` call these numbers by name

_Fault = tuple[Severity, tuple[str | int, ...], str]


def table_problems(pack: Pack, today: date) -> Iterator[Problem]:
    """Check the emergency card, contacts and places, urgent words, commands and glossary of a country."""
    checks: tuple[tuple[Located, Iterable[_Fault]], ...] = (
        (pack.urgent, _urgent(pack, today)),
        (pack.places, _places(pack, today)),
        (pack.words, _words(pack)),
        (pack.commands, _commands(pack)),
        (pack.glossary, _glossary(pack)),
        (pack.places, _municipalities(pack)),
        (pack.news_topics, _news_topics(pack)),
        *((series, _series(pack, series)) for series in pack.series.values()),
        *((table, _occasions(pack, table, today)) for table in [pack.occasions] if table is not None),
    )
    for table, faults in checks:
        for severity, where, text in faults:
            yield Problem(table.origin.file, table.origin.line(*where), text, severity)


def in_local_script(text: str, country: str) -> bool:
    """Whether every sentence has letters of the script in which offices of the country read."""
    script = LOCAL_SCRIPTS.get(country)
    sentences = filter(wording.words, re.split(r"(?<=[.!?])\s+|\n", text))
    return script is None or all(any(script in unicodedata.name(sign, "") for sign in part) for part in sentences)


def dated(ids: Iterable[str], sources: Mapping[str, Source]) -> bool:
    """Whether one of these sources says when it was written."""
    return any(id_ in sources and sources[id_].date != "undated" for id_ in ids)


def _urgent(pack: Pack, today: date) -> Iterator[_Fault]:
    urgent = pack.urgent
    yield from _review(urgent.review_by, today)
    if urgent.country != pack.country:
        yield "error", ("country",), f"this is the card of {urgent.country}, not of {pack.country}"
    if not in_local_script(urgent.phrase, pack.country):
        yield "error", ("phrase",), "what the operator hears is written in the local script"
    for id_ in ALWAYS_NAMED:
        if all(row.id != id_ for row in urgent.numbers):
            yield "error", ("numbers",), f"there is no number {id_!r}"
    for part, rows in (("numbers", urgent.numbers), ("lines", urgent.lines)):
        for index, row in enumerate(rows):
            where = (part, index)
            yield from _row(row.number, row.sources, row.strength, pack, where, undated="error")
            if not _has_text(pack, "urgent", row.id):
                yield "error", where, f"there is no text bot.urgent.{row.id}"


def _places(pack: Pack, today: date) -> Iterator[_Fault]:
    yield from _review(pack.places.review_by, today)
    if pack.places.country != pack.country:
        yield "error", ("country",), f"these are places of {pack.places.country}, not of {pack.country}"
    for index, contact in enumerate(pack.places.contacts):
        # UNHCR's own pages carry no day; the organisation confirms a contact by a record.
        yield from _row(contact.phone, contact.sources, contact.strength, pack, ("contacts", index), undated="warning")
        if not _has_text(pack, "request", contact.purpose):
            yield "error", ("contacts", index), f"there is no text bot.request.{contact.purpose}"
    for index, place in enumerate(pack.places.places):
        yield from _row(place.phone, place.sources, place.strength, pack, ("places", index), undated="warning")
        if not all(in_local_script(text, pack.country) for text in (place.name, place.address)):
            yield "error", ("places", index), "name and address stay in the local script"


def _municipalities(pack: Pack) -> Iterator[_Fault]:
    """Two that cannot be told apart when they are typed would be one to the person."""
    first: dict[str, str] = {}
    ids: set[str] = set()
    for index, town in enumerate(pack.places.municipalities):
        where = ("municipalities", index)
        if town.id in ids:
            yield "error", where, f"the id {town.id!r} stands twice"
        ids.add(town.id)
        if not in_local_script(town.cyrillic, pack.country) or to_latin(town.cyrillic) != town.latin:
            yield "error", where, f"{town.latin!r} is not {town.cyrillic!r} in Latin letters"
        other = first.setdefault(fold(town.latin), town.id)
        if other != town.id:
            yield "error", where, f"{town.latin!r} is typed like {other!r}"


def _news_topics(pack: Pack) -> Iterator[_Fault]:
    seen: set[str] = set()
    for index, topic in enumerate(pack.news_topics.topics):
        where = ("topics", index)
        if topic.id in seen:
            yield "error", where, f"the id {topic.id!r} stands twice"
        seen.add(topic.id)
        if topic.icon not in pack.icons:
            yield "error", where, f"there is no icon {topic.icon!r}"
        if not _has_text(pack, "news_topic", topic.id):
            yield "error", where, f"there is no text bot.news_topic.{topic.id}"


def _series(pack: Pack, series: Series) -> Iterator[_Fault]:
    for index, part in enumerate(series.parts):
        if not in_local_script(part.local, pack.country):
            yield "error", ("parts", index, "local"), "what is said to others is written in the local script"


def _occasions(pack: Pack, table: Occasions, today: date) -> Iterator[_Fault]:
    yield from _review(table.review_by, today)
    for id_, fact in table.facts.items():
        has_day = fact.source_date not in (None, "undated") and dated(fact.sources, pack.sources)
        if fact.strength == "official" and not has_day:
            yield "error", ("facts", id_, "strength"), "official needs a source with a date"
    endings = {
        id_: {step.id for step in guide.steps if isinstance(step, EndStep)} for id_, guide in pack.guides.items()
    }
    asked = {deadline.anchor for guide in pack.guides.values() for deadline in guide.deadlines}
    for index, one in enumerate(table.occasions):
        if one.repeats and one.anchor in asked:
            yield "error", ("occasions", index, "anchor"), "what repeats counts from a day of its own"
    for index, end in unknown_ends(table, endings):
        yield "error", ("occasions", index, "ends"), f"no guide ends with {end!r}"


def _row(
    number: str | None,
    sources: tuple[SourceId, ...],
    strength: Strength,
    pack: Pack,
    where: tuple[str | int, ...],
    undated: Severity,
) -> Iterator[_Fault]:
    if number is not None:
        yield from ((severity, where, text) for severity, text in wording.phone_fault(number))
    yield from (("error", where, f"there is no source {id_!r}") for id_ in sources if id_ not in pack.sources)
    if strength == "official" and not dated(sources, pack.sources):
        yield undated, where, "official needs a source with a date"


def _review(review_by: date, today: date) -> Iterator[_Fault]:
    if review_by < today:
        yield "warning", ("review_by",), f"the review was due on {review_by}"


def _has_text(pack: Pack, section: str, key: str) -> bool:
    return "bot" in pack.texts and key in pack.texts["bot"].root.get(section, {})


def _words(pack: Pack) -> Iterator[_Fault]:
    for code, phrases in pack.words.words.items():
        if code not in LOCALES:
            yield "error", ("words", code), f"there is no language {code!r}"
        for phrase in phrases:
            if not fold(phrase):
                yield "error", ("words", code), f"{phrase!r} has no letters"


def _commands(pack: Pack) -> Iterator[_Fault]:
    for word, (first, second) in doubled(pack.commands).items():
        yield "error", (second,), f"{word!r} stands for {first} already"


def _glossary(pack: Pack) -> Iterator[_Fault]:
    for id_, term in pack.glossary.root.items():
        if not in_local_script(term.local, pack.country):
            yield "error", (id_, "local"), "the word of offices is written in the local script"
        for code, word in term.__pydantic_extra__.items():
            if code not in LOCALES:
                yield "error", (id_, code), f"there is no language {code!r}"
            if fold(word.stem) not in fold(word.term):
                yield "error", (id_, code), f"the stem {word.stem!r} is no part of {word.term!r}"
