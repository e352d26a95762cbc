"""What became of an attempt to send a claimed row. Plain frozen data; no SQL here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.rows import Claimed


@dataclass(frozen=True, slots=True)
class Sent:
    """The channel answered yes. provider_id: its id of the message, kept 48 h, or None (edits, deletes).

    keeps: the person reads the row itself (web chat), so its payload stays for as long as the row.
    """

    provider_id: str | None = None
    keeps: bool = False


@dataclass(frozen=True, slots=True)
class Retry:
    """Not sent, worth another try at `not_before`. counts: whether it uses up one of the tries."""

    not_before: datetime
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Throttled:
    """Refused for its speed: everything for this address waits until then; no try is used up."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Failed:
    """Refused for good, by no fault of ours. reason: a short code."""

    reason: str


@dataclass(frozen=True, slots=True)
class Blocked:
    """The person or the platform closed the address: everything that waits for it is dropped."""

    reason: str = "blocked"


@dataclass(frozen=True, slots=True)
class NotFound:
    """The channel does not know the address: it is parked, this row is listed as dead, what waits for it fails."""


@dataclass(frozen=True, slots=True)
class AnswerLost:
    """The request was written and no answer came. tells: the channel says by itself, soon, what became of it."""

    tells: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """The channel does not let it pass now. reason: NEEDS_TEMPLATE or CHANGED_WHO."""

    reason: str


@dataclass(frozen=True, slots=True)
class Dead:
    """Refused by our own fault. Listed for staff. reason: a short code."""

    reason: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The chat has a new id (a group that was upgraded): the address is rewritten, the row is ready again."""

    new_opaque_id: str


Outcome = Sent | Retry | Throttled | Failed | Blocked | NotFound | AnswerLost | Held | Dead | Moved


@dataclass(frozen=True, slots=True)
class Settlement:
    """How the attempt at one claimed row ended."""

    claimed: Claimed
    outcome: Outcome
