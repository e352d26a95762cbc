"""What is stored about a person is not shown while somebody else may have their number or phone."""

from __future__ import annotations

from collections.abc import Callable

from bot import my_data, team_cards
from bot.cards import Card, text
from bot.exchange import Exchange
from bot.state import Place


def known(exchange: Exchange, _args: tuple[str, ...] = ()) -> None:
    """What we know of the person."""
    _if_sure(exchange, my_data.known)


def export(exchange: Exchange, _args: tuple[str, ...] = ()) -> None:
    """Everything, as files."""
    _if_sure(exchange, my_data.export)


def forget_answers(exchange: Exchange, _args: tuple[str, ...] = ()) -> None:
    """Delete the person's answers to surveys."""
    _if_sure(exchange, my_data.forget_answers)


def mine(exchange: Exchange, _args: tuple[str, ...] = ()) -> None:
    """The person's requests."""
    _if_sure(exchange, team_cards.mine)


def _if_sure(exchange: Exchange, show: Callable[[Exchange], None]) -> None:
    if exchange.doubted:
        exchange.show(Card((text("bot.whatsapp.changed", "safety"),)), Place.HOME)
    else:
        show(exchange)
