"""S2 in a short form: 20,000 bodies over all open endpoints; `make fuzz` sends 100,000 to each."""

from __future__ import annotations

from pathlib import Path

import structlog

from tests.reliability.fuzz import ENDPOINTS, fuzz

#: More where more is read from a body, fewer where each one costs a whole turn.
COUNTS = {
    "/telegram/webhook": 4000,
    "/whatsapp/webhook": 2000,
    "/chat": 500,
    "/chat/clear": 500,
    "/chat/look": 1500,
    "/chat/code": 500,
    "/chat/resume": 2000,
    "/api/chat/start": 1500,
    "/api/chat/words": 2500,
    "/api/chat/press": 1500,
    "/api/chat/clear": 1000,
    "/api/chat/code": 500,
    "/api/chat/resume": 1500,
    "/desk/login/{token}": 500,
}


async def test_no_body_whatsoever_is_answered_with_a_fault_of_ours_or_stops_the_house(tmp_path: Path) -> None:
    with structlog.testing.capture_logs():
        report = await fuzz(tmp_path, COUNTS, seed=1)
    print("\n".join(report.lines()))
    assert report.faults == []
    assert {path: sum(statuses.values()) for path, statuses in report.statuses.items()} == COUNTS


def test_every_endpoint_has_its_share() -> None:
    assert set(COUNTS) == set(ENDPOINTS)
    assert sum(COUNTS.values()) >= 20_000
