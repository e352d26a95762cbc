"""What a person has answered: what is known of it, what leaves a called flow, and what has to be forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from flows.graph import called, reachable
from flows.model import Choice, Flow, FlowId, Library, Profile, Step
from flows.session import Run

PROFILE_NAMES = frozenset(field.name for field in fields(Profile))


@dataclass(frozen=True, slots=True)
class Known:
    """Values by name, and the names that were asked and yet have no value."""

    values: Mapping[str, str]
    missing: frozenset[str]


def known(runs: Iterable[Run], profile: Profile) -> Known:
    """Return what conditions may see: the answers of the whole stack, then the profile where nothing was answered."""
    answered = given(runs)
    about = {name: value for name, value in _profile_values(profile) if value}
    return Known(about | dict(answered.values), answered.missing - about.keys())


def given(runs: Iterable[Run]) -> Known:
    """Return the answers of the whole stack (outermost run first); an inner one hides an outer of the same name."""
    values: dict[str, str] = {}
    for run in runs:
        for name in run.passed:
            values.pop(name, None)
        values |= run.answers
    return Known(values, frozenset(name for run in runs for name in run.passed if name not in values))


def _profile_values(profile: Profile) -> Iterator[tuple[str, str]]:
    yield "country", profile.country
    yield "municipality", profile.municipality
    yield "language", profile.language
    yield "consent", "yes" if profile.consent else "no"


def asked(flow: Flow) -> frozenset[str]:
    """Return the names under which the flow keeps answers."""
    return frozenset(step.answer for step in flow.steps.values() if step.answer is not None)


def remember(run: Run, step: Step, choice: Choice) -> Run:
    """Return the run with the step's answer kept, or, where the choice keeps none, known to have been asked."""
    if step.answer is None:
        return run
    return _with_answer(run, step.answer, choice.value)


def bring_out(inner: Run, outer: Run, flow: Flow) -> Run:
    """Return the outer run (which walks `flow`) with what the inner one was asked and `flow` asks for as well."""
    shared = asked(flow)
    for name in inner.passed:
        if name in shared:
            outer = _with_answer(outer, name, inner.answers.get(name))
    return outer


def _with_answer(run: Run, name: str, value: str | None) -> Run:
    others = {known_name: known_value for known_name, known_value in run.answers.items() if known_name != name}
    answers = others if value is None else others | {name: value}
    passed = run.passed if name in run.passed else (*run.passed, name)
    return replace(run, answers=answers, passed=passed)


def unprotected(library: Library, runs: Sequence[Run]) -> frozenset[str]:
    """Return the names of which the answers are not sensitive.

    A name counts as sensitive when one question of the flows in the stack, or of a flow that these may call, says so;
    or when no question asks for it any more, so that nobody can tell.
    """
    plain: set[str] = set()
    sensitive: set[str] = set()
    for flow in _family(library, runs):
        for step in flow.steps.values():
            if step.answer is not None:
                (sensitive if step.sensitive else plain).add(step.answer)
    return frozenset(plain - sensitive)


def _family(library: Library, runs: Iterable[Run]) -> list[Flow]:
    def calls(flow: FlowId) -> tuple[FlowId, ...]:
        return called(library[flow]) if flow in library else ()

    ids = {found: None for run in runs for found in reachable(run.flow, calls)}
    return [library[flow] for flow in ids if flow in library]


def forget_sensitive(library: Library, runs: Sequence[Run]) -> tuple[Run, ...]:
    """Return the runs without their sensitive answers; that the questions were passed stays known."""
    keep = unprotected(library, runs)
    return tuple(
        replace(run, answers={name: value for name, value in run.answers.items() if name in keep}) for run in runs
    )


def sensitive(library: Library, runs: Sequence[Run]) -> frozenset[tuple[str, str]]:
    """Return the sensitive answers of the stack as (name, value)."""
    plain = unprotected(library, runs)
    return frozenset((name, value) for name, value in given(runs).values.items() if name not in plain)
