"""Reading together what is stored about one person. Nothing of staff's own: no notes, no drafts, no names of ours."""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import bindparam, select

from storage import (
    events,
    follows,
    handoff,
    media,
    messages,
    news,
    own,
    reminders,
    requests,
    series,
    shortlist,
    survey_voices,
    surveys,
)
from storage.addresses import read_address
from storage.declared import Id
from storage.dossier import AskedFor, ConsentGiven, Dossier, OnList, SaidThen, SentThen
from storage.requests import RequestRow
from storage.rows import Standing
from storage.tables import Address, Consent
from storage.unit_of_work import Unit

#: Nobody has so many; a limit all the same, because the file is made in one go.
MOST_MESSAGES = 20_000

_ADDRESSES = select(Address.id).where(Address.conversation_id == bindparam("conversation", type_=Id))
_CONSENTS = (
    select(Consent.choice, Consent.version, Consent.locale, Consent.at)
    .where(Consent.contact_id == bindparam("contact"))
    .order_by(Consent.at)
)


def dossier(unit: Unit, standing: Standing) -> Dossier:
    """Everything about the active contact, sensitive answers too: they are the person's own."""
    asked = _requests(unit, standing)
    where = {"conversation": standing.conversation_id}
    addresses = [read_address(unit, id) for id in unit.connection.execute(_ADDRESSES, where).scalars().all()]
    consents = unit.connection.execute(_CONSENTS, {"contact": standing.contact_id})
    said = messages.last(unit, standing.contact_id, MOST_MESSAGES)
    return Dossier(
        language=standing.locale,
        municipality=standing.municipality,
        stopped=standing.stopped,
        first_seen=standing.created_at,
        last_seen=standing.seen_at,
        addresses=[(channel, opaque_id) for (channel, _, _), opaque_id in addresses if opaque_id],  # "": taken over
        consents=[ConsentGiven(*row) for row in consents],
        requests=asked,
        messages=[SaidThen(one.direction, one.text, one.at, one.request) for one in said],
        media=[*(sent for request in asked for sent in _media(unit, request.number)), *_voices(unit, standing)],
        ticks=own.all_ticks(unit, standing.contact_id),
        days=own.days(unit, standing.contact_id),
        events=[_on_list(unit, standing.locale, seat) for seat in events.of_contact(unit, standing.contact_id)],
        answers=surveys.of_contact(unit, standing.contact_id),
        may_be_invited=shortlist.invitations(unit, standing.contact_id),
        follows=sorted(follows.follows(unit, standing.contact_id)),
        reminders={f"{one.guide}:{one.deadline}": one.at for one in reminders.reminders(unit, standing)},
        series={id: place.position for id, place in series.places(unit, standing.contact_id).items()},
        notices=news.copies(unit, standing.contact_id),
    )


def _requests(unit: Unit, standing: Standing) -> list[AskedFor]:
    return [_request(unit, row) for row in reversed(requests.of_contact(unit, standing.contact_id))]


def _request(unit: Unit, row: RequestRow) -> AskedFor:
    return AskedFor(
        row.number,
        row.type,
        row.guide,
        row.step,
        row.created_at,
        row.promised_by,
        row.closed_at,
        context=_json(requests.context(unit, row.number)),
        sensitive=_json(handoff.sensitive(unit, row.number)),
        wish=_json(handoff.wish(unit, row.number)),
    )


def _media(unit: Unit, number: int) -> list[SentThen]:
    return [
        SentThen(row.kind, row.state, row.type, row.size, row.seconds, media.place(unit, row.id), number, row.at)
        for row in media.of_request(unit, number)
    ]


def _voices(unit: Unit, standing: Standing) -> list[SentThen]:
    return [
        SentThen(row.kind, row.state, row.type, row.size, row.seconds, None, None, row.at)
        for row in survey_voices.of_contact(unit, standing.contact_id)
    ]


def _on_list(unit: Unit, locale: str, seat: events.SeatRow) -> OnList:
    event = events.event(unit, seat.event_id)
    titles = {code: title for code, (title, _) in event.texts.items()}
    title = titles.get(locale) or next(iter(titles.values()), "")
    return OnList(event.id, title, event.starts, seat.stand, seat.companions)


def _json(raw: bytes | None) -> Any:
    return None if raw is None else orjson.loads(raw)
