"""R2 in a short form: the process dies between getUpdates and its commit, and stays away for ten minutes."""

from __future__ import annotations

import json
from pathlib import Path

from tests.reliability.kill import Options, breaches, run


async def test_what_was_handed_out_and_not_stored_is_handed_out_again(tmp_path: Path) -> None:
    figures = await run(Options(kills=20, updates=300, chats=30, at_handover=True), tmp_path / "var")
    print(json.dumps(figures))
    assert breaches(figures) == []
