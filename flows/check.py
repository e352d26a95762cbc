"""What is wrong with a guide's graph, found before anybody walks it."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from flows.answers import PROFILE_NAMES, asked
from flows.conditions import names_in
from flows.graph import called, components, exits, reachable, ways
from flows.limits import CHOICE_ID, CHOICES, FLOW_ID, STEP_ID
from flows.model import AllOf, AnyOf, Condition, Flow, FlowId, Is, Kind, Library, Not, Step, StepId
from flows.walk import MAX_RUNS


class Code(StrEnum):
    """The kinds of problems."""

    BAD_ID = "bad-id"
    DUPLICATE_ID = "duplicate-id"
    UNKNOWN_TARGET = "unknown-target"
    UNREACHABLE = "unreachable"
    DEAD_END = "dead-end"
    SILENT_CYCLE = "silent-cycle"
    ENDING_GOES_ON = "ending-goes-on"
    NO_CHOICES = "no-choices"
    TOO_MANY_CHOICES = "too-many-choices"
    NO_NEXT = "no-next"
    NO_REQUEST = "no-request"
    NO_OTHERWISE = "no-otherwise"
    VALUE_NOT_KEPT = "value-not-kept"
    NEVER_ASKED = "never-asked"
    SENSITIVE_NOT_ASKED = "sensitive-not-asked"
    MOVED_NOWHERE = "moved-nowhere"
    MOVED_BUT_HERE = "moved-but-here"
    UNKNOWN_FLOW = "unknown-flow"
    CALL_CYCLE = "call-cycle"
    CALL_TOO_DEEP = "call-too-deep"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that an author must mend. step: None = the flow as a whole. detail: for the author, in English."""

    code: Code
    step: StepId | None
    detail: str


def check(flow: Flow, library: Library) -> list[Problem]:
    """Return what is wrong with `flow` in a library of guides; a flow without problems can be walked to an end."""
    library = {**library, flow.id: flow}
    return [
        *_ids(flow),
        *(problem for step in flow.steps.values() for problem in _step(step)),
        *_targets(flow),
        *_ways(flow),
        *_silent_cycles(flow, library),
        *_names(flow, library),
        *_moved(flow),
        *_calls(flow, library),
    ]


def endings(flow: Flow) -> list[StepId]:
    """Return the endings in written order: the steps after which nothing follows."""
    return [step.id for step in flow.steps.values() if step.ending]


def structure_hash(steps: Iterable[Step], start: StepId) -> str:
    """Return 16 hex digits that change with ids, kinds, exits and conditions, and not with the order of writing."""
    shape = [[start], *(_shape(step) for step in sorted(steps, key=lambda step: step.id))]
    return hashlib.sha256(json.dumps(shape).encode()).hexdigest()[:16]


def _shape(step: Step) -> list[object]:
    choices = [[choice.id, choice.to, choice.value] for choice in step.choices]
    cases = [[case.to, case.when and _shape_of_condition(case.when)] for case in step.cases]
    return [step.id, step.kind, choices, cases, step.next, step.answer, step.sensitive, step.request, step.calls]


def _shape_of_condition(condition: Condition) -> list[object]:
    match condition:
        case Is(name, values):
            return ["is", name, sorted(values)]
        case Not(inner):
            return ["not", _shape_of_condition(inner)]
        case AllOf(parts):
            return ["all", *map(_shape_of_condition, parts)]
        case AnyOf(parts):
            return ["any", *map(_shape_of_condition, parts)]
        case _:
            assert_never(condition)


def _ids(flow: Flow) -> Iterator[Problem]:
    named: list[tuple[StepId | None, str, int]] = [(None, flow.id, FLOW_ID)]
    for key, step in flow.steps.items():
        named.append((step.id, step.id, STEP_ID))
        named += [(step.id, choice.id, CHOICE_ID) for choice in step.choices]
        if key != step.id:
            yield Problem(Code.DUPLICATE_ID, step.id, f"the step is kept under another id, {key!r}")
        counted = Counter(choice.id for choice in step.choices)
        for choice, times in counted.items():
            if times > 1:
                yield Problem(Code.DUPLICATE_ID, step.id, f"choice {choice!r} stands {times} times")
    for where, id_, longest in named:
        if not re.fullmatch(rf"[a-z0-9-]{{1,{longest}}}", id_):
            yield Problem(Code.BAD_ID, where, f"{id_!r} is not 1 to {longest} of a-z, 0-9 and -")


def _step(step: Step) -> Iterator[Problem]:
    """Check what a step of its kind must have and must not have."""

    def problem(code: Code, detail: str) -> Problem:
        return Problem(code, step.id, detail)

    if step.kind is Kind.END and step.choices:
        yield problem(Code.ENDING_GOES_ON, "an end has no choices")
    if step.next is not None and (step.ending or step.kind is Kind.END):
        yield problem(Code.ENDING_GOES_ON, "nothing may follow here, but `next` is set")
    if step.kind in (Kind.QUESTION, Kind.ACTION, Kind.NOTE) and not step.choices:
        yield problem(Code.NO_CHOICES, f"a {step.kind} waits, so it needs a choice")
    if len(step.choices) > CHOICES:
        yield problem(Code.TOO_MANY_CHOICES, f"{len(step.choices)} choices, at most {CHOICES}")
    if step.kind is Kind.CALL and step.next is None:
        yield problem(Code.NO_NEXT, "a call needs `next`: where it goes on afterwards")
    if step.kind is Kind.HANDOFF and step.request is None:
        yield problem(Code.NO_REQUEST, "a handoff needs the type of its request")
    otherwise = [number for number, case in enumerate(step.cases, start=1) if case.when is None]
    if step.kind is Kind.BRANCH and otherwise != [len(step.cases)]:
        yield problem(Code.NO_OTHERWISE, "the last case, and only the last, is `otherwise`")
    if step.answer is None and any(choice.value is not None for choice in step.choices):
        yield problem(Code.VALUE_NOT_KEPT, "a choice has a value, but the step names no answer")


