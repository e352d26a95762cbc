"""Compiled translations (.mo), read in one go.

gettext and Babel read them too, but each gives half: the one no contexts, the other no header fields that it does not
know. With both, reading took longer than all else that is done to make a catalogue.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_MAGIC = 0x950412DE
_HEAD = struct.Struct("=5I")  # magic, revision, number of messages, places of the two tables: ids, translations
_ROW = struct.Struct("=2I")  # of a table: length and place of a text
_AFTER_CONTEXT, _BETWEEN_FORMS = "\x04", "\x00"


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its context ("" = none), the forms of its id, the forms of its translation."""

    context: str
    id: tuple[str, ...]
    translation: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compiled:
    """One file. headers: by their names in lower case."""

    headers: Mapping[str, str]
    messages: tuple[Message, ...]


def read(path: Path) -> Compiled:
    """Read a file that was compiled on a machine like this one. Raises OSError where it is missing or damaged."""
    try:
        header, messages = "", []
        for id, translation in _pairs(path.read_bytes()):
            if not id:
                header = translation
                continue
            context, _, text = id.rpartition(_AFTER_CONTEXT)
            messages.append(Message(context, _forms(text), _forms(translation)))
    except (struct.error, UnicodeDecodeError) as broken:
        raise OSError(f"{path}: damaged") from broken
    fields = (line.partition(":") for line in header.splitlines())
    return Compiled({name.strip().lower(): value.strip() for name, _, value in fields}, tuple(messages))


def _pairs(content: bytes) -> Iterator[tuple[str, str]]:
    magic, _revision, count, ids, translations = _HEAD.unpack_from(content)
    if magic != _MAGIC:
        raise OSError("bad magic number")
    for number in range(count):
        row = number * _ROW.size
        yield _text(content, ids + row), _text(content, translations + row)


def _text(content: bytes, row: int) -> str:
    length, place = _ROW.unpack_from(content, row)
    return content[place : place + length].decode()


def _forms(text: str) -> tuple[str, ...]:
    return tuple(text.split(_BETWEEN_FORMS))
