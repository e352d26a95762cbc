"""The live check in a short form, which counts and does not time; the long one is `make live`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.acceptance.chromium import CHROMIUM
from tests.reliability.live import Options, breaches, run

pytestmark = pytest.mark.skipif(
    shutil.which(CHROMIUM) is None,
    reason=f"LEFT OUT: there is no {CHROMIUM}: nobody knows when words appear at the desk (apt-get install chromium)",
)


async def test_every_message_appears_on_the_open_thread_while_others_write(tmp_path: Path) -> None:
    figures = await run(Options(conversations=4, messages=8, untimed=True), tmp_path / "var")
    print(json.dumps(figures))
    assert breaches(figures) == []
