"""Whom a person would like to be helped by, and whom not; and from whom a request is kept.

What was wished lies sealed with the request. What is asked once is not asked again: the next request begins with the
wishes of the last one that is still kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from desk.access import May, may
from desk.promise import COUNTRIES
from desk.routing import Wish, speaks
from storage import handoff, requests
from storage.members import Member, members
from storage.requests import RequestRow
from storage.unit_of_work import Unit

COMPLAINT = "complaint"
#: Only the protection group and coordinators read these.
PROTECTED = frozenset({"urgent", COMPLAINT, "goods"})
#: The countries that are offered for "not somebody from my country"; OTHER is every further one.
ORIGINS = ("AF", "BI", "IQ", "IR", "PK", "RU", "SO", "SY", "TR", "UA")
OTHER = "other"
_HOSTS = frozenset(country.holidays for country in COUNTRIES.values())
#: What goes on to the next request; a language and "I wait" are for one request alone.
_LASTING = ("gender", "origin", "not_origin")
#: Wishes that cannot stand side by side: the newer one counts.
_EITHER = {"locale": "waits", "waits": "locale", "origin": "not_origin", "not_origin": "origin"}
_HAD_IT = frozenset({"claimed", "taken_over"})


def wishes(unit: Unit, number: int) -> Mapping[str, Any]:
    """What was wished for a request, by name: locale, waits, gender, origin, not_origin, previous.

    Raises NoRequest.
    """
    raw = handoff.wish(unit, number)
    return orjson.loads(raw) if raw else {}


def add_wish(unit: Unit, row: RequestRow, change: Mapping[str, Any]) -> None:
    """Write down one more wish, in place of one that it cannot stand beside; "" or None takes it back."""
    instead = {_EITHER[name]: None for name, value in change.items() if value and name in _EITHER}
    said = {name: value for name, value in {**wishes(unit, row.number), **instead, **change}.items() if value}
    handoff.set_wish(unit, row.number, row.contact_id, orjson.dumps(said))


def go_on(unit: Unit, row: RequestRow) -> None:
    """A new request begins with the lasting wishes of the one before."""
    for earlier in requests.of_contact(unit, row.contact_id):
        if earlier.number == row.number:
            continue
        said = wishes(unit, earlier.number)
        lasting = {name: said[name] for name in _LASTING if name in said}
        if lasting:
            add_wish(unit, row, lasting)
        return


def wish_of(unit: Unit, row: RequestRow) -> Wish:
    """What the person asked for, and what the request itself demands."""
    said = wishes(unit, row.number)
    return Wish(
        locale=said.get("locale", row.locale),
        gender=said.get("gender", ""),
        origin=said.get("origin", ""),
        not_origins=_unwanted(unit, said.get("not_origin", "")),
        not_staff=concerned(unit, row),
        previous=said.get("previous"),
        protected=row.protected,
        # In danger nobody waits for a language.
        waits="waits" in said and not row.urgent,
    )


def helped_before(unit: Unit, row: RequestRow) -> int | None:
    """Who of the staff had the person's request before this one."""
    earlier = (one for one in requests.of_contact(unit, row.contact_id) if one.number != row.number)
    return next((one.assignee_id for one in earlier if one.assignee_id is not None), None)


def concerned(unit: Unit, row: RequestRow) -> frozenset[int]:
    """Who a complaint may be about: everybody who had a request of this person.

    Where nobody else could read it, nobody is kept from it: a complaint that no one sees helps nobody.
    """
    if row.type != COMPLAINT:
        return frozenset()
    others = [one for one in requests.of_contact(unit, row.contact_id) if one.number != row.number]
    found = {one.assignee_id for one in others if one.assignee_id is not None}
    for one in others:
        happened = handoff.events(unit, one.number)
        found |= {who for kind, who, _, _ in happened if kind in _HAD_IT and who is not None}
    readers = {member.id for member in members(unit) if may(member, May.SEE_PROTECTED)}
    return frozenset(found) if readers - found else frozenset()


def kept_from(unit: Unit, member: Member, rows: Iterable[RequestRow]) -> frozenset[int]:
    """The numbers of those requests that this member must not see: their person said so, or it may be about them."""
    guarded = handoff.guarded(unit, COMPLAINT)
    return frozenset(
        row.number
        for row in rows
        if row.number in guarded and row.assignee_id != member.id and is_barred(wish_of(unit, row), member)
    )


def is_barred(wish: Wish, member: Member) -> bool:
    """Whether the member is kept from it: unwanted, or it may be about them, or the person waits for their language."""
    waits_for_others = wish.waits and not coordinates(member) and not speaks(member.languages, wish.locale)
    return is_unwanted(wish, member) or waits_for_others


def is_unwanted(wish: Wish, member: Member) -> bool:
    """Whether the member is one of those whom the person does not want, or whom it may be about."""
    return member.id in wish.not_staff or bool(member.origin and member.origin in wish.not_origins)


def coordinates(member: Member) -> bool:
    """Whether they look after the requests of the others."""
    return member.pledged_at is not None and member.has("coordinator")


def _unwanted(unit: Unit, not_origin: str) -> frozenset[str]:
    """The origins that are kept out. "Another country" keeps out all that are neither in the list nor of here."""
    if not not_origin:
        return frozenset()
    if not_origin != OTHER:
        return frozenset({not_origin})
    return frozenset(member.origin for member in members(unit)) - {"", *ORIGINS} - _HOSTS
