"""Requests in the staff group: what may stand there, who may speak from there, and how their words go on.

An act in the group is looked at in the staff member's own conversation and done in the newcomer's: two hops, one order
(rulings 4). What was true at the first hop is asked again at the second.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

import orjson

from desk import requests as acts
from desk.access import works
from desk.lifecycle import Outcome, Refused
from desk.requests import REOPENS_FOR, Desk, NotYours
from desk.voice import Notice
from desk.wishes import wishes
from storage import audit, contacts, handoff, members, relays, requests, topics
from storage.crypto import Tampered
from storage.keys import KeyGone
from storage.members import Member
from storage.requests import RequestRow
from storage.take_back import take_back
from storage.unit_of_work import Unit

KIND = "from_topic"
LEGAL = "legal"
#: What happens to a request and is said in its topic, besides what its first message shows.
SHOWN_EVENTS = (
    "noted", "offered", "taken_over", "given_back", "silent", "referred", "put_off", "interpreter", "partner",
    "guest_left", "institution", "taken_back",
)  # fmt: skip


class Wanted(StrEnum):
    """How a request should stand in the group."""

    OPEN = "open"
    CLOSED = "closed"
    GONE = "gone"


class Answer(StrEnum):
    """What became of words from the group."""

    ON_ITS_WAY = "on_its_way"
    NOT_YOURS = "not_yours"  # somebody else has it, or nobody, or it is closed


def kept_out(unit: Unit, rows: Iterable[RequestRow]) -> frozenset[int]:
    """The numbers of those requests that never stand there: the group cannot keep one of its own from them.

    Urgent and protected ones; those of people who do not want somebody's country; and legal help, with all other
    requests of the same people: whoever was asked whether they fear a country, and did not say no, has one.
    """
    wished, afraid = handoff.guarded(unit, LEGAL), topics.contacts_of(unit, LEGAL)
    return frozenset(
        row.number
        for row in rows
        if row.urgent
        or row.protected
        or row.contact_id in afraid
        or (row.number in wished and _shuts_out(unit, row.number))
    )


def _shuts_out(unit: Unit, number: int) -> bool:
    try:
        return bool(wishes(unit, number).get("not_origin"))
    except (requests.NoRequest, KeyGone, Tampered):
        return True  # being forgotten, or nobody can say what was wished


def wanted(row: RequestRow, now: datetime, *, kept_out: bool) -> Wanted:
    """How it should stand there: closed requests for as long as they may be opened again."""
    if kept_out:
        return Wanted.GONE
    if row.closed_at is None:
        return Wanted.OPEN
    return Wanted.GONE if now - row.closed_at > REOPENS_FOR else Wanted.CLOSED


def find(unit: Unit, thread: int) -> RequestRow | None:
    """The request that has this topic, or None."""
    number = topics.request_of(unit, thread)
    try:
        return None if number is None else requests.request(unit, number)
    except requests.NoRequest:
        return None


def speak(unit: Unit, member: Member, row: RequestRow, text: str) -> Answer:
    """Words for the person. Only from who has the request."""
    return _hand_on(unit, member, row, {"text": text})


def close(unit: Unit, member: Member, row: RequestRow, outcome: Outcome) -> Answer:
    """End it. Only who has the request."""
    return _hand_on(unit, member, row, {"outcome": outcome})


def undo(unit: Unit, member: Member, row: RequestRow) -> Answer:
    """Delete their last words at the person's side. Only who has the request."""
    return _hand_on(unit, member, row, {"undo": ""})


def arrived(desk: Desk, body: bytes) -> None:
    """The second hop, in the newcomer's conversation. desk: of the house; whose act it is stands in the body."""
    act = orjson.loads(body)
    member = members.member(desk.unit, act["by"])
    doing = Desk(desk.unit, desk.voice, desk.calendar, member.id)
    try:
        if "text" in act:
            acts.answer(doing, act["number"], act["text"])
        elif "undo" in act:
            _undo(doing, member, act["number"])
        else:
            acts.close(doing, act["number"], Outcome(act["outcome"]))
    except (NotYours, Refused, requests.NoRequest):
        if member.conversation_id is not None:
            desk.voice.notice(desk.unit, member.conversation_id, Notice.NOT_SENT, str(act["number"]))


def _undo(desk: Desk, member: Member, number: int) -> None:
    """Raises NotYours."""
    row = requests.request(desk.unit, number)
    if row.assignee_id != member.id:
        raise NotYours
    message_id = take_back(desk.unit, number, member.id)
    if message_id:
        desk.voice.delete(desk.unit, contacts.standing(desk.unit, row.conversation_id), message_id)
    if message_id is not None:
        handoff.note_event(desk.unit, number, "taken_back", member.id)
        audit.log_act(desk.unit, member.id, "taken_back", f"request:{number}")
    if member.conversation_id is not None:
        notice = Notice.NOT_TAKEN_BACK if message_id is None else Notice.TAKEN_BACK
        desk.voice.notice(desk.unit, member.conversation_id, notice, str(number))


def _hand_on(unit: Unit, member: Member, row: RequestRow, act: dict[str, str]) -> Answer:
    if row.assignee_id != member.id or not works(member, row):
        return Answer.NOT_YOURS
    body = orjson.dumps({"by": member.id, "number": row.number, **act})
    relays.relay(unit, row.conversation_id, KIND, body)
    return Answer.ON_ITS_WAY
