"""What a person, or a member of staff in their own chat, does with requests: the dialogue's port to the desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from desk import requests as acts
from desk.clock import KIND, Clock, key_of
from desk.requests import Desk
from storage import audit, handoff, members, requests
from storage.rows import Standing
from storage.timers import set_timer


class Claimed(StrEnum):
    """What became of a claim that was pressed in a chat."""

    YOURS = "yours"
    TAKEN = "taken"  # somebody was faster, or it is closed
    NOT_STAFF = "not_staff"


@dataclass(frozen=True, slots=True)
class Mine:
    """One of the person's own requests. state: whose turn it is (desk/lifecycle.py)."""

    number: int
    type: str
    state: str
    opened: datetime
    promised_by: datetime | None
    taken: bool


class Team(Protocol):
    """Reaches the people at the desk."""

    def tell(self, number: int, words: str) -> None:
        """Words for the human who is in this chat."""
        ...

    def reopen(self, words: str) -> int | None:
        """Words soon after the end open the same request again; its number, or None where there is none."""
        ...

    def not_solved(self, number: int) -> bool:
        """The person says that a closed request of theirs is not solved; False when it is not theirs."""
        ...

    def mine(self) -> Sequence[Mine]:
        """The person's requests, newest first."""
        ...

    def claim(self, number: int) -> Claimed:
        """A member of staff takes a request from their own chat."""
        ...


@dataclass(frozen=True, slots=True)
class StoredTeam:
    """See Team."""

    desk: Desk
    standing: Standing

    def tell(self, number: int, words: str) -> None:
        """See Team."""
        acts.person_wrote(self.desk, self.standing, number, words)

    def reopen(self, words: str) -> int | None:
        """See Team."""
        number = acts.reopenable(self.desk.unit, self.standing.contact_id)
        if number is not None:
            self.tell(number, words)
        return number

    def not_solved(self, number: int) -> bool:
        """See Team."""
        row = requests.request(self.desk.unit, number)
        if row.contact_id != self.standing.contact_id:
            return False
        acts.not_solved(self.desk, number)
        return True

    def mine(self) -> Sequence[Mine]:
        """See Team."""
        return [
            Mine(row.number, row.type, row.state, row.created_at, row.promised_by, row.assignee_id is not None)
            for row in requests.of_contact(self.desk.unit, self.standing.contact_id)
        ]

    def claim(self, number: int) -> Claimed:
        """See Team. Two hops: the request is won here, its chat learns it in a unit of its own (rulings 4)."""
        unit = self.desk.unit
        member = members.of_chat(unit, self.standing.conversation_id)
        if member is None or not member.has("assistant", "coordinator", "protection"):
            return Claimed.NOT_STAFF
        try:
            row = requests.request(unit, number)
        except requests.NoRequest:
            return Claimed.TAKEN
        if row.protected and not member.has("coordinator", "protection"):
            return Claimed.NOT_STAFF
        if not handoff.claim(unit, number, member.id):
            return Claimed.YOURS if row.assignee_id == member.id else Claimed.TAKEN
        handoff.note_event(unit, number, "claimed", member.id)
        audit.log_act(unit, member.id, "claimed", f"request:{number}", "chat")
        set_timer(unit, key_of(Clock.CLAIMED, number), unit.now, row.conversation_id, KIND)
        return Claimed.YOURS
