"""The engine: what happened to a session goes in, the new session and what should be felt come out.

Plain functions, pure and deterministic: no I/O, no clock, no chance, no language.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from flows.answers import forget_sensitive
from flows.effects import Effect, LeftAtStart, Stale
from flows.events import AnswersDropped, Event, Picked, Restarted, Returned, WentBack
from flows.migrate import migrate
from flows.model import FlowError, FlowId, Library, Profile
from flows.session import Session
from flows.walk import Walk

__all__ = ["FlowError", "Turn", "advance", "begin"]


@dataclass(frozen=True, slots=True)
class Turn:
    """The new session, and the effects in the order in which they must be felt."""

    session: Session
    effects: tuple[Effect, ...] = ()


def begin(library: Library, flow: FlowId, profile: Profile, session: Session, now: datetime) -> Turn:
    """Start a walk through `flow`; whatever runs stood in the session before are left.

    now: aware, UTC. Raises FlowError when the flow is unknown or cannot be walked (see `advance`).
    """
    walk = Walk(library, profile, runs=[], last_run=session.last_run)
    walk.go(walk.push(flow))
    return _turn(walk, now)


def advance(library: Library, session: Session, event: Event, profile: Profile, now: datetime) -> Turn:
    """Return what an event makes of the session.

    A step that has vanished from its guide is left first (see `flows.migrate`); then the event is not applied, because
    it was meant for what the person saw.
    now: aware, UTC; kept as the last sign of life, except for AnswersDropped, which is not the person's doing.
    Raises FlowError when a flow of the session is unknown, when a step leads nowhere, or when the turn takes more than
    100 steps or goes more than 5 runs deep.
    """
    match event:
        case AnswersDropped():
            return Turn(replace(session, runs=forget_sensitive(library, session.runs)))
        case Restarted() if session.runs:
            return begin(library, session.runs[0].flow, profile, session, now)
        case Picked() | WentBack() | Returned() if session.runs:
            return _act(library, session, event, profile, now)
        case Picked():
            return Turn(replace(session, seen_at=now), (Stale(),))
        case Restarted() | WentBack() | Returned():
            return Turn(replace(session, seen_at=now))
        case _:
            assert_never(event)


def _act(
    library: Library, session: Session, event: Picked | WentBack | Returned, profile: Profile, now: datetime
) -> Turn:
    today = migrate(library, session.runs)
    walk = Walk(library, profile, list(today.runs), session.last_run)
    if today.moved is not None or not walk.step.waits:
        walk.effects += [today.moved] if today.moved else []
        walk.stand()
        return _turn(walk, now)
    match event:
        case Picked():
            _pick(walk, event)
        case WentBack():
            _go_back(walk)
        case Returned():
            walk.show(again=True)
        case _:
            assert_never(event)
    return _turn(walk, now)


def _pick(walk: Walk, event: Picked) -> None:
    run = walk.run
    choice = next((choice for choice in walk.step.choices if choice.id == event.choice), None)
    if choice is None or (event.run, event.visit) != (run.id, run.visit):
        walk.effects.append(Stale(run.flow, run.step))
        walk.show(again=True)
    else:
        walk.take(choice)


def _go_back(walk: Walk) -> None:
    """Put the run back to its last wait; where it has none, leave it for the run that called it."""
    outermost = walk.runs[0].flow
    depth = next((depth for depth in reversed(range(len(walk.runs))) if walk.runs[depth].path), None)
    if depth is None:
        walk.effects.append(LeftAtStart(outermost))
        return
    del walk.runs[depth + 1 :]
    *path, step = walk.run.path
    walk.run = replace(walk.run, step=step, path=tuple(path), detour=None)
    walk.stand()


def _turn(walk: Walk, now: datetime) -> Turn:
    return Turn(Session(tuple(walk.runs), walk.last_run, now), tuple(walk.effects))
