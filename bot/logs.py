"""Logs: structured lines of ids and short codes. No texts, no names, no addresses, no tokens.

Ours come from structlog. What libraries log goes through the same door, and loses on the way whatever could carry
something that a person wrote: arguments, the words of errors, all but the first line.
"""

from __future__ import annotations

import logging
import traceback
from typing import Any, TextIO

import structlog

LONGEST = 120  # characters of a library's own words
FRAMES = 4


def log_to(stream: TextIO) -> None:
    """From now on all logs go to the stream: JSON, or in colour where a person looks at a terminal."""
    is_terminal = stream.isatty()
    shape: Any = structlog.dev.ConsoleRenderer() if is_terminal else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            shape,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, handlers=[_FromLibraries()], force=True)


class _FromLibraries(logging.Handler):
    """Libraries' warnings and errors, as ours."""

    def emit(self, record: logging.LogRecord) -> None:
        # The pattern as it stands in the library's code, before anything was put into it.
        words = str(record.msg).strip().partition("\n")[0][:LONGEST] if isinstance(record.msg, str) else ""
        error = record.exc_info[1] if record.exc_info else None
        details = {} if error is None else {"error": type(error).__name__, "at": places(error)}
        structlog.get_logger().log(record.levelno, "library", source=record.name, words=words, **details)


def places(error: BaseException) -> list[str]:
    """Where an error came from, innermost last: names and lines of code, never what stood in its variables."""
    return [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-FRAMES:]]
