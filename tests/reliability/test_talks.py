"""The kills with requests open (issue 4) in a short form; the long one is `make talks`."""

from __future__ import annotations

import json
from pathlib import Path

from tests.reliability.talks import Options, breaches, run


async def test_no_word_between_a_person_and_an_assistant_is_lost_or_doubled_however_often_the_process_is_killed(
    tmp_path: Path,
) -> None:
    figures = await run(Options(kills=6, people=6, words=15), tmp_path / "var")
    print(json.dumps(figures))
    assert breaches(figures) == []
