"""My reminders: days of one's own of which one asks to be reminded, what counts from them, and how to end it.

Opt-in by giving a day; kept only after OK to saving. What the reminder says is the matter of bot/reminders.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot import reminders, step_cards, telling
from bot.actions import Act, Action
from bot.cards import Card, Key, Line, Local, Msg, key, text, title
from bot.exchange import Exchange
from bot.state import Place
from content.occasions import OCCASIONS, Occasion, Occasions
from i18n.days import read_day
from storage.reminders import Reminder

LATEST = timedelta(days=20 * 365)  # a day beyond it is a slip
EXAMPLE_AHEAD = 40  # days from now to the example of a day to come

Rows = tuple[tuple[Key, ...], ...]


def listed(exchange: Exchange, _args: tuple[str, ...] = ()) -> None:
    """What one is reminded of, what one could be, and the way to end all of it."""
    table = exchange.world.pack.occasions
    heading = title("bot.occasions.title", "reminder")
    if not exchange.saves:
        keep = key(Act.CONSENT, "bot.papers.keep", "done", "full")
        card = Card((heading, text("bot.occasions.unsaved", "privacy")), ((keep,),), edits=True)
        exchange.show(card, Place.OCCASIONS)
        return
    wanted = exchange.subscriptions.reminders()
    lines = [heading, *_coming(exchange, wanted)]
    if exchange.person.stopped:
        lines.append(text("bot.remind.stopped", "stop"))
    of_guides = [one for one in wanted if exchange.world.guide(one.guide) is not None]  # one that is gone has no name
    rows: list[tuple[Key, ...]] = [(_opens(exchange, one),) for one in of_guides]
    on = {one.deadline for one in wanted if one.guide == OCCASIONS}
    rows += [(_choice(one, on=one.id in on),) for one in (table.occasions if table else ())]
    if wanted:
        rows.append((key(Act.OCCASION_OFF, "bot.occasions.stop_all", "stop"),))
    exchange.show(Card(tuple(lines), tuple(rows), edits=True), Place.OCCASIONS)


def _coming(exchange: Exchange, wanted: Sequence[Reminder]) -> list[Line]:
    local = exchange.world.calendar.local
    lines = [
        text("bot.occasions.next", "date", what=_name(one), date=local(one.at).date())
        for one in wanted
        if reminders.rule(exchange.world, one.guide, one.deadline) is not None
    ]
    return lines or [text("bot.occasions.none")]


def _name(one: Reminder) -> Msg:
    return Msg(f"{OCCASIONS}.{one.deadline}.name" if one.guide == OCCASIONS else f"{one.guide}.guide.title")


def _opens(exchange: Exchange, one: Reminder) -> Key:
    """To what a guide asks of; where the step is gone, to the guide."""
    action = reminders.opens(exchange.world, one.guide, one.deadline) or Action(Act.GUIDE, (one.guide,))
    return Key(action, _name(one), "done")


def _choice(one: Occasion, *, on: bool) -> Key:
    return Key(Action(Act.OCCASION, (one.id,)), Msg(f"{OCCASIONS}.{one.id}.name"), "done" if on else one.icon)


def show(exchange: Exchange, args: tuple[str, ...]) -> None:
    """What is known of it and how it counts, when one is reminded, and the question for the day."""
    table, (id,) = exchange.world.pack.occasions, args
    one = table.find(id) if table else None
    if table is None or one is None or not exchange.saves:
        listed(exchange)
        return
    at = next((on.at for on in exchange.subscriptions.reminders() if (on.guide, on.deadline) == (OCCASIONS, id)), None)
    day = exchange.memory.days().get(one.anchor)
    lines = [title(f"{OCCASIONS}.{id}.name", one.icon), *_known(exchange, table, one), _counts(one)]
    if at is not None and day is not None:
        lines.append(text("bot.day.kept", "ok", date=day))
        lines.append(text("bot.remind.set", "reminder", date=exchange.world.calendar.local(at).date()))
    lines += [text(f"{OCCASIONS}.{id}.asks", "date"), telling.how(exchange, -2 if one.lies_behind else EXAMPLE_AHEAD)]
    rows = _days(exchange, one, day if at is None else None)
    if at is not None:
        rows += ((key(Act.OCCASION_OFF, "bot.remind.off", "stop", id),),)
    exchange.state = replace(exchange.state, occasion=id)
    exchange.show(Card(tuple(lines), rows, edits=True), Place.OCCASION)


def opened(exchange: Exchange, id: str) -> None:
    """The button of a reminder. Somebody else on the same phone, who told no such day, learns nothing of it."""
    rule = reminders.rule(exchange.world, OCCASIONS, id)
    if rule is not None and exchange.saves and rule.anchor in exchange.memory.days():
        show(exchange, (id,))
    else:
        listed(exchange)


def again(exchange: Exchange) -> None:
    """The same screen once more."""
    show(exchange, (exchange.state.occasion,))


def _known(exchange: Exchange, table: Occasions, one: Occasion) -> Iterator[Line]:
    """The facts, as sure as they are, and when they were read."""
    for id in one.facts:
        yield step_cards.fact_line(OCCASIONS, id, table.facts[id])
    if any(table.facts[id].shown for id in one.facts):
        yield step_cards.checked(table, exchange.today)


def _counts(one: Occasion) -> Line:
    if one.every_months is not None:
        days = max(one.before_days, default=0)
        return text("bot.occasions.every", "restart", months=one.every_months, days=days)
    if one.lies_behind:
        return text("bot.occasions.after", "reminder", numbers=_numbers(one.after_months))
    return text("bot.occasions.before", "reminder", numbers=_numbers(one.before_days))


def _numbers(numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, numbers))


def _days(exchange: Exchange, one: Occasion, known: date | None) -> Rows:
    """Days to press: one that is known already, and the nearest; any other is typed."""
    today, day = exchange.today, timedelta(days=1)
    if one.lies_behind:
        near = (("bot.day.today", today), ("bot.day.yesterday", today - day))
    elif one.repeats:
        near = (("bot.day.today", today), ("bot.occasions.tomorrow", today + day))
    else:
        near = (("bot.occasions.tomorrow", today + day), ("bot.occasions.in_seven", today + 7 * day))
    rows: Rows = (tuple(_day(one, Msg(label), at) for label, at in near),)
    return ((_day(one, Local(telling.in_digits(known)), known),), *rows) if known is not None else rows


def _day(one: Occasion, label: Msg | Local, day: date) -> Key:
    return Key(Action(Act.OCCASION_DAY, (one.id, day.strftime(telling.BUTTON_DAY))), label)


def press(exchange: Exchange, args: tuple[str, ...]) -> None:
    """A day was pressed. The button belongs to the screen that asked."""
    id, value = args
    one = _asked(exchange, id)
    if one is None:
        listed(exchange)
    else:
        _keep(exchange, one, telling.pressed(value))
    exchange.cards[-1] = replace(exchange.cards[-1], edits=True)


def typed(exchange: Exchange, words: str) -> bool:
    """Take the day that was typed where one is asked for; what has digits but is no day is said to be none."""
    one = _asked(exchange, exchange.state.occasion) if exchange.state.place is Place.OCCASION else None
    if one is None:
        return False
    today = exchange.today
    day = read_day(words, today, exchange.locale, ahead=not one.lies_behind)
    if day is None and not telling.has_digits(words):
        return False
    if day is None or not telling.EARLIEST <= day <= today + LATEST:
        _not_taken(exchange, text("bot.day.unread", "safety"))
    elif one.lies_behind and day > today:
        _not_taken(exchange, text("bot.day.future", "safety", date=day))
    else:
        _keep(exchange, one, day)
    return True


def _asked(exchange: Exchange, id: str) -> Occasion | None:
    table = exchange.world.pack.occasions
    return table.find(id) if table and exchange.saves else None


def _not_taken(exchange: Exchange, why: Line) -> None:
    again(exchange)
    exchange.lead(why)


def _keep(exchange: Exchange, one: Occasion, day: date) -> None:
    """Keep the day and remind of it; a day from which nothing is left to come is not kept."""
    exchange.state = replace(exchange.state, occasion=one.id)
    when = reminders.moments(one, day, exchange.now, exchange.world)
    if not when:
        _not_taken(exchange, text("bot.occasions.past", "safety", date=day))
        return
    exchange.memory.keep_day(one.anchor, day)
    reminders.moved(exchange, one.anchor, day)  # guides count from the same day
    exchange.subscriptions.remind(OCCASIONS, one.id, when)
    listed(exchange)
    exchange.lead(*reminders.said(exchange, when.values()))


def off(exchange: Exchange, args: tuple[str, ...]) -> None:
    """Remind of this one no more; without an argument of nothing at all. Days that nothing else needs are forgotten."""
    wanted = {(one.guide, one.deadline) for one in exchange.subscriptions.reminders()}
    ends = {(OCCASIONS, args[0])} if args else wanted
    for guide, id in ends:
        exchange.subscriptions.remind(guide, id, {})
    needed = _anchors(exchange, wanted - ends) | {
        deadline.anchor for deadlines in exchange.world.terms.values() for deadline in deadlines
    }
    for anchor in _anchors(exchange, ends) - needed:
        exchange.memory.drop_day(anchor)
    listed(exchange)
    exchange.lead(text("bot.remind.none" if args else "bot.occasions.all_off", "ok"))


def _anchors(exchange: Exchange, which: set[tuple[str, str]]) -> set[str]:
    rules = (reminders.rule(exchange.world, guide, id) for guide, id in which)
    return {rule.anchor for rule in rules if rule is not None}


def told(exchange: Exchange, days: Mapping[str, date]) -> Iterator[tuple[str, Msg, date]]:
    """The days that were told here: anchor, the question, the day."""
    table = exchange.world.pack.occasions
    for one in table.occasions if table else ():
        if one.anchor in days:
            yield one.anchor, Msg(f"{OCCASIONS}.{one.id}.asks"), days[one.anchor]


ACTS: Mapping[Act, Callable[[Exchange, tuple[str, ...]], None]] = {
    Act.OCCASIONS: listed,
    Act.OCCASION: show,
    Act.OCCASION_DAY: press,
    Act.OCCASION_OFF: off,
}
