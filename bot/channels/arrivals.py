"""What arrives, in the same shape from every channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.messages import NOT_KNOWN
from storage.quoting import Origin


@dataclass(frozen=True, slots=True)
class Words:
    """Text that a person typed. edited: an earlier message was changed; it only counts where it asks for help.

    forwarded: somebody else wrote it, so no command in it is theirs.
    """

    text: str
    edited: bool = False
    forwarded: bool = False


@dataclass(frozen=True, slots=True)
class Press:
    """A button, by its signed data."""

    data: str


class MediaKind(StrEnum):
    """What can arrive that is not words."""

    VOICE = "voice"  # a voice note or a piece of sound
    PHOTO = "photo"
    FILE = "file"
    VIDEO = "video"
    PLACE = "place"
    CONTACT = "contact"
    STICKER = "sticker"  # also what moves, and dice
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that lies with the channel.

    ref: by what the channel gives it out. size (bytes) and type (MIME) are what was claimed; None: nothing was.
    """

    ref: str
    size: int | None = None
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Media:
    """A voice note, photo, file, sticker, place or contact. Of a contact nothing is taken over.

    text: what was written under it. seconds: how long it lasts. place: latitude and longitude in degrees.
    edited: an earlier one was changed (or moved, where a place is shared live); it only counts where it asks for help.
    """

    kind: MediaKind
    text: str = ""
    seconds: int | None = None
    file: Attachment | None = None
    place: tuple[float, float] | None = None
    edited: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """The person blocked us (open False) or can be reached again."""

    open: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A group took us in or called us. What was said there, and by whom, is not taken over.

    bot: our user name on the channel, "" where it is not known.
    """

    bot: str


class TopicAct(StrEnum):
    """What a member of staff does in the topic of a request that is more than talk among colleagues."""

    ANSWER = "answer"  # words for the person
    UNDO = "undo"  # the last words that went out were wrong
    PRESS = "press"  # a button of ours


@dataclass(frozen=True, slots=True)
class InTopic:
    """Something for us in the staff group; the address is that of who did it. thread: the topic's id.

    text: the words, "" where something else than words was sent; of a press its signed data.
    """

    thread: int
    act: TopicAct
    text: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """The channel says that somebody else may be behind this address now: a new number, a new device.

    moved_to: where the same person is from now on, "" = here.
    """

    moved_to: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something that we cannot read; it is kept for staff and never guessed at."""


Content = Words | Press | Media | Reach | Group | InTopic | Changed | Unreadable


@dataclass(frozen=True, slots=True)
class Inbound:
    """One arrival.

    account: which of our own accounts received it.
    external_id: unique per channel and account; a repeated one is the same arrival.
    opaque_id: the chat in the channel's own words; never shown, never logged.
    language: the phone's language as the channel reports it ("fa", "sr-Latn"), or None.
    message_id: the channel's id of the message, where the chat can be cleared of it, else None.
    origin: what the channel tells of words and files: their id, also of a message that was changed, and what they
    answer to.
    """

    channel: str
    account: str
    external_id: str
    opaque_id: str
    content: Content
    received_at: datetime
    language: str | None = None
    message_id: str | None = None
    origin: Origin = NOT_KNOWN


def clean(text: str) -> str:
    """Text without what databases and encoders refuse: lone surrogates and NUL."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")
