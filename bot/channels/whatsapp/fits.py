"""Whether every screen of every guide fits WhatsApp in every language; part of `izi check`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from bot import screens, step_cards
from bot.actions import Act
from bot.cards import Card, key
from bot.channels.whatsapp import render
from bot.channels.whatsapp.parse import SCHEME
from bot.exchange import Holdings, Person
from bot.paging import parts
from bot.world import World
from content.problems import Problem
from content.schema import EndStep, Guide, Shown
from flows.effects import Show
from flows.limits import WHATSAPP, utf16
from flows.model import FlowId, StepId

MANY = Holdings(messages=99, requests=99, media=99, ticks=99, days=99, events=99)
Named = tuple[str, Card]


def misfits(world: World, today: date) -> Iterator[Problem]:
    """Screens that WhatsApp does not take (errors), or only with numbers to type in place of buttons (warnings)."""
    for locale in world.pickable:
        for name, card in _general(world, locale):
            yield from _misfit(world, locale, card, f"{name} in {locale}", "content/texts/bot.yaml", 1)
        for guide in world.guides.values():
            for name, card in _of_guide(world, guide, locale, today):
                about = f"{guide.id}: {name} in {locale}"
                yield from _misfit(world, locale, card, about, str(guide.origin.file), guide.origin.line(name))


def _misfit(world: World, locale: str, card: Card, about: str, file: str, line: int) -> Iterator[Problem]:
    for out in parts(SCHEME, world, locale, card):
        part = render.message(out, partial(_say, world, locale))
        if part["type"] != "text":
            continue
        length = utf16(part["text"]["body"])
        if length > WHATSAPP.text:
            yield Problem(file, line, f"{about}: {length} units, WhatsApp takes {WHATSAPP.text}")
        elif any(not button.url for row in out.rows for button in row):
            text = f"{about}: on WhatsApp its buttons are numbers to type: a line of {out.length} units, or a label"
            yield Problem(file, line, f"{text} that is too long", "warning")


def _say(world: World, locale: str, key: str) -> str:
    return world.catalog.text(locale, key).string


def _general(world: World, locale: str) -> Iterator[Named]:
    person = Person(locale=locale, consent="full", consent_version=world.pack.consent.version)
    yield "language picker", screens.picker(world, Person(phone_language=locale))
    yield "consent", screens.consent(world, screens.promise(world), SCHEME)
    yield "privacy", screens.privacy(world, person, SCHEME)
    yield "home", screens.home(world, in_guide=True)
    yield "my data", screens.data(person)
    yield "delete", screens.delete(MANY, SCHEME)
    yield "urgent", screens.urgent(world)
    yield "receipt", screens.deleted("CODECODE")


def _of_guide(world: World, guide: Guide, locale: str, today: date) -> Iterator[Named]:
    yield "intro", step_cards.intro(world, guide, locale, today, begun=True)
    if guide.papers:
        yield "papers", step_cards.papers(guide, frozenset(), begun=True)
        yield "papers", step_cards.papers(guide, None, begun=False)
    if guide.changes:
        yield "changes", step_cards.changes(guide, list(range(len(guide.changes))))
    for id, shown in guide.shown().items():
        yield id, _step(world, guide, shown)
        if step_cards.has_more(guide, shown):
            yield id, step_cards.more(world, guide, shown, today)
        if shown.clerk_card:
            yield id, step_cards.clerk_card(guide, shown)


def _step(world: World, guide: Guide, shown: Shown) -> Card:
    """With everything that can stand beside it."""
    steps = world.lengths[guide.id]
    show = Show(FlowId(guide.id), StepId(shown.id), 99, 99, steps, steps)
    beside = [key(Act.SHARE, "bot.share.step", "share", guide.id, shown.id)]
    if shown.asks_date:
        beside.append(key(Act.ASK_DAY, "bot.day.other", None, guide.id, shown.id))
    card = step_cards.step(world, guide, shown, show, beside)
    if isinstance(shown, EndStep) and shown.feedback:
        return Card(card.lines, (*step_cards.rating(guide), *card.rows))
    return card
