"""Our YAML texts for gettext: an extractor for Babel, and the templates that PO files are made from."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import IO

from babel.messages import Catalog

from content.load import Pack
from content.occasions import OCCASIONS, Occasions
from content.reading import read_text
from content.schema import Guide
from content.series import Series
from content.tables import Texts
from content.texts import Entry, entries, files, texts_of, texts_of_domain, texts_of_occasions, texts_of_series

_Message = tuple[int, str, tuple[str, ...], list[str]]  # line, gettext function, its arguments, comments


def extract_yaml(
    fileobj: IO[bytes],
    keywords: Mapping[str, object],
    comment_tags: Collection[str],
    options: Mapping[str, object],
) -> Iterator[_Message]:
    """Extract the texts of a guide, a series, occasions, or a file in content/texts, as Babel's extraction methods do.

    Each comes as pgettext or npgettext with its key as context; notes and "max 20" are its comments. Raises
    ContentError for a file that is none of them. keywords, comment_tags, options: Babel's protocol, not used here.
    """
    file = getattr(fileobj, "name", "<yaml>")
    text = fileobj.read().decode()
    for entry in _entries_of(text, file):
        words = (entry.key, entry.text) if entry.plural is None else (entry.key, entry.text, entry.plural)
        yield entry.line, "pgettext" if entry.plural is None else "npgettext", words, _comments(entry)


def _entries_of(text: str, file: str) -> list[Entry]:
    path = Path(file)
    if path.parent.name == "texts":
        return texts_of_domain(path.stem, read_text(text, file, Texts))
    if path.parent.parent.name == "series":
        return texts_of_series(read_text(text, file, Series))
    if path.parent.name == OCCASIONS:
        return texts_of_occasions(read_text(text, file, Occasions))
    return texts_of(read_text(text, file, Guide))


def template(pack: Pack) -> dict[str, Catalog]:
    """Make a template for each domain: the texts of a pack with their notes and where they stand.

    Places are given from the folder round the content directory, so that no machine's path gets into a PO file.
    """
    files_of = files(pack)
    catalogs: dict[str, Catalog] = {}
    for domain, texts in entries(pack).items():
        catalogs[domain] = Catalog(domain=domain, fuzzy=False)
        file = Path(files_of[domain]).resolve().relative_to(pack.root.resolve().parent).as_posix()
        for entry in texts:
            catalogs[domain].add(
                entry.text if entry.plural is None else (entry.text, entry.plural),
                locations=[(file, entry.line)],
                auto_comments=_comments(entry),
                context=entry.key,
            )
    return catalogs


def _comments(entry: Entry) -> list[str]:
    """Say what a translator must know; "max 20" is read by `i18n.po` too."""
    limit = f"max {entry.max}" if entry.max is not None else None
    return [comment for comment in (entry.note, limit) if comment]
