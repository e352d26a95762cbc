"""What every channel speaks: normalised arrivals, what is asked to be sent, and how sending can fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

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


class Style(StrEnum):
    """How a paragraph looks. Never carries meaning alone."""

    TITLE = "title"
    TEXT = "text"
    QUIET = "quiet"
    CARD = "card"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line or block of a message, in one language."""

    style: Style
    text: str


@dataclass(frozen=True, slots=True)
class Button:
    """A button: what it says, and the signed data that comes back; or, where there is a url, what it opens."""

    label: str
    data: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A file for the person. name: as it is saved; type: MIME."""

    name: str
    type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Stored:
    """A file for the person that lies in our media folder; it is read when it is sent. id: of its row."""

    id: int
    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Template:
    """A text that the channel's company has approved in one language. language: its own code for that ("pt_BR")."""

    name: str
    language: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What a channel is asked to send.

    edit: the platform's id of the message that is to be replaced; where that is gone, a new message is sent.
    locale: language and direction of the text. document: goes along; the paragraphs are then what is written under it.
    stored: a document that lies in our folder. place: latitude and longitude in degrees, sent as a place where a
    channel has such messages; the paragraphs say it for the others.
    leaves: nothing is said; we leave the group. template: is sent instead of the paragraphs, which say the same.
    mark: our own id of the message; a channel that can gives it back with what it tells of the message later.
    """

    paragraphs: tuple[Paragraph, ...]
    rows: tuple[tuple[Button, ...], ...] = ()
    locale: str = "en"
    edit: str | None = None
    document: Document | None = None
    leaves: bool = False
    template: Template | None = None
    mark: str = ""
    stored: Stored | None = None
    place: tuple[float, float] | None = None

    @property
    def length(self) -> int:
        """UTF-16 units of the paragraphs, each on its line."""
        return sum(len(paragraph.text.encode("utf-16-le", "surrogatepass")) // 2 + 1 for paragraph in self.paragraphs)


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
