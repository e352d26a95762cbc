"""R15 in a short form: SIGTERM under load. How long an end may take is asserted by `make stop` alone."""

from __future__ import annotations

import json
from pathlib import Path

from tests.reliability.kill import Options, breaches, run


async def test_who_ends_when_asked_leaves_nothing_lost_doubled_or_undecided(tmp_path: Path) -> None:
    options = Options(kills=5, updates=200, chats=20, redeliver=0, drop_answers=0, gently=True)
    figures = await run(options, tmp_path / "var")
    print(json.dumps(figures))
    assert breaches(figures) == []
