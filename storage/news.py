"""Notices as people find them: those that went out and still hold, with the words of today.

Whom a notice is for is decided elsewhere (notices/shelf.py); here is what is asked of the tables.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Date, bindparam, or_, select

from storage.declared import Id, Moment
from storage.dossier import NoticeThen
from storage.notice_tables import Broadcast, Delivery, Notice, NoticeText
from storage.rows import OutboxState
from storage.tables import Outbox
from storage.unit_of_work import Unit

#: What somebody writes so soon after a notice may be about it.
ANSWERED_WITHIN = timedelta(hours=48)
SKIPPED = "skipped"

_contact = bindparam("contact", type_=Id)
_SENDINGS = (
    select(
        Notice.id, Notice.category, Notice.valid_until, Notice.event_id, Notice.buttons,
        Broadcast.kind, Broadcast.state, Broadcast.audience, Broadcast.lacking, Broadcast.started_at,
    )
    .join(Broadcast, Broadcast.notice_id == Notice.id)
    .where(
        Notice.withdrawn_at.is_(None),
        Notice.valid_until >= bindparam("today", type_=Date()),
        Broadcast.started_at.is_not(None),
    )
    .order_by(Broadcast.started_at.desc(), Broadcast.id.desc())
)  # fmt: skip
_TEXTS = select(NoticeText.notice_id, NoticeText.locale, NoticeText.title, NoticeText.body).where(
    NoticeText.notice_id.in_(bindparam("notices", expanding=True))
)
_GOT = (
    select(Broadcast.notice_id)
    .join(Delivery, Delivery.broadcast_id == Broadcast.id)
    .where(Delivery.contact_id == _contact, or_(Delivery.outcome.is_(None), Delivery.outcome != SKIPPED))
)
_NEWEST = (
    select(Outbox.id)
    .where(
        Outbox.conversation_id == bindparam("conversation", type_=Id),
        Outbox.state == OutboxState.SENT,
        Outbox.settled_at >= bindparam("since", type_=Moment()),
    )
    .order_by(Outbox.settled_at.desc(), Outbox.id.desc())
    .limit(1)
    .scalar_subquery()
)
_JUST_SENT = (
    select(Broadcast.notice_id)
    .join(Delivery, Delivery.broadcast_id == Broadcast.id)
    .where(Delivery.contact_id == _contact, Delivery.outbox_id == _NEWEST)
)
_DELIVERIES = (
    select(Broadcast.notice_id, Delivery.at, Delivery.outcome, Delivery.locale, Delivery.channel)
    .join(Broadcast, Broadcast.id == Delivery.broadcast_id)
    .where(Delivery.contact_id == _contact)
    .order_by(Delivery.at)
)


@dataclass(frozen=True, slots=True)
class Sending:
    """One time that it went out. audience, lacking: as in BroadcastRow."""

    kind: str
    state: str
    audience: str
    lacking: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """A notice that went out and still holds. sent_at: when it last did. texts: locale -> title, body.

    buttons: JSON of notices.buttons.
    """

    id: int
    category: str
    valid_until: date
    event_id: int | None
    buttons: str
    sent_at: datetime
    sendings: tuple[Sending, ...]
    texts: Mapping[str, tuple[str, str]]


def told(unit: Unit, today: date) -> list[Told]:
    """Every notice that went out, holds today and was not withdrawn; the one that went out last first."""
    rows = unit.connection.execute(_SENDINGS, {"today": today}).all()
    sendings: dict[int, list[Sending]] = {}
    for row in rows:
        sending = Sending(row.kind, row.state, row.audience, json.loads(row.lacking))
        sendings.setdefault(row.id, []).append(sending)
    newest = {row.id: row for row in reversed(rows)}
    texts: dict[int, dict[str, tuple[str, str]]] = {}
    for id, locale, title, body in unit.connection.execute(_TEXTS, {"notices": list(sendings)}):
        texts.setdefault(id, {})[locale] = (title, body)
    return [
        Told(
            id, row.category, row.valid_until, row.event_id, row.buttons, row.started_at, tuple(sendings[id]), texts[id]
        )
        for id, row in ((id, newest[id]) for id in sendings)
        if id in texts
    ]


def got(unit: Unit, contact_id: int) -> frozenset[int]:
    """The notices of which somebody got a copy, or is about to."""
    return frozenset(unit.connection.execute(_GOT, {"contact": contact_id}).scalars())


def just_sent(unit: Unit, conversation_id: int, contact_id: int) -> int | None:
    """The notice that is the newest thing that was sent to somebody lately; None where something else is."""
    where = {"conversation": conversation_id, "contact": contact_id, "since": unit.now - ANSWERED_WITHIN}
    return unit.connection.execute(_JUST_SENT, where).scalar()


def copies(unit: Unit, contact_id: int) -> list[NoticeThen]:
    """Every notice that was meant for somebody, in order of time."""
    return [NoticeThen(*row) for row in unit.connection.execute(_DELIVERIES, {"contact": contact_id})]
