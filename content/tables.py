"""The shapes of all content files but the guides: sources, icons, urgent, places, consent, hours, commands, texts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, RootModel, model_validator

from content.fields import (
    Clock,
    Day,
    DayOrNone,
    FillableText,
    Id,
    LocaleCode,
    Located,
    Name,
    SourceDate,
    SourceId,
    Strength,
    Strict,
    Text,
)
from content.wording import is_emoji

CommandId = Literal[
    "home",
    "back",
    "person",
    "language",
    "stop",
    "start",
    "repeat",
    "delete",
    "privacy",
    "urgent",
    "continue",
    "data",
    "clear",
    "requests",
    "link",
    "recovery",
    "people",
    "news",
    "phrases",
    "events",
    "reminders",
]


def _one_emoji(value: str) -> str:
    parts = value.replace("\ufe0f", "").split("\u200d")
    if any(len(part) != 1 or not is_emoji(part) for part in parts):
        raise ValueError(f"{value}: an icon is one emoji")
    return value


Emoji = Annotated[Text, AfterValidator(_one_emoji)]


class Source(Strict):
    """Where facts were read. address: as found, without a promise that it still answers."""

    title: Text
    address: Text
    date: SourceDate


class Sources(Located, RootModel[dict[SourceId, Source]]):
    """All sources of a country."""

    model_config = ConfigDict(extra=None)


class Icons(Located, RootModel[dict[Name, Emoji]]):
    """Name of a meaning -> the one icon for it."""

    model_config = ConfigDict(extra=None)


class EmergencyNumber(Strict):
    """A number to call. number is text: it may begin with 0 and have spaces."""

    id: Name
    number: Text
    sources: tuple[SourceId, ...]
    strength: Strength


class Urgent(Located):
    """The emergency card of a country.

    confirmed_on: when the organisation confirmed the numbers, None = not yet. lines: help lines for some people.
    phrase: what one says to the operator, in the local language and script.
    """

    country: Id
    checked_on: Day
    review_by: Day
    confirmed_on: DayOrNone = None
    numbers: Annotated[tuple[EmergencyNumber, ...], Field(min_length=1)]
    lines: tuple[EmergencyNumber, ...] = ()
    phrase: Text


class UrgentPhrases(Located):
    """Phrases of each language that bring the emergency card.

    child: those that also say that a child is alone; a number in them stands for an age up to it.
    """

    checked_by: str
    checked_on: DayOrNone
    words: dict[LocaleCode, tuple[Text, ...]]
    child: dict[LocaleCode, tuple[Text, ...]] = Field(default_factory=dict)


class Contact(Strict):
    """An organisation that may be shown to people."""

    id: Id
    name: Text
    purpose: Id
    phone: Text
    sources: tuple[SourceId, ...]
    strength: Strength


class Place(Strict):
    """A place to go to. name and address are in the local script and never translated."""

    id: Id
    name: Text
    address: Text
    town: Text
    phone: Text | None = None
    sources: tuple[SourceId, ...]
    strength: Strength


class Municipality(Strict):
    """Where somebody may live, and whose news may be followed: its name in both scripts of the country.

    also: other names that people type.
    """

    id: Id
    latin: Text
    cyrillic: Text
    also: tuple[Text, ...] = ()


class Places(Located):
    """Contacts, places and municipalities of a country."""

    country: Id
    checked_on: Day
    review_by: Day
    contacts: tuple[Contact, ...]
    places: tuple[Place, ...] = ()
    municipalities: tuple[Municipality, ...] = ()


class NewsTopic(Strict):
    """A subject whose news may be followed; its words are the text bot.news_topic.<id>."""

    id: Id
    icon: Name


class NewsTopics(Located):
    """The subjects of news, in the order of the screen."""

    topics: tuple[NewsTopic, ...]


class Consent(Located):
    """version: what is logged when a person agrees. promise: a further line, empty until a lawyer signed it off."""

    version: Text
    promise: str
    signed_off_on: DayOrNone


class Approved(Strict):
    """A text that may be sent on WhatsApp at any time, in one language. code: Meta's; state: what Meta decided."""

    name: Text
    code: Text
    state: Literal["none", "waiting", "approved", "rejected", "paused"]


class MetaAccount(Strict):
    """What Meta thinks of our number. quality: of what we sent lately, by what people did with it.

    limit: to how many people we may write first within 24 hours, digits, or "unlimited", or "unknown". asked_on: when
    Meta said so.
    """

    quality: Literal["green", "yellow", "red", "unknown"]
    limit: Annotated[str, Field(pattern=r"^([0-9]{1,9}|unlimited|unknown)$")]
    asked_on: Day | None


class Templates(Located):
    """The texts that Meta approves, by language, and what it thinks of our number."""

    answer_waiting: dict[LocaleCode, Approved]
    news: dict[LocaleCode, Approved]
    account: MetaAccount


class Service(Located):
    """Switches of the whole service. paused: no notices and reminders; reduced: less is possible now, and said."""

    paused: bool
    reduced: bool


class Hours(Located):
    """When the organisation works, in the country's time zone. weekdays: 1 = Monday."""

    opens: Clock
    closes: Clock
    weekdays: tuple[Annotated[int, Field(ge=1, le=7)], ...]
    closed_days: tuple[Day, ...]
    answer_within_hours: Annotated[int, Field(ge=1)]

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        if self.opens >= self.closes or not self.weekdays:
            raise ValueError("working hours open before they close, on at least one weekday")
        return self


class CommandWords(Located, RootModel[dict[CommandId, tuple[Text, ...]]]):
    """Command id -> the words for it, in every language."""

    model_config = ConfigDict(extra=None)


class BotText(Strict):
    """A text with its note to translators. max: UTF-16 units of a label. plural: the English form for many."""

    text: FillableText
    plural: FillableText | None = None
    note: str | None = None
    max: Annotated[int, Field(ge=1)] | None = None


class Texts(Located, RootModel[dict[Name, dict[Name, FillableText | BotText]]]):
    """The texts of a domain (`bot`, `desk`): section -> key -> text."""

    model_config = ConfigDict(extra=None)

    def rows(self) -> Iterator[tuple[str, str, BotText]]:
        """Give section, key and text of each, in the order of the file."""
        for section, texts in self.root.items():
            for key, text in texts.items():
                yield section, key, BotText(text=text) if isinstance(text, str) else text


class Wording(Strict):
    """A glossary term in a language. stem: the part that its inflected forms share."""

    term: Text
    stem: Text


class Term(Strict):
    """One thing, one term. local: the word of offices, in the local script. Every other key is a language."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[LocaleCode, Wording]

    en: Text
    local: Text


class Glossary(Located, RootModel[dict[Id, Term]]):
    """All terms, by id."""

    model_config = ConfigDict(extra=None)
