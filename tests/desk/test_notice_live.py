"""How long a sending still takes, and what of it is over, as its page says."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk.console.notice_live import minutes_left, settled
from storage.notice_rows import Counted, Fate


@pytest.mark.parametrize(
    ("waiting", "lately", "began", "minutes"),
    [
        (1620, 1620, timedelta(minutes=5), 1),
        (3241, 1620, timedelta(minutes=5), 3),
        (1620, 270, timedelta(seconds=10), 1),  # not six: it began only ten seconds ago
        (10, 0, timedelta(minutes=5), None),
        (0, 10, timedelta(minutes=5), None),
        (5, 1, timedelta(), 1),
    ],
)
def test_what_is_left_is_said_by_the_pace_of_the_last_minute(
    waiting: int, lately: int, began: timedelta, minutes: int | None
) -> None:
    assert minutes_left(waiting, lately, began) == minutes


def test_what_a_pause_holds_is_not_done_yet_unlike_what_waits_for_the_person() -> None:
    fates = [(Fate.SENT, ""), (Fate.HELD, "needs_template"), (Fate.HELD, "paused"), (Fate.WAITING, "")]
    counted = [Counted(fate, reason, "en", "telegram", 10**n) for n, (fate, reason) in enumerate(fates)]
    assert settled(counted) == 11
