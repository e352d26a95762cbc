"""Notices to many, as rows that go in and out: plain frozen data; no SQL here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Person:
    """What must be known of somebody. follows: topic:<id> and place:<id>. guide: the one they walk, or "".

    writable: whether the channel lets us write at all now, be it by an approved text alone; free: without one.
    days: anchors of the dates they told us. events: ids of those for which they are on the list.
    groups: surveys on whose shortlist they were chosen.
    """

    contact_id: int
    conversation_id: int
    address_id: int
    locale: str
    channel: str
    place: str
    seen_at: datetime
    agreed: bool
    stopped: bool = False
    blocked: bool = False
    urgent: bool = False
    writable: bool = True
    free: bool = True
    noticed_at: datetime | None = None
    follows: frozenset[str] = frozenset()
    guide: str = ""
    days: frozenset[str] = frozenset()
    events: frozenset[int] = frozenset()
    groups: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class NewBroadcast:
    """A broadcast to be; its fields are as in BroadcastRow."""

    notice_id: int
    kind: str
    audience: str
    author_id: int
    lacking: Mapping[str, str] = field(default_factory=dict)
    of_id: int | None = None
    starts: str = ""
    every: str = ""


@dataclass(frozen=True, slots=True)
class BroadcastRow:
    """One sending of a notice, or a later act on those who got it.

    kind, state: notices.lifecycle.Kind and State. of_id: what it is a later act on. audience: JSON of
    notices.audience.Audience. lacking: what to do for languages without a text, leave_out or fallback. starts: local
    wall time as 2026-11-29T10:00, "" = at once; start_at: that in UTC. every: "" or day, week, month. cursor: the last
    contact whose delivery is written; complete: every delivery is. confirmed: the number of people that was typed.
    """

    id: int
    notice_id: int
    kind: str
    of_id: int | None
    state: str
    audience: str
    lacking: Mapping[str, str]
    author_id: int
    approver_id: int | None
    confirmed: int | None
    starts: str
    every: str
    start_at: datetime | None
    started_at: datetime | None
    cursor: int | None
    complete: bool
    ended_at: datetime | None
    created_at: datetime


class Fate(StrEnum):
    """What became of somebody's copy."""

    WAITING = "waiting"  # for its turn, or it is being sent
    HELD = "held"  # waits for something else than its turn; the reason says for what
    SENT = "sent"
    DELIVERED = "delivered"  # only where the channel tells
    READ = "read"
    FAILED = "failed"  # refused, or ended on purpose
    UNCERTAIN = "uncertain"  # written to the channel, never answered: it may have arrived
    DEAD = "dead"  # our fault, or too many tries
    SKIPPED = "skipped"  # left out; no copy was made


#: The person has it.
GOT = frozenset({Fate.SENT, Fate.DELIVERED, Fate.READ})


@dataclass(frozen=True, slots=True)
class NewCopy:
    """Somebody's copy to be. left_out: a short code why there is none, "" = there is one.

    outbox_id: of the row that sends it; teaser_id: of the approved text that goes before. version: of the notice.
    """

    id: int
    broadcast_id: int
    contact_id: int
    locale: str
    channel: str
    version: int
    outbox_id: int | None = None
    teaser_id: int | None = None
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class Copy:
    """Somebody's copy. version: of the notice as it was last sent to them.

    is_under_way: it is being sent at this moment. is_known: the channel's id of the message is still known.
    sent_at: when the sending ended, None = it did not. outbox_id: None where the row is gone.
    """

    fate: Fate
    reason: str
    version: int
    outbox_id: int | None
    is_under_way: bool
    is_known: bool
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Counted:
    """So many copies came to this. reason: a short code, "" = none."""

    fate: Fate
    reason: str
    locale: str
    channel: str
    many: int


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one copy. contact_id: None where the person was forgotten."""

    id: int
    contact_id: int | None
    locale: str
    channel: str
    fate: Fate
    reason: str
    at: datetime
