"""What can happen to a session. A closed union: the engine exhausts it."""

from __future__ import annotations

from dataclasses import dataclass

from flows.model import ChoiceId


@dataclass(frozen=True, slots=True)
class Picked:
    """The person answered a wait: by a button that names it, or by words that were matched to a choice of it."""

    run: int
    visit: int
    choice: ChoiceId


@dataclass(frozen=True, slots=True)
class WentBack:
    """One waiting step back; at the first one the run is left (see effects.LeftAtStart)."""


@dataclass(frozen=True, slots=True)
class Returned:
    """Show the current wait again: after a change of language, a break of days, or words that fit nothing."""


@dataclass(frozen=True, slots=True)
class Restarted:
    """Begin the outermost flow again; finished steps are forgotten."""


@dataclass(frozen=True, slots=True)
class AnswersDropped:
    """Forget the sensitive answers; that the questions were passed stays known."""


Event = Picked | WentBack | Returned | Restarted | AnswersDropped
