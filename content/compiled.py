"""Content files as they were read once: their plain values and lines as JSON, found again by the hash of the text.

YAML that keeps lines takes a second for a country; this takes a fiftieth of it. What is kept is what the reader of
YAML gave, so it is checked against the models as ever. Nothing depends on it: without it, files are read as they are.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import orjson

from content.fields import Where

#: What YAML says, with Python's own types, and the line of each value in it.
Plain = tuple[object, Mapping[Where, int]]

#: Counts up when what is kept changes its form.
FORM = 1


class Compiled:
    """The files of one folder. A folder that cannot be written is no fault: then they are read anew at each start."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, path: Path, text: str) -> Plain | None:
        """What was kept of a file, if it was kept of this very text."""
        try:
            form, kept_of, plain, lines = orjson.loads(self._place(path).read_bytes())
        except (OSError, ValueError):
            return None
        if form != FORM or kept_of != _hash(text):
            return None
        return _tuples(plain), {tuple(where): line for where, line in lines}

    def keep(self, path: Path, text: str, read: Plain) -> None:
        """Keep what was read of a text in place of what was kept before."""
        plain, lines = read
        place = self._place(path)
        fresh = place.with_suffix(f".{os.getpid()}")
        with suppress(OSError):
            self._folder.mkdir(exist_ok=True)
            # In one step: another process may be reading.
            fresh.write_bytes(orjson.dumps([FORM, _hash(text), plain, list(lines.items())]))
            fresh.replace(place)

    def _place(self, path: Path) -> Path:
        return self._folder / f"{path.parent.name}+{path.stem}.json"


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _tuples(value: object) -> object:
    """JSON has lists where the models want tuples."""
    if isinstance(value, dict):
        return {key: _tuples(one) for key, one in value.items()}
    if isinstance(value, list):
        return tuple(map(_tuples, value))
    return value
