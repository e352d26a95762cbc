"""The life of a request: whose turn it is, and what may happen then. Pure.

          ┌───── wrote, due, marked, unreached ────┐
          ▼                                        │
  ──▶  OURS  ── answered ──▶  THEIRS  ── referred ─┤
        │ ▲ └── referred ──────────────▶  OFFICE ──┘
        │ └── wrote, undone, unreached ──┐
        └──── closed ─────────────────▶ DONE        closed leads there from every turn

Four states that an assistant can say aloud (assistant.md 3.2). OURS is the only list that must be empty in the
evening. Urgent is a flag beside the state, and so is who has claimed the request.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Turn(StrEnum):
    """Whose turn it is."""

    OURS = "ours"  # it needs one of us
    THEIRS = "theirs"  # we answered and wait for the person
    OFFICE = "office"  # an institution has it, until a date
    DONE = "done"  # closed, with an outcome


class Move(StrEnum):
    """What may happen to a request."""

    WROTE = "wrote"  # the person wrote; after the end this opens it again
    ANSWERED = "answered"  # one of us wrote to the person
    REFERRED = "referred"  # handed on to an institution, or put off to a date
    DUE = "due"  # that date has come
    UNREACHED = "unreached"  # what one of us wrote did not reach the person
    MARKED = "marked"  # one of us says that it needs us
    CLOSED = "closed"
    UNDONE = "undone"  # the closing was a slip


class Outcome(StrEnum):
    """How a request ended. Said when it is closed."""

    INFORMED = "informed"
    ACCOMPANIED = "accompanied"
    REFERRED = "referred"
    NOT_NEEDED = "not_needed"
    NOT_REACHED = "not_reached"
    NOT_POSSIBLE = "not_possible"
    GRANTED = "granted"  # of goods or money (desk/goods.py)
    OTHER_HELP = "other_help"


#: What is said by a decision alone, never at a plain closing.
DECIDED = frozenset({Outcome.GRANTED, Outcome.OTHER_HELP})


class Refused(Exception):
    """The table knows no such move from this state."""


_OPEN: Mapping[Move, Turn] = {
    Move.WROTE: Turn.OURS,
    Move.ANSWERED: Turn.THEIRS,
    Move.REFERRED: Turn.OFFICE,
    Move.MARKED: Turn.OURS,
    Move.UNREACHED: Turn.OURS,
    Move.CLOSED: Turn.DONE,
}

MOVES: Mapping[tuple[Turn, Move], Turn] = {
    **{(turn, move): to for turn in (Turn.OURS, Turn.THEIRS, Turn.OFFICE) for move, to in _OPEN.items()},
    # A word in between does not take the matter back from the office, whether it arrived or not.
    (Turn.OFFICE, Move.ANSWERED): Turn.OFFICE,
    (Turn.OFFICE, Move.UNREACHED): Turn.OFFICE,
    (Turn.OFFICE, Move.DUE): Turn.OURS,
    (Turn.DONE, Move.WROTE): Turn.OURS,
    (Turn.DONE, Move.UNDONE): Turn.OURS,
    (Turn.DONE, Move.UNREACHED): Turn.OURS,
}


def after(turn: Turn, move: Move) -> Turn:
    """Whose turn it is then. Raises Refused."""
    try:
        return MOVES[turn, move]
    except KeyError:
        raise Refused(f"{move} while {turn}") from None
