"""S2 in a short form: 20,000 bodies over all open endpoints; `make fuzz` sends 100,000 to each."""

from __future__ import annotations

from pathlib import Path

from tests.reliability.fuzz import ENDPOINTS, fuzz

BODIES = 20_000


async def test_no_body_whatsoever_is_answered_with_a_fault_of_ours_or_stops_the_house(tmp_path: Path) -> None:
    report = await fuzz(tmp_path, BODIES // len(ENDPOINTS), seed=1)
    print("\n".join(report.lines()))
    assert report.faults == []
    assert sum(sum(statuses.values()) for statuses in report.statuses.values()) > BODIES * 0.99
