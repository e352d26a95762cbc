"""Questions about a notice: by its button, or written after it. Each is a request that says which notice it is."""

from __future__ import annotations

from bot import news, requests
from bot.cards import Line, Msg, quiet, text
from bot.exchange import Exchange
from bot.state import Place


def ask(exchange: Exchange, args: tuple[str, ...]) -> None:
    """The button below a notice; it works for ever, also when the notice does not hold any more."""
    number = int(args[0])
    requests.ask_about(exchange, number, _about(exchange, number))


def is_answer(exchange: Exchange) -> bool:
    """Whether the newest thing that the person got from us is a notice, so that words may be about it."""
    return _notice(exchange) is not None


def taken(exchange: Exchange, words: str) -> bool:
    """Words that nothing else understands, after a notice, are a question about it; whether they were taken so."""
    number = _notice(exchange)
    if number is None:
        return False
    lines = [*_about(exchange, number), quiet("bot.news.not_about")]
    requests.ask_about(exchange, number, lines)
    assert exchange.state.request is not None
    exchange.memory.join_request(exchange.state.request, words)
    exchange.joined = True
    return True


def _notice(exchange: Exchange) -> int | None:
    if exchange.state.place is Place.NOTICE:
        return exchange.state.notice
    return exchange.subscriptions.just_sent()


def _about(exchange: Exchange, number: int) -> list[Line]:
    told = news.find(exchange, number)
    title: Msg | str = Msg("bot.news.a_notice") if told is None else news.name(exchange, told)
    return [text("bot.news.about", "news", title=title)]
