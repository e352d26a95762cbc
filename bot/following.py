"""Choosing whose news one gets: the own town, topics, other places. Buttons say the end state: they work for ever."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot import news, towns
from bot.actions import Act, Action
from bot.cards import Card, Key, Local, Msg, key, quiet, text, title
from bot.exchange import Exchange
from bot.state import Place
from storage import follows

A_PAGE = 5  # towns on one screen: with the buttons around them a list on WhatsApp holds no more


def own_town(exchange: Exchange, args: tuple[str, ...] = ()) -> None:
    """Where the person lives: offered, never needed. args: the page."""
    if not exchange.saves:
        news.home(exchange)
        return
    page, ids = _page(exchange, args)
    rows: list[tuple[Key, ...]] = [(_pick(exchange, id),) for id in ids]
    rows.append((key(Act.TOWNS, "bot.news.more_places", "next", str(page + 1)),))
    rows.append((key(Act.TOWN, "bot.news.unsaid", None),))
    lines = (title("bot.news.where", "place"), text("bot.news.type_it"), quiet("bot.news.where_why", "privacy"))
    _show(exchange, Card(lines, tuple(rows)), Place.TOWN, page)


def set_town(exchange: Exchange, args: tuple[str, ...] = ()) -> None:
    """The town was chosen; without one it is forgotten."""
    id = args[0] if args else ""
    if exchange.saves and (not id or id in towns.towns(exchange.world)):
        exchange.person = replace(exchange.person, municipality=id)
    news.home(exchange)


def topics(exchange: Exchange, _args: tuple[str, ...] = ()) -> None:
    """The subjects, each on or off."""
    if not exchange.saves:
        news.home(exchange)
        return
    followed = exchange.subscriptions.follows()
    rows = [
        (_switch(follows.TOPIC, topic.id, Msg(f"bot.news_topic.{topic.id}"), followed, 0),)
        for topic in exchange.world.pack.news_topics.topics
    ]
    _show(exchange, Card((title("bot.news.which_topics", "news"),), tuple(rows)), Place.TOPICS, 0)


def places(exchange: Exchange, args: tuple[str, ...] = ()) -> None:
    """The places, each on or off. args: the page."""
    if not exchange.saves:
        news.home(exchange)
        return
    page, ids = _page(exchange, args)
    followed = exchange.subscriptions.follows()
    rows: list[tuple[Key, ...]] = [
        (_switch(follows.PLACE, id, Local(towns.name(exchange.world, id, exchange.locale)), followed, page),)
        for id in ids
    ]
    rows.append((key(Act.PLACES, "bot.news.more_places", "next", str(page + 1)),))
    lines = (title("bot.news.which_places", "place"), text("bot.news.type_it"))
    _show(exchange, Card(lines, tuple(rows)), Place.PLACES, page)


def follow(exchange: Exchange, args: tuple[str, ...]) -> None:
    """Bring a topic or a place into the state that the button names."""
    kind, id, on, page = args
    known = {topic.id for topic in exchange.world.pack.news_topics.topics} | towns.towns(exchange.world).keys()
    if exchange.saves and id in known:
        exchange.subscriptions.follow(f"{kind}:{id}", on=on == "1")
    if kind == follows.TOPIC:
        topics(exchange)
    else:
        places(exchange, (page,))


def typed(exchange: Exchange, words: str) -> bool:
    """Take the name of a town that was typed where one is asked for; whether it was one."""
    place = exchange.state.place
    id = towns.meant(exchange.world, words) if place in {Place.TOWN, Place.PLACES} else None
    if id is None:
        return False
    if place is Place.TOWN:
        set_town(exchange, (id,))
    else:
        there = list(towns.towns(exchange.world)).index(id)
        follow(exchange, (follows.PLACE, id, "1", str(there // A_PAGE)))
    return True


def again(exchange: Exchange) -> None:
    """The same screen once more, on the same page."""
    page = (str(exchange.state.page),)
    if exchange.state.place is Place.TOWN:
        own_town(exchange, page)
    else:
        places(exchange, page)


def _page(exchange: Exchange, args: tuple[str, ...]) -> tuple[int, list[str]]:
    """The towns of a page; after the last one comes the first again."""
    ids = list(towns.towns(exchange.world))
    page = int(args[0]) if args else 0
    page = page if page * A_PAGE < len(ids) else 0
    return page, ids[page * A_PAGE : (page + 1) * A_PAGE]


def _pick(exchange: Exchange, id: str) -> Key:
    chosen = "done" if exchange.person.municipality == id else None
    return Key(Action(Act.TOWN, (id,)), Local(towns.name(exchange.world, id, exchange.locale)), chosen)


def _switch(kind: str, id: str, label: Msg | Local, followed: frozenset[str], page: int) -> Key:
    on = f"{kind}:{id}" in followed
    action = Action(Act.FOLLOW, (kind, id, "0" if on else "1", str(page)))
    return Key(action, label, "done" if on else "open")


def _show(exchange: Exchange, card: Card, place: Place, page: int) -> None:
    exchange.state = replace(exchange.state, page=page)
    exchange.show(replace(card, edits=True), place)


ACTS: Mapping[Act, Callable[[Exchange, tuple[str, ...]], None]] = {
    Act.TOWNS: own_town,
    Act.TOWN: set_town,
    Act.TOPICS: topics,
    Act.PLACES: places,
    Act.FOLLOW: follow,
}
