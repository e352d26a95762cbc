"""A notice as a translator's file, out and in. The contexts name the notice, so no file lands in another one. Pure."""

from __future__ import annotations

from unicodedata import category

from babel.messages.catalog import Message
from babel.messages.pofile import PoFileError

from i18n.locales import LOCALES
from i18n.pofile import PoFile, parsed, written
from i18n.text import balanced
from storage.notices import TextRow

TITLE, BODY = "title", "body"
NOTES = {
    TITLE: "Heading of a message to many people; max 60",
    BODY: "The message. Its beginning is seen on locked screens: it should tell nobody what the person needs.",
}


class NotThisNotice(Exception):
    """The file cannot be taken over. The message is a short code: no_file, other_notice, other_source, empty, marks."""


def written_po(number: int, locale: str, source: TextRow, known: TextRow | None) -> bytes:
    """The file of one language, as bytes in UTF-8; with what is written in it already, where that is not outdated."""
    po = PoFile(locale)
    fresh = known if known is not None and known.version >= source.version else None
    for part, words in _parts(source):
        said = getattr(fresh, part) if fresh is not None else ""
        note = f"From {LOCALES[source.locale].name}. {NOTES[part]}"
        po.add(words, said, context=_context(number, part), auto_comments=[note])
    return written(po)


def read_po(number: int, raw: bytes, source: TextRow) -> tuple[str, str, str]:
    """Language, title and body of a file that was brought back. Raises NotThisNotice."""
    try:
        po = parsed(raw.decode("utf-8-sig"), source.locale)
    except (PoFileError, ValueError):
        raise NotThisNotice("no_file") from None
    locale = po.headers.get("Language", "")
    said = {message.context: message for message in po if message.id}
    if locale not in LOCALES or not any(context == _context(number, BODY) for context in said):
        raise NotThisNotice("other_notice")
    words = {part: _translated(said.get(_context(number, part)), english) for part, english in _parts(source)}
    if not words[BODY] or (TITLE in words and not words[TITLE]):
        raise NotThisNotice("empty")
    return locale, words.get(TITLE, ""), words[BODY]


def _translated(message: Message | None, english: str) -> str:
    if message is None or message.id != english:
        raise NotThisNotice("other_source")
    words = "" if message.fuzzy else str(message.string or "").strip()
    if not balanced(words) or any(category(sign) == "Cc" and sign != "\n" for sign in words):
        raise NotThisNotice("marks")
    return words


def _parts(source: TextRow) -> list[tuple[str, str]]:
    """What is to be translated; a notice without a heading gets none in another language either."""
    return [(part, words) for part, words in ((TITLE, source.title), (BODY, source.body)) if words]


def _context(number: int, part: str) -> str:
    return f"notice-{number}.{part}"
