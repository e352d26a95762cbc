"""How far somebody is in a series of daily pieces. Written only for who agreed to saving; the caller asks."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, delete, select

from storage.declared import Id
from storage.dialects import insert_or_update
from storage.own_tables import SeriesPlace
from storage.unit_of_work import Unit

KIND = "series"  # of the timers that bring the next piece

_contact = bindparam("contact", type_=Id)
_ALL = select(SeriesPlace.series, SeriesPlace.position, SeriesPlace.wanted).where(SeriesPlace.contact_id == _contact)
_PUT = insert_or_update(SeriesPlace, ["contact_id", "series"], ["position", "wanted", "at"])
_DROP = delete(SeriesPlace).where(SeriesPlace.contact_id == _contact)


@dataclass(frozen=True, slots=True)
class Place:
    """position: how many pieces somebody has got. wanted: whether more are to come."""

    position: int = 0
    wanted: bool = False


def places(unit: Unit, contact_id: int) -> dict[str, Place]:
    """Of every series that a contact has begun, by its id."""
    rows = unit.connection.execute(_ALL, {"contact": contact_id})
    return {series: Place(position, wanted) for series, position, wanted in rows}


def put(unit: Unit, contact_id: int, series: str, place: Place) -> None:
    """Write down how far somebody is."""
    row = {"id": unit.ids(), "contact_id": contact_id, "series": series, "at": unit.now}
    unit.connection.execute(_PUT[unit.dialect], {**row, "position": place.position, "wanted": place.wanted})


def timer_key(contact_id: int, series: str) -> str:
    """Of the timer that brings the next piece."""
    return f"{KIND}:{contact_id}:{series}"


def read_key(key: str) -> tuple[int, str]:
    """What timer_key wrote: contact and series."""
    _, contact_id, series = key.split(":")
    return int(contact_id), series


def drop(unit: Unit, contact_id: int) -> None:
    """All of it, because saving is not wanted any more."""
    unit.connection.execute(_DROP, {"contact": contact_id})
