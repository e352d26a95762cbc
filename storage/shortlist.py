"""Who may be invited to talk about the subject of a survey: rows of their own, with contacts and no answer."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select, update

from storage.declared import Id
from storage.dialects import insert_or_ignore
from storage.event_tables import Shortlisted
from storage.tables import Contact
from storage.unit_of_work import Unit


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody on a shortlist. number: a random one that stands for them; place: "" where they said none."""

    number: int
    locale: str
    place: str
    chosen: bool


_row = bindparam("row", type_=Id)
_contact = bindparam("contact", type_=Id)
_AGREE = insert_or_ignore(Shortlisted, ["survey_id", "contact_id"])
_CANDIDATES = (
    select(Shortlisted.id, Contact.locale, Contact.municipality, Shortlisted.chosen)
    .join(Contact, Contact.id == Shortlisted.contact_id)
    .where(Shortlisted.survey_id == _row)
    .order_by(Contact.locale, Shortlisted.id)
)
_INVITATIONS = select(Shortlisted.survey_id).where(Shortlisted.contact_id == _contact).order_by(Shortlisted.survey_id)
_CHOOSE = (
    update(Shortlisted)
    .where(Shortlisted.survey_id == _row, Shortlisted.id == bindparam("number", type_=Id))
    .values(chosen=bindparam("to_chosen"))
)


def agree(unit: Unit, id: int, contact_id: int) -> None:
    """They may be invited to talk about it. May be repeated."""
    row = {"id": unit.ids(), "survey_id": id, "contact_id": contact_id, "day": unit.now.date()}
    unit.connection.execute(_AGREE[unit.dialect], row)


def invitations(unit: Unit, contact_id: int) -> list[int]:
    """The surveys after which this person said that they may be invited."""
    return list(unit.connection.execute(_INVITATIONS, {"contact": contact_id}).scalars())


def candidates(unit: Unit, id: int) -> list[Candidate]:
    """Who may be invited, by language."""
    found = unit.connection.execute(_CANDIDATES, {"row": id})
    return [Candidate(number, locale, place or "", chosen) for number, locale, place, chosen in found]


def choose(unit: Unit, id: int, number: int, *, chosen: bool) -> bool:
    """Whether somebody is to be invited; False where nobody has the number."""
    return unit.connection.execute(_CHOOSE, {"row": id, "number": number, "to_chosen": chosen}).rowcount == 1
