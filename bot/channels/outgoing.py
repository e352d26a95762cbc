"""What a channel is asked to send."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
