"""What the desk may say in chats. The door implements it: texts, languages, buttons and the write door are its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from storage.media import MediaRow
from storage.rows import Standing
from storage.unit_of_work import Unit


class Line(StrEnum):
    """What is said to a newcomer about their own request. The texts are the bot's."""

    TAKEN = "taken"  # somebody reads it now; with the introduction that they agreed to
    HANDED_OVER = "handed_over"  # somebody else goes on
    INTERPRETER = "interpreter"  # an interpreter reads along
    PARTNER = "partner"  # somebody of another organisation reads along, which the person agreed to
    SOLVED = "solved"  # closed: is it solved?
    LATE = "late"  # the promise was broken
    BACK = "back"  # nobody is in this chat any more; the request waits
    REOPENED = "reopened"
    BARRED = "barred"  # they cannot write to the team any more
    LIFTED = "lifted"  # they can again


class Alarm(StrEnum):
    """Why a member of staff is written to. Never with words of the person."""

    NEW = "new"
    URGENT = "urgent"
    WROTE = "wrote"  # the person of your request wrote
    LATE = "late"  # a promise was broken
    SOON = "soon"  # three quarters of the promised time are over
    RETURNED = "returned"  # somebody was silent, or gave it back; it is free again
    SILENT = "silent"  # the same for coordinators, where it was silence
    UNSPOKEN = "unspoken"  # nobody who is there speaks the language; the person was asked what to do
    OFFERED = "offered"  # a colleague asks you to take it over
    DECLINED = "declined"  # the colleague whom you asked cannot
    PASSED = "passed"  # a colleague has now what was yours
    INVITED = "invited"  # a colleague asks you to read along
    DUE = "due"  # the office's date has come
    UNREACHED = "unreached"  # what you wrote did not reach the person


class Notice(StrEnum):
    """What is said to a member of staff about a colleague, or about a request of theirs. No words of a person."""

    TALK = "talk"  # a colleague would like to talk with their coordinator
    BREAK = "break"  # a colleague takes a break
    EXPORT = "export"  # a colleague asks for a large file, which needs a second person
    REPORTED = "reported"  # a colleague reports how somebody writes; the name is the request's number
    MANY_REVEALS = "many_reveals"  # a colleague opened very many protected answers
    TAKEN_BACK = "taken_back"  # their last words were deleted at the person's side
    NOT_TAKEN_BACK = "not_taken_back"
    ONLY_WORDS = "only_words"  # something else than words cannot be sent from the staff group
    NOT_PUT_OUT = "not_put_out"  # a colleague has left and may still be in the staff group
    NOT_SENT = "not_sent"  # what they did from the staff group came too late; the name is the request's number


@dataclass(frozen=True, slots=True)
class Alert:
    """What an alert tells: enough to decide, nothing that could hurt on a lock screen."""

    alarm: Alarm
    number: int
    type: str
    locale: str
    promised_by: datetime | None = None
    can_claim: bool = False


class Voice(Protocol):
    """The unit holds the conversation of the newcomer; an alert goes to a conversation that nobody needs to hold."""

    def words(self, unit: Unit, standing: Standing, text: str) -> int | None:
        """What a human of the team writes, as it is; the outbox row that sends it."""
        ...

    def line(self, unit: Unit, standing: Standing, line: Line, number: int, name: str = "", about: str = "") -> None:
        """A line about the person's request. name, about: of the assistant, as far as they agreed to it."""
        ...

    def file(self, unit: Unit, standing: Standing, file: MediaRow) -> int | None:
        """A file of ours, which lies in the media folder; the outbox row that sends it."""
        ...

    def place(self, unit: Unit, standing: Standing, latitude: float, longitude: float) -> int | None:
        """A place on the map, in degrees; the outbox row that sends it."""
        ...

    def decision(self, unit: Unit, standing: Standing, decision: str, number: int, reason: str) -> int | None:
        """What was decided on goods or money (desk.goods.Decision), and why; the outbox row that says it."""
        ...

    def can_knock(self, locale: str) -> bool:
        """Whether a text is approved that tells a person of this language, at any time, that an answer waits."""
        ...

    def knock(self, unit: Unit, standing: Standing) -> None:
        """Say that an answer waits, by the approved text. Only where can_knock."""
        ...

    def alert(self, unit: Unit, conversation_id: int, alert: Alert) -> int | None:
        """Write to a member of staff; the outbox row, so that the alert can be struck out later."""
        ...

    def notice(self, unit: Unit, conversation_id: int, notice: Notice, name: str) -> None:
        """Tell a member of staff something about a colleague, by the name that the team calls them."""
        ...

    def waiting(self, unit: Unit, conversation_id: int, count: int) -> None:
        """Tell a member of staff who has come how many requests wait for them."""
        ...

    def delete(self, unit: Unit, standing: Standing, message_id: str) -> None:
        """Delete a message in the newcomer's chat. message_id: the channel's."""
        ...

    def strike(self, unit: Unit, conversation_id: int, outbox_id: int, number: int, by: str) -> None:
        """Replace an alert: somebody has taken the request, or (by "") it is offered to others now."""
        ...
