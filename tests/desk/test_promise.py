"""The promise to a person holds on weekends, holidays and at the change of the clocks."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from desk.promise import Calendar, NeverOpen


def calendar(closed: tuple[date, ...] = (), weekdays: tuple[int, ...] = (1, 2, 3, 4, 5)) -> Calendar:
    return Calendar("serbia", time(9), time(17), weekdays, closed, answer_within=2)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=calendar().zone)


@pytest.mark.parametrize(
    ("asked", "promised"),
    [
        ("2026-11-23 10:00", "2026-11-23 12:00"),  # inside working hours
        ("2026-11-23 07:15", "2026-11-23 11:00"),  # before opening
        ("2026-11-23 16:30", "2026-11-24 10:30"),  # what does not fit today goes on tomorrow
        ("2026-11-23 15:00", "2026-11-23 17:00"),  # just fits
        ("2026-11-20 18:40", "2026-11-23 11:00"),  # Friday evening
        ("2026-11-21 12:00", "2026-11-23 11:00"),  # Saturday
        ("2026-12-31 16:00", "2027-01-04 10:00"),  # New Year is 1 and 2 January in Serbia
        ("2026-02-14 12:00", "2026-02-18 11:00"),  # Statehood Day, with its substitute day
        ("2026-03-27 20:00", "2026-03-30 11:00"),  # the clocks go forward in between
        ("2026-10-23 20:00", "2026-10-26 11:00"),  # and back
    ],
)
def test_two_working_hours_after_the_question(asked: str, promised: str) -> None:
    assert calendar().promise(local(asked)) == local(promised)


def test_a_day_that_the_organisation_is_closed_is_skipped() -> None:
    closed = calendar(closed=(date(2026, 11, 23),))
    assert closed.promise(local("2026-11-20 18:40")) == local("2026-11-24 11:00")


def test_an_organisation_that_never_opens_cannot_promise() -> None:
    with pytest.raises(NeverOpen):
        calendar(weekdays=()).promise(local("2026-11-23 10:00"))


def test_the_promise_is_never_in_the_past_and_always_in_working_hours() -> None:
    for hour in range(24):
        for day in range(1, 29):
            asked = datetime(2026, 11, day, hour, 59, tzinfo=calendar().zone)
            promised = calendar().promise(asked)
            assert promised > asked
            assert calendar().is_open_day(promised.date())
            assert time(9) <= promised.time() <= time(17)
