"""S2 in the form that `make test` runs: 20,000 bodies on each open endpoint; `make fuzz` sends 100,000.

Four files call this, one for each kind of endpoint, so that the processes of the tests can share them.
"""

from __future__ import annotations

from pathlib import Path

from tests.reliability.fuzz import fuzz

BODIES = 20_000


async def endure(folder: Path, path: str) -> None:
    """AssertionError where an answer is a fault of ours, a loop has ended, or fewer were sent than promised."""
    report = await fuzz(folder, {path: BODIES}, seed=1)
    print("\n".join(report.lines()))
    assert report.faults == []
    assert report.statuses[path].total() == BODIES
