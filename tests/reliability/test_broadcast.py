from __future__ import annotations

from pathlib import Path

from tests.reliability.broadcast import Options, breaches, run


async def test_a_broadcast_that_is_killed_and_paused_reaches_everybody_once(tmp_path: Path) -> None:
    """The short form of `make broadcast`."""
    figures = await run(Options(people=300, talkers=5, kills=3, rate=60, blocked=50, pause=0.2), tmp_path / "var")
    assert breaches(figures) == []
