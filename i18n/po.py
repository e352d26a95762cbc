"""The translators' files: made and merged from a template, compiled, and read for mistakes.

`<directory>/<code>/LC_MESSAGES/<domain>.po`, one per language and guide; the template comes from the English.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from unicodedata import category

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError

from i18n import serbian
from i18n.locales import LOCALES, SOURCE, plural_count
from i18n.pofile import PoFile, fixed_headers, read, written
from i18n.text import Template, balanced

_LONGEST = re.compile(r"\bmax\s+(\d+)\b")  # in a note to translators, which may be wrapped


@dataclass(frozen=True, slots=True)
class Problem:
    """What a translator must mend, and where; lines count from 1."""

    file: Path
    line: int
    text: str


def update(directory: Path, templates: Mapping[str, Catalog], locales: Iterable[str]) -> list[Path]:
    """Bring every language's file of every domain up to its template; return the files that changed.

    Nothing is guessed: a changed English text starts empty, its old translation stays below as obsolete and comes back
    if the English does. English has no file; Serbian Latin is derived, so its file is merged only if someone made one.
    Raises PoFileError for a file that cannot be read, KeyError for an unknown code.
    """
    changed = []
    for code in locales:
        for domain, template in templates.items():
            path = directory / code / "LC_MESSAGES" / f"{domain}.po"
            if code == SOURCE or (code == serbian.LATIN and not path.exists()):
                continue
            before = path.read_bytes() if path.exists() else b""
            after = written(_merged(template, read(path, code) if before else PoFile(code), code))
            if after != before:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(after)
                changed.append(path)
    return changed


def compile_all(directory: Path) -> int:
    """Write a .mo beside every .po, without fuzzy and unfinished messages; return how many were written.

    A .mo whose .po is gone is removed. Raises as `update`.
    """
    paths = _po_files(directory)
    for orphan in {*directory.glob("*/LC_MESSAGES/*.mo")} - {path.with_suffix(".mo") for path in paths}:
        orphan.unlink()
    for path in paths:
        code = _code(path)
        po = read(path, code)
        served = PoFile(code)
        served.headers = po.headers | fixed_headers(code)
        for message in po:
            # Babel leaves out fuzzy messages itself, but fills an empty plural form with the English.
            if message.id and all(_forms(message)):
                served[message.id] = message
        compiled = BytesIO()
        write_mo(compiled, served)
        path.with_suffix(".mo").write_bytes(compiled.getvalue())
    return len(paths)


def problems(directory: Path) -> list[Problem]:
    """Everything in the PO files that would not be served or would look wrong, in the order of files and lines.

    Empty and fuzzy messages are unfinished, not wrong.
    """
    found = []
    for path in _po_files(directory):
        if _code(path) not in LOCALES:
            found.append(Problem(path, 1, f"unknown language {_code(path)!r}"))
            continue
        try:
            po = read(path, _code(path))
        except PoFileError as broken:
            what = str(broken).rpartition(" on ")[0]  # Babel counts lines from 0 in its text
            found.append(Problem(path, broken.lineno + 1, f"not a PO file: {what}"))
            continue
        except ValueError as broken:
            found.append(Problem(path, 1, f"not a PO file in UTF-8: {broken}"))
            continue
        found += [Problem(path, 1, text) for text in _header_problems(po, _code(path))]
        for message in po:
            if message.id and not message.fuzzy and any(_forms(message)):
                found += [Problem(path, message.lineno or 1, text) for text in _message_problems(message, _code(path))]
    return found


def _po_files(directory: Path) -> list[Path]:
    return sorted(directory.glob("*/LC_MESSAGES/*.po"))


def _code(path: Path) -> str:
    return path.parts[-3]


def _merged(template: Catalog, old: PoFile, code: str) -> PoFile:
    merged = PoFile(code)
    merged.header_comment = old.header_comment
    merged.headers = merged.headers | old.headers | fixed_headers(code)
    translated = {_identity(message): message for message in (*old.obsolete.values(), *old) if message.id}
    for message in template:
        if message.id:
            _add(merged, message, translated.pop(_identity(message), None), plural_count(code))
    merged.obsolete = {
        ("\n".join(forms), context or ""): message
        for (context, forms), message in translated.items()
        if any(_forms(message))
    }
    return merged


def _identity(message: Message) -> tuple[str | None, tuple[str, ...]]:
    """What a translation was made from: its context and all of its English."""
    return message.context, (message.id,) if isinstance(message.id, str) else tuple(message.id)


def _add(po: PoFile, message: Message, translated: Message | None, count: int) -> None:
    forms = _forms(translated) if translated else ()
    flags = {"fuzzy"} if translated and translated.fuzzy else set()
    if message.pluralizable:
        if any(forms) and len(forms) != count:
            flags = {"fuzzy"}  # made under another plural rule: a translator must look at it again
        forms = (*forms, *[""] * count)[:count]
    added = po.add(
        message.id,
        forms if message.pluralizable else "".join(forms),
        locations=message.locations,
        flags=flags,
        auto_comments=message.auto_comments,
        user_comments=translated.user_comments if translated else (),
        context=message.context,
    )
    # Babel takes "100 % done" for a C format. Ours are {placeholders} only.
    added.flags.discard("python-format")


def _forms(message: Message) -> tuple[str, ...]:
    string = message.string or ""
    return (string,) if isinstance(string, str) else tuple(string)


def _header_problems(po: PoFile, code: str) -> Iterator[str]:
    if "".join(po.headers.get("Plural-Forms", "").split()) != "".join(LOCALES[code].plurals.split()):
        yield f"Plural-Forms must be: {LOCALES[code].plurals}"
    checked_on = po.headers.get("X-Checked-On", "")
    if po.headers.get("X-Checked-By") and not _is_day(checked_on):
        yield f"X-Checked-On must be a day like 2026-11-23, not {checked_on!r}"


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _message_problems(message: Message, code: str) -> Iterator[str]:
    if not all(_forms(message)):
        yield f"{_forms(message).count('')} of {len(_forms(message))} plural forms are empty"
    longest = _LONGEST.search("\n".join(message.auto_comments))
    for form in filter(None, _forms(message)):
        yield from _placeholder_problems(message, form)
        if not balanced(form):
            yield "isolates are not closed within their line, or there is an embedding or override character"
        if any(category(sign) == "Cc" and sign != "\n" for sign in form):
            yield "control character"
        # A label must also fit in the Latin that is derived from it (љ -> lj).
        shown = max(form, serbian.to_latin(form), key=_units) if code == serbian.CYRILLIC else form
        if longest and _units(shown) > int(longest[1]):
            yield f"{_units(shown)} UTF-16 units, at most {longest[1]}: {shown}"


def _placeholder_problems(message: Message, form: str) -> Iterator[str]:
    _, english = _identity(message)
    try:
        names = frozenset[str]().union(*(Template.parse(text, "the English").names for text in english))
        said = Template.parse(form, "the translation")
    except ValueError as brace:
        yield str(brace)
        return
    if not said.agrees(names, counted=message.pluralizable):
        yield f"placeholders must be {sorted(names)}, not {sorted(said.names)}"


def _units(text: str) -> int:
    """Length as the channels count it, in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2
