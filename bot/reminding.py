"""What the buttons of reminders do: switch one on and off, and open what it was about."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot import occasions, terms, walking
from bot.actions import Act
from bot.cards import text
from bot.exchange import Exchange
from bot.reminders import moments, said
from bot.state import Place
from content.occasions import OCCASIONS


def switch(exchange: Exchange, args: tuple[str, ...]) -> None:
    """Remind of the deadline that a step asks for, or do not; then the step again."""
    guide_id, step, on = args
    found = terms.asked(exchange, guide_id, step)
    day = exchange.memory.days().get(found[1].anchor) if found is not None and exchange.saves else None
    if found is None or day is None:
        walking.back_to(exchange, guide_id)
        exchange.lead(text("bot.step.no_more"))
        return
    deadline = found[1]
    when = moments(deadline, day, exchange.now, exchange.world) if on == "1" else {}
    exchange.subscriptions.remind(guide_id, deadline.id, when)
    walking.back_to(exchange, guide_id)
    exchange.lead(*said(exchange, when.values()))


def opened(exchange: Exchange, args: tuple[str, ...]) -> None:
    """The button of a reminder: the step, to be read, with its last day; or the occasion."""
    guide_id, step = args
    if guide_id == OCCASIONS:
        occasions.opened(exchange, step)
        return
    found = terms.asked(exchange, guide_id, step)
    walking.open_step(exchange, guide_id, step)
    day = exchange.memory.days().get(found[1].anchor) if found is not None and exchange.saves else None
    if found is not None and day is not None and exchange.state.place is Place.INTRO:
        exchange.lead(terms.term(*found, day, exchange.today))


ACTS: Mapping[Act, Callable[[Exchange, tuple[str, ...]], None]] = {
    Act.REMIND: switch,
    Act.REMINDED: opened,
}
