"""The writing rules and the duties of content, checked where a program can: what `izi check` tells an author."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from content import wording
from content.country import dated, in_local_script, table_problems
from content.load import Pack
from content.private import never_asked, question_faults
from content.problems import Problem, Severity
from content.schema import AskStep, BranchStep, CallStep, Guide, Shown
from content.tables import Source
from content.texts import Entry, entries, files
from content.translations import Translation
from content.vocabulary import abbreviation_faults, term_faults
from flows.limits import LABEL, LINES, WORDS
from i18n.locales import LOCALES

STAFF_DOMAINS = frozenset({"desk"})  # domains that newcomers never see: free of the rules for them
NO_BUTTONS = ("bot.telegram.",)  # Telegram shows these itself, and has longer limits for them

Fault = tuple[Severity, str]


def lint(pack: Pack, translations: Sequence[Translation], today: date) -> list[Problem]:
    """Check all texts of a pack and their translations; what is broken already (`pack.broken`) is not told again."""
    files_of = files(pack)
    problems: list[Problem] = []
    for domain, texts in entries(pack).items():
        for entry in texts:
            problems += (Problem(files_of[domain], entry.line, text, severity) for severity, text in _text(entry, pack))
    for guide in pack.guides.values():
        problems += _guide(guide, pack, today)
    problems += _translated(pack, translations)
    problems += table_problems(pack, today)
    return sorted(set(problems))


def _text(entry: Entry, pack: Pack) -> Iterator[Fault]:
    for_staff = _domain(entry.key) in STAFF_DOMAINS
    for text in filter(None, (entry.text, entry.plural)):
        yield from wording.faults(text, wording.FOR_STAFF if for_staff else wording.IN_ENGLISH)
        if entry.max is not None:
            yield from wording.label_fault(text, entry.max)
    if for_staff:
        return
    yield from abbreviation_faults(entry, pack.glossary)
    if (entry.max or 0) > LABEL and not entry.key.startswith(NO_BUTTONS):
        yield "error", f"max {entry.max}: no button has more than {LABEL}"
    if entry.text.endswith("?"):
        yield from (("error", f"never ask for {what} (privacy B5)") for what in never_asked(entry.text))


def _domain(key: str) -> str:
    return key.partition(".")[0]


def _guide(guide: Guide, pack: Pack, today: date) -> Iterator[Problem]:
    def problem(text: str, *where: str | int, severity: Severity = "error") -> Problem:
        return Problem(guide.origin.file, guide.origin.line(*where), text, severity)

    for code in guide.keywords:
        if code not in LOCALES:
            yield problem(f"there is no language {code!r}", "keywords", code)
    for index, step in enumerate(guide.steps):
        if isinstance(step, AskStep):
            yield from (problem(text, *where) for where, text in question_faults(step, ("steps", index)))
        if not isinstance(step, BranchStep | CallStep):
            for severity, text in message_faults(_message(step), step.warning or ""):
                yield problem(text, "steps", index, severity=severity)
    for where, text in _local_texts(guide):
        if not in_local_script(text, pack.country):
            yield problem("this is read at a counter: write it in the local script", *where)
    for severity, where, text in _facts(guide, pack.sources, today):
        yield problem(text, *where, severity=severity)


def _message(step: Shown) -> str:
    return f"{step.title}\n{step.text}" if step.text else step.title


def message_faults(message: str, warning: str) -> Iterator[Fault]:
    """Check a step's title and text as one message: its length and its questions, with the warning below it."""
    if wording.words(message) > WORDS:
        yield "error", f"a message of {wording.words(message)} words, at most {WORDS}"
    if message.count("\n") + 1 > LINES:
        yield "error", f"a message of {message.count(chr(10)) + 1} lines, at most {LINES}"
    questions = len(wording.QUESTION_MARKS.findall(message))
    if questions > 1:
        yield "error", "more than one question in a message"
    elif questions and wording.QUESTION_MARKS.search(warning):
        yield "warning", "a question in the message and one in its warning"
    if len(set(wording.links(message))) > 1:
        yield "error", "more than one link in a message"


def _local_texts(guide: Guide) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for id_, card in guide.clerk_cards.items():
        yield ("clerk_cards", id_, "local"), card.local
    for index, paper in enumerate(guide.papers):
        if paper.local:
            yield ("papers", index, "local"), paper.local


def _facts(
    guide: Guide, sources: Mapping[str, Source], today: date
) -> Iterator[tuple[Severity, tuple[str | int, ...], str]]:
    if guide.review_by < today:
        yield "warning", ("review_by",), f"the review was due on {guide.review_by}"
    for id_, fact in guide.facts.items():
        where = ("facts", id_)
        if fact.review_by and fact.review_by < today:
            yield "warning", (*where, "review_by"), f"the review of this fact was due on {fact.review_by}"
        has_day = fact.source_date not in (None, "undated") and dated(fact.sources, sources)
        if fact.strength == "official" and not has_day:
            yield "error", (*where, "strength"), "official needs a source with a date"
    for index, deadline in enumerate(guide.deadlines):
        if deadline.fact and not guide.facts[deadline.fact].shown:
            yield "error", ("deadlines", index, "fact"), "nobody is reminded of what is not known"


def _translated(pack: Pack, translations: Sequence[Translation]) -> Iterator[Problem]:
    english = {entry.key: entry for texts in entries(pack).values() for entry in texts}
    for row in translations:
        for severity, text in _translation(english[row.key], row, pack):
            yield Problem(row.file, row.line, f"{row.key}: {text}", severity)
    by_place = {(row.locale, row.key): row for row in translations}
    for guide in pack.guides.values():
        yield from _translated_messages(guide, by_place)


def _translation(entry: Entry, row: Translation, pack: Pack) -> Iterator[Fault]:
    """Check one translation; its label's length is the matter of `i18n.po.problems`, which sees all that are there."""
    for_staff = _domain(row.key) in STAFF_DOMAINS
    for form in row.forms:
        yield from wording.faults(form, wording.FOR_STAFF if for_staff else wording.FOR_NEWCOMERS)
    if not for_staff:
        yield from term_faults(entry, row, pack.glossary)
        if {*wording.links(entry.text)} != {*wording.links(row.forms[0])}:
            yield "error", "the links are not those of the English"


def _translated_messages(guide: Guide, rows: Mapping[tuple[str, str], Translation]) -> Iterator[Problem]:
    for locale in dict.fromkeys(locale for locale, _ in rows):
        for id_ in guide.shown():
            parts = [rows.get((locale, f"{guide.id}.{id_}.{part}")) for part in ("title", "text")]
            said = [row for row in parts if row]
            warning = rows.get((locale, f"{guide.id}.{id_}.warning"))
            message = "\n".join(row.forms[0] for row in said)
            for severity, text in message_faults(message, warning.forms[0] if warning else ""):
                yield Problem(said[0].file, said[0].line, f"{guide.id}.{id_}: {text}", severity)
