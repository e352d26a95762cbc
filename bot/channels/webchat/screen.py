"""What the chat shows: the newest messages and the buttons of the last one. The page draws it, the API tells it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot import screens
from bot.actions import Act
from bot.cards import Key, Local, Msg
from bot.channels.outgoing import Outgoing
from bot.channels.webchat.adapter import ACCOUNT, SCHEME
from bot.compose import Composer
from bot.exchange import Person
from bot.links import EVENT, Link
from bot.payload import unpack
from bot.world import World
from i18n.locales import LOCALES, negotiate
from storage import messages, pages
from storage.messages import Kept
from storage.pages import Visitor
from storage.unit_of_work import Unit

SHOWN = 20  # messages on a page
START = "/start "  # a link's words: pressed, not said

Direction = Literal["ltr", "rtl", "auto"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Part(_Frozen):
    """One paragraph. style: title, text, quiet or card (to be held up at a counter)."""

    style: str
    text: str


class Bubble(_Frozen):
    """One message. own: the person wrote it. version: another one when it is edited; 0 for own ones.

    lang: "" = not known. file: name of a file that goes along, "" = none; link: where the browser of this chat gets it.
    """

    id: str
    version: int
    own: bool
    lang: str
    dir: Direction
    parts: tuple[Part, ...]
    file: str = ""
    link: str = ""


class Choice(_Frozen):
    """A button: send `value` as a press, or as words. lang: of its label, where that differs from the page's.

    url: it opens this page of somebody else instead, and sends nothing.
    """

    label: str
    field: Literal["press", "words"]
    value: str
    lang: str = ""
    url: str = ""


class Screen(_Frozen):
    """What a chat shows now.

    lang, dir: of the page. started: there is a chat (else this is what a newcomer sees). parting: everything was
    deleted, only a goodbye is left. answered: what was sent has been answered; if not, the answer comes later.
    version: grows whenever something of this changes; ask for messages since it. cleared: changes when the page was
    cleared. shown: the ids of all messages that are shown, in order; a message whose id is not among them is gone.
    messages: those of them that the client may not have. rows: the buttons of the newest message.
    """

    lang: str
    dir: Direction
    started: bool = False
    parting: bool = False
    answered: bool = True
    version: int = 0
    cleared: int = 0
    shown: tuple[str, ...] = ()
    messages: tuple[Bubble, ...] = ()
    rows: tuple[tuple[Choice, ...], ...] = ()

    def since(self, version: int) -> Screen:
        """Without the bot's messages where the client has this very version. Own words are few and always said.

        Else with all: a message that was written long ago may have begun to be shown since, or be an older one again.
        """
        return self.model_copy(update={"messages": self._own()}) if version == self.version else self

    def after(self, before: Screen) -> Screen:
        """Without the bot's messages that stood on the screen before, and still do."""
        there = set(before.messages)
        news = tuple(bubble for bubble in self.messages if bubble.own or bubble not in there)
        return self.model_copy(update={"messages": news})

    def _own(self) -> tuple[Bubble, ...]:
        return tuple(bubble for bubble in self.messages if bubble.own)


@dataclass(frozen=True, slots=True)
class View:
    """A screen with what else is needed to draw a page round it. visitor: None = somebody new."""

    world: World
    locale: str
    screen: Screen
    visitor: Visitor | None = None


def newcomer(world: World, language: str | None) -> View:
    """The screen of somebody new: nothing is stored before the first words."""
    person = Person(phone_language=language)
    locale = negotiate(language, world.pickable) or "en"
    card, composer = screens.picker(world, person), Composer(world, locale)
    rows = tuple(tuple(_name_button(key) for key in row) for row in card.rows)
    return View(world, locale, _screen(locale, [_bubble(0, 0, composer.card(card, 0, 0))], rows))


