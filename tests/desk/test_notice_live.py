"""How long a sending still takes, as its page says."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk.console.notice_live import minutes_left


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
