"""What the bot wants to show, before any language: message keys with parameters, and buttons with actions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import TypeAlias

from bot.actions import Act, Action
from bot.channels.outgoing import Document, Style

Value: TypeAlias = "str | int | date | datetime | Msg"
NO_PARAMS: Mapping[str, Value] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Msg:
    """A text by its key (msgctxt) and what is filled in. count: picks the plural form and fills {count}."""

    key: str
    params: Mapping[str, Value] = field(default_factory=lambda: NO_PARAMS)
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Local:
    """Words in the country's own language that are shown as they are, whatever the person speaks."""

    text: str


@dataclass(frozen=True, slots=True)
class Icon:
    """An icon in the middle of a line, by its name in content/icons.yaml; words stand behind it."""

    name: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line or block. Several texts stand behind one another, with a space between them."""

    texts: tuple[Msg | Local | Icon, ...]
    style: Style = Style.TEXT
    icon: str | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """A button. icon: name in content/icons.yaml. label: a message or a language's own name.

    url: what it opens; its action is then never read.
    """

    action: Action
    label: Msg | Local
    icon: str | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One message to be.

    nav: whether Back, Home and Person stand in the last row (everywhere after the language picker).
    edits: replace the screen that the person acted on instead of sending a new message.
    document: a file that goes along.
    """

    lines: tuple[Line, ...]
    rows: tuple[tuple[Key, ...], ...] = ()
    nav: bool = True
    edits: bool = False
    document: Document | None = None

    def led_by(self, *lines: Line) -> Card:
        """The same card with lines before its first one."""
        return replace(self, lines=(*lines, *self.lines))


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a screen is shown, where a channel holds no more. page: of its buttons, from 0.

    left: how many lines of its text are still to come; 0 = it begins with the first one.
    """

    page: int = 0
    left: int = 0


WHOLE = Part()


def title(key: str, icon: str | None = None, **params: Value) -> Line:
    """A line in title style."""
    return Line((Msg(key, params),), Style.TITLE, icon)


def text(key: str, icon: str | None = None, **params: Value) -> Line:
    """A line of plain text."""
    return Line((Msg(key, params),), Style.TEXT, icon)


def quiet(key: str, icon: str | None = None, **params: Value) -> Line:
    """A line of small print."""
    return Line((Msg(key, params),), Style.QUIET, icon)


def key(act: Act, label: str, icon: str | None = None, *args: str) -> Key:
    """A button whose label is a message."""
    return Key(Action(act, args), Msg(label), icon)


NAV = (
    key(Act.BACK, "bot.nav.back", "back"),
    key(Act.HOME, "bot.nav.home", "home"),
    key(Act.PERSON, "bot.nav.person", "person"),
)


def keys_of(card: Card) -> tuple[tuple[Key, ...], ...]:
    """All rows of a card, the fixed one last."""
    return (*card.rows, NAV) if card.nav else card.rows
