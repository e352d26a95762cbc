"""Which human is in a person's chat: one at a time, and as long as one is, the bot has no floor there.

A person may have several requests. Who claims or answers comes in, but nobody is put out of an urgent case by another
request. Who leaves makes room for a colleague who is there for another request of this person.
"""

from __future__ import annotations

from datetime import datetime

from desk.clock import LEAVES_AFTER
from desk.lifecycle import Turn
from storage import contacts, requests
from storage.requests import RequestRow
from storage.rows import Standing
from storage.unit_of_work import Unit


def enter(unit: Unit, row: RequestRow) -> None:
    """Who has the request is in the chat from now on. The unit holds the conversation."""
    assert row.assignee_id is not None
    standing = contacts.standing(unit, row.conversation_id)
    if (standing.attached_staff_id, standing.attached_request_id) == (row.assignee_id, row.number):
        return
    if standing.contact_id != row.contact_id:
        return  # somebody else of the same chat writes now
    others = [one for one in requests.open_of_conversation(unit, row.conversation_id) if one.number != row.number]
    if row.urgent or not any(one.urgent and one.number == standing.attached_request_id for one in others):
        contacts.attach(unit, row.conversation_id, row.assignee_id, row.number)


def leave(unit: Unit, row: RequestRow) -> Standing:
    """Who was there for this request is not any more; how the chat stands then. The unit holds the conversation."""
    if contacts.detach(unit, row.conversation_id, row.number):
        others = [one for one in requests.open_of_conversation(unit, row.conversation_id) if one.number != row.number]
        there = next((one for one in others if _is_there(one, unit.now)), None)
        if there is not None:
            enter(unit, there)
    return contacts.standing_for(unit, row.contact_id)


def switched(unit: Unit, before: Standing, after: Standing) -> Standing:
    """Somebody else of the same chat writes now: the human who was there for the one leaves, the other's comes back.

    How the chat stands then. The unit holds the conversation.
    """
    if before.attached_request_id is not None:
        contacts.detach(unit, before.conversation_id, before.attached_request_id)
    theirs = [one for one in requests.of_contact(unit, after.contact_id) if one.closed_at is None]
    there = next((one for one in theirs if _is_there(one, unit.now)), None)
    if there is not None:
        enter(unit, there)
    return contacts.standing(unit, after.conversation_id)


def _is_there(row: RequestRow, now: datetime) -> bool:
    if row.assignee_id is None:
        return False
    return row.state == Turn.OURS or row.turn_at is None or now - row.turn_at < LEAVES_AFTER
