"""Telling a day: today, yesterday, or one that is typed. It is kept only after OK to saving; else it is said once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from bot import reminders, terms, walking
from bot.actions import Act
from bot.cards import Card, Key, Line, key, quiet, text, title
from bot.exchange import Exchange
from bot.state import Place
from content.parts import Deadline
from content.schema import Guide
from i18n.days import read_day
from i18n.fold import digits

EARLIEST = date(2000, 1, 1)  # what lies before is a slip
_DIGIT = re.compile("[0-9]")
BUTTON_DAY = "%Y%m%d"  # how a button carries a day
SHOWN_ON = frozenset({Place.STEP, Place.END})  # the cards that show a term themselves


def ask(exchange: Exchange, args: tuple[str, ...]) -> None:
    """Ask for the day from which the deadline of a step counts."""
    guide_id, step = args
    found = terms.asked(exchange, guide_id, step)
    if found is None:
        walking.back_to(exchange, guide_id)
        exchange.lead(text("bot.step.no_more"))
        return
    today = exchange.today
    rows: tuple[tuple[Key, ...], ...] = (
        (_day("bot.day.today", today), _day("bot.day.yesterday", today - timedelta(days=1))),
        (key(Act.WRITE_DAY, "bot.day.other", None, guide_id, step),),
    )
    if exchange.saves and found[1].anchor in exchange.memory.days():
        rows += ((key(Act.FORGET_DAY, "bot.day.forget", "delete", guide_id, step),),)
    _show(exchange, *found, step, rows)


def write(exchange: Exchange, args: tuple[str, ...]) -> None:
    """Say how another day is typed."""
    guide_id, step = args
    found = terms.asked(exchange, guide_id, step)
    if found is None:
        ask(exchange, args)
        return
    _show(exchange, *found, step, (), how(exchange))


def forget(exchange: Exchange, args: tuple[str, ...]) -> None:
    """The day is not to be kept any more, and nothing is to remind of it."""
    guide_id, step = args
    found = terms.asked(exchange, guide_id, step)
    if found is not None and exchange.saves:
        exchange.memory.drop_day(found[1].anchor)
        reminders.dropped(exchange, found[1].anchor)
    walking.back_to(exchange, guide_id)
    exchange.lead(text("bot.day.forgotten", "ok"))


def keep(exchange: Exchange, args: tuple[str, ...]) -> None:
    """A day was pressed. The button belongs to the screen, and so to the step that asked."""
    (value,) = args
    _take(exchange, pressed(value))
    exchange.cards[-1] = replace(exchange.cards[-1], edits=True)


def typed(exchange: Exchange, words: str) -> bool:
    """Take the day that was typed where one is asked for; what has digits but is no day is said to be none."""
    state = exchange.state
    if state.place is not Place.DAY or terms.asked(exchange, state.guide, state.step) is None:
        return False
    day = read_day(words, exchange.today, exchange.locale)
    if day is None and not has_digits(words):
        return False
    if day is None or day < EARLIEST:
        _again(exchange, text("bot.day.unread", "safety"))
    elif day > exchange.today:
        _again(exchange, text("bot.day.future", "safety", date=day))
    else:
        _take(exchange, day)
    return True


def pressed(value: str) -> date:
    """The day that a button carries."""
    return date(int(value[:4]), int(value[4:6]), int(value[6:]))


def has_digits(words: str) -> bool:
    """Whether words that are no day were meant as one."""
    return bool(_DIGIT.search(digits(words)))


def how(exchange: Exchange, days: int = -2) -> Line:
    """An example in digits, as a day may be typed: one so many days from now, so that nobody takes it for theirs."""
    example = exchange.today + timedelta(days=days)
    return text("bot.day.how", example=in_digits(example))


def in_digits(day: date) -> str:
    """As people type it: day, month, year."""
    return f"{day.day}.{day.month}.{day.year}"


def _again(exchange: Exchange, why: Line) -> None:
    write(exchange, (exchange.state.guide, exchange.state.step))
    exchange.lead(why)


def _take(exchange: Exchange, day: date) -> None:
    guide_id, step = exchange.state.guide, exchange.state.step
    found = terms.asked(exchange, guide_id, step)
    if found is None:
        walking.back_to(exchange, guide_id)
        return
    guide, deadline = found
    if exchange.saves:
        exchange.memory.keep_day(deadline.anchor, day)
        reminders.moved(exchange, deadline.anchor, day)
    walking.back_to(exchange, guide_id)
    lines = [text("bot.day.kept", "ok", date=day)] if exchange.saves else [quiet("bot.day.unkept", "privacy")]
    stands_there = exchange.saves and exchange.state.place in SHOWN_ON and exchange.state.step == step
    if not stands_there:
        lines.insert(0, terms.term(guide, deadline, day, exchange.today))
    exchange.lead(*lines)


def _show(
    exchange: Exchange,
    guide: Guide,
    deadline: Deadline,
    step: str,
    rows: tuple[tuple[Key, ...], ...],
    *more: Line,
) -> None:
    lines = [title(f"{guide.id}.deadline-{deadline.id}.asks", "date"), *more]
    card = Card(tuple(lines), rows)
    exchange.show(replace(card, edits=True), Place.DAY, guide=guide.id, step=step)


def _day(label: str, day: date) -> Key:
    return key(Act.DAY, label, None, day.strftime(BUTTON_DAY))


ACTS: Mapping[Act, Callable[[Exchange, tuple[str, ...]], None]] = {
    Act.ASK_DAY: ask,
    Act.WRITE_DAY: write,
    Act.DAY: keep,
    Act.FORGET_DAY: forget,
}
