from __future__ import annotations

from pathlib import Path

import pytest

from tests.reliability.fuzz import TALK
from tests.reliability.short_fuzz import endure


@pytest.mark.parametrize("path", TALK)
async def test_no_body_on_the_page_of_the_chat_is_answered_with_a_fault_of_ours_or_stops_the_house(
    tmp_path: Path, path: str
) -> None:
    await endure(tmp_path, path)
