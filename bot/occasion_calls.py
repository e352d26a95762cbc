"""A timer of an occasion that repeats rings: the timer of the next time, in the same unit of work."""

from __future__ import annotations

from dataclasses import replace

from bot import reminders
from bot.world import World
from content.occasions import OCCASIONS, Occasion
from storage import own
from storage import reminders as told
from storage.reminders import Rung
from storage.unit_of_work import Unit


def follow(unit: Unit, world: World, conversation_id: int, rung: Rung) -> None:
    """Write the next time down. Nothing follows what comes once, or a day that is forgotten, or is not asked any more.

    The times are numbered from the day, so the one that rang never comes again, however the clock was put back; times
    that passed while nothing ran are left out.
    """
    rule = reminders.rule(world, rung.guide, rung.deadline)
    if rung.guide != OCCASIONS or not isinstance(rule, Occasion) or not rule.repeats:
        return
    day = own.days(unit, rung.contact_id).get(rule.anchor)
    if day is None:
        return
    for number, moment in reminders.moments(rule, day, unit.now, world, after=rung.number).items():
        told.add(unit, conversation_id, replace(rung, number=number), moment)
