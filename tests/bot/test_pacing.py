"""Pacing, on a clock that is set by hand: never above the limit in any sliding second, and no wait for nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pacing import SECOND, TENTH, BotPace, ConversationPace, PersonPace, Pressure

pauses = st.lists(st.integers(0, 1500), min_size=1, max_size=80)


@dataclass
class Clock:
    """Milliseconds that are moved by hand."""

    ms: int = 10_000

    def __call__(self) -> int:
        return self.ms


def busiest(moments: list[int], window: int) -> int:
    """The most events in any window of so many milliseconds that begins with one of them."""
    return max(sum(begin <= moment < begin + window for moment in moments) for begin in moments)


@given(st.integers(1, 30), pauses)
def test_a_bot_never_sends_more_than_its_rate_in_any_second(rate: int, pauses: list[int]) -> None:
    clock, sent = Clock(), []
    pace = BotPace(rate, clock)
    for pause in pauses:
        clock.ms += pause
        for _ in range(pace.free()):
            pace.count()
            sent.append(clock.ms)
    assert busiest(sent, SECOND) <= rate
    assert busiest(sent, TENTH) <= ceil(rate / 10)


def test_in_its_first_second_a_process_leaves_room_for_what_another_may_have_sent_before() -> None:
    clock, sent = Clock(), []
    pace = BotPace(27, clock)
    while clock.ms < 12_000:
        for _ in range(pace.free()):
            pace.count()
            sent.append(clock.ms)
        clock.ms += 10
    assert sum(moment < 11_000 for moment in sent) == 14
    assert sum(moment >= 11_000 for moment in sent) == 27


@given(st.integers(1, 30), pauses)
def test_after_the_wait_that_was_named_one_more_may_go(rate: int, pauses: list[int]) -> None:
    clock = Clock()
    pace = BotPace(rate, clock)
    for pause in pauses:
        clock.ms += pause
        if not pace.free():
            clock.ms += round(pace.wait() * SECOND)
            assert pace.free() >= 1
        pace.count()


@given(st.integers(1, 5), st.integers(1, 5), pauses)
def test_a_conversation_gets_its_burst_and_no_more(per_second: int, burst: int, pauses: list[int]) -> None:
    clock, sent = Clock(), []
    pace = ConversationPace(per_second, burst, clock)
    for pause in pauses:
        clock.ms += pause
        if pace.wait(1) == 0:
            sent.append(clock.ms)
    window = int(burst / per_second * SECOND)
    assert busiest(sent, window) <= burst
    assert len(sent) >= min(burst, len(pauses))


@given(pauses)
def test_a_conversation_that_waited_as_told_may_go(pauses: list[int]) -> None:
    clock = Clock()
    pace = ConversationPace(1, 5, clock)
    for pause in pauses:
        clock.ms += pause
        if seconds := pace.wait(1):
            clock.ms += round(seconds * SECOND)
            assert pace.wait(1) == 0


def test_one_busy_conversation_makes_no_other_wait() -> None:
    pace = ConversationPace(1, 2, Clock())
    assert [pace.wait(1) == 0 for _ in range(3)] == [True, True, False]
    assert pace.wait(2) == 0


def test_a_flood_is_told_once_then_shed_and_counted() -> None:
    pace = PersonPace(soft=3, hard=5)
    now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    felt = [pace.press(1, now) for _ in range(8)]
    assert felt == [*[Pressure.CALM] * 3, Pressure.TELL, Pressure.CALM, *[Pressure.SHED] * 3]
    assert pace.shed == 3
    assert pace.press(2, now) is Pressure.CALM


@pytest.mark.parametrize(("later", "felt"), [(59, Pressure.SHED), (60, Pressure.CALM)])
def test_after_a_minute_a_person_begins_anew(later: int, felt: Pressure) -> None:
    pace = PersonPace(soft=1, hard=1)
    now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    pace.press(1, now)
    assert pace.press(1, now + timedelta(seconds=later)) is felt
