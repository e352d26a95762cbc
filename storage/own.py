"""What people keep for themselves: ticked papers and days. Written only for who agreed to saving; the caller asks."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, delete, select

from storage.crypto import unseal
from storage.declared import Id
from storage.dialects import insert_or_ignore, insert_or_update
from storage.keys import contact_key
from storage.own_tables import OwnDay, Tick
from storage.prepared import Prepared
from storage.unit_of_work import Unit

_contact = bindparam("contact", type_=Id)
_TICKED = select(Tick.paper).where(Tick.contact_id == _contact, Tick.guide == bindparam("of_guide"))
_ALL_TICKS = select(Tick.guide, Tick.paper).where(Tick.contact_id == _contact).order_by(Tick.guide, Tick.paper)
_TICK = insert_or_ignore(Tick, ["contact_id", "guide", "paper"], Tick.id)
_UNTICK = delete(Tick).where(
    Tick.contact_id == _contact, Tick.guide == bindparam("of_guide"), Tick.paper == bindparam("that_paper")
)
_DAYS = Prepared(select(OwnDay.anchor, OwnDay.sealed).where(OwnDay.contact_id == _contact))
_KEEP_DAY = insert_or_update(OwnDay, ["contact_id", "anchor"], ["sealed", "at"])
_DROP_DAY = delete(OwnDay).where(OwnDay.contact_id == _contact, OwnDay.anchor == bindparam("of_anchor"))
_DROP = (delete(Tick).where(Tick.contact_id == _contact), delete(OwnDay).where(OwnDay.contact_id == _contact))


def ticked(unit: Unit, contact_id: int, guide: str) -> frozenset[str]:
    """Ids of the papers of a guide that are ready. Some may be of papers that the guide does not have any more."""
    return frozenset(unit.connection.execute(_TICKED, {"contact": contact_id, "of_guide": guide}).scalars())


def tick(unit: Unit, contact_id: int, guide: str, paper: str, *, ready: bool) -> None:
    """A paper is ready, or is not. May be repeated."""
    if ready:
        row = {"id": unit.ids(), "contact_id": contact_id, "guide": guide, "paper": paper, "at": unit.now}
        unit.connection.execute(_TICK[unit.dialect], row)
    else:
        unit.connection.execute(_UNTICK, {"contact": contact_id, "of_guide": guide, "that_paper": paper})


def days(unit: Unit, contact_id: int) -> dict[str, date]:
    """The days that a contact told us, by anchor."""
    rows = unit.glance(_DAYS, {"contact": contact_id})
    if not rows:
        return {}
    key = unit.keys.get(contact_key(contact_id))
    return {
        row.anchor: date.fromisoformat(unseal(key, row.sealed, _seal(contact_id, row.anchor)).decode()) for row in rows
    }


def keep_day(unit: Unit, contact_id: int, anchor: str, day: date) -> None:
    """Keep the day of an event, in place of the one that was told before."""
    key = unit.keys.get(contact_key(contact_id))
    sealed = unit.secrets.seal(key, day.isoformat().encode(), _seal(contact_id, anchor))
    row = {"id": unit.ids(), "contact_id": contact_id, "anchor": anchor, "sealed": sealed, "at": unit.now}
    unit.connection.execute(_KEEP_DAY[unit.dialect], row)


def drop_day(unit: Unit, contact_id: int, anchor: str) -> None:
    """Forget the day of an event. May be repeated."""
    unit.connection.execute(_DROP_DAY, {"contact": contact_id, "of_anchor": anchor})


def all_ticks(unit: Unit, contact_id: int) -> dict[str, list[str]]:
    """Every ticked paper, by guide."""
    ticks: dict[str, list[str]] = {}
    for guide, paper in unit.connection.execute(_ALL_TICKS, {"contact": contact_id}):
        ticks.setdefault(guide, []).append(paper)
    return ticks


def take_over(unit: Unit, contact_id: int, from_contact: int) -> None:
    """What another contact noted is this one's too, who turned out to be the same person; their own days stay."""
    for guide, papers in all_ticks(unit, from_contact).items():
        for paper in papers:
            tick(unit, contact_id, guide, paper, ready=True)
    known = days(unit, contact_id)
    for anchor, day in days(unit, from_contact).items():
        if anchor not in known:
            keep_day(unit, contact_id, anchor, day)
    drop(unit, from_contact)


def drop(unit: Unit, contact_id: int) -> None:
    """All of it, because saving is not wanted any more."""
    for statement in _DROP:
        unit.connection.execute(statement, {"contact": contact_id})


def _seal(contact_id: int, anchor: str) -> str:
    return f"own_day.sealed:{contact_id}:{anchor}"
