"""Two switches of the whole service: no notices for now, and less is possible now. Records, so every version stays."""

from __future__ import annotations

from collections.abc import Mapping

from content.tables import Service
from storage import audit
from storage.records import record, set_record
from storage.unit_of_work import Unit

YES, NO = "yes", "no"  # as records say it
#: What each switch is called on pages, and its record. paused: notices and reminders stand still, answers go on.
#: reduced: people and staff are told that less is possible.
SWITCHES: Mapping[str, str] = {"paused": "service.paused", "reduced": "service.reduced"}


def standing(unit: Unit, known: Service) -> dict[str, bool]:
    """Which switches are on at this moment: the record, also where the content in memory is still that of before.

    known: what the content says, where there is no record.
    """
    stands = {"paused": known.paused, "reduced": known.reduced}
    return {name: record(unit, SWITCHES[name], YES if on else NO) == YES for name, on in stands.items()}


def switch(unit: Unit, name: str, on: bool, by: int) -> None:
    """Put a switch of SWITCHES on or off. by: id of who does it."""
    set_record(unit, SWITCHES[name], YES if on else NO, f"staff:{by}")
    audit.log_act(unit, by, f"service_{name}", "", "on" if on else "off")
