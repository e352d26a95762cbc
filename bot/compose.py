"""A card becomes an Outgoing in one language: texts looked up and filled, buttons signed, fallbacks labelled."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot import wording
from bot.actions import Action, sign
from bot.cards import Card, Icon, Key, Line, Local, Msg, keys_of
from bot.channels.outgoing import Button, Outgoing, Paragraph, Style
from bot.wording import Wording
from bot.world import World
from flows.limits import utf16
from i18n.catalog import Catalog
from i18n.locales import LOCALES
from i18n.text import Text, Value, isolate

PAIR_LABEL = 14  # two buttons share a row only when both are at most this long (UTF-16 units) and not right-to-left
MISSING = "bot.notice.missing"
NO_BREAK = "\u00a0"  # keeps an icon beside its words


@dataclass(slots=True)
class Composer:
    """Composes in one language and remembers which other languages came out."""

    world: World
    locale: str
    fallbacks: set[str] = field(default_factory=set)
    _wording: Wording = field(init=False)

    def __post_init__(self) -> None:
        self._wording = self.world.wordings[self.locale]

    def card(self, card: Card, screen: int, address_id: int) -> Outgoing:
        """The card for one address. screen: number that its buttons carry."""
        paragraphs = [self._paragraph(line) for line in card.lines]
        rows = [row for keys in keys_of(card) for row in self._rows(keys, screen, address_id)]
        others = sorted(self.fallbacks)
        paragraphs += [Paragraph(Style.QUIET, self._missing(other)) for other in others]
        return Outgoing(tuple(paragraphs), tuple(rows), self.locale, document=card.document)

    def line(self, line: Line) -> str:
        """One line as text alone, for a file."""
        return self._paragraph(line).text

    def label(self, key: Key) -> str:
        """What a button says, without its icon. A language's own name stands alone, so it needs no isolates."""
        return key.label.text if isinstance(key.label, Local) else self._say(key.label)

    def say(self, message: Msg) -> str:
        """A text in this language, or in the nearest one that has it."""
        return self._text(message).string

    def _paragraph(self, line: Line) -> Paragraph:
        """A line that is the same for everybody is made once."""
        fixed = wording.fixed(line)
        if fixed is None:
            return self._filled(line)
        kept = self._wording.lines.get(fixed)
        if kept is None:
            alone = Composer(self.world, self.locale)
            kept = self._wording.lines[fixed] = alone._filled(line), frozenset(alone.fallbacks)
        self.fallbacks |= kept[1]
        return kept[0]

    def _filled(self, line: Line) -> Paragraph:
        words = " ".join(self._say(text) for text in line.texts).replace(f"{NO_BREAK} ", NO_BREAK)
        return Paragraph(line.style, f"{self._icon(line.icon)}{words}")

    def _rows(self, keys: tuple[Key, ...], screen: int, address_id: int) -> list[tuple[Button, ...]]:
        """A row of two stays one only where it is easy to hit and to read."""
        labels = [self.label(key) for key in keys]
        buttons = tuple(
            Button(
                f"{self._icon(key.icon)}{label}",
                "" if key.url else self._signed(key.action, screen, address_id),
                key.url,
            )
            for key, label in zip(keys, labels, strict=True)
        )
        if len(keys) != 2 or (not self._wording.rtl and all(utf16(label) <= PAIR_LABEL for label in labels)):
            return [buttons]
        return [(button,) for button in buttons]

    def _signed(self, action: Action, screen: int, address_id: int) -> str:
        return sign(Action(action.act, action.args, screen), self.world.button_key, address_id)

    def _icon(self, name: str | None) -> str:
        return self._wording.icons[name]

    def _say(self, text: Msg | Local | Icon) -> str:
        match text:
            case Local():
                return isolate(text.text)
            case Icon():
                return self._icon(text.name).rstrip() + NO_BREAK
            case Msg():
                return self._text(text).string

    def _text(self, message: Msg) -> Text:
        catalog = self.world.catalog
        if not message.params and message.count is None:
            found = catalog.text(self.locale, message.key)
        else:
            found = self._told(message, catalog)
        if found.locale != self.locale:
            self.fallbacks.add(found.locale)
        return found

    def _told(self, message: Msg, catalog: Catalog) -> Text:
        params: dict[str, Value] = {
            name: self._text(value) if isinstance(value, Msg) else value for name, value in message.params.items()
        }
        if message.count is None:
            return catalog.text(self.locale, message.key, **params)
        return catalog.plural(self.locale, message.key, message.count, count=message.count, **params)

    def _missing(self, other: str) -> str:
        return self.world.catalog.text(self.locale, MISSING, language=LOCALES[other].name).string


def compose(world: World, locale: str, card: Card, screen: int, address_id: int) -> Outgoing:
    """One card in one language for one address."""
    return Composer(world, locale).card(card, screen, address_id)
