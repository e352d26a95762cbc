"""What holds for all tests."""

from __future__ import annotations

import gc

import pytest
from hypothesis import settings

# No test says how fast something is: that is for benchmarks/, and a busy machine would make it fail by chance.
settings.register_profile("izi", deadline=None)
settings.load_profile("izi")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those that take minutes begin first, so that none of them is left alone at the end of a run."""
    items.sort(key=lambda item: "reliability" not in item.path.parts)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: to look through it for garbage, again and again, was a tenth of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
