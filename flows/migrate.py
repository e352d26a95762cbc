"""An edited guide strands nobody: where a run stands in the guide as it is today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from flows.effects import Moved
from flows.model import Flow, Library, StepId, find_flow, find_step
from flows.session import Run


@dataclass(frozen=True, slots=True)
class Migration:
    """The run stack as of today; `moved` when the person no longer stands where they stood."""

    runs: tuple[Run, ...]
    moved: Moved | None = None


def migrate(library: Library, runs: Sequence[Run]) -> Migration:
    """Place every run in today's graph.

    A step that is gone is followed through `moved`; where that leads nowhere, the run stands at the last step of its
    path that still exists, else at the start. A run whose caller no longer calls it is dropped, and the person stands
    in the caller. What was done stays done, by id. Raises FlowError when a flow itself is unknown.
    """
    kept: list[Run] = []
    for old, inner in zip_longest(runs, runs[1:]):
        flow = find_flow(library, old.flow)
        run = _place(flow, old)
        kept.append(run)
        if inner is not None and find_step(flow, run.step).calls == inner.flow:
            continue
        gone = runs[-1].step
        stays = inner is None and run.step == gone
        return Migration(tuple(kept), None if stays else Moved(run.flow, gone, run.step))
    return Migration(tuple(kept))


def _place(flow: Flow, run: Run) -> Run:
    if run.hash == flow.hash:
        return run
    run = replace(run, path=tuple(step for step in run.path if _waits(flow, step)), hash=flow.hash)
    here = _follow(flow, run.step)
    if here is None:
        *behind, last = run.path or (flow.start,)
        return replace(run, step=last, path=tuple(behind), detour=None)
    path = run.path[: run.path.index(here)] if here != run.step and here in run.path else run.path
    detour = _follow(flow, run.detour) if run.detour is not None else None
    return replace(run, step=here, path=path, detour=detour)


def _waits(flow: Flow, step: StepId) -> bool:
    return step in flow.steps and flow.steps[step].waits


def _follow(flow: Flow, step: StepId) -> StepId | None:
    """Return the step itself or what stands for it now, through chains; None when that leads nowhere."""
    met: set[StepId] = set()
    while step not in flow.steps:
        if step in met or step not in flow.moved:
            return None
        met.add(step)
        step = flow.moved[step]
    return step
