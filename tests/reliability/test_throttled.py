"""R6 in a short form; the long one is `make throttled`."""

from __future__ import annotations

import json
from pathlib import Path

from tests.reliability.throttled import Options, breaches, run


async def test_who_is_told_to_wait_waits_also_after_a_restart_and_nothing_is_lost(tmp_path: Path) -> None:
    figures = await run(Options(chats=30, acts=7, people=60, longest=3), tmp_path / "var")
    print(json.dumps(figures))
    assert breaches(figures) == []
