"""Reminders from a day of one's own, of a guide's deadline or of an occasion: when they come, and what moves them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import islice

from bot.actions import Act, Action
from bot.cards import Card, Key, Line, Msg, key, quiet, text
from bot.channels.traits import traits_of
from bot.exchange import Exchange
from bot.world import World
from content.occasions import OCCASIONS, Occasion
from content.parts import Deadline
from content.schema import Guide
from notices.daily import daily_on

FORGOTTEN_AFTER = timedelta(days=365)  # without a word from the person; storage/retention.py, progress


def moments(
    rule: Deadline | Occasion, anchor: date, now: datetime, world: World, after: int = -1
) -> Mapping[int, datetime]:
    """When to remind (UTC), as far as that is still to come, by number; of what repeats, the next time only.

    after: the number of the last time that is over, whatever the clock says.
    """
    times = enumerate(daily_on(day, world.calendar.zone) for day in rule.reminder_days(anchor))
    coming = ((number, moment) for number, moment in times if number > after and moment > now)
    return dict(islice(coming, 1) if isinstance(rule, Occasion) and rule.repeats else coming)


def rule(world: World, guide_id: str, id: str) -> Deadline | Occasion | None:
    """What a reminder counts by; None where it is gone."""
    if guide_id == OCCASIONS:
        return world.pack.occasions.find(id) if world.pack.occasions else None
    guide = world.guide(guide_id)
    return next((deadline for deadline in guide.deadlines if deadline.id == id), None) if guide else None


def button(exchange: Exchange, guide: Guide, deadline: Deadline, step: str, anchor: date) -> list[Key]:
    """The switch on the card of a step whose day is known; none where there is nothing (more) to remind of."""
    if not exchange.saves:
        return []
    if is_on(exchange, guide.id, deadline.id):
        return [key(Act.REMIND, "bot.remind.off", "stop", guide.id, step, "0")]
    if not moments(deadline, anchor, exchange.now, exchange.world):
        return []
    return [key(Act.REMIND, "bot.remind.on", "reminder", guide.id, step, "1")]


def at_end(world: World, guide_id: str, step: str) -> list[Key]:
    """What one could be reminded of after this ending of a guide."""
    table = world.pack.occasions
    found = [one for one in table.occasions if f"{guide_id}.{step}" in one.ends] if table else []
    return [key(Act.OCCASION, "bot.remind.on", "reminder", one.id) for one in found]


def is_on(exchange: Exchange, guide: str, deadline: str) -> bool:
    """Whether the person will be reminded of it."""
    return any((one.guide, one.deadline) == (guide, deadline) for one in exchange.subscriptions.reminders())


def moved(exchange: Exchange, anchor: str, day: date) -> None:
    """The day was told anew: what was to remind of it moves along."""
    for one in exchange.subscriptions.reminders():
        found = rule(exchange.world, one.guide, one.deadline)
        if found is not None and found.anchor == anchor:
            exchange.subscriptions.remind(one.guide, one.deadline, moments(found, day, exchange.now, exchange.world))


def dropped(exchange: Exchange, anchor: str) -> None:
    """The day is forgotten: nothing reminds of it any more."""
    for one in exchange.subscriptions.reminders():
        found = rule(exchange.world, one.guide, one.deadline)
        if found is not None and found.anchor == anchor:
            exchange.subscriptions.remind(one.guide, one.deadline, {})


def said(exchange: Exchange, when: Collection[datetime]) -> Iterator[Line]:
    """What is said when reminders were set, or, with none, switched off."""
    if not when:
        yield text("bot.remind.none", "ok")
        return
    yield text("bot.remind.set", "reminder", date=exchange.world.calendar.local(min(when)).date())
    if max(when) - exchange.now > FORGOTTEN_AFTER:
        yield text("bot.remind.far", "info")
    if exchange.person.stopped:
        yield text("bot.remind.stopped", "stop")
    elif traits_of(exchange.channel).free_for is not None:
        yield quiet("bot.remind.late")


def opens(world: World, guide_id: str, id: str) -> Action | None:
    """What the button of a reminder opens; None where what it is about is gone."""
    found, guide = rule(world, guide_id, id), world.guide(guide_id)
    if isinstance(found, Occasion):
        return Action(Act.REMINDED, (OCCASIONS, id))
    if found is None or guide is None:
        return None
    step = next((step.id for step in guide.shown().values() if step.asks_date == id), "")
    return Action(Act.REMINDED, (guide_id, step))


def card(world: World, guide_id: str, id: str) -> Card | None:
    """What is said when a timer rings: nothing of the matter, a lock screen shows it. None: its subject is gone."""
    action = opens(world, guide_id, id)
    if action is None:
        return None
    line = text("bot.remind.line", "reminder", bot=world.bot_name or Msg("bot.name.default_bot"))
    return Card((line,), ((Key(action, Msg("bot.remind.open"), "next"),),), nav=False)
