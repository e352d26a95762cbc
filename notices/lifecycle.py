"""The life of a broadcast: what may be done with it, and when. Pure.

    draft ──submitted──▶ waiting ──approved──▶ ready ──started──▶ sending ──finished──▶ done
      ▲                     │                    │ ▲                │ ▲
      └───── returned ──────┘            sent later│ │cancelled   paused│ │resumed
      (a draft that needs no second               ▼ │                ▼ │
       person goes to ready by itself)          scheduled           paused
                                                    │                  │
                                    stopped leads to `stopped` from waiting, ready, scheduled, sending, paused

`stopped` and `done` are the end. A correction, a withdrawal, a follow-up and another try are broadcasts of their own,
to those whom the first one reached (`Kind`), so they are paced, paused and counted alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Category(StrEnum):
    """What a notice is about. Safety alone may come at night, and always needs a second person."""

    NEWS = "news"
    EVENT = "event"
    SAFETY = "safety"


class Kind(StrEnum):
    """What a broadcast does."""

    FIRST = "first"  # sends a notice to an audience
    AGAIN = "again"  # sends it to those of `of_id` whom a passing trouble kept from it
    CORRECT = "correct"  # edits what those of `of_id` got; sends it anew where nothing can be edited
    WITHDRAW = "withdraw"  # deletes what those of `of_id` got, as far as channels allow
    FOLLOW_UP = "follow_up"  # sends another notice to exactly those who got it


class State(StrEnum):
    """How far a broadcast is."""

    DRAFT = "draft"
    WAITING = "waiting"  # for the second person
    READY = "ready"  # somebody has still to type the number and say when
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    STOPPED = "stopped"
    DONE = "done"


class Move(StrEnum):
    """What may happen to a broadcast."""

    SUBMITTED = "submitted"
    PASSED = "passed"  # submitted, and needs no second person
    APPROVED = "approved"
    RETURNED = "returned"  # a text, the audience or the second person's mind changed
    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"  # of the time, not of the notice
    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    STOPPED = "stopped"
    FINISHED = "finished"


class Refused(Exception):
    """The table knows no such move from this state."""


MOVES: Mapping[tuple[State, Move], State] = {
    (State.DRAFT, Move.SUBMITTED): State.WAITING,
    (State.DRAFT, Move.PASSED): State.READY,
    (State.WAITING, Move.APPROVED): State.READY,
    (State.WAITING, Move.RETURNED): State.DRAFT,
    (State.READY, Move.RETURNED): State.DRAFT,
    (State.READY, Move.SCHEDULED): State.SCHEDULED,
    (State.READY, Move.STARTED): State.SENDING,
    (State.SCHEDULED, Move.CANCELLED): State.READY,
    (State.SCHEDULED, Move.STARTED): State.SENDING,
    (State.SENDING, Move.PAUSED): State.PAUSED,
    (State.PAUSED, Move.RESUMED): State.SENDING,
    (State.SENDING, Move.FINISHED): State.DONE,
    **{
        (state, Move.STOPPED): State.STOPPED
        for state in (State.WAITING, State.READY, State.SCHEDULED, State.SENDING, State.PAUSED)
    },
}
#: States in which people are being written to, or will be as soon as somebody says so.
UNDER_WAY = frozenset({State.SENDING, State.PAUSED})
ENDED = frozenset({State.STOPPED, State.DONE})


def after(state: State, move: Move) -> State:
    """How far it is then. Raises Refused."""
    try:
        return MOVES[state, move]
    except KeyError:
        raise Refused(f"{move} while {state}") from None
