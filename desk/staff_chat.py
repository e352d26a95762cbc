"""A member's own chat with the bot: how it is linked, and what of the desk works there (on duty, pause, off).

Who writes is known by the conversation, which belongs to one numeric account of the channel. Names count for nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

from desk.inbox import waiting
from desk.voice import Voice
from storage import audit, members, staff_chats
from storage.duty import settle_duty
from storage.members import Member
from storage.unit_of_work import Unit

INVITATION = timedelta(hours=48)  # rulings 34
PAUSES = (15, 30, 60)  # minutes
PAUSE = 30


class Linked(StrEnum):
    """What became of a link that was followed."""

    YOURS = "yours"
    OTHER = "other"  # this chat is somebody else's already; the link still works elsewhere
    UNKNOWN = "unknown"  # or used, or too old


class Duty(StrEnum):
    """Whether somebody is there."""

    ON = "on"
    PAUSED = "paused"
    OFF = "off"


def invite(unit: Unit, staff_id: int, by: int | None) -> str:
    """The token with which a member links their chat, for 48 hours. by: who made it; None = the command line."""
    audit.log_act(unit, by, "chat_invited", f"staff:{staff_id}")
    return staff_chats.invite(unit, staff_id, unit.now + INVITATION)


def link(unit: Unit, conversation_id: int, token: str) -> Linked:
    """Somebody followed a link in a private chat."""
    if members.of_chat(unit, conversation_id) is not None:
        return Linked.OTHER
    staff_id = staff_chats.link(unit, conversation_id, token)
    if staff_id is None:
        return Linked.UNKNOWN
    audit.log_act(unit, staff_id, "chat_linked", f"staff:{staff_id}")
    return Linked.YOURS


def set_duty(unit: Unit, member: Member, duty: Duty, minutes: int = PAUSE) -> None:
    """Come, pause or go. What they say now ends a break that would have brought them back by itself."""
    match duty:
        case Duty.ON:
            members.change(unit, member.id, on_duty=True, paused_until=None, break_until=None)
        case Duty.PAUSED:
            until = unit.now + timedelta(minutes=minutes)
            members.change(unit, member.id, on_duty=True, paused_until=until, break_until=None)
        case Duty.OFF:
            members.change(unit, member.id, on_duty=False, paused_until=None, break_until=None)
        case _:
            assert_never(duty)


def announce(unit: Unit, voice: Voice, member: Member) -> None:
    """Tell a member who has just come, in their own chat, how much waits for them; where nothing does, nothing."""
    count = waiting(unit, member)
    if count and member.conversation_id is not None:
        voice.waiting(unit, member.conversation_id, count)


def settle(unit: Unit, voice: Voice) -> None:
    """Send home who gave no sign of life, and bring back whose break is over. May be repeated."""
    for staff_id in settle_duty(unit):
        announce(unit, voice, members.member(unit, staff_id))


def duty_of(member: Member, now: datetime) -> Duty:
    """Whether they are there now."""
    if not member.on_duty:
        return Duty.OFF
    return Duty.PAUSED if member.paused_until is not None and member.paused_until > now else Duty.ON
