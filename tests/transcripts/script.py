"""The form of a transcript: a plain text that a coordinator can read and correct.

Header lines (`guide: driving-licence`), an empty line, then turns. A turn is one line of what happens (`person: ...`,
`time: +3 days`) and, below it, what follows: `bot:` with the message's lines indented, `buttons:` with its rows,
`staff sees:`. Empty lines count for nothing; lines that begin with # are notes and stay with the turn below them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

HEADERS = ("about", "guide", "ending", "language", "phone", "now", "at")
ANSWERS = ("bot:", "buttons:", "staff sees:")
INDENT = "  "
# Bidi isolates and marks vanish; a no-break space is a space.
_INVISIBLE = {**dict.fromkeys((*range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C)), 0xA0: " "}


class Act(StrEnum):
    """What can happen in a turn."""

    PERSON = "person"  # words, or a button: [label], or one far up in the chat: [label] under "words of its message"
    EDITS = "person edits"  # an earlier message gets these words
    SENDS = "person sends"  # a voice note, photo ...; after a comma the words under it
    TIME = "time"  # +10 minutes, +3 days
    NOTICE = "notice comes"  # its last day, title and words: 2026-11-27, Language café: We meet at 17:00.
    CHANGES = "guide changes"  # day and words of a new entry in the guide's list of changes


class Unreadable(ValueError):
    """A line of a transcript that means nothing. Says the line's number."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What happens and what follows. line: number of its line in the file, 0 where it was not read from one."""

    act: Act
    words: str
    answer: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Script:
    """A whole transcript."""

    header: Mapping[str, str]
    turns: tuple[Turn, ...]
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Reader:
    header: dict[str, str] = field(default_factory=dict)
    turns: list[Turn] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    head_notes: tuple[str, ...] = ()

    def take(self, line: str, number: int) -> None:
        name, colon, words = line.partition(":")
        if line.startswith("#"):
            self.notes.append(line)
        elif colon and name in tuple(Act):
            self.turns.append(Turn(Act(name), words.strip(), notes=self._notes(), line=number))
        elif self.turns and line.startswith((*ANSWERS, INDENT)):
            last = self.turns[-1]
            self.turns[-1] = Turn(last.act, last.words, (*last.answer, line), last.notes, last.line)
        elif colon and name in HEADERS and not self.turns:
            self.header[name] = words.strip()
            self.head_notes += self._notes()
        else:
            raise Unreadable(f"line {number} means nothing: {line!r}")

    def _notes(self) -> tuple[str, ...]:
        taken, self.notes = tuple(self.notes), []
        return taken


def plain(text: str) -> str:
    """The text without what nobody could see or type in a file."""
    return text.translate(_INVISIBLE)


def read(text: str) -> Script:
    """Read a transcript. Raises Unreadable."""
    reader = _Reader()
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            reader.take(plain(line.rstrip()), number)
    return Script(reader.header, tuple(reader.turns), reader.head_notes)


def write(script: Script) -> str:
    """The transcript as text; `read` gives the same script again, but for line numbers."""
    head = [*script.notes, *(f"{name}: {script.header[name]}" for name in HEADERS if name in script.header)]
    blocks = ["\n".join(head)]
    blocks += ["\n".join((*turn.notes, f"{turn.act}: {turn.words}", *turn.answer)) for turn in script.turns]
    return "\n\n".join(blocks) + "\n"


def block(name: str, lines: Iterable[str]) -> tuple[str, ...]:
    """An answer's lines: its name, then the lines indented; lines with nothing in them are left out."""
    return (f"{name}:", *(INDENT + line for line in lines if line.strip()))