def _targets(flow: Flow) -> Iterator[Problem]:
    if flow.start not in flow.steps:
        yield Problem(Code.UNKNOWN_TARGET, None, f"the flow starts at {flow.start!r}, which does not exist")
    for step in flow.steps.values():
        for to in dict.fromkeys(exits(step)):
            if to not in flow.steps:
                yield Problem(Code.UNKNOWN_TARGET, step.id, f"leads to {to!r}, which does not exist")


def _ways(flow: Flow) -> Iterator[Problem]:
    onward = ways(flow)
    walked = reachable(flow.start, lambda step: onward.get(step, ()))
    for step in flow.steps.values():
        if step.id not in walked:
            yield Problem(Code.UNREACHABLE, step.id, "no way leads here")
        elif step.waits and not any(flow.steps[to].ending for to in reachable(step.id, onward.__getitem__)):
            yield Problem(Code.DEAD_END, step.id, "no way on from here reaches an ending")


def _silent_cycles(flow: Flow, library: Library) -> Iterator[Problem]:
    """A loop on which nothing waits would turn for ever. A call is silent when the called flow can be."""
    silent = {step.id for step in flow.steps.values() if not step.waits and _passes_silently(step, library)}
    onward = {step: [to for to in tos if to in silent] for step, tos in ways(flow).items() if step in silent}
    reported: set[StepId] = set()
    for start in onward:
        if start in reported:
            continue
        for loop in components(start, onward.__getitem__):
            if (len(loop) > 1 or loop[0] in onward[loop[0]]) and not reported & set(loop):
                yield Problem(Code.SILENT_CYCLE, loop[0], f"nothing waits on the loop {', '.join(sorted(loop))}")
            reported |= set(loop)


def _passes_silently(step: Step, library: Library) -> bool:
    if step.calls is None or step.calls not in library:
        return True
    inner = library[step.calls]
    onward = {id_: [] if inner.steps[id_].waits else tos for id_, tos in ways(inner).items()}
    passed = reachable(inner.start, lambda id_: onward.get(id_, []))
    return any(step.kind is Kind.END and step.id in passed for step in inner.steps.values())


def _names(flow: Flow, library: Library) -> Iterator[Problem]:
    """A flow may test its own answers, those of flows that call it, and the profile."""
    callers = [other for other in library.values() if flow.id in reachable(other.id, lambda id_: _called(id_, library))]
    visible = PROFILE_NAMES.union(*(asked(other) for other in callers))
    sensitive = {step.answer for other in callers for step in other.steps.values() if step.sensitive}
    for step in flow.steps.values():
        tested = dict.fromkeys(name for case in step.cases if case.when is not None for name in names_in(case.when))
        for name in tested:
            if name not in visible:
                yield Problem(Code.NEVER_ASKED, step.id, f"tests {name!r}, which no question asks")
            elif name in sensitive and name not in asked(flow):
                detail = f"tests the sensitive {name!r}, but could not ask again once the answer is dropped"
                yield Problem(Code.SENSITIVE_NOT_ASKED, step.id, detail)


def _moved(flow: Flow) -> Iterator[Problem]:
    for gone in flow.moved:
        if gone in flow.steps:
            yield Problem(Code.MOVED_BUT_HERE, gone, "is listed as moved, but the step exists")
        elif not flow.steps.keys() & reachable(gone, lambda id_: [flow.moved[id_]] if id_ in flow.moved else []).keys():
            yield Problem(Code.MOVED_NOWHERE, gone, "what it was moved to does not exist")


def _calls(flow: Flow, library: Library) -> Iterator[Problem]:
    for step in flow.steps.values():
        if step.kind is not Kind.CALL:
            continue
        if step.calls is None or step.calls not in library:
            yield Problem(Code.UNKNOWN_FLOW, step.id, f"calls {step.calls!r}, which does not exist")
        elif flow.id in reachable(step.calls, lambda id_: _called(id_, library)):
            yield Problem(Code.CALL_CYCLE, step.id, f"calls {step.calls!r}, which calls this flow again")
    deepest = _depth(flow.id, library)
    if deepest > MAX_RUNS:
        yield Problem(Code.CALL_TOO_DEEP, None, f"calls flows {deepest} deep, at most {MAX_RUNS}")


def _depth(flow: FlowId, library: Library) -> int:
    """Return the longest chain of calls, in flows; 0 where calls run in a circle, which is a problem of its own."""
    depth: dict[FlowId, int] = {}
    for loop in components(flow, lambda id_: _called(id_, library)):
        if len(loop) > 1 or loop[0] in _called(loop[0], library):
            return 0
        depth[loop[0]] = 1 + max((depth[inner] for inner in _called(loop[0], library)), default=0)
    return depth[flow]


def _called(flow: FlowId, library: Library) -> tuple[FlowId, ...]:
    return tuple(inner for inner in called(library[flow]) if inner in library)
