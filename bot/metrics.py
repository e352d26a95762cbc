"""What can be measured, in Prometheus' text form: figures of the database, and counts of this process."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection
from enum import StrEnum
from itertools import accumulate
from threading import Lock

from bot.channels.telegram.troubles import Trouble
from bot.channels.whatsapp.codes import Trouble as WhatsAppTrouble
from storage.figures import Figures
from storage.outcomes import Outcome
from storage.rows import OutboxState, Taken
from storage.unit_of_work import Unit

#: Upper ends of the buckets of izi_update_seconds, in seconds.
BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)
#: States in which an outbox row still wants something: shown also when there is none, so that an alarm can be set.
OPEN_STATES = (
    OutboxState.READY,
    OutboxState.SENDING,
    OutboxState.UNCERTAIN,
    OutboxState.DEAD,
    OutboxState.HELD,
)

Handle = Callable[[Unit, Taken], None]


class Meter:
    """Counts of one process. Safe for all threads; says nothing of who or what."""

    def __init__(self, seconds: Callable[[], float] = time.perf_counter) -> None:
        self._seconds = seconds
        self._lock = Lock()
        self._sent: Counter[str] = Counter()
        self._took = [0] * (len(BOUNDS) + 1)
        self._took_together = 0.0

    def sent(self, outcome: Outcome) -> None:
        """Count one attempt to send, by how it ended."""
        with self._lock:
            self._sent[_snake(type(outcome).__name__)] += 1

    def timing(self, handle: Handle) -> Handle:
        """The same, measured. What it raises is raised, and counted too."""

        def timed(unit: Unit, taken: Taken) -> None:
            began = self._seconds()
            try:
                handle(unit, taken)
            finally:
                self._count(self._seconds() - began)

        return timed

    def exposition(self) -> list[str]:
        """The counts of this process, line by line."""
        with self._lock:
            sent, took, together = sorted(self._sent.items()), list(self._took), self._took_together
        lines = [*_head("izi_sends_total", "counter", "attempts to send by this process, by how they ended")]
        lines += [f'izi_sends_total{{result="{result}"}} {count}' for result, count in sent]
        lines += _head("izi_update_seconds", "histogram", "time in which this process handled an arrival")
        ends = [*map(str, BOUNDS), "+Inf"]
        lines += [
            f'izi_update_seconds_bucket{{le="{end}"}} {count}'
            for end, count in zip(ends, accumulate(took), strict=True)
        ]
        return [*lines, f"izi_update_seconds_sum {together:.6f}", f"izi_update_seconds_count {sum(took)}"]

    def _count(self, seconds: float) -> None:
        with self._lock:
            self._took[bisect_left(BOUNDS, seconds)] += 1
            self._took_together += seconds


def exposition(figures: Figures, meter: Meter, troubles: Collection[StrEnum] = ()) -> str:
    """One line a figure, with its type; names and units as Prometheus asks."""
    lines = [
        *_gauge("izi_inbox_waiting", "arrivals that wait to be handled", figures.waiting),
        *_gauge("izi_inbox_oldest_seconds", "age of the oldest one", figures.backlog_age),
        *_gauge("izi_inbox_parked", "arrivals that were given up and wait for staff", figures.poison),
        *_gauge("izi_requests_open", "requests that are not closed", figures.open_requests),
        *_gauge("izi_uncertain_total", "attempts to send whose end nobody knows", figures.uncertain_attempts),
        *_head("izi_outbox_rows", "gauge", "messages to be sent or decided on, by state"),
    ]
    lines += [f'izi_outbox_rows{{state="{state}"}} {figures.outbox.get(state, 0)}' for state in OPEN_STATES]
    lines += _head("izi_telegram_trouble", "gauge", "1 while this is wrong between Telegram and this process")
    lines += [f'izi_telegram_trouble{{kind="{trouble}"}} {int(trouble in troubles)}' for trouble in Trouble]
    lines += [f'izi_whatsapp_trouble{{kind="{trouble}"}} {int(trouble in troubles)}' for trouble in WhatsAppTrouble]
    return "\n".join([*lines, *meter.exposition()]) + "\n"


def _gauge(name: str, meaning: str, value: float) -> tuple[str, ...]:
    return (*_head(name, "gauge", meaning), f"{name} {value}")


def _head(name: str, kind: str, meaning: str) -> tuple[str, str]:
    return f"# HELP {name} {meaning}", f"# TYPE {name} {kind}"


def _snake(name: str) -> str:
    """AnswerLost -> answer_lost."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
