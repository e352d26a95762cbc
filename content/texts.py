"""Every text under its message key: what translators get, and what a screen looks up.

A key is the msgctxt of its PO entry; its first part is the domain (ruling 9). Keys of a guide:
`<guide>.guide.title`, `<guide>.intro.gives`, `<guide>.fact-<id>.text`, `<guide>.<step>.title`,
`<guide>.<step>.<choice>` and so on; of a series: `<series>.series.title`, `<series>.<part>.means`; of occasions:
`occasions.<id>.name`, `occasions.fact-<id>.text`; of other texts: `<domain>.<section>.<key>`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from content.fields import Where
from content.load import Pack
from content.occasions import OCCASIONS, Occasions
from content.parts import Paper
from content.schema import AskStep, DoStep, EndStep, Fact, Guide, PersonStep, SayStep, Shown
from content.series import WHOLE, Series
from content.tables import Texts
from flows.limits import label_limit
from i18n.catalog import Source

TITLE_MAX = 21  # a button of home or of a checklist: 24 units less 3 for the icon and a space
FACT_NOTE = "fact, official word kept in brackets"
PAPER_NOTE = "short name of the paper above, on a button to tick"
ASKS_NOTE = "question for a day that lies behind"
WHAT_NOTE = "a date follows: Last day to use the certificate: Sunday 23 May 2027"
TOPIC_NOTE = "is put into: Not known: {topic}. A person can ask for you."


@dataclass(frozen=True, slots=True)
class Entry:
    """One English text. note: for translators. line: in its file. max: UTF-16 units, None = no label."""

    key: str
    text: str
    plural: str | None
    note: str | None
    line: int
    max: int | None


def texts_of(guide: Guide) -> list[Entry]:
    """List the texts of a guide in reading order, each key once."""
    return [
        Entry(f"{guide.id}.{key}", text, None, note, guide.origin.line(*where), most)
        for key, text, where, note, most in (*_head(guide), *_parts(guide), *_steps(guide), *_changes(guide))
    ]


def texts_of_domain(domain: str, texts: Texts) -> list[Entry]:
    """List the texts of a file in content/texts, which is named after its domain."""
    return [
        Entry(f"{domain}.{section}.{key}", row.text, row.plural, row.note, texts.origin.line(section, key), row.max)
        for section, key, row in texts.rows()
    ]


def texts_of_series(series: Series) -> list[Entry]:
    """List the texts of a series: its name, what it is, then of each part what it means and how it sounds."""
    rows: list[_Row] = [
        (f"{WHOLE}.title", series.title, ("title",), "Button and heading: a series", TITLE_MAX),
        (f"{WHOLE}.about", series.about, ("about",), None, None),
    ]
    for index, part in enumerate(series.parts):
        rows.append((f"{part.id}.means", part.means, ("parts", index, "means"), f"meaning of: {part.local}", None))
        if part.says:
            note = f"how this sounds, in your script: {part.local}"
            rows.append((f"{part.id}.says", part.says, ("parts", index, "says"), note, None))
    return [
        Entry(f"{series.id}.{key}", text, None, note, series.origin.line(*where), most)
        for key, text, where, note, most in rows
    ]


def texts_of_occasions(table: Occasions) -> list[Entry]:
    """List the texts of occasions: what is known of their rules, then of each its name and the question for its day."""
    rows: list[_Row] = [_fact(id_, fact) for id_, fact in table.facts.items()]
    for index, one in enumerate(table.occasions):
        where = ("occasions", index)
        rows.append((f"{one.id}.name", one.name, (*where, "name"), "Button and heading: what to remind of", TITLE_MAX))
        rows.append((f"{one.id}.asks", one.asks, (*where, "asks"), "question for a day", None))
    return [
        Entry(f"{OCCASIONS}.{key}", text, None, note, table.origin.line(*where), most)
        for key, text, where, note, most in rows
    ]


def entries(pack: Pack) -> dict[str, list[Entry]]:
    """List all texts of a pack by domain: those of content/texts first, then guides, then series, then occasions."""
    domains = {domain: texts_of_domain(domain, texts) for domain, texts in pack.texts.items()}
    domains |= {id_: texts_of(guide) for id_, guide in pack.guides.items()}
    domains |= {id_: texts_of_series(series) for id_, series in pack.series.items()}
    return domains | ({OCCASIONS: texts_of_occasions(pack.occasions)} if pack.occasions else {})


def files(pack: Pack) -> dict[str, str]:
    """The file of each domain."""
    found = {domain: texts.origin.file for domain, texts in pack.texts.items()}
    found |= {id_: guide.origin.file for id_, guide in pack.guides.items()}
    found |= {id_: series.origin.file for id_, series in pack.series.items()}
    return found | ({OCCASIONS: pack.occasions.origin.file} if pack.occasions else {})


def english(pack: Pack) -> dict[str, Source]:
    """Give every text by its key, as the catalogue wants its sources."""
    return {entry.key: Source(entry.text, entry.plural) for texts in entries(pack).values() for entry in texts}


_Row = tuple[str, str, Where, str | None, int | None]


def _head(guide: Guide) -> Iterator[_Row]:
    yield "guide.title", guide.title, ("title",), "Button and heading: the guide", TITLE_MAX
    yield "intro.gives", guide.intro.gives, ("intro", "gives"), None, None
    yield "intro.for_whom", guide.intro.for_whom, ("intro", "for_whom"), None, None


def _parts(guide: Guide) -> Iterator[_Row]:
    for id_, fact in guide.facts.items():
        yield _fact(id_, fact)
    for index, paper in enumerate(guide.papers):
        yield from _paper(paper, ("papers", index))
    for id_, card in guide.clerk_cards.items():
        note = f"meaning of the Serbian card: {card.local}"
        yield f"card-{id_}.gloss", card.gloss, ("clerk_cards", id_, "gloss"), note, None
    for index, deadline in enumerate(guide.deadlines):
        for part, text, note in (("asks", deadline.asks, ASKS_NOTE), ("what", deadline.what, WHAT_NOTE)):
            if text is not None:
                yield f"deadline-{deadline.id}.{part}", text, ("deadlines", index, part), note, None


def _paper(paper: Paper, where: Where) -> Iterator[_Row]:
    """Without a label of its own, the text stands on the button too."""
    yield f"paper-{paper.id}.text", paper.text, (*where, "text"), None, None if paper.label else TITLE_MAX
    if paper.label:
        yield f"paper-{paper.id}.label", paper.label, (*where, "label"), PAPER_NOTE, TITLE_MAX


def _fact(id_: str, fact: Fact) -> _Row:
    """A fact that is shown has a text to translate; of all others only the topic is ever shown."""
    if fact.shown and fact.text is not None:
        return f"fact-{id_}.text", fact.text, ("facts", id_, "text"), FACT_NOTE, None
    return f"fact-{id_}.topic", fact.topic or "", ("facts", id_, "topic"), TOPIC_NOTE, None


def _steps(guide: Guide) -> Iterator[_Row]:
    for index, step in enumerate(guide.steps):
        if isinstance(step, Shown):
            yield from _step(step, ("steps", index))


def _step(step: Shown, where: Where) -> Iterator[_Row]:
    word, note = _title(step)
    yield f"{step.id}.title", step.title, (*where, word), note, None
    for part, text in (("text", step.text), ("more", step.more), ("warning", step.warning)):
        if text is not None:
            yield f"{step.id}.{part}", text, (*where, part), None, None
    choices = () if isinstance(step, EndStep) else step.choices
    for position, choice in enumerate(choices):
        note = f"button under: {step.title}"
        most = label_limit(len(choices))
        yield f"{step.id}.{choice.id}", choice.label, (*where, "choices", position, "label"), note, most


def _title(step: Shown) -> tuple[str, str]:
    """Give the YAML key of a step's title, and what a translator should know about it."""
    match step:
        case AskStep():
            return "ask", "question"
        case DoStep():
            return "do", "instruction, verb first"
        case SayStep() | PersonStep():
            return "say", "statement"
        case EndStep():
            return "end", "end of the guide"
        case _:
            assert_never(step)


def _changes(guide: Guide) -> Iterator[_Row]:
    for index, change in enumerate(guide.changes):
        yield f"change-{index + 1}.text", change.text, ("changes", index, "text"), None, None
