"""The last released structure of each guide: what people may be standing in (ruling 8).

`<guide>.released.json` lies beside the guide and is committed. It lists every step id that was ever released, because
somebody may come back to it months later; an id that is gone from the guide needs a line in its `moved:`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from content.load import compile_flow
from content.problems import ContentError, Problem
from content.schema import Guide


@dataclass(frozen=True, slots=True)
class Released:
    """What a release knew. steps: all ids up to then; hash: of the structure, as in `flows.model.Flow`."""

    steps: tuple[str, ...]
    hash: str


def write_released(guide: Guide) -> Path:
    """Write the structure beside the guide's file and return the path.

    Raises ContentError when a step vanished without `moved:`, so that a release cannot hide it.
    """
    if faults := list(compare(guide)):
        raise ContentError(faults)
    path = _path(guide)
    before = _read(path)
    ids = dict.fromkeys((*(before.steps if before else ()), *(step.id for step in guide.steps)))
    shape = {"guide": guide.id, "hash": compile_flow(guide).hash, "steps": sorted(ids)}
    path.write_text(json.dumps(shape, indent=2) + "\n", "utf-8")
    return path


def compare(guide: Guide) -> Iterator[Problem]:
    """Find released steps that are neither in the guide nor in its `moved:`. A guide never released has none."""
    path = _path(guide)
    try:
        before = _read(path)
    except ContentError as error:
        yield from error.problems
        return
    here = {step.id for step in guide.steps} | guide.moved.keys()
    for gone in before.steps if before else ():
        if gone not in here:
            text = f"the released step {gone!r} is gone: say in `moved:` which step stands for it"
            yield Problem(guide.origin.file, guide.origin.line("moved"), text)


def _path(guide: Guide) -> Path:
    return Path(guide.origin.file).with_name(f"{guide.id}.released.json")


def _read(path: Path) -> Released | None:
    """Read a release, None = there was none. Raises ContentError for a damaged file."""
    try:
        raw = json.loads(path.read_text("utf-8"))
        return Released(tuple(str(step) for step in raw["steps"]), str(raw["hash"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        text = "damaged: take it from the last commit, or delete it and release again"
        raise ContentError([Problem(str(path), 1, text)]) from None