def stored(unit: Unit, world: World, opaque_id: str, language: str | None) -> View | None:
    """The screen of the chat that this browser has; None for somebody new."""
    visitor = pages.visitor(unit, SCHEME, ACCOUNT, opaque_id)
    if visitor is None:
        return None
    shown = [(message, unpack(message.payload)) for message in pages.shown(unit, visitor, SHOWN)]
    said = messages.last(unit, visitor.contact_id, SHOWN) if not visitor.parting else []
    # What a person wrote and the answer to it carry the same time: the question stands first.
    bubbles: list[tuple[datetime, Bubble]] = [(kept.at, _own(kept)) for kept in said if _is_said(kept, visitor)]
    bubbles += [(message.at, _bubble(message.id, message.version, out)) for message, out in shown]
    locale = visitor.locale or negotiate(language, world.pickable) or "en"
    ordered = [bubble for _, bubble in sorted(bubbles, key=lambda pair: pair[0])][-SHOWN:]
    screen = _screen(locale, ordered, _buttons(shown[-1][1]) if shown else ())
    known = {"started": True, "parting": visitor.parting, "version": visitor.version, "cleared": visitor.cleared_to}
    return View(world, locale, screen.model_copy(update=known), visitor)


def opening(world: World, link: Link, locale: str) -> Choice:
    """The button that opens what a link names."""
    guide = {"guide": Msg(f"{link.guide}.guide.title")}
    name = Msg("bot.page.open_event") if link.guide == EVENT else Msg("bot.page.open", guide)
    payload = "-".join(part for part in (link.guide, link.step, link.language.replace("_", "-")) if part)
    return Choice(label=Composer(world, locale).say(name), field="words", value=f"{START}{payload}")


def _screen(locale: str, bubbles: Sequence[Bubble], rows: tuple[tuple[Choice, ...], ...]) -> Screen:
    direction: Direction = "rtl" if LOCALES[locale].rtl else "ltr"
    ids = tuple(bubble.id for bubble in bubbles)
    return Screen(lang=LOCALES[locale].tag, dir=direction, shown=ids, messages=tuple(bubbles), rows=rows)


def _is_said(kept: Kept, visitor: Visitor) -> bool:
    cleared = visitor.cleared_at is not None and kept.at <= visitor.cleared_at
    return kept.direction == "in" and not cleared and not kept.text.startswith(START)


def _name_button(key: Key) -> Choice:
    """A language's own name, sent as words: there is no address yet that a button could be signed for."""
    if key.action.act is not Act.LANGUAGE:  # the way to the languages that we lack, by its label
        words = key.label.text if isinstance(key.label, Local) else ""
        return Choice(label=words, field="words", value=words)
    locale = LOCALES[key.action.args[0]]
    return Choice(label=locale.name, field="words", value=locale.name, lang=locale.tag)


def _buttons(out: Outgoing) -> tuple[tuple[Choice, ...], ...]:
    return tuple(
        tuple(Choice(label=button.label, field="press", value=button.data, url=button.url) for button in row)
        for row in out.rows
    )


def _bubble(id: int, version: int, out: Outgoing) -> Bubble:
    locale = LOCALES[out.locale]
    parts = tuple(Part(style=paragraph.style.value, text=paragraph.text) for paragraph in out.paragraphs)
    direction: Direction = "rtl" if locale.rtl else "ltr"
    given = out.document or out.stored
    file, link = (given.name, f"/chat/files/{version}") if given is not None else ("", "")
    tag = locale.tag
    return Bubble(
        id=f"bot-{id}", version=version, own=False, lang=tag, dir=direction, parts=parts, file=file, link=link
    )


def _own(kept: Kept) -> Bubble:
    """Its id is made of what it says and when: the same on every look, and it tells nothing else."""
    digest = hashlib.sha256(f"{kept.at.isoformat()}\n{kept.text}".encode("utf-8", "surrogatepass")).hexdigest()
    part = Part(style="text", text=kept.text)
    return Bubble(id=f"own-{digest[:16]}", version=0, own=True, lang="", dir="auto", parts=(part,))
