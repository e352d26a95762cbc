"""The closed sets and the rows that go in and out of the queue. Plain frozen data; no SQL here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum


class InboxState(StrEnum):
    """A row of the inbox waits, is handled, or was given up after too many tries."""

    NEW = "new"
    DONE = "done"
    POISON = "poison"


class OutboxState(StrEnum):
    """The life of something to send. `settlement.py` holds the moves."""

    READY = "ready"  # waits for its turn
    SENDING = "sending"  # claimed; the request may have been written
    SENT = "sent"  # the channel answered yes
    UNCERTAIN = "uncertain"  # written, never answered, not sent again: staff decide
    FAILED = "failed"  # refused for good by the other side, or dropped on purpose
    DEAD = "dead"  # our fault or too many tries: staff decide
    HELD = "held"  # may not be said now


class OutClass(IntEnum):
    """What goes first, across conversations. Order is kept per conversation within a class."""

    REPLY = 0
    STAFF = 1
    NOTICE = 2


class OutKind(StrEnum):
    """What the channel is asked to do."""

    SEND = "send"
    EDIT = "edit"
    DELETE = "delete"
    VENUE = "venue"
    TEMPLATE = "template"  # a text that the channel has approved: may be sent at any time
    CLEAR = "clear"  # delete many messages of the chat, both sides'
    NOTICE = "notice"  # a copy of a notice; the payload is a reference, and the words are made when it is claimed


class Passing(StrEnum):
    """Which notices and reminders may go out now."""

    ALL = "all"
    SAFETY = "safety"  # at night
    NONE = "none"  # somebody stopped all of them


class AddressState(StrEnum):
    """Whether the address can be reached. UNKNOWN: refused as not found; only the person can open it."""

    OPEN = "open"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"


class ConsentChoice(StrEnum):
    """NONE: not asked or not answered yet. UNSAVED: "without saving"."""

    NONE = "none"
    FULL = "full"
    UNSAVED = "unsaved"


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something a channel received, before it is stored.

    account: which of our own accounts received it (a bot id, a phone number id).
    external_id: the channel's id of this arrival, unique per channel and account; kept as an HMAC only.
    opaque_id: where it came from, in the channel's own words; kept as an HMAC and encrypted.
    kind: a short word of the channel's choice ("text", "press" ...). BLOCKED_KIND never opens a blocked address.
    provider_id: the channel's id of the message, kept encrypted for 48 hours, or None.
    """

    channel: str
    account: str
    external_id: str
    opaque_id: str
    kind: str
    body: bytes
    received_at: datetime
    provider_id: str | None = None


BLOCKED_KIND = "blocked"
#: Reasons of an outbox row whose sending may have succeeded.
ANSWER_LOST, WORKER_DIED = "answer_lost", "worker_died"
#: Reasons of a held row that goes when the person writes, and of one that goes when staff made sure who is there.
NEEDS_TEMPLATE, CHANGED_WHO = "needs_template", "changed_who"
#: The matter (flows/floor.py) of what may come at night.
SAFETY = "safety"
TIMER_CHANNEL = "timer"
REQUEST_CLOCK = "desk"  # kind of the timers of requests (desk/clock.py)
LEAVE_GROUP = "leave_group"  # kind of the timer that keeps a group's conversation until we leave it


@dataclass(frozen=True, slots=True)
class Standing:
    """What a unit of work knows of a conversation and its active contact.

    address_id: where the person wrote from last; replies go there.
    attached_staff_id, attached_request_id: the human who is in this chat now and what for, or None.
    barred: a coordinator has closed the way to the team.
    """

    conversation_id: int
    contact_id: int
    address_id: int
    locale: str
    municipality: str | None
    consent_choice: ConsentChoice
    consent_version: str | None
    consent_at: datetime | None
    stopped: bool
    attached_staff_id: int | None
    attached_request_id: int | None
    urgent: bool
    seen_at: datetime
    created_at: datetime
    barred: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """The oldest waiting inbox row of a conversation that is locked until the unit of work ends.

    standing: of the conversation, as it was when the row was taken.
    channel: TIMER_CHANNEL for a timer that rang; kind is then the timer's kind and body its key. The address is
    always one of a real channel: address_channel, account, opaque_id.
    tries: how often handling it has failed before.
    session, session_version: where the active contact stands in the guides (storage/sessions.py); None and 0 at first.
    """

    seq: int
    standing: Standing
    address_id: int
    channel: str
    address_channel: str
    account: str
    opaque_id: str
    kind: str
    body: bytes
    received_at: datetime
    tries: int
    session: bytes | None
    session_version: int

    @property
    def conversation_id(self) -> int:
        """The conversation that is locked."""
        return self.standing.conversation_id


@dataclass(frozen=True, slots=True)
class Speak:
    """It may be said now."""


@dataclass(frozen=True, slots=True)
class Hold:
    """It may not be said now; kept and listed. reason: a short code."""

    reason: str


@dataclass(frozen=True, slots=True)
class Drop:
    """It may not be said at all; kept as failed with the short code `reason`."""

    reason: str


Verdict = Speak | Hold | Drop

#: (speaker, matter, standing) -> verdict. The floor's rule, handed in by the caller: this room only asks.
MaySpeak = Callable[[str, str, Standing], Verdict]


@dataclass(frozen=True, slots=True)
class OutgoingRow:
    """Something to send.

    dedupe: unique for ever; the same decision taken twice is one row ("i:<inbox seq>:<ordinal>").
    speaker, matter: who speaks and of what; short codes for the floor, asked again when the row is claimed.
    replaces: outbox id of the message that an EDIT or DELETE is about.
    address_id: None = where the person wrote from last.
    """

    dedupe: str
    payload: bytes
    speaker: str
    matter: str = ""
    cls: OutClass = OutClass.REPLY
    kind: OutKind = OutKind.SEND
    replaces: int | None = None
    address_id: int | None = None
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row that this process, and nobody else, may send now. Committed as `sending` before it is returned.

    provider_id: the channel's id of the message that `replaces` names; None when it is unknown or was never sent.
    repeated: an earlier attempt may have arrived; a STAFF row is then marked as a possible repeat.
    tries: attempts so far that counted.
    """

    id: int
    token: int
    conversation_id: int
    address_id: int
    channel: str
    account: str
    opaque_id: str
    cls: OutClass
    kind: OutKind
    speaker: str
    matter: str
    locale: str
    payload: bytes
    provider_id: str | None
    tries: int
    repeated: bool
    answer_was_lost: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Composed:
    """What a copy of a notice says now. keeps: the person reads the row itself, so it is written back into the row."""

    payload: bytes
    keeps: bool = False


class LetterKind(StrEnum):
    """Why something is among the dead letters."""

    POISON = "poison"
    DEAD = "dead"
    UNCERTAIN = "uncertain"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """Something that did not get through, or may not have. row: inbox seq for POISON, else outbox id."""

    kind: LetterKind
    row: int
    conversation_id: int | None
    reason: str | None
    at: datetime

    @property
    def id(self) -> str:
        """How an operator names it: in-<seq> or out-<outbox id>."""
        return f"{'in' if self.kind is LetterKind.POISON else 'out'}-{self.row}"
