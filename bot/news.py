"""News and events: what somebody follows, which notices are about them and hold, and one of them to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot import towns
from bot.actions import Act, Action
from bot.cards import Card, Key, Line, Local, Msg, key, quiet, text, title
from bot.channels.outgoing import Style
from bot.exchange import Exchange
from bot.gathering_cards import ICON as EVENTS_ICON
from bot.notice_cards import ICONS, button_rows
from bot.state import Place
from flows.limits import utf16
from i18n.locales import LOCALES
from notices import buttons
from notices.drafts import stand_in
from notices.lifecycle import Category
from storage import follows
from storage.news import Told

SHOWN = 5  # notices on one screen
LONGEST_LABEL = 21  # UTF-16 units of a title on a button, beside its icon


def home(exchange: Exchange, _args: tuple[str, ...] = ()) -> None:
    """What somebody follows, and the ways to change it."""
    lines = [title("bot.news.title", "news"), *_chosen(exchange)]
    rows = [(key(Act.NOTICES, "bot.news.read", "news"),)]
    if exchange.gatherings.mine():
        rows.append((key(Act.EVENTS, "bot.event.mine", EVENTS_ICON),))
    rows.append((key(Act.OCCASIONS, "bot.occasions.button", "reminder"),))
    if exchange.saves:
        rows += [
            (key(Act.TOWNS, "bot.news.my_town", "place"),),
            (key(Act.TOPICS, "bot.news.topics", "news"),),
            (key(Act.PLACES, "bot.news.places", "place"),),
        ]
        rows += [(_series(exchange, id),) for id in exchange.world.pack.series]
    else:
        lines.append(text("bot.news.unsaved", "privacy"))
        rows.append((key(Act.CONSENT, "bot.papers.keep", "done", "full"),))
    rows.append((stop_or_start(exchange),))
    exchange.show(Card(tuple(lines), tuple(rows), edits=True), Place.NEWS)


def stop_or_start(exchange: Exchange) -> Key:
    """The way out of all news, and back."""
    if exchange.person.stopped:
        return key(Act.UNSTOP, "bot.data.start", "undo")
    return key(Act.STOP, "bot.data.stop", "stop")


def _series(exchange: Exchange, id: str) -> Key:
    return Key(Action(Act.SERIES, (id,)), Msg(f"{id}.series.title"), exchange.world.pack.series[id].icon)


def _chosen(exchange: Exchange) -> list[Line]:
    """The town, the topics and the places; and that nothing comes, where that is so."""
    if not exchange.saves:
        return []
    town = towns.name(exchange.world, exchange.person.municipality, exchange.locale)
    lines = [text("bot.news.town", "place", town=town or Msg("bot.news.unsaid"))]
    followed = exchange.subscriptions.follows()
    topics = [topic.id for topic in exchange.world.pack.news_topics.topics if follows.topic(topic.id) in followed]
    if topics:
        lines.append(_listed("bot.news.followed", "news", [Msg(f"bot.news_topic.{id}") for id in topics]))
    places = [id for id in towns.towns(exchange.world) if follows.place(id) in followed]
    if places:
        names = [Local(towns.name(exchange.world, id, exchange.locale)) for id in places]
        lines.append(_listed("bot.news.places_followed", "place", names))
    return [*lines, text("bot.news.stopped", "stop")] if exchange.person.stopped else lines


def _listed(key: str, icon: str, names: Sequence[Msg | Local]) -> Line:
    parts: list[Msg | Local] = [Msg(key)]
    for name in names:
        parts += [Local("·"), name] if len(parts) > 1 else [name]
    return Line(tuple(parts), icon=icon)


def notices(exchange: Exchange, args: tuple[str, ...] = ()) -> None:
    """The notices that concern the person and hold, newest first. args: how many to leave out before them."""
    found = exchange.subscriptions.news()
    first = int(args[0]) if args and int(args[0]) < len(found) else 0
    shown = found[first : first + SHOWN]
    exchange.state = replace(exchange.state, page=first)
    lines = [title("bot.news.title", "news"), *(line for one in shown for line in _headline(exchange, one))]
    if not shown:
        lines.append(text("bot.news.none"))
    rows = [(_opens(exchange, one),) for one in shown]
    if len(found) > first + SHOWN:
        rows.append((key(Act.NOTICES, "bot.news.more", "next", str(first + SHOWN)),))
    rows.append((key(Act.NEWS, "bot.news.settings", "news"),))
    exchange.show(Card(tuple(lines), tuple(rows), edits=True), Place.NOTICE_LIST)


def notice(exchange: Exchange, args: tuple[str, ...]) -> None:
    """One notice, with its words of today."""
    found = find(exchange, int(args[0]))
    if found is None:
        notices(exchange)
        exchange.lead(text("bot.news.over", "safety"))
        return
    exchange.state = replace(exchange.state, notice=found.id)
    rows = [*_buttons(exchange, found), (key(Act.ASK_NOTICE, "bot.announcement.ask", "person", str(found.id)),)]
    exchange.show(Card(tuple(words(exchange, found)), tuple(rows)), Place.NOTICE)


def find(exchange: Exchange, number: int) -> Told | None:
    """A notice that concerns the person and holds."""
    return next((one for one in exchange.subscriptions.news() if one.id == number), None)


def words(exchange: Exchange, told: Told) -> list[Line]:
    """The notice in the person's language, or in the nearest one that it has, which is said."""
    locale = _locale(exchange, told)
    head, body = told.texts[locale]
    lines = [Line((Local(head),), Style.TITLE, ICONS[Category(told.category)])]
    # Isolates do not reach over the end of a line.
    lines += [Line((Local(line),)) for line in body.splitlines() if line.strip()]
    lines.append(quiet("bot.announcement.valid", None, day=told.valid_until))
    if locale != exchange.locale:
        lines.append(quiet("bot.notice.missing", None, language=LOCALES[locale].name))
    return lines


def name(exchange: Exchange, told: Told) -> str:
    """The notice's title, as this person reads it."""
    return told.texts[_locale(exchange, told)][0]


def _locale(exchange: Exchange, told: Told) -> str:
    found = stand_in(exchange.locale, told.texts)
    assert found is not None  # what has no text at all is not told
    return found


def _headline(exchange: Exchange, told: Told) -> list[Line]:
    head = Line((Local(name(exchange, told)),), Style.TITLE, ICONS[Category(told.category)])
    return [head, quiet("bot.announcement.valid", None, day=told.valid_until)]


def _opens(exchange: Exchange, told: Told) -> Key:
    return Key(Action(Act.NOTICE, (str(told.id),)), Local(short(name(exchange, told))), "next")


def short(words: str, most: int = LONGEST_LABEL) -> str:
    """As much of the words as a button holds. most: UTF-16 units."""
    if utf16(words) <= most:
        return words
    cut = words
    while utf16(cut) > most - 1:
        cut = cut[:-1]
    return f"{cut.rstrip()}…"


def _buttons(exchange: Exchange, told: Told) -> list[tuple[Key, ...]]:
    """What its author put below it, as below the copies that were sent."""
    world, locale = exchange.world, _locale(exchange, told)
    return [row for one in buttons.load(told.buttons) for row in button_rows(world, told.event_id, one, locale)]
