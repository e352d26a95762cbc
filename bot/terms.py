"""Terms that count from a day in the person's life: the lines that say the last day, as sure as its fact is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from bot import reminders
from bot.actions import Act
from bot.cards import Icon, Key, Line, Msg, Value, key
from bot.exchange import Exchange
from content.parts import Deadline
from content.schema import Guide, Shown

AT_HOME = 3  # lines; the home screen must fit on a small phone


def term(guide: Guide, deadline: Deadline, anchor: date, today: date) -> Line:
    """What ends on which day; a day that is over is said to be over."""
    last = deadline.last_day(anchor)
    params: dict[str, Value] = {"what": Msg(f"{guide.id}.deadline-{deadline.id}.what"), "date": last}
    words = Msg("bot.day.over" if last < today else "bot.day.term", params)
    unsure = deadline.fact is not None and guide.facts[deadline.fact].strength == "check"
    return Line((words, Icon("check"), Msg("bot.step.check")) if unsure else (words,), icon="date")


def of_guide(exchange: Exchange, guide: Guide) -> list[Line]:
    """The terms of a guide whose day the person has told us."""
    days = _days(exchange, [guide])
    return [
        term(guide, deadline, days[deadline.anchor], exchange.today)
        for deadline in exchange.world.terms[guide.id]
        if deadline.anchor in days
    ]


def to_come(exchange: Exchange) -> list[Line]:
    """The next terms that are not over, soonest first; one that two guides count alike stands once."""
    guides = list(exchange.world.guides.values())
    days = _days(exchange, guides)
    found: dict[tuple[str, date], tuple[Guide, Deadline]] = {}
    for guide in guides:
        for deadline in exchange.world.terms[guide.id]:
            if deadline.anchor in days:
                last = deadline.last_day(days[deadline.anchor])
                found.setdefault((deadline.anchor, last), (guide, deadline))
    soonest = sorted((last, anchor) for anchor, last in found if last >= exchange.today)[:AT_HOME]
    return [term(*found[anchor, last], days[anchor], exchange.today) for last, anchor in soonest]


def on_step(exchange: Exchange, guide: Guide, shown: Shown) -> tuple[list[Line], list[Key]]:
    """What stands on the card of a step that asks for a day: the term where it is known, and the way to tell it."""
    deadline = guide.deadline(shown)
    if deadline is None:
        return [], []
    anchor = _days(exchange, [guide]).get(deadline.anchor)
    lines = [term(guide, deadline, anchor, exchange.today)] if anchor else []
    label = "bot.day.change" if anchor else "bot.day.tell"
    keys = [key(Act.ASK_DAY, label, "date", guide.id, shown.id)]
    return lines, keys + (reminders.button(exchange, guide, deadline, shown.id, anchor) if anchor else [])


def asked(exchange: Exchange, guide_id: str, step: str) -> tuple[Guide, Deadline] | None:
    """The deadline whose day a step asks for; None where the step is gone or asks for none."""
    guide, shown = exchange.world.guide(guide_id), exchange.world.steps.get((guide_id, step))
    deadline = guide.deadline(shown) if guide is not None and shown is not None else None
    return (guide, deadline) if guide is not None and deadline is not None else None


def _days(exchange: Exchange, guides: list[Guide]) -> Mapping[str, date]:
    """Looked up only for who has any, in guides that ask for one."""
    asks = any(exchange.world.terms[guide.id] for guide in guides)
    return exchange.memory.days() if exchange.saves and asks else {}
