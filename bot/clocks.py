"""What time it is: the only place that asks. Everything else is given its clock."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def now() -> datetime:
    """The time, aware, UTC."""
    return datetime.now(UTC)


def now_ms() -> int:
    """Milliseconds that only go forward."""
    return time.monotonic_ns() // 1_000_000


def epoch_ms() -> int:
    """Milliseconds that all machines count alike."""
    return time.time_ns() // 1_000_000
