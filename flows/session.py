"""One contact's standing: which flows they are in, where, and what they answered; and its stored form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from flows.model import FlowId, StepId

NO_ANSWERS: Mapping[str, str] = MappingProxyType({})
VERSION = 1


class SessionError(ValueError):
    """What was stored is no session of a version that we know."""


@dataclass(frozen=True, slots=True)
class Run:
    """One walk through one flow.

    id: unique within the session; a button names it, so that a press of an earlier walk is recognised.
    visit: grows with every wait; a button of an earlier wait is stale.
    path: the waiting steps that lie behind, oldest first; Back goes to the last one. A question that was asked again
    (see detour) is left out: it lies off the way.
    done: action steps that were finished, by id, so that they stay finished when the guide changes.
    passed: names of questions that were answered, also where the answer was dropped or never kept.
    detour: the step to return to after a question that had to be asked again.
    hash: structure of the flow when the run was last saved.
    """

    flow: FlowId
    id: int
    step: StepId
    visit: int
    hash: str
    path: tuple[StepId, ...] = ()
    done: tuple[StepId, ...] = ()
    answers: Mapping[str, str] = field(default_factory=lambda: NO_ANSWERS)
    passed: tuple[str, ...] = ()
    detour: StepId | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """The stack of runs (the innermost last) and when the person was last heard of (aware, UTC)."""

    runs: tuple[Run, ...] = ()
    last_run: int = 0
    seen_at: datetime | None = None

    @property
    def run(self) -> Run | None:
        """The innermost run: the one that waits for the person."""
        return self.runs[-1] if self.runs else None


def dump(session: Session) -> dict[str, object]:
    """Return the session as JSON-ready values, with its version under "v"."""
    return {
        "v": VERSION,
        "runs": [_dump_run(run) for run in session.runs],
        "last_run": session.last_run,
        "seen_at": session.seen_at.isoformat() if session.seen_at else None,
    }


def load(raw: object) -> Session:
    """Return the session that `dump` wrote; keys that we do not know are left aside.

    Raises SessionError on an unknown version or shape.
    """
    match raw:
        case {"v": version, "runs": list(runs), "last_run": int(last_run), "seen_at": str() | None as seen_at} if (
            version == VERSION
        ):
            return Session(tuple(_load_run(run) for run in runs), last_run, _load_moment(seen_at))
        case {"v": version} if version != VERSION:
            raise SessionError("unknown version of a session")
        case _:
            raise SessionError("not a session")


def _dump_run(run: Run) -> dict[str, object]:
    return {
        "flow": run.flow,
        "id": run.id,
        "step": run.step,
        "visit": run.visit,
        "hash": run.hash,
        "path": list(run.path),
        "done": list(run.done),
        "answers": dict(run.answers),
        "passed": list(run.passed),
        "detour": run.detour,
    }


def _load_run(raw: object) -> Run:
    match raw:
        case {
            "flow": str(flow),
            "id": int(id_),
            "step": str(step),
            "visit": int(visit),
            "hash": str(hash_),
            "path": list(path),
            "done": list(done),
            "answers": dict(answers),
            "passed": list(passed),
            "detour": str() | None as detour,
        } if all(isinstance(word, str) for word in (*path, *done, *answers, *answers.values(), *passed)):
            return Run(
                flow=FlowId(flow),
                id=id_,
                step=StepId(step),
                visit=visit,
                hash=hash_,
                path=tuple(path),
                done=tuple(done),
                answers=dict(answers),
                passed=tuple(passed),
                detour=None if detour is None else StepId(detour),
            )
        case _:
            raise SessionError("not a run of a session")


def _load_moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise SessionError("seen_at is no moment") from None
    if moment.tzinfo is None:
        raise SessionError("seen_at has no time zone")
    return moment
