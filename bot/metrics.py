"""Counts in Prometheus' text form."""

from __future__ import annotations

from storage.figures import Figures


def exposition(figures: Figures) -> str:
    """One line a figure, with its type; names and units as Prometheus asks."""
    lines = [
        *_gauge("izi_inbox_waiting", "arrivals that wait to be handled", figures.waiting),
        *_gauge("izi_inbox_oldest_seconds", "age of the oldest one", figures.backlog_age),
        *_gauge("izi_inbox_parked", "arrivals that were given up and wait for staff", figures.poison),
        *_gauge("izi_requests_open", "requests that are not closed", figures.open_requests),
        *_gauge("izi_uncertain_total", "attempts to send whose end nobody knows", figures.uncertain_attempts),
        "# HELP izi_outbox_rows messages to be sent or decided on, by state",
        "# TYPE izi_outbox_rows gauge",
    ]
    lines += [f'izi_outbox_rows{{state="{state}"}} {count}' for state, count in sorted(figures.outbox.items())]
    return "\n".join(lines) + "\n"


def _gauge(name: str, meaning: str, value: float) -> tuple[str, str, str]:
    return f"# HELP {name} {meaning}", f"# TYPE {name} gauge", f"{name} {value}"
