"""Short words for test flows, and somebody who walks them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from flows.check import structure_hash
from flows.effects import Effect, Show
from flows.engine import Turn, advance, begin
from flows.events import Event, Picked
from flows.model import Case, Choice, ChoiceId, Condition, Flow, FlowId, Is, Kind, Library, Profile, Step, StepId
from flows.session import Run, Session, dump, load

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


def is_(name: str, *values: str) -> Is:
    return Is(name, frozenset(values))


def choices(ways: Mapping[str, str], *, keep: bool = False, unsaid: Iterable[str] = ()) -> tuple[Choice, ...]:
    """Choice id -> target; with `keep`, the id is the value as well, except of those left `unsaid`."""
    kept = ways.keys() - set(unsaid) if keep else set()
    return tuple(Choice(ChoiceId(id_), StepId(to), id_ if id_ in kept else None) for id_, to in ways.items())


def question(
    id_: str, ways: Mapping[str, str], *, name: str | None = None, unsaid: Iterable[str] = (), sensitive: bool = False
) -> Step:
    """A question that keeps the choice's id under `name`, by default its own id."""
    kept = choices(ways, keep=True, unsaid=unsaid)
    return Step(StepId(id_), Kind.QUESTION, choices=kept, answer=name or id_, sensitive=sensitive)


def action(id_: str, done: str, **other: str) -> Step:
    return Step(StepId(id_), Kind.ACTION, choices=choices({"done": done, **other}))


def note(id_: str, **ways: str) -> Step:
    return Step(StepId(id_), Kind.NOTE, choices=choices(ways))


def handoff(id_: str, request: str = "legal", **ways: str) -> Step:
    return Step(StepId(id_), Kind.HANDOFF, choices=choices(ways), request=request)


def branch(id_: str, *cases: tuple[Condition, str], otherwise: str) -> Step:
    tests = tuple(Case(StepId(to), when) for when, to in cases)
    return Step(StepId(id_), Kind.BRANCH, cases=(*tests, Case(StepId(otherwise))))


def call(id_: str, flow: str, then: str) -> Step:
    return Step(StepId(id_), Kind.CALL, calls=FlowId(flow), next=StepId(then))


def end(id_: str) -> Step:
    return Step(StepId(id_), Kind.END)


def flow(*steps: Step, id_: str = "guide", start: str | None = None, moved: Mapping[str, str] | None = None) -> Flow:
    first = StepId(start) if start else steps[0].id
    gone = {StepId(old): StepId(new) for old, new in (moved or {}).items()}
    return Flow(FlowId(id_), first, {step.id: step for step in steps}, gone, structure_hash(steps, first))


def library(*flows: Flow) -> dict[FlowId, Flow]:
    return {one.id: one for one in flows}


@dataclass
class Walker:
    """A person who walks; the session goes through its stored form between any two turns."""

    library: Library
    profile: Profile = field(default_factory=Profile)
    session: Session = field(default_factory=Session)
    effects: tuple[Effect, ...] = ()
    now: datetime = NOON

    @property
    def run(self) -> Run:
        assert self.session.run is not None, "nothing waits"
        return self.session.run

    @property
    def at(self) -> str:
        """The step where the innermost run stands."""
        return self.run.step

    @property
    def shown(self) -> Show:
        """The last step that was shown in the last turn."""
        return [effect for effect in self.effects if isinstance(effect, Show)][-1]

    def begin(self, id_: str = "guide") -> Walker:
        return self._live(begin(self.library, FlowId(id_), self.profile, self.session, self.now))

    def meets(self, event: Event) -> Walker:
        return self._live(advance(self.library, self.session, event, self.profile, self.now))

    def picks(self, *picked: str) -> Walker:
        for choice in picked:
            self.meets(Picked(self.run.id, self.run.visit, ChoiceId(choice)))
        return self

    def _live(self, turn: Turn) -> Walker:
        self.session, self.effects = load(json.loads(json.dumps(dump(turn.session)))), turn.effects
        assert self.session == turn.session
        return self


def walk(*flows: Flow) -> Walker:
    """Begin the first of the flows."""
    return Walker(library(*flows)).begin(flows[0].id)
