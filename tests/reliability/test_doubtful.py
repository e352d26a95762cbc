"""R5 in a short form; the long one is `make doubtful`."""

from __future__ import annotations

import json
from pathlib import Path

from tests.reliability.doubtful import Options, breaches, run


async def test_a_send_whose_end_is_in_doubt_is_never_lost_and_every_double_is_known(tmp_path: Path) -> None:
    figures = await run(Options(chats=24, acts=13), tmp_path / "var")
    print(json.dumps(figures))
    assert breaches(figures) == []
