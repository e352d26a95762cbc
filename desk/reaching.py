"""Reaching the person where a channel has rules: its hours are over, or somebody else may have the number now.

Each is part of one unit of work that holds the conversation.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from desk.lifecycle import Refused
from desk.requests import Desk, mine, record
from storage import contacts, handoff, requests, window
from storage.handoff import Event
from storage.rows import Standing
from storage.unit_of_work import Unit

#: Knocking again sooner would be unwanted, and Meta counts it against us.
KNOCKS_AGAIN = timedelta(hours=24)
KNOCKED = "knocked"


def who_changed(unit: Unit, standing: Standing, address_id: int) -> None:
    """The channel says that somebody else may have this number or phone: staff's words wait until they made sure."""
    window.note_changed(unit, address_id)
    for row in requests.of_contact(unit, standing.contact_id):
        if row.closed_at is None:
            handoff.note_event(unit, row.number, "who_changed")


def knock(desk: Desk, number: int) -> None:
    """The channel lets only an approved text through: say that an answer waits. Raises NotYours, Refused."""
    row = mine(desk, number)
    standing = contacts.standing_for(desk.unit, row.contact_id)
    now = window.window(desk.unit, row.conversation_id)
    if now.is_open(desk.unit.now) or not desk.voice.can_knock(standing.locale):
        raise Refused("no need, or no text")
    last = _knocked_at(handoff.events(desk.unit, number))
    if last is not None and desk.unit.now - last < KNOCKS_AGAIN:
        raise Refused("too soon")
    desk.voice.knock(desk.unit, standing)
    record(desk, KNOCKED, number)


def _knocked_at(events: Sequence[Event]) -> datetime | None:
    """When the person was last told that an answer waits."""
    return max((at for kind, _, _, at in events if kind == KNOCKED), default=None)


def trust(desk: Desk, number: int) -> None:
    """I made sure that it is the same person: what waited goes out."""
    row = mine(desk, number)
    window.trust(desk.unit, window.window(desk.unit, row.conversation_id).address_id)
    record(desk, "trusted", number)
