"""The translators' texts with their places in the PO files, for the checks of `content/lint.py`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from babel.messages.pofile import PoFileError

from i18n.catalog import Source
from i18n.locales import LOCALES
from i18n.pofile import read


@dataclass(frozen=True, slots=True)
class Translation:
    """One text in one language; several forms where it is counted. line: in the PO file."""

    locale: str
    key: str
    forms: tuple[str, ...]
    file: str
    line: int


def read_translations(directory: Path, english: Mapping[str, Source]) -> list[Translation]:
    """Read what would be served: finished translations of today's English.

    Files that cannot be read are left out; `i18n.po.problems` reports them, and labels that are too long, also in the
    Serbian Latin that is derived from Cyrillic.
    """
    return [row for path in sorted(directory.glob("*/LC_MESSAGES/*.po")) for row in _rows(path, english)]


def _rows(path: Path, english: Mapping[str, Source]) -> Iterator[Translation]:
    code = path.parts[-3]
    try:
        po = read(path, code) if code in LOCALES else ()
    except (PoFileError, ValueError):
        return
    for message in po:
        source = english.get(message.context or "")
        forms = _forms(message.string)
        if source and not message.fuzzy and all(forms) and _forms(message.id) == source.forms:
            yield Translation(code, message.context or "", forms, str(path), message.lineno or 1)


def _forms(string: object) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else tuple(string) if isinstance(string, list | tuple) else ("",)
