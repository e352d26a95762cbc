"""What a request is about: what the person is looking at, and what they answered there."""

from __future__ import annotations

from bot.exchange import Asked, Exchange
from bot.state import Place
from flows.answers import given, unprotected

#: Places that are about news, also for who stands in a guide.
TOLD = frozenset({Place.NOTICE, Place.EVENT, Place.EVENT_PLACE})


def context(exchange: Exchange, type: str) -> Asked:
    """What is written down with a request: where the person is, and their answers."""
    runs, world = exchange.state.session.runs, exchange.world
    locale = exchange.locale
    if exchange.state.place in TOLD or not runs or any(run.flow not in world.library for run in runs):
        return _without_run(exchange, type)
    plain = unprotected(world.library, runs)
    said = given(runs).values
    return Asked(
        type,
        locale,
        runs[-1].flow,
        runs[-1].step,
        {name: value for name, value in said.items() if name in plain} | _wanted_language(exchange),
        {name: value for name, value in said.items() if name not in plain},
    )


def _wanted_language(exchange: Exchange) -> dict[str, str]:
    """What goes along from the screen that says which language we lack."""
    state = exchange.state
    return {"language": state.wanted_language} if state.place is Place.LACKING else {}


def _without_run(exchange: Exchange, type: str) -> Asked:
    """Outside of guides: what the person is looking at says what it is about."""
    state = exchange.state
    match state.place:
        case Place.INTRO:
            return Asked(type, exchange.locale, state.guide)
        case Place.END:
            return Asked(type, exchange.locale, state.guide, state.step)
        case Place.NOTICE:
            return Asked(type, exchange.locale, notice=state.notice)
        case Place.EVENT | Place.EVENT_PLACE:
            return Asked(type, exchange.locale, event=state.about)
        case _:
            return Asked(type, exchange.locale, answers=_wanted_language(exchange))
