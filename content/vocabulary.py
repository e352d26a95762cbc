"""One term for each thing in every language, and no abbreviation that nobody explained."""

from __future__ import annotations

import re
from collections.abc import Iterator

from content.problems import Severity
from content.tables import Glossary, Term, Wording
from content.texts import Entry
from content.translations import Translation
from i18n import serbian
from i18n.fold import fold

# Everybody knows these, or they are names.
KNOWN_ABBREVIATIONS = frozenset({"OK", "ID", "IZI", "SOS", "PDF", "COVID", "UNHCR", "MB", "QR"})
_PLACEHOLDER = re.compile(r"\{\w+\}")
_ABBREVIATION = re.compile(r"\b[A-Z]{2,}\b")


def abbreviation_faults(entry: Entry, glossary: Glossary) -> Iterator[tuple[Severity, str]]:
    """Find abbreviations that are neither known, nor a term of the glossary, nor explained by or in brackets."""
    terms = " ".join(term.en for term in glossary.root.values())
    known = KNOWN_ABBREVIATIONS | set(_ABBREVIATION.findall(terms))
    for short in dict.fromkeys(_ABBREVIATION.findall(entry.text)):
        explained = re.search(rf"\({short}\)|\b{short}\b[^.]*\([^)]+\)", entry.text)
        if short not in known and not explained:
            yield "error", f"{short}: write it out, or explain it once in brackets"


def term_faults(entry: Entry, row: Translation, glossary: Glossary) -> Iterator[tuple[Severity, str]]:
    """Find terms of the English that a translation does not say with its language's term."""
    english = _PLACEHOLDER.sub("", entry.text)
    for term in glossary.root.values():
        word = _wording(term, row.locale)
        if word is None or not re.search(rf"\b{re.escape(term.en)}(?:s|'s)?\b", english, re.IGNORECASE):
            continue
        if not all(fold(word.stem) in fold(form) for form in row.forms):
            yield "error", f"{term.en!r} is {word.term!r} here (its forms have {word.stem!r} in them)"


def _wording(term: Term, locale: str) -> Wording | None:
    """Serbian Latin has its words from Cyrillic unless it has its own."""
    words = term.__pydantic_extra__
    if locale == serbian.LATIN and locale not in words and serbian.CYRILLIC in words:
        cyrillic = words[serbian.CYRILLIC]
        return Wording(term=serbian.to_latin(cyrillic.term), stem=serbian.to_latin(cyrillic.stem))
    return words.get(locale)
