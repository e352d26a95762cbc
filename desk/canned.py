"""What can be put into an answer: approved replies, a step as the person sees it, a list of papers, a place, a contact.

Everything comes in the person's language with a gloss in the reader's, so that an assistant can use a text in a
language that they read poorly. Nothing is sent by itself: it goes into the composer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from content.load import Pack
from content.tables import Contact, Place
from content.texts import texts_of_domain
from i18n.catalog import Catalog
from i18n.locales import LOCALES, SOURCE
from i18n.serbian import to_latin

DOMAIN = "replies"  # of the texts
SHOWN = ("official", "check")  # how well a place must be sourced to be passed on


@dataclass(frozen=True, slots=True)
class Canned:
    """Words to insert. key: "reply:section.name" ...; gloss: the same in the reader's language.

    locale: the language that the words are really in; where it is not the person's, `fallback` is True.
    """

    key: str
    words: str
    locale: str
    fallback: bool
    gloss: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A step as the person sees it: the lines of the message, and what stands on its buttons."""

    lines: tuple[str, ...]
    buttons: tuple[str, ...]


class NothingSuch(Exception):
    """The key names no text (any more)."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """All that can be inserted today. seen: guide, step and language -> the step as shown, or None."""

    catalog: Catalog
    pack: Pack
    seen: Callable[[str, str, str], Seen | None]

    def replies(self, locale: str, reader: str) -> list[Canned]:
        """The approved answers in a person's language."""
        if DOMAIN not in self.pack.texts:
            return []
        return [
            self._canned(entry.key.removeprefix(f"{DOMAIN}."), locale, reader)
            for entry in texts_of_domain(DOMAIN, self.pack.texts[DOMAIN])
        ]

    def steps(self, reader: str) -> list[tuple[str, str, list[tuple[str, str]]]]:
        """Guides with their steps, in their order: id and title of the guide, ids and titles of its steps."""
        return [
            (guide.id, self._said(reader, f"{guide.id}.guide.title"), self._steps_of(guide.id, reader))
            for guide in self.pack.guides.values()
        ]

    def papers(self, reader: str) -> list[tuple[str, str]]:
        """Guides that ask for papers: id and title."""
        return [
            (guide.id, self._said(reader, f"{guide.id}.guide.title"))
            for guide in self.pack.guides.values()
            if guide.papers
        ]

    def places(self) -> list[tuple[str, str]]:
        """Places and contacts that are sourced well enough to be shown: id and name."""
        rows: list[Contact | Place] = [*self.pack.contacts.values(), *self.pack.places.places]
        return [(row.id, row.name) for row in rows if row.strength in SHOWN]

    def words(self, key: str, locale: str) -> str:
        """What a key stands for, in the person's language. Raises NothingSuch."""
        kind, _, id = key.partition(":")
        match kind:
            case "reply" if any(one.key == key for one in self.replies(locale, locale)):
                return self._said(locale, f"{DOMAIN}.{id}")
            case "step":
                guide, _, step = id.partition(".")
                if seen := self.seen(guide, step, self.known(locale)):
                    return "\n".join(seen.lines)
            case "papers" if id in self.pack.guides and self.pack.guides[id].papers:
                return self._papers(id, locale)
            case "place":
                return self._place(id)
        raise NothingSuch(key)

    def _canned(self, id: str, locale: str, reader: str) -> Canned:
        text = self.catalog.text(self.known(locale), f"{DOMAIN}.{id}")
        gloss = self._said(reader, f"{DOMAIN}.{id}")
        return Canned(f"reply:{id}", text.string, text.locale, text.locale != locale, gloss)

    def _steps_of(self, guide: str, reader: str) -> list[tuple[str, str]]:
        shown = self.pack.guides[guide].shown()
        return [(step, self._said(reader, f"{guide}.{step}.title")) for step in shown]

    def _papers(self, guide: str, locale: str) -> str:
        """What to bring, numbered, each with its name at the counter."""
        lines = [self._said(locale, "bot.intro.papers_title"), self._said(locale, f"{guide}.guide.title")]
        for number, paper in enumerate(self.pack.guides[guide].papers, 1):
            lines.append(f"{number}. {self._said(locale, f'{guide}.paper-{paper.id}.text')}")
            lines += [f"{to_latin(paper.local)} / {paper.local}"] if paper.local else []
        return "\n".join(lines)

    def _place(self, id: str) -> str:
        if id in self.pack.contacts:
            contact = self.pack.contacts[id]
            return f"{contact.name}\n{contact.phone}"
        for place in self.pack.places.places:
            if place.id == id:
                return "\n".join(part for part in (place.name, place.address, place.town, place.phone) if part)
        raise NothingSuch(id)

    def _said(self, locale: str, key: str) -> str:
        return self.catalog.text(self.known(locale), key).string

    def known(self, locale: str) -> str:
        """The language itself where its texts are loaded, else the nearest that stands in for it."""
        chain: Sequence[str] = (locale, *(LOCALES[locale].fallback if locale in LOCALES else ()))
        return next((code for code in chain if code in self.catalog.pickable), SOURCE)
