from __future__ import annotations

from pathlib import Path

import pytest

from tests.reliability.fuzz import FORMS
from tests.reliability.short_fuzz import endure


@pytest.mark.parametrize("path", FORMS)
async def test_no_body_on_a_form_beside_it_is_answered_with_a_fault_of_ours_or_stops_the_house(
    tmp_path: Path, path: str
) -> None:
    await endure(tmp_path, path)
