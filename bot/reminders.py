"""Reminders of a deadline that counts from somebody's own day: when they come, and what moves them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.actions import Act
from bot.cards import Card, Key, Msg, key, text
from bot.exchange import Exchange
from bot.world import World
from content.fields import months_after
from content.parts import Deadline
from content.schema import Guide
from notices.daily import daily_on
from storage.reminders import about


def moments(deadline: Deadline, anchor: date, now: datetime, world: World) -> list[datetime]:
    """When to remind of a deadline (UTC), as far as that is still to come."""
    days = [months_after(anchor, months) for months in deadline.remind_months]
    days += [anchor + timedelta(days=days) for days in deadline.remind_days]
    at = (daily_on(day, world.calendar.zone) for day in sorted(days))
    return [moment for moment in at if moment > now]


def button(exchange: Exchange, guide: Guide, deadline: Deadline, step: str, anchor: date) -> list[Key]:
    """The switch on the card of a step whose day is known; none where there is nothing (more) to remind of."""
    if not exchange.saves:
        return []
    if is_on(exchange, guide.id, deadline.id):
        return [key(Act.REMIND, "bot.remind.off", "stop", guide.id, step, "0")]
    if not moments(deadline, anchor, exchange.now, exchange.world):
        return []
    return [key(Act.REMIND, "bot.remind.on", "reminder", guide.id, step, "1")]


def is_on(exchange: Exchange, guide: str, deadline: str) -> bool:
    """Whether the person will be reminded of it."""
    return any((one.guide, one.deadline) == (guide, deadline) for one in exchange.subscriptions.reminders())


def moved(exchange: Exchange, anchor: str, day: date) -> None:
    """The day was told anew: what was to remind of it moves along."""
    for one in exchange.subscriptions.reminders():
        guide = exchange.world.guide(one.guide)
        found = next((line for line in guide.deadlines if line.id == one.deadline), None) if guide else None
        if found is not None and found.anchor == anchor:
            exchange.subscriptions.remind(one.guide, one.deadline, moments(found, day, exchange.now, exchange.world))


def dropped(exchange: Exchange, anchor: str) -> None:
    """The day is forgotten: nothing reminds of it any more."""
    for one in exchange.subscriptions.reminders():
        guide = exchange.world.guide(one.guide)
        anchors = {line.id: line.anchor for line in guide.deadlines} if guide else {}
        if anchors.get(one.deadline) == anchor:
            exchange.subscriptions.remind(one.guide, one.deadline, ())


def card(world: World, timer: str) -> Card | None:
    """What is said when a timer rings: nothing of the matter, a lock screen shows it. None: the deadline is gone."""
    guide_id, deadline_id = about(timer)
    guide = world.guide(guide_id)
    if guide is None or all(deadline.id != deadline_id for deadline in guide.deadlines):
        return None
    step = next((step.id for step in guide.shown().values() if step.asks_date == deadline_id), "")
    opens = key(Act.REMINDED, "bot.remind.open", "next", guide.id, step)
    return Card(
        (text("bot.remind.line", "reminder", bot=world.bot_name or Msg("bot.name.default_bot")),),
        ((opens,),),
        nav=False,
    )
