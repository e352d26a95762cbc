"""The short form below a request for goods or money: a question at a time, each with "skip", nothing that must be."""

from __future__ import annotations

from dataclasses import replace

from bot.actions import Act
from bot.cards import Card, Key, key, quiet, text, title
from bot.exchange import Exchange
from bot.state import Place
from desk.goods import GOODS, PASSED, QUESTIONS, Need, next_question


def button(number: int) -> tuple[Key, ...]:
    """The way to the form."""
    return (key(Act.NEED, "bot.goods.begin", "next", str(number)),)


def press(exchange: Exchange, args: tuple[str, ...]) -> None:
    """Show the next question; with a question and an answer, write that down first."""
    number, answer = int(args[0]), args[1:]
    if answer and not _is_kept(exchange, number, answer):
        exchange.show(Card((text("bot.mine.none"),)), Place.MINE)
        return
    _show(exchange, number)


def again(exchange: Exchange) -> None:
    """The same question once more."""
    _show(exchange, exchange.state.request or 0)


def _is_kept(exchange: Exchange, number: int, answer: tuple[str, ...]) -> bool:
    try:
        return exchange.team.add(number, Need(*answer))
    except (TypeError, ValueError):
        return False  # a button of an older version


def _show(exchange: Exchange, number: int) -> None:
    asking = exchange.team.asking(number)
    if asking is None or not asking.open or asking.type != GOODS:
        exchange.show(Card((text("bot.mine.none"),)), Place.MINE)
        return
    question = next_question(asking.form)
    if question is None:
        exchange.state = replace(exchange.state, quick="")
        lines = (text("bot.goods.thanks", "ok", number=number), quiet("bot.request.add"))
        exchange.show(Card(lines, edits=True), Place.REQUEST)
        return
    exchange.state = replace(exchange.state, request=number)
    exchange.show(_question(number, question), Place.NEED)


def _question(number: int, question: str) -> Card:
    position = list(QUESTIONS).index(question) + 1
    lines = (
        title(f"bot.goods.{question}", "person"),
        quiet("bot.goods.count", position=position, total=len(QUESTIONS)),
    )
    choices = [(choice, f"bot.goods.{question}_{choice}") for choice in QUESTIONS[question]]
    rows = [
        (key(Act.NEED, label, None, str(number), question, choice),)
        for choice, label in (*choices, (PASSED, "bot.goods.skip"))
    ]
    return Card(lines, tuple(rows), edits=True)
