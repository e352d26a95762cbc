"""What holds for all tests."""

from __future__ import annotations

from hypothesis import settings

# No test says how fast something is: that is for benchmarks/, and a busy machine would make it fail by chance.
settings.register_profile("izi", deadline=None)
settings.load_profile("izi")
