"""Never more than the platform allows in any second; a flood is told once and then shed, and counted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.pacing import BotPace, ConversationPace, PersonPace, Pressure


class Ticks:
    def __init__(self) -> None:
        self.now = 1_000_000

    def __call__(self) -> int:
        return self.now


@given(st.lists(st.integers(0, 400), min_size=40, max_size=200))
def test_a_bot_never_sends_more_than_its_rate_in_any_second(pauses: list[int]) -> None:
    ticks, sent = Ticks(), []
    pace = BotPace(27, ticks)
    for pause in pauses:
        ticks.now += pause
        for _ in range(min(pace.free(), 40)):
            pace.take()
            sent.append(ticks.now)
    assert all(sum(begin <= at < begin + 1000 for at in sent) <= 27 for begin in sent)


def test_a_full_bucket_says_how_long_to_wait() -> None:
    ticks = Ticks()
    pace = BotPace(2, ticks)
    pace.take()
    pace.take()
    assert pace.free() == 0
    assert 0 < pace.wait() <= 1.0
    ticks.now += 1001
    assert pace.free() == 2


def test_one_chat_gets_short_bursts_and_then_one_message_a_second() -> None:
    ticks = Ticks()
    pace = ConversationPace(1, 5, ticks)
    assert [pace.wait(1) for _ in range(5)] == [0.0] * 5
    assert pace.wait(1) > 0
    assert pace.wait(2) == 0.0
    ticks.now += 5001
    assert pace.wait(1) == 0.0


def test_a_flood_is_told_once_then_shed_and_ends_with_the_minute() -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    pace = PersonPace(soft=3, hard=5)
    felt = [pace.press(1, now) for _ in range(7)]
    assert felt == [Pressure.CALM] * 3 + [Pressure.TELL] + [Pressure.CALM] + [Pressure.SHED] * 2
    assert pace.shed == 2
    assert pace.press(2, now) is Pressure.CALM
    assert pace.press(1, now + timedelta(minutes=1)) is Pressure.CALM
