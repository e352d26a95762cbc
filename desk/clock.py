"""The clocks of a request: each is a timer row with a key of its own, so it rings once, whatever dies meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from desk.promise import Calendar
from storage.delivery import UNREACHED
from storage.requests import RequestRow
from storage.rows import REQUEST_CLOCK
from storage.timers import cancel_timer, set_timer
from storage.unit_of_work import Unit

KIND = REQUEST_CLOCK  # of the timer rows
#: An assistant who claimed and said nothing for so long gives it back (assistant.md 3.3).
ANSWER_WITHIN = timedelta(minutes=30)
#: An urgent request is called out again as long as nobody has it (newcomer.md 2.11).
CALL_AGAIN = timedelta(minutes=5)
#: Who answered, and heard nothing for so long, is not in the chat any more: the bot has the floor again.
LEAVES_AFTER = timedelta(hours=72)
#: Part of the promised time after which who has it is reminded (assistant.md 3.3).
WARN_AT = 0.75


class Clock(StrEnum):
    """What a clock is for."""

    LATE = "late"
    WARN = "warn"
    SILENT = "silent"
    CALL = "call"
    DUE = "due"
    QUIET = "quiet"  # nobody wrote for long; it stays open
    UNREACHED = UNREACHED  # at once: what one of us wrote did not arrive
    CLAIMED = "claimed"  # at once: somebody took it in another chat


def key_of(clock: Clock, number: int) -> str:
    """The key of a request's timer."""
    return f"{clock}:{number}"


def read_key(key: str) -> tuple[Clock, int]:
    """What key_of wrote. Raises ValueError."""
    clock, _, number = key.partition(":")
    return Clock(clock), int(number)


def start(unit: Unit, calendar: Calendar, row: RequestRow) -> None:
    """A request was opened."""
    if row.promised_by is not None:
        _set(unit, Clock.LATE, row, row.promised_by)
        _set(unit, Clock.WARN, row, _warns_at(calendar, row, row.promised_by))
    if row.urgent:
        _set(unit, Clock.CALL, row, unit.now + CALL_AGAIN)


def is_soon(calendar: Calendar, row: RequestRow, now: datetime) -> bool:
    """Whether three quarters of the promised time are over, and nobody has answered."""
    if row.promised_by is None or row.answered_at is not None or row.closed_at is not None:
        return False
    return now >= _warns_at(calendar, row, row.promised_by)


def claimed(unit: Unit, row: RequestRow) -> None:
    """Somebody has it and should answer soon."""
    cancel_timer(unit, key_of(Clock.CALL, row.number))
    _set(unit, Clock.SILENT, row, unit.now + ANSWER_WITHIN)


def wrote(unit: Unit, calendar: Calendar, row: RequestRow) -> None:
    """It is the turn of who has it, mostly by words of the person: they should hear as soon as somebody new would."""
    _set(unit, Clock.SILENT, row, calendar.promise(unit.now))


def called(unit: Unit, row: RequestRow) -> None:
    """An urgent request was called out and nobody has it yet."""
    _set(unit, Clock.CALL, row, unit.now + CALL_AGAIN)


def answered(unit: Unit, row: RequestRow) -> None:
    """The person heard from us: the promise is kept."""
    for clock in (Clock.LATE, Clock.WARN, Clock.SILENT):
        cancel_timer(unit, key_of(clock, row.number))
    _set(unit, Clock.QUIET, row, unit.now + LEAVES_AFTER)


def freed(unit: Unit, row: RequestRow) -> None:
    """Nobody has it any more."""
    cancel_timer(unit, key_of(Clock.SILENT, row.number))
    if row.urgent:
        called(unit, row)


def calmed(unit: Unit, row: RequestRow) -> None:
    """It is not urgent any more."""
    cancel_timer(unit, key_of(Clock.CALL, row.number))


def put_off(unit: Unit, row: RequestRow, due_at: datetime | None) -> None:
    """An office has it, or we come back to it, at this time."""
    answered(unit, row)
    if due_at is not None:
        _set(unit, Clock.DUE, row, due_at)


def closed(unit: Unit, row: RequestRow) -> None:
    """Nothing rings for it any more."""
    for clock in Clock:
        cancel_timer(unit, key_of(clock, row.number))


def _warns_at(calendar: Calendar, row: RequestRow, promised_by: datetime) -> datetime:
    # On the calendar's own time: three quarters of a weekend are not a warning.
    begins = max(row.created_at, promised_by - timedelta(hours=calendar.answer_within))
    return begins + (promised_by - begins) * WARN_AT


def _set(unit: Unit, clock: Clock, row: RequestRow, at: datetime) -> None:
    set_timer(unit, key_of(clock, row.number), at, row.conversation_id, KIND)
