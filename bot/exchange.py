"""One thing that a person did and what is said back: the desk on which the dialogue modules work.

Nothing here touches a database or a channel. What reaches beyond the talk itself (a request, feedback, forgetting)
goes through the Memory port, so the same dialogue runs on storage, in a terminal and in transcripts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Protocol

from bot.cards import WHOLE, Card, Line, Part
from bot.channels.arrivals import Media
from bot.chats import Chats
from bot.gatherings import Gatherings
from bot.state import BASES, Place, State
from bot.subscriptions import Subscriptions
from bot.surveys import Surveys
from bot.team import Team
from bot.world import World
from flows.model import Profile
from storage.dossier import Dossier

JOIN_MINUTES = 10  # words after a request was opened join it for this long (ruling 27)
AWAY = timedelta(hours=12)  # after this a person inside a guide is welcomed back


@dataclass(frozen=True, slots=True)
class Person:
    """What the dialogue knows of the person. locale: "" before the first choice; consent: none | full | unsaved.

    attached: number of the request for which a human is in this chat now, or None. barred: see desk/barring.py.
    """

    locale: str = ""
    phone_language: str | None = None
    consent: str = "none"
    consent_version: str | None = None
    stopped: bool = False
    municipality: str = ""
    attached: int | None = None
    barred: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """A request that was opened, or the open one that stands already (fresh False)."""

    number: int
    promised_by: datetime
    fresh: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """What is written down with a request. sensitive: answers that nobody may read yet. danger: see State.

    notice, event: the number of what it is about.
    """

    type: str
    locale: str
    guide: str | None = None
    step: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    sensitive: Mapping[str, str] = field(default_factory=dict)
    danger: str = ""
    notice: int | None = None
    event: int | None = None


@dataclass(frozen=True, slots=True)
class Holdings:
    """How much is stored about a person."""

    messages: int
    requests: int
    media: int = 0
    ticks: int = 0
    days: int = 0
    events: int = 0
    follows: int = 0


class Memory(Protocol):
    """What outlives the talk."""

    def open_request(self, asked: Asked) -> Opened:
        """Write a request down, or find the same one that is open since a moment ago."""
        ...

    def join_request(self, number: int, words: str) -> None:
        """Add words to a request."""
        ...

    def add_media(self, number: int, media: Media) -> bool:
        """Write down a file to be fetched, or a place, with a request; False where it is too much for one day."""
        ...

    def dossier(self) -> Dossier:
        """Everything that is stored about this person."""
        ...

    def clear(self) -> None:
        """Have both sides' messages of the last 48 hours deleted from the chat."""
        ...

    def note_miss(self, topic: str, words: Sequence[str]) -> None:
        """Count for editors what nobody understood, without the person. topic: a subject without a guide, or ""."""
        ...

    def want_language(self, code: str) -> None:
        """Count that a language is wanted that we lack, without the person."""
        ...

    def rate(self, guide: str, value: str) -> None:
        """Count one feedback, without the person."""
        ...

    def ticked(self, guide: str) -> frozenset[str]:
        """Ids of the papers of a guide that the person has ready."""
        ...

    def tick(self, guide: str, paper: str, *, ready: bool) -> None:
        """Write down that a paper is ready, or is not."""
        ...

    def days(self) -> Mapping[str, date]:
        """The days that the person told us, by the event (a deadline's anchor)."""
        ...

    def keep_day(self, anchor: str, day: date) -> None:
        """Write down the day of an event."""
        ...

    def drop_day(self, anchor: str) -> None:
        """Forget the day of an event."""
        ...

    def holdings(self) -> Holdings:
        """Count what is stored about this person."""
        ...

    def forget(self) -> str:
        """Delete the person once the last message is out; the receipt code."""
        ...


@dataclass(slots=True)
class Exchange:
    """The changing part of one turn. The dialogue replaces person and state and adds cards.

    channel: its scheme, because what an app company sees differs. joined: the words were kept with a request.
    owed: the answer is said although a human is in the chat: it is about what that human will not get.
    speaks_for_now: language of this answer alone. part: what the last card shows, where a channel does not hold all of
    it. doubted: somebody else may have the person's number or phone now. secret: the words were a
    code or a label, and are kept nowhere else. becomes: the contact who writes from now on, where that changes.
    """

    world: World
    person: Person
    state: State
    memory: Memory
    team: Team
    subscriptions: Subscriptions
    chats: Chats
    gatherings: Gatherings
    surveys: Surveys
    now: datetime
    channel: str
    cards: list[Card] = field(default_factory=list)
    forgotten: bool = False
    joined: bool = False
    owed: bool = False
    speaks_for_now: str | None = None
    part: Part = WHOLE
    doubted: bool = False
    secret: bool = False
    becomes: int | None = None

    @property
    def locale(self) -> str:
        """The language to answer in: the chosen one, else that of a cry for help, else English."""
        return self.person.locale or self.speaks_for_now or self.state.cried_in or "en"

    @property
    def saves(self) -> bool:
        """Whether the person agreed that what they do is kept."""
        return self.person.consent == "full"

    @property
    def today(self) -> date:
        """The day it is in the country."""
        return self.world.today(self.now)

    @property
    def profile(self) -> Profile:
        """What the engine may know."""
        return Profile(
            country=self.world.pack.country,
            municipality=self.person.municipality,
            language=self.person.locale,
            consent=self.person.consent == "full",
        )

    def show(self, card: Card, place: Place | None = None, *, guide: str = "", step: str = "") -> None:
        """Say a card; `place` is where the person is from now on (None: where they were)."""
        self.cards.append(card)
        if place is None:
            return
        self.state = replace(
            self.state,
            place=place,
            base=place if place in BASES else self.state.base,
            guide=guide or self.state.guide,
            step=step or self.state.step,
        )

    def lead(self, *lines: Line) -> None:
        """Put lines before the newest card."""
        self.cards[-1] = self.cards[-1].led_by(*lines)

    def stay_below(self) -> None:
        """The newest card is a message of its own: an old one far up in the chat is not edited, nobody would see it."""
        if self.cards:
            self.cards[-1] = replace(self.cards[-1], edits=False)
