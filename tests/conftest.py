"""What holds for all tests."""

from __future__ import annotations

import pytest
from hypothesis import settings

# No test says how fast something is: that is for benchmarks/, and a busy machine would make it fail by chance.
settings.register_profile("izi", deadline=None)
settings.load_profile("izi")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those that take minutes begin first, so that none of them is left alone at the end of a run."""
    items.sort(key=lambda item: "reliability" not in item.path.parts)
