"""Logs: structured lines of ids and short codes. No texts, no names, no addresses, no tokens.

Ours are written with `log`. What libraries log goes through the same door, and loses on the way whatever could carry
something that a person wrote: arguments, the words of errors, all but the first line.
"""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TextIO

LONGEST = 120  # characters of a library's own words
FRAMES = 4

_COLOURS = {logging.WARNING: "\x1b[33m", logging.ERROR: "\x1b[31m"}
_PLAIN = "\x1b[0m"


@dataclass(frozen=True, slots=True)
class Line:
    """What happened, by a short name, and ids and codes beside it."""

    event: str
    details: Mapping[str, object]

    def __str__(self) -> str:
        return " ".join((self.event, *(f"{name}={value}" for name, value in self.details.items())))


class Log:
    """Where our own lines go in: `log.error("send_refused", outbox=7, reason="code_403")`."""

    def __init__(self) -> None:
        self._lines = logging.getLogger("izi")
        self._lines.setLevel(logging.INFO)

    def info(self, event: str, **details: object) -> None:
        """As things should be."""
        self._lines.info(Line(event, details))

    def warning(self, event: str, **details: object) -> None:
        """Something was left out; the operator may want to know."""
        self._lines.warning(Line(event, details))

    def error(self, event: str, **details: object) -> None:
        """Something does not work."""
        self._lines.error(Line(event, details))


log = Log()


def log_to(stream: TextIO) -> None:
    """From now on all logs go to the stream: JSON, or in colour where a person looks at a terminal."""
    lines = logging.StreamHandler(stream)
    lines.setFormatter(_InColour() if stream.isatty() else _AsJson())
    logging.basicConfig(level=logging.WARNING, handlers=[lines], force=True)


class _AsJson(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = _line_of(record)
        fields = {"event": line.event, "level": record.levelname.lower(), "timestamp": _moment(record)}
        return json.dumps({**line.details, **fields}, default=str)


class _InColour(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        level = f"{_COLOURS.get(record.levelno, '')}{record.levelname.lower():8}{_PLAIN}"
        return f"{_moment(record)} {level} {_line_of(record)}"


def _line_of(record: logging.LogRecord) -> Line:
    if isinstance(record.msg, Line):
        return record.msg
    # The pattern as it stands in the library's code, before anything was put into it.
    words = str(record.msg).strip().partition("\n")[0][:LONGEST] if isinstance(record.msg, str) else ""
    error = record.exc_info[1] if record.exc_info else None
    details = {} if error is None else {"error": type(error).__name__, "at": places(error)}
    return Line("library", {"source": record.name, "words": words, **details})


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z")


def places(error: BaseException) -> list[str]:
    """Where an error came from, innermost last: names and lines of code, never what stood in its variables."""
    return [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-FRAMES:]]
