"""Our top-level names are common words; another distribution that brings one of them would shadow ours."""

from __future__ import annotations

from importlib.metadata import packages_distributions

import pytest


@pytest.mark.parametrize("room", ["bot", "content", "desk", "flows", "i18n", "storage"])
def test_no_other_distribution_brings_a_room_of_this_name(room: str) -> None:
    assert set(packages_distributions().get(room, [])) <= {"izi"}
