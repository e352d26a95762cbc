"""What is done about events: look, come or not, the way there. All of it absolute, so any button works for ever."""

from __future__ import annotations

from dataclasses import replace

from bot import gathering_cards
from bot.cards import Card, text
from bot.exchange import Exchange
from bot.state import Place
from notices.events import Wish

YES = "yes"


def show(exchange: Exchange, args: tuple[str, ...]) -> None:
    """One event as it stands for this person."""
    id = int(args[0])
    point = exchange.gatherings.look(id)
    if point is None:
        listed(exchange)
        exchange.lead(text("bot.event.gone", "info"))
        return
    _show(exchange, id, gathering_cards.event(exchange.world, exchange.locale, point))


def again(exchange: Exchange) -> None:
    """The event that was shown."""
    show(exchange, (str(exchange.state.about),))


def answer(exchange: Exchange, args: tuple[str, ...]) -> None:
    """They come, with so many people, or do not. To be on a list is kept, so it needs the OK to that."""
    id, comes, companions = int(args[0]), args[1] == YES, int(args[2])
    if comes and not exchange.saves:
        _ask_to_save(exchange, id)
        return
    point = exchange.gatherings.answer(id, Wish(comes, companions))
    show(exchange, (str(id),))
    if point is not None:
        exchange.lead(*gathering_cards.answered(point, comes=comes))


def where(exchange: Exchange, args: tuple[str, ...]) -> None:
    """The place, to be shown to a driver."""
    point = exchange.gatherings.look(int(args[0]))
    if point is None:
        show(exchange, args)
        return
    exchange.state = replace(exchange.state, about=point.event.id)
    exchange.show(gathering_cards.where(exchange.world, point), Place.EVENT_PLACE)


def listed(exchange: Exchange, _args: tuple[str, ...] = ()) -> None:
    """What is to come, theirs first."""
    points = exchange.gatherings.mine()
    card = gathering_cards.listed(exchange.world, exchange.locale, points)
    exchange.show(replace(card, edits=True), Place.EVENTS)


def _ask_to_save(exchange: Exchange, id: int) -> None:
    point = exchange.gatherings.look(id)
    if point is None:
        show(exchange, (str(id),))
        return
    _show(exchange, id, gathering_cards.asks_to_save(exchange.world, exchange.locale, point))


def _show(exchange: Exchange, id: int, card: Card) -> None:
    exchange.state = replace(exchange.state, about=id)
    exchange.show(replace(card, edits=True), Place.EVENT)
