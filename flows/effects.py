"""What the engine wants done, in the order in which it must be felt. A closed union; ids only, no words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flows.model import FlowId, StepId
from flows.session import NO_ANSWERS


@dataclass(frozen=True, slots=True)
class Show:
    """Show a step and its choices.

    number, of: "step number of of" where the step is an action, else 0. Counted on the route that the person's
    answers make; where the rest of the route is still open, the longest one counts. Each flow counts its own actions.
    run, visit: what the buttons of this wait must carry.
    again: the wait stood before this turn, so nothing new has to be kept.
    """

    flow: FlowId
    step: StepId
    run: int
    visit: int
    number: int = 0
    of: int = 0
    again: bool = False


@dataclass(frozen=True, slots=True)
class Stale:
    """The button belonged to an earlier wait; nothing changed.

    flow, step: where the person is now; a Show of it follows. None when no run waits any more.
    """

    flow: FlowId | None = None
    step: StepId | None = None


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """Ask staff for help.

    type: one of the request types of the content schema.
    answers, sensitive: what the person answered on the way here, the protected part apart. They travel with the
    effect because the run, and with it this turn's answer, is gone when the handoff ends the flow.
    """

    type: str
    flow: FlowId
    step: StepId
    answers: Mapping[str, str] = field(default_factory=lambda: NO_ANSWERS)
    sensitive: Mapping[str, str] = field(default_factory=lambda: NO_ANSWERS)


@dataclass(frozen=True, slots=True)
class Ended:
    """The outermost flow reached an ending.

    flow, step: the ending itself; a handoff inside a called flow ends the outer ones too.
    """

    flow: FlowId
    step: StepId


@dataclass(frozen=True, slots=True)
class Moved:
    """The step where the person stood is gone; they are now at `to`.

    flow: the flow of `to`; `gone` may have been a step of a flow that it called.
    """

    flow: FlowId
    gone: StepId
    to: StepId


@dataclass(frozen=True, slots=True)
class LeftAtStart:
    """Back was pressed at the first wait: the run was left, the guide's intro is the screen before it."""

    flow: FlowId


Effect = Show | Stale | OpenRequest | Ended | Moved | LeftAtStart
