"""What the buttons of reminders do: switch one on and off, and open what it was about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot import terms, walking
from bot.cards import Line, quiet, text
from bot.channels.traits import traits_of
from bot.exchange import Exchange
from bot.reminders import moments
from bot.state import Place


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
    when = moments(deadline, day, exchange.now, exchange.world) if on == "1" else []
    exchange.subscriptions.remind(guide_id, deadline.id, when)
    walking.back_to(exchange, guide_id)
    exchange.lead(*_said(exchange, when))


def _said(exchange: Exchange, when: list[datetime]) -> Iterable[Line]:
    if not when:
        yield text("bot.remind.none", "ok")
        return
    yield text("bot.remind.set", "reminder", date=exchange.world.calendar.local(when[0]).date())
    if exchange.person.stopped:
        yield text("bot.remind.stopped", "stop")
    elif traits_of(exchange.channel).free_for is not None:
        yield quiet("bot.remind.late")


def opened(exchange: Exchange, args: tuple[str, ...]) -> None:
    """The button of a reminder: the step, to be read, with its last day."""
    guide_id, step = args
    found = terms.asked(exchange, guide_id, step)
    walking.open_step(exchange, guide_id, step)
    day = exchange.memory.days().get(found[1].anchor) if found is not None and exchange.saves else None
    if found is not None and day is not None and exchange.state.place is Place.INTRO:
        exchange.lead(terms.term(*found, day, exchange.today))
