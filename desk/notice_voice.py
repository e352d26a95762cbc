"""How notices are seen and heard before they are sent. The door implements it: cards, channels and the write door."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from notices.drafts import Fit
from storage.events import EventRow
from storage.notices import NoticeRow, TextRow
from storage.rows import Standing
from storage.unit_of_work import Unit


@dataclass(frozen=True, slots=True)
class Bubble:
    """A notice as one channel shows it. lines: style (title, text, quiet, card) and words.

    rows: labels of the buttons that stand below. opener: what opens a list of them, "" where they stand there openly.
    """

    channel: str
    locale: str
    lines: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[str]]
    opener: str
    fit: Fit


@dataclass(frozen=True, slots=True)
class Sheet:
    """A notice on paper. until: "" = no day. scan: what the code beside it is for. address: where that leads."""

    from_whom: str
    title: str
    lines: Sequence[str]
    until: str
    scan: str
    address: str

    @property
    def words(self) -> str:
        """As words to copy: what it says, and where it leads."""
        return "\n\n".join(part for part in (self.title, "\n".join(self.lines), self.until, self.address) if part)


class NoticeVoice(Protocol):
    """See the module. A notice is composed in the same way for the preview, the test and the sending."""

    @property
    def channels(self) -> Sequence[str]:
        """Schemes of the channels on which people are written to."""
        ...

    @property
    def teasers(self) -> Collection[str]:
        """Languages with an approved text, for people to whom WhatsApp lets us write nothing else."""
        ...

    def preview(self, notice: NoticeRow, text: TextRow, channel: str) -> Bubble:
        """As people see it on this channel."""
        ...

    def test(self, unit: Unit, standing: Standing, notice: NoticeRow, text: TextRow) -> None:
        """Send it to the chat of a member of staff; the unit holds that conversation."""
        ...

    def edits(self, channel: str) -> bool:
        """Whether the channel lets us edit and delete what we sent."""
        ...

    def to_copy(self, notice: NoticeRow, text: TextRow) -> str:
        """As words for a group: without buttons, with the address that leads to us."""
        ...

    def leaflet(self, notice: NoticeRow, text: TextRow) -> Sheet:
        """As a page to print."""
        ...

    def invitation(self, event: EventRow, locale: str) -> Sheet:
        """An event as a page to print, in one of its languages; the address opens it in the chat."""
        ...

    def address(self, notice: NoticeRow, locale: str) -> str:
        """Where who reads it on a wall comes to us: in Telegram where the bot is known, else in the browser."""
        ...

    def guide_of(self, session: bytes) -> str:
        """Which guide a stored session is in, "" = none."""
        ...
