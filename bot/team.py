"""What a person, or a member of staff in their own chat, does with requests: the dialogue's port to the desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from desk import asking, auth, inbox, offers, staff_chat, turns
from desk import requests as acts
from desk.access import May, may
from desk.asking import Added, Asking
from desk.clock import KIND, Clock, key_of
from desk.requests import Desk
from desk.staff_chat import Duty, Linked
from desk.wishes import kept_from
from storage import audit, handoff, members, requests
from storage.members import Member
from storage.messages import NOT_KNOWN
from storage.quoting import Origin
from storage.requests import RequestRow
from storage.rows import Standing
from storage.timers import set_timer


class Claimed(StrEnum):
    """What became of a claim that was pressed in a chat."""

    YOURS = "yours"
    TAKEN = "taken"  # somebody was faster, or it is closed
    NOT_STAFF = "not_staff"


@dataclass(frozen=True, slots=True)
class Mine:
    """One of the person's own requests. state: whose turn it is (desk/lifecycle.py).

    comes_back: when we go on with it, where that was put off and no office has it.
    """

    number: int
    type: str
    state: str
    opened: datetime
    promised_by: datetime | None
    taken: bool
    comes_back: datetime | None


@dataclass(frozen=True, slots=True)
class Presence:
    """Whether the member of staff whose chat this is is there. until: the end of a pause."""

    duty: Duty
    until: datetime | None = None


class Team(Protocol):
    """Reaches the people at the desk."""

    def tell(self, number: int, words: str) -> None:
        """Words for the human who is in this chat."""
        ...

    def correct(self, words: str) -> int | None:
        """What the person wrote is changed; the number of the open request that it belongs to, None: to none."""
        ...

    def reopenable(self) -> int | None:
        """The number of the request that what is sent to it soon after its end opens again; None: there is none."""
        ...

    def asking(self, number: int) -> Asking | None:
        """How one of the person's own requests stands; None where it is not theirs, or gone."""
        ...

    def add(self, number: int, added: Added) -> bool:
        """Add to one of the person's own requests. False: it is not theirs, or this must be a request of its own."""
        ...

    def thank(self, number: int, words: str) -> bool:
        """Words about the help that they got, to the request that is closed; False when it is not theirs."""
        ...

    def mine(self) -> Sequence[Mine]:
        """The person's requests, newest first."""
        ...

    def claim(self, number: int) -> Claimed:
        """A member of staff takes a request from their own chat."""
        ...

    def decline(self, number: int) -> bool:
        """A member of staff does not go on with what a colleague offered; False where that is over."""
        ...

    def waiting(self) -> int:
        """How many requests wait for the member of staff whose own chat this is."""
        ...

    def link_chat(self, token: str) -> Linked:
        """Somebody followed an invitation: from now on this is a member's own chat."""
        ...

    def presence(self) -> Presence | None:
        """Of the member whose own chat this is; None in everybody else's chat."""
        ...

    def set_duty(self, duty: Duty, minutes: int) -> None:
        """The member whose chat this is comes, pauses for so many minutes, or goes."""
        ...

    def sign_in(self) -> str:
        """The path of a link that signs the member in whose chat this is; works once, for ten minutes."""
        ...


