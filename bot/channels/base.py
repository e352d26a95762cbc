"""What a channel can do, and how sending can fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.channels.outgoing import Outgoing


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a channel is like.

    paced: its platform limits how fast we may send. keeps: the person reads the outbox row itself.
    tells: it says by itself, soon, what became of a message, also of one whose answer was lost.
    """

    paced: bool
    keeps: bool = False
    tells: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """The channel took it. message_id: the platform's id, or None where it has none."""

    message_id: str | None = None


class SendError(Exception):
    """Sending did not end in a yes. `reason` is a short code for staff, never the platform's prose."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Throttled(SendError):
    """Too fast. Wait `seconds`; no attempt is used up. whole_bot: every chat of the channel must wait."""

    def __init__(self, reason: str, seconds: float, *, whole_bot: bool = False) -> None:
        super().__init__(reason)
        self.seconds = seconds
        self.whole_bot = whole_bot


class Unreachable(SendError):
    """Nothing was sent and nothing is wrong with the message: the network or the platform is away. Try again."""


class Refused(SendError):
    """The platform says no for good. ours: it is our fault and staff must see it."""

    def __init__(self, reason: str, *, ours: bool = True) -> None:
        super().__init__(reason)
        self.ours = ours


class Stopped(SendError):
    """The person blocked us or is gone: nothing more can reach this address."""


class Waits(SendError):
    """The platform does not let it pass to this address now. reason: NEEDS_TEMPLATE or CHANGED_WHO (storage.rows)."""


class Moved(SendError):
    """The chat has a new id (a group was upgraded); the row is to be sent there."""

    def __init__(self, reason: str, opaque_id: str) -> None:
        super().__init__(reason)
        self.opaque_id = opaque_id


class Uncertain(SendError):
    """The request was written and no answer came: it may or may not have been sent."""


class TooBig(SendError):
    """A file is larger than we take, or than the platform gives out."""


class Channel(Protocol):
    """A way to reach an address."""

    scheme: str
    abilities: Abilities

    async def send(self, opaque_id: str, out: Outgoing) -> Sent:
        """Send or edit one message.

        Raises Throttled, Unreachable, Refused, Stopped, Waits, Moved or Uncertain.
        """
        ...

    async def clear(self, opaque_id: str, message_ids: Sequence[str]) -> None:
        """Delete messages of both sides from a chat; those that are gone or too old are passed over.

        May be repeated. Raises as `send` does, but never Uncertain: what was not answered counts as not done.
        """
        ...

    async def fetch(self, ref: str, limit: int) -> bytes:
        """The content of a file that the person sent. ref: of its Attachment; limit: bytes that are too many.

        Raises TooBig, Refused, Throttled or Unreachable.
        """
        ...
