from __future__ import annotations

from pathlib import Path

from tests.reliability.fuzz import WEBHOOKS
from tests.reliability.short_fuzz import endure


async def test_no_body_on_what_the_services_call_is_answered_with_a_fault_of_ours_or_stops_the_house(
    tmp_path: Path,
) -> None:
    await endure(tmp_path, WEBHOOKS)
