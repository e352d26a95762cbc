"""R1 in a short form; the long one is `python -m tests.reliability.kill --kills 200 ...`."""

from __future__ import annotations

import json
from pathlib import Path

from tests.reliability.kill import Options, breaches, run


async def test_nothing_is_lost_or_doubled_however_often_the_process_is_killed(tmp_path: Path) -> None:
    figures = await run(Options(kills=20, updates=1000, chats=50), tmp_path / "var")
    print(json.dumps(figures))
    assert breaches(figures) == []


async def test_on_whatsapp_too_in_batches_doubled_and_in_any_order(tmp_path: Path) -> None:
    options = Options(channel="whatsapp", kills=4, updates=200, chats=40, redeliver=0.05, drop_answers=0.02)
    figures = await run(options, tmp_path / "var")
    print(json.dumps(figures))
    assert breaches(figures) == []
    assert figures["answers_dropped"] > 0
