"""Who has which request open at this moment. Kept in memory: of pages that another process serves, nothing is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class Looking:
    """Pages that stand open; used in the loop of one process alone."""

    def __init__(self) -> None:
        self._open: Counter[tuple[int, int]] = Counter()

    @contextmanager
    def at(self, number: int, staff_id: int) -> Iterator[None]:
        """Somebody has a request open, in one browser more."""
        self._open[number, staff_id] += 1
        try:
            yield
        finally:
            self._open[number, staff_id] -= 1
            if not self._open[number, staff_id]:
                del self._open[number, staff_id]

    def others(self, number: int, staff_id: int) -> frozenset[int]:
        """Who else has it open."""
        return frozenset(one for at, one in self._open if at == number and one != staff_id)
