"""The checked graph of a guide: steps, choices, cases and where they lead.

Everything here is frozen, language-neutral and standard library only. A flow holds ids; the words that a person
reads live in the content files and catalogues under the same ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

FlowId = NewType("FlowId", str)
StepId = NewType("StepId", str)
ChoiceId = NewType("ChoiceId", str)


class FlowError(Exception):
    """The graph cannot be walked: an unknown flow or step, a step without a way on, or a turn that never rests."""


class Kind(StrEnum):
    """What a step does. All but BRANCH and CALL show something and wait."""

    QUESTION = "question"  # asks; waits for one of its choices
    ACTION = "action"  # one thing to do; counted as "step n of N"
    NOTE = "note"  # says something, goes on by a choice
    HANDOFF = "handoff"  # opens a request when it is entered; may offer choices, else the flow ends here
    BRANCH = "branch"  # silent: takes the first case that holds
    CALL = "call"  # silent: walks another flow, then goes on
    END = "end"  # says something; the flow ends here


@dataclass(frozen=True, slots=True)
class Is:
    """The answer or profile value `name` is one of `values`."""

    name: str
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Not:
    """The inner condition does not hold."""

    inner: Condition


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every inner condition holds."""

    inner: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one inner condition holds."""

    inner: tuple[Condition, ...]


Condition = Is | Not | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class Choice:
    """A button of a step.

    value: what is remembered under the step's `answer` name; None = the answer is not kept (the "not said" of a
    status question), only that the question was passed.
    """

    id: ChoiceId
    to: StepId
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """Where a branch leads when its condition holds; `when` None is "otherwise" and stands last."""

    to: StepId
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a flow. Which fields count depends on `kind`.

    answer: name under which a QUESTION keeps the chosen value.
    sensitive: the answer may be read by the claimer of a request only and is dropped at the end or after 24 h.
    request: type of the request that a HANDOFF opens.
    calls: the flow that a CALL walks; `next` is where it goes on afterwards.
    """

    id: StepId
    kind: Kind
    choices: tuple[Choice, ...] = ()
    cases: tuple[Case, ...] = ()
    next: StepId | None = None
    answer: str | None = None
    sensitive: bool = False
    request: str | None = None
    calls: FlowId | None = None

    @property
    def waits(self) -> bool:
        """Whether the flow stops here until the person does something."""
        return bool(self.choices)

    @property
    def ending(self) -> bool:
        """Whether nothing follows: an exit with no next step."""
        return self.kind in (Kind.END, Kind.HANDOFF) and not self.choices


@dataclass(frozen=True, slots=True)
class Flow:
    """A guide's graph.

    steps: in the order in which they are written.
    moved: removed or renamed step id -> the step that stands for it now.
    hash: of the structure alone (ids, kinds, exits, conditions), 16 hex digits; texts do not change it.
    """

    id: FlowId
    start: StepId
    steps: Mapping[StepId, Step]
    moved: Mapping[StepId, StepId]
    hash: str


Library = Mapping[FlowId, Flow]


def find_flow(library: Library, flow: FlowId | None) -> Flow:
    """Raise FlowError when the library has no such flow."""
    if flow is None or flow not in library:
        raise FlowError(f"unknown flow {flow!r}")
    return library[flow]


def find_step(flow: Flow, step: StepId) -> Step:
    """Raise FlowError when the flow has no such step."""
    if step not in flow.steps:
        raise FlowError(f"flow {flow.id!r} has no step {step!r}")
    return flow.steps[step]


@dataclass(frozen=True, slots=True)
class Profile:
    """What routing may know about a person. Values are ids, never words."""

    country: str = ""
    municipality: str = ""
    language: str = ""
    consent: bool = False
