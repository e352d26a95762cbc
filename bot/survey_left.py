"""A survey that somebody left in the middle: the way back to it, and what becomes of it when there is none."""

from __future__ import annotations

from dataclasses import replace

from bot.actions import Act
from bot.cards import Key, key
from bot.exchange import Exchange


def way_on(exchange: Exchange) -> tuple[tuple[Key, ...], ...]:
    """The button that goes on with it, as a row. One that was closed meanwhile is let go."""
    run = exchange.state.run
    if run is None:
        return ()
    if exchange.surveys.read(run.survey) is None:
        let_go(exchange)
        return ()
    return ((key(Act.SURVEY, "bot.survey.go_on", "papers", str(run.survey)),),)


def let_go(exchange: Exchange) -> None:
    """Throw away what was answered so far."""
    run = exchange.state.run
    if run is not None:
        exchange.surveys.throw_away(run.answers)
        exchange.state = replace(exchange.state, run=None)
