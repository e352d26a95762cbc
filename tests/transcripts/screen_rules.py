"""What must hold of every message in every language, whatever the person did before."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from bot import actions
from bot.actions import MAX_BYTES, Act
from bot.channels.outgoing import Button, Outgoing
from bot.testing import ADDRESS
from bot.world import PICKABLE, World
from content.texts import english
from flows.limits import LABEL, TELEGRAM, label_limit, utf16
from i18n.catalog import Text
from i18n.serbian import to_latin
from i18n.text import FSI, PDI, balanced
from tests.transcripts.script import plain

FIXED = (Act.BACK, Act.HOME, Act.PERSON)
SENTENCE = 12  # characters from which words are surely of one language
_INSERT = re.compile(f"{FSI}[^{PDI}]*{PDI}")


@dataclass(frozen=True)
class ScreenRules:
    """The rules for the messages of one world. Complaints are for who reads the failed test."""

    world: World

    def complaints(self, out: Outgoing, *, fixed_row: bool) -> Iterator[str]:
        """Say what is wrong with a message. fixed_row: whether Back, Home and Person must stand in its last row."""
        text = "\n".join(paragraph.text for paragraph in out.paragraphs)
        yield from self._text(text)
        yield from self._labels(out)
        yield from self._language(out, text)
        last = tuple(self._act(button) for button in out.rows[-1]) if out.rows else ()
        if fixed_row and last != FIXED:
            yield f"the last row is {last}"

    def _text(self, text: str) -> Iterator[str]:
        if not text.strip():
            yield "the message is empty"
        if utf16(text) > (TELEGRAM.text or 0):
            yield f"{utf16(text)} UTF-16 units"
        if not balanced(text):
            yield f"isolates are not balanced: {text!r}"
        ours = _INSERT.sub("", text)  # a person's own words may have braces
        if "{" in ours or "}" in ours:
            yield f"a brace is left: {text!r}"

    def _labels(self, out: Outgoing) -> Iterator[str]:
        buttons = [button for row in out.rows for button in row]
        answers = [button for button in buttons if self._act(button) is Act.ANSWER]
        for button in buttons:
            most = label_limit(len(answers)) if button in answers else LABEL
            if not 0 < utf16(button.label) <= most:
                yield f"the label {button.label!r} has more than {most} UTF-16 units, or none"
            if len(button.data.encode()) > MAX_BYTES:
                yield f"the data of {button.label!r} is too long"
            if not balanced(button.label) or "{" in button.label:
                yield f"the label {button.label!r} has open isolates or braces"
        if len({plain(button.label) for button in buttons}) < len({self._what(button) for button in buttons}):
            yield f"two buttons say the same and do not do the same: {[button.label for button in buttons]}"

    def _language(self, out: Outgoing, text: str) -> Iterator[str]:
        shown = "\n".join((text, *(button.label for row in out.rows for button in row)))
        if self._labelled(out.locale, text):
            return
        for key, sentence in self._foreign[out.locale].items():
            if sentence in shown and not self._is_local(sentence, shown):
                yield f"{key} stands there in another language than {out.locale}, without a label: {sentence!r}"

    def _labelled(self, locale: str, text: str) -> bool:
        label = self.world.catalog.text(locale, "bot.notice.missing", language="0").string
        return label.split(FSI)[0] in text

    def _is_local(self, sentence: str, shown: str) -> bool:
        """Whether the words are those of a clerk card or an office, which stay in the country's language."""
        return any(sentence in local and local in shown for local in self._local)

    def _act(self, button: Button) -> Act:
        found = actions.read(button.data, self.world.button_key, ADDRESS)
        assert found is not None, f"{button.label!r} is not signed for this address"
        return found.act

    def _what(self, button: Button) -> str:
        """What a button does. The Person of the emergency card and that of the last row ask the same there."""
        return Act.PERSON if self._act(button) is Act.PERSON else button.data

    @cached_property
    def _local(self) -> tuple[str, ...]:
        guides = self.world.pack.guides.values()
        cards = [card.local for guide in guides for card in guide.clerk_cards.values()]
        local = (*cards, *(paper.local for guide in guides for paper in guide.papers if paper.local))
        return (*local, *map(to_latin, local))

    @cached_property
    def _foreign(self) -> Mapping[str, Mapping[str, str]]:
        """Locale -> key and sentence of every text that is another language's own and not this one's."""
        own = {locale: dict(self._sentences(locale)) for locale in PICKABLE}
        said = {locale: "\n".join(own[locale].values()) for locale in PICKABLE}  # "OK, continue" is in French too
        return {
            locale: {
                f"{key} [{other}]": sentence
                for other in PICKABLE
                for key, sentence in own[other].items()
                if other != locale and sentence not in said[locale]
            }
            for locale in PICKABLE
        }

    def _sentences(self, locale: str) -> Iterator[tuple[str, str]]:
        """The longest piece between the inserts of every text that this language says itself."""
        for key, source in english(self.world.pack).items():
            said = self._say(locale, key, counted=source.plural is not None)
            longest = max(_INSERT.split(said.string), key=len).strip()
            if said.locale == locale and len(longest) >= SENTENCE and " " in longest:
                yield key, longest

    def _say(self, locale: str, key: str, *, counted: bool) -> Text:
        catalog = self.world.catalog
        params = dict.fromkeys(catalog.names(key), "0")
        return catalog.plural(locale, key, 5, **params) if counted else catalog.text(locale, key, **params)