@dataclass(frozen=True, slots=True)
class StoredTeam:
    """See Team. origin: how the channel names what is answered now."""

    desk: Desk
    standing: Standing
    origin: Origin = NOT_KNOWN

    def tell(self, number: int, words: str) -> None:
        """See Team."""
        turns.person_wrote(self.desk, self.standing, number, words, self.origin)

    def correct(self, words: str) -> int | None:
        """See Team."""
        return turns.person_changed(self.desk, self.standing, words, self.origin)

    def reopenable(self) -> int | None:
        """See Team."""
        return turns.reopenable(self.desk.unit, self.standing.contact_id)

    def asking(self, number: int) -> Asking | None:
        """See Team."""
        row = self._own(number)
        return None if row is None else asking.asking(self.desk.unit, row)

    def add(self, number: int, added: Added) -> bool:
        """See Team."""
        row = self._own(number)
        return row is not None and asking.add(self.desk, row, added)

    def thank(self, number: int, words: str) -> bool:
        """See Team."""
        row = self._own(number)
        if row is not None:
            asking.thank(self.desk, self.standing, row, words)
        return row is not None

    def mine(self) -> Sequence[Mine]:
        """See Team."""
        return [self._mine(row) for row in requests.of_contact(self.desk.unit, self.standing.contact_id)]

    def claim(self, number: int) -> Claimed:
        """See Team. Two hops: the request is won here, its chat learns it in a unit of its own (rulings 4)."""
        unit = self.desk.unit
        member = members.of_chat(unit, self.standing.conversation_id)
        if member is None or not may(member, May.WORK_REQUESTS):
            return Claimed.NOT_STAFF
        try:
            row = requests.request(unit, number)
        except requests.NoRequest:
            return Claimed.TAKEN
        if (row.protected and not may(member, May.SEE_PROTECTED)) or kept_from(unit, member, [row]):
            return Claimed.NOT_STAFF
        if handoff.claim(unit, number, member.id):
            handoff.note_event(unit, number, "claimed", member.id)
            audit.log_act(unit, member.id, "claimed", f"request:{number}", "chat")
        elif not self._accepts(member, number):
            return Claimed.YOURS if row.assignee_id == member.id else Claimed.TAKEN
        set_timer(unit, key_of(Clock.CLAIMED, number), unit.now, row.conversation_id, KIND)
        return Claimed.YOURS

    def decline(self, number: int) -> bool:
        """See Team."""
        member = members.of_chat(self.desk.unit, self.standing.conversation_id)
        if member is None or not may(member, May.WORK_REQUESTS):
            return False
        try:
            offers.decline(replace(self.desk, staff_id=member.id), number)
        except acts.NotYours:
            return False
        return True

    def waiting(self) -> int:
        """See Team."""
        return inbox.waiting(self.desk.unit, self._member())

    def link_chat(self, token: str) -> Linked:
        """See Team."""
        return staff_chat.link(self.desk.unit, self.standing.conversation_id, token)

    def presence(self) -> Presence | None:
        """See Team."""
        member = members.of_chat(self.desk.unit, self.standing.conversation_id)
        if member is None:
            return None
        duty = staff_chat.duty_of(member, self.desk.unit.now)
        return Presence(duty, member.paused_until if duty is Duty.PAUSED else None)

    def set_duty(self, duty: Duty, minutes: int) -> None:
        """See Team."""
        staff_chat.set_duty(self.desk.unit, self._member(), duty, minutes)

    def sign_in(self) -> str:
        """See Team."""
        member = self._member()
        return auth.login_link(self.desk.unit, member.id, member.id)

    def _mine(self, row: RequestRow) -> Mine:
        taken, comes_back = row.assignee_id is not None, acts.comes_back(self.desk.unit, row)
        return Mine(row.number, row.type, row.state, row.created_at, row.promised_by, taken, comes_back)

    def _own(self, number: int) -> RequestRow | None:
        try:
            row = requests.request(self.desk.unit, number)
        except requests.NoRequest:
            return None
        return row if row.contact_id == self.standing.contact_id else None

    def _accepts(self, member: Member, number: int) -> bool:
        """Whether a colleague offered it to them, and it is theirs now."""
        offer = offers.offer_of(self.desk.unit, number)
        # In a chat only what was offered is taken from a colleague; what may be taken away is at the desk.
        if offer is None or offer.to != member.id:
            return False
        return offers.accept(replace(self.desk, staff_id=member.id), number)

    def _member(self) -> Member:
        member = members.of_chat(self.desk.unit, self.standing.conversation_id)
        if member is None:
            raise acts.NotYours
        return member
