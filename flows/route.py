"""Where an action stands on a person's route: "step 2 of 6"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set

from flows.answers import PROFILE_NAMES, Known, asked
from flows.conditions import Unknown, judge
from flows.graph import components, reachable, ways
from flows.model import Flow, Kind, Step, StepId
from flows.session import Run


def position(flow: Flow, run: Run, known: Known) -> tuple[int, int]:
    """Return the number of the action at which the run stands and how many its route has.

    Behind lie the actions of the run's path; ahead lies the longest way on that what is known leaves open. Each action
    counts once, however often a loop comes by.
    """
    path = run.path[: run.path.index(run.step)] if run.step in run.path else run.path
    behind = {step for step in path if flow.steps[step].kind is Kind.ACTION}
    number = len(behind) + 1
    return number, number + _most_ahead(flow, run.step, known, behind | {run.step})


def _most_ahead(flow: Flow, start: StepId, known: Known, counted: set[StepId]) -> int:
    """Return how many actions outside `counted` the longest way from `start` has."""
    steps, onward = flow.steps, ways(flow)
    ahead = reachable(start, onward.__getitem__)
    open_names = known.missing | (_asked_at(flow, ahead) - known.values.keys())
    for step in ahead:
        if steps[step].kind is Kind.BRANCH:
            onward[step] = [to for to in _open_exits(steps[step], known.values, open_names) if to in steps]
    best: dict[StepId, int] = {}
    for loop in components(start, onward.__getitem__):
        here = sum(steps[step].kind is Kind.ACTION and step not in counted for step in loop)
        beyond = max((best[to] for step in loop for to in onward[step] if to in best), default=0)
        best |= dict.fromkeys(loop, here + beyond)
    return best[start]


def _asked_at(flow: Flow, ids: Iterable[StepId]) -> Set[str]:
    """Return the names that these steps ask for. A called flow may ask for any name that this flow asks for as well."""
    steps = [flow.steps[id_] for id_ in ids]
    if any(step.kind is Kind.CALL for step in steps):
        return asked(flow)
    return {step.answer for step in steps if step.answer is not None}


def _open_exits(branch: Step, values: Mapping[str, str], missing: Set[str]) -> list[StepId]:
    """Return the exits that may be taken: those up to the first case that is sure to hold."""
    taken: list[StepId] = []
    for case in branch.cases:
        truth = True if case.when is None else judge(case.when, values, missing)
        if truth is True or isinstance(truth, Unknown):
            taken.append(case.to)
        if truth is True:
            break
    return taken


def longest(flow: Flow) -> int:
    """Return how many actions the longest route through a flow has, whoever walks it."""
    return _most_ahead(flow, flow.start, Known({}, asked(flow) | PROFILE_NAMES), set())
