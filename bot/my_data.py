"""What we know about a person, said to that person: as a screen, and as two files to take along (privacy.md B13).

Who holds the chat gets it: there is no other proof of who somebody is (nobody gave a name).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import orjson

from bot import occasions, screens, state, survey_left, towns
from bot.actions import Act
from bot.cards import Card, Line, Local, Msg, key, text, title
from bot.channels.outgoing import Document, Style
from bot.compose import Composer
from bot.exchange import Exchange
from bot.state import Place
from content.schema import AskStep, Guide
from i18n.locales import LOCALES
from notices.events import Stand
from storage import follows
from storage.dossier import Dossier
from storage.news import SKIPPED

READABLE, MACHINE = "my-data.txt", "my-data.json"


def known(exchange: Exchange, _args: tuple[str, ...] = ()) -> None:
    """Say in a few lines what is stored; the words themselves are in the files."""
    found = exchange.memory.dossier()
    rows = [(key(Act.EXPORT, "bot.data.export", "paper"),), (key(Act.DATA, "bot.home.data", "privacy"),)]
    if found.answers or found.may_be_invited or exchange.state.run is not None:
        rows.insert(1, (key(Act.SURVEY_FORGET, "bot.known.forget_answers", "delete"),))
    lines = (title("bot.known.title", "privacy"), *_summary(exchange, found))
    exchange.show(Card(lines, tuple(rows), edits=True), Place.KNOWN)


def forget_answers(exchange: Exchange, _args: tuple[str, ...] = ()) -> None:
    """Delete what was answered in surveys, finished or not, as far as it leads to the person."""
    survey_left.let_go(exchange)
    exchange.surveys.forget()
    known(exchange)
    exchange.lead(text("bot.known.answers_gone", "ok"))


def export(exchange: Exchange, _args: tuple[str, ...] = ()) -> None:
    """Send everything as a text to read and as JSON for a program."""
    found = exchange.memory.dossier()
    for document, caption in (
        (Document(READABLE, "text/plain; charset=utf-8", _readable(exchange, found)), "bot.known.readable"),
        (Document(MACHINE, "application/json", _for_programs(exchange, found)), "bot.known.machine"),
    ):
        exchange.show(Card((text(caption, "paper"),), nav=False, document=document))
    lines = (text("bot.known.sent", "ok"), text("bot.known.careful", "safety"))
    exchange.show(Card(lines, screens.data(exchange.person).rows), Place.DATA)


def _summary(exchange: Exchange, found: Dossier) -> Iterator[Line]:
    locale, world = exchange.person.locale, exchange.world
    if locale:
        yield text("bot.known.language", "language", language=LOCALES[locale].name)
    yield from _consent(found)
    if found.municipality:
        town = towns.name(world, found.municipality, exchange.locale)
        yield text("bot.known.place", "place", place=town or found.municipality)
    yield text("bot.known.since", "date", date=world.calendar.local(found.first_seen).date())
    yield from _guides(exchange)
    yield from _noted(exchange, found)
    yield from _gatherings(found)
    yield from _asked(exchange, found)
    yield from _subscribed(exchange, found)
    for asked in found.requests:
        line = "bot.known.open" if asked.closed_at is None else "bot.known.closed"
        day = world.calendar.local(asked.created_at).date()
        yield text(line, "person", number=asked.number, date=day)
    got = [one for one in found.notices if one.outcome != SKIPPED]
    counts = (
        (len(found.messages), "bot.delete.messages"),
        (len(found.media), "bot.delete.media"),
        (len(got), "bot.known.notices"),
    )
    for count, counted in counts:
        if count:
            yield Line((Msg(counted, count=count),), icon="ok")
    if found.stopped:
        yield text("bot.known.stopped", "stop")


def _consent(found: Dossier) -> Iterator[Line]:
    if not found.consents:
        yield text("bot.known.no_consent", "privacy")
        return
    newest = found.consents[-1]
    saved = "bot.known.saved" if newest.choice == "full" else "bot.known.unsaved"
    yield text(saved, "privacy", date=newest.at.date())


def _guides(exchange: Exchange) -> Iterator[Line]:
    """Every guide that is under way, and what was answered in it."""
    for run in exchange.state.session.runs:
        guide = exchange.world.guide(run.flow)
        if guide is None:
            continue
        yield text("bot.known.guide", guide.icon, guide=Msg(f"{guide.id}.guide.title"))
        for step in guide.shown().values():
            if isinstance(step, AskStep) and step.answer is not None:
                yield from _answers(guide, step, run.answers.get(step.answer))


def _noted(exchange: Exchange, found: Dossier) -> Iterator[Line]:
    """The papers that are ticked and the days that were told, of the guides as they are today."""
    said: set[str] = set()
    for guide in exchange.world.guides.values():
        ready = found.ticks.get(guide.id, ())
        yield from (text(f"{guide.id}.paper-{paper.id}.text", "done") for paper in guide.papers if paper.id in ready)
        for deadline in guide.deadlines:
            if deadline.asks and deadline.anchor in found.days.keys() - said:
                said.add(deadline.anchor)
                asks = Msg(f"{guide.id}.deadline-{deadline.id}.asks")
                yield text("bot.known.answer", "date", question=asks, answer=found.days[deadline.anchor])
    for anchor, asks, day in occasions.told(exchange, found.days):
        if anchor not in said:
            said.add(anchor)
            yield text("bot.known.answer", "date", question=asks, answer=day)


def _subscribed(exchange: Exchange, found: Dossier) -> Iterator[Line]:
    """What is followed, what will be reminded of, and how far the series are, of the content as it is today."""
    world = exchange.world
    for topic in world.pack.news_topics.topics:
        if follows.topic(topic.id) in found.follows:
            yield text("bot.known.follows_topic", "news", topic=Msg(f"bot.news_topic.{topic.id}"))
    for id in towns.towns(world):
        if follows.place(id) in found.follows:
            yield text("bot.known.follows_place", "place", place=towns.name(world, id, exchange.locale))
    for at in sorted(found.reminders.values()):
        yield text("bot.known.reminder", "reminder", date=world.calendar.local(at).date())
    for id, series in world.pack.series.items():
        if id in found.series:
            name = Msg(f"{id}.series.title")
            yield text("bot.known.series", series.icon, series=name, number=found.series[id], count=len(series.parts))


def _gatherings(found: Dossier) -> Iterator[Line]:
    """Events that they come to or wait for."""
    for one in found.events:
        if one.stand != Stand.OUT:
            yield text("bot.known.event", "events", title=one.title)


def _asked(exchange: Exchange, found: Dossier) -> Iterator[Line]:
    """How many answers of theirs are kept, of surveys that are done and of one that is not, and what came of it."""
    if found.answers:
        yield Line((Msg("bot.known.answers", count=len(found.answers)),), icon="papers")
    if exchange.state.run is not None:
        yield Line((Msg("bot.known.unfinished", count=len(exchange.state.run.answers)),), icon="papers")
    if found.may_be_invited:
        yield text("bot.known.invited", "papers")


def _answers(guide: Guide, step: AskStep, value: str | None) -> Iterator[Line]:
    """The question and the choice that was made. Where several keep the same value, it is not kept which of them was
    pressed: all of them are said, so that nobody reads an answer that they did not give."""
    choices = [
        Msg(f"{guide.id}.{step.id}.{one.id}") for one in step.choices if value is not None and one.value == value
    ]
    if choices:
        first, *others = choices
        said = text("bot.known.answer", question=Msg(f"{guide.id}.{step.id}.title"), answer=first)
        more = tuple(part for other in others for part in (Local("/"), other))
        yield replace(said, texts=(*said.texts, *more))


def _readable(exchange: Exchange, found: Dossier) -> bytes:
    """The text file: the same lines, then every message and every file. Marked as UTF-8 for old programs."""
    local = exchange.world.calendar.local
    lines = [title("bot.known.title"), *_summary(exchange, found)]
    for said in found.messages:
        line = "bot.known.you" if said.direction == "in" else "bot.known.we"
        lines += [text(line, moment=local(said.at)), Line((Local(said.text),), Style.CARD)]
    for sent in found.media:
        kind = Msg(f"bot.known.kind_{sent.kind}")
        if sent.request is None:
            lines.append(text("bot.known.voice_answer", kind=kind, moment=local(sent.at)))
        else:
            lines.append(text("bot.known.file", kind=kind, number=sent.request, moment=local(sent.at)))
        lines += [Line((Local(sent.place),), Style.CARD)] if sent.place else []
    composer = Composer(exchange.world, exchange.locale)
    return ("\ufeff" + "\n".join(composer.line(line) for line in lines) + "\n").encode("utf-8", "replace")


def _for_programs(exchange: Exchange, found: Dossier) -> bytes:
    """The JSON file: the rows as they are stored, and where the person stands in the guides."""
    standing = orjson.loads(state.dump(replace(exchange.state, pressed="", anchor=None)))
    held = {"stored": found, "standing": standing}
    return orjson.dumps(held, option=orjson.OPT_INDENT_2)
