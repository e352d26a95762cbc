"""Everything that is stored about one person, as they may take it along: plain data, no SQL here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """What was chosen on which version of the consent text, and in which language it was read."""

    choice: str
    version: str
    language: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AskedFor:
    """A request. context, sensitive: what was written down with it, among it answers; wish: whom they would like."""

    number: int
    type: str
    guide: str | None
    step: str | None
    created_at: datetime
    promised_by: datetime | None
    closed_at: datetime | None
    context: Any
    sensitive: Any
    wish: Any


@dataclass(frozen=True, slots=True)
class SaidThen:
    """A message. direction: "in" from the person, "out" to them."""

    direction: str
    text: str
    at: datetime
    request: int | None


@dataclass(frozen=True, slots=True)
class SentThen:
    """A file, or a place, that came with a request; request None: it answers a survey. place: as
    geo:latitude,longitude."""

    kind: str
    state: str
    type: str | None
    size: int | None
    seconds: int | None
    place: str | None
    request: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class OnList:
    """What they said to an event. title: in their language, or any that there is; stand: coming, waiting or out."""

    event: int
    title: str
    starts: str
    stand: str
    companions: int


@dataclass(frozen=True, slots=True)
class NoticeThen:
    """A notice that was meant for the person. outcome: "skipped" where they did not get it, and so on."""

    notice: int
    at: datetime
    outcome: str | None
    language: str
    channel: str


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer to a survey that is not anonymous. answer: the place of a choice, own words, or None.

    spoken: it was a voice note.
    """

    survey: int
    question: int
    answer: int | str | None
    spoken: bool = False


@dataclass(frozen=True, slots=True)
class Dossier:
    """Of the active contact of a conversation. addresses: (channel, id in its own words)."""

    language: str
    municipality: str | None
    stopped: bool
    first_seen: datetime
    last_seen: datetime
    addresses: Sequence[tuple[str, str]]
    consents: Sequence[ConsentGiven]
    requests: Sequence[AskedFor]
    messages: Sequence[SaidThen]
    media: Sequence[SentThen]
    ticks: Mapping[str, Sequence[str]] = field(default_factory=dict)  # guide -> papers that are ready
    days: Mapping[str, date] = field(default_factory=dict)  # of which event
    events: Sequence[OnList] = ()
    answers: Sequence[Answered] = ()
    may_be_invited: Sequence[int] = ()  # to talk about the subject of these surveys
    follows: Sequence[str] = ()  # topic:<id> and place:<id>
    reminders: Mapping[str, datetime] = field(default_factory=dict)  # guide:deadline -> the next one
    series: Mapping[str, int] = field(default_factory=dict)  # how many pieces of which they got
    notices: Sequence[NoticeThen] = ()
