"""Questions about a notice: by its button, or written after it. Each is a request that says which notice it is."""

from __future__ import annotations

from bot import asked_about, gathering_cards, news, requests
from bot.cards import Line, Msg, quiet, text
from bot.exchange import Exchange
from bot.state import Place

_EVENTS = frozenset({Place.EVENT, Place.EVENT_PLACE})
_NOT_THIS = quiet("bot.news.not_about")


def ask(exchange: Exchange, args: tuple[str, ...]) -> None:
    """The button below a notice; it works for ever, also when the notice does not hold any more."""
    number = int(args[0])
    requests.ask_about(exchange, [_of_notice(exchange, number)], notice=number)


def is_answer(exchange: Exchange) -> bool:
    """Whether words may be about a notice or an event: it stands there, or is the newest thing that the person got."""
    return exchange.state.place in asked_about.TOLD or exchange.subscriptions.just_sent() is not None


def taken(exchange: Exchange, words: str) -> bool:
    """Words that nothing else understands, after a notice or at an event, are a question; whether they were one."""
    point = exchange.gatherings.look(exchange.state.about) if exchange.state.place in _EVENTS else None
    number = exchange.state.notice if exchange.state.place is Place.NOTICE else None
    if point is not None:
        heading = gathering_cards.words(point.event, exchange.locale)[0]
        asked = requests.ask_about(exchange, [_about(heading), _NOT_THIS], event=point.event.id)
    elif (number := number or exchange.subscriptions.just_sent()) is not None:
        asked = requests.ask_about(exchange, [_of_notice(exchange, number), _NOT_THIS], notice=number)
    else:
        return False
    if asked and exchange.state.request is not None:
        exchange.memory.join_request(exchange.state.request, words)
        exchange.joined = True
    return True


def _of_notice(exchange: Exchange, number: int) -> Line:
    told = news.find(exchange, number)
    return _about(Msg("bot.news.a_notice") if told is None else news.name(exchange, told))


def _about(title: Msg | str) -> Line:
    return text("bot.news.about", "news", title=title)
