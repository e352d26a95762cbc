"""Asking for a person: a request is born on the tap, and what is said about it is true."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bot import asked_about, goods, screens, wishes
from bot.actions import Act
from bot.cards import Card, Key, Line, Msg, key, quiet, text, title
from bot.exchange import JOIN_MINUTES, Asked, Exchange
from bot.quick import answers
from bot.state import Place
from bot.world import World
from content.tables import Contact
from desk.alerts import Called
from desk.asking import Asking
from desk.barring import STILL
from desk.goods import GOODS, next_question

LEGAL, URGENT, QUESTION = "legal", "urgent", "question"
MONDAY_TO_FRIDAY = [1, 2, 3, 4, 5]
#: Types for which a text of their own follows the promise.
GENTLE = frozenset({"talk", "isolation", "goods", "complaint"})


def ask(exchange: Exchange, type: str) -> None:
    """The person pressed Person or "I am stuck": write it down with where they are, and say number and time."""
    if is_shut(exchange, type):
        shut(exchange)
        return
    lines = open_for(exchange, asked_about.context(exchange, type))
    if exchange.state.asked and exchange.state.request is not None:
        exchange.memory.join_request(exchange.state.request, exchange.state.asked)
    exchange.show(Card(tuple(lines), _rows(exchange)), Place.REQUEST)


def ask_about(exchange: Exchange, lead: Iterable[Line], *, notice: int | None = None, event: int | None = None) -> bool:
    """A question about a notice or an event: written down as one, whatever guide the person is in; whether it was."""
    if is_shut(exchange, QUESTION):
        shut(exchange)
        return False
    lines = open_for(exchange, Asked(QUESTION, exchange.locale, notice=notice, event=event))
    exchange.state = replace(exchange.state, quick="")
    exchange.show(Card((*lead, *lines), _rows(exchange)), Place.REQUEST)
    return True


def is_shut(exchange: Exchange, type: str) -> bool:
    """Whether somebody may not ask the team for this. In danger everybody may."""
    return exchange.person.barred and type not in STILL


def shut(exchange: Exchange) -> None:
    """Say that the way to the team is closed, and what works."""
    exchange.show(Card((text("bot.barred.still", "stop"),), _way_on(exchange)), Place.TALK)


def open_for(exchange: Exchange, asked: Asked) -> list[Line]:
    """Write a request down; the lines that confirm it: number, who, by when."""
    if is_shut(exchange, asked.type):
        return [text("bot.barred.still", "stop")]
    opened = exchange.memory.open_request(replace(asked, danger=exchange.state.danger))
    at(exchange, opened.number)
    exchange.state = replace(exchange.state, quick=asked.type, danger="")
    asking = exchange.team.asking(opened.number)
    lines = [title("bot.request.received" if opened.fresh else "bot.request.already", "person", number=opened.number)]
    lines += _by_when(exchange, asked.type, opened.promised_by, asking)
    if asking is not None:
        lines += wishes.nobody_speaks(exchange, asking)[0]
    if asked.type == LEGAL:
        lines.append(text("bot.request.fear", "safety"))
    # In danger the numbers come first, again, and nothing else to call stands beside them.
    lines = screens.numbers(exchange.world) + lines if asked.type == URGENT else lines
    lines += gently(asked.type) + (_call_instead(exchange.world, asked.type) if asked.type == LEGAL else [])
    lines.append(quiet("bot.request.place" if asked.type == URGENT else "bot.request.add"))
    lines += [] if exchange.person.consent == "full" else [quiet("bot.request.stored", "privacy")]
    return lines


def at(exchange: Exchange, number: int) -> None:
    """From now on what is sent joins this request; its quick answers are used."""
    until = exchange.now + timedelta(minutes=JOIN_MINUTES)
    exchange.state = replace(exchange.state, request=number, joins_until=until, quick="")


def add(exchange: Exchange, args: tuple[str, ...]) -> None:
    """More is to be said about an open request."""
    number = int(args[0])
    asking = exchange.team.asking(number)
    if asking is None or not asking.open:
        gone(exchange)
        return
    at(exchange, number)
    if asking.type == GOODS and next_question(asking.form) is not None:
        exchange.state = replace(exchange.state, quick=GOODS)
    confirm(exchange, text("bot.request.already", "person", number=number), text("bot.request.add"))


def gone(exchange: Exchange) -> None:
    """The button is of a request that is closed, deleted or somebody else's."""
    exchange.show(Card((text("bot.mine.none"),), _way_on(exchange)), Place.REQUEST)


def gently(type: str) -> list[Line]:
    """A word that fits what it is about."""
    return [text(f"bot.request.{type}_first", "person")] if type in GENTLE else []


def _by_when(exchange: Exchange, type: str, promised_by: datetime, asking: Asking | None) -> list[Line]:
    """Who hears from whom by when; in danger, whether anybody is awake, as it is."""
    world = exchange.world
    promise = text("bot.request.promise", "date", organisation=screens.organisation(world), moment=promised_by)
    if type == URGENT:
        called = asking.called if asking is not None else Called()
        if called.on_duty:
            return [text("bot.request.awake", "person"), promise] if called.alerted else [promise]
        asleep = "bot.request.asleep_told" if called.alerted else "bot.request.asleep"
        return [text(asleep, "safety"), promise]
    if world.calendar.is_open(exchange.now):
        return [promise]
    hours = world.pack.hours
    clock = {"opens": f"{hours.opens:%H:%M}", "closes": f"{hours.closes:%H:%M}"}
    usual = sorted(hours.weekdays) == MONDAY_TO_FRIDAY
    days = Msg("bot.request.weekdays" if usual else "bot.page.clock", clock)
    return [text("bot.request.hours", "time", hours=days), promise, screens.in_danger(world)]


def keep(exchange: Exchange, words: str) -> int | None:
    """Add words to the request of the last minutes; its number, or None where there is none."""
    number = joining(exchange)
    if number is not None:
        exchange.memory.join_request(number, words)
        exchange.joined = True
    return number


def joining(exchange: Exchange) -> int | None:
    """The request that what is sent now joins; None where there is none, or no more."""
    state = exchange.state
    if exchange.person.attached is not None:
        return exchange.person.attached
    if state.joins_until is None or state.request is None or exchange.now > state.joins_until:
        return None
    if exchange.person.barred and not _is_open(exchange, state.request):
        return None
    return state.request


def _is_open(exchange: Exchange, number: int) -> bool:
    asking = exchange.team.asking(number)
    return asking is not None and asking.open


def join(exchange: Exchange, words: str) -> bool:
    """Add words that fit nothing to the request of the last minutes and say so; whether there is one."""
    number = keep(exchange, words)
    if number is None:
        return False
    confirm(exchange, text("bot.request.joined", "ok", number=number))
    return True


def confirm(exchange: Exchange, *lines: Line, beside: tuple[Key, ...] = ()) -> None:
    """Say what became of something that was sent to a request; also where that has just opened it again.

    beside: a row of buttons above the usual ones.
    """
    exchange.owed = True
    if exchange.state.quick != GOODS:  # the form can be begun until it is done
        exchange.state = replace(exchange.state, quick="")
    rows = _rows(exchange)
    exchange.show(Card(lines, (beside, *rows) if beside else rows), Place.REQUEST)


def reopen(exchange: Exchange, words: str) -> bool:
    """Soon after the end, words that fit nothing else open the same request again; whether they did."""
    number = None if exchange.person.barred else exchange.team.reopenable()
    if number is None:
        return False
    exchange.team.tell(number, words)
    # The assistant is in the chat again with this; the person should know why nobody else answers.
    exchange.joined = exchange.owed = True
    exchange.show(Card((text("bot.handoff.reopened", "person", number=number),), _way_on(exchange)), Place.REQUEST)
    return True


def too_late(exchange: Exchange) -> bool:
    """Say that words on the request screen no longer join the request; whether they came there too late."""
    state = exchange.state
    if state.place is not Place.REQUEST or state.joins_until is None:
        return False
    exchange.show(again(exchange), Place.REQUEST)
    exchange.lead(text("bot.request.late"))
    return True


def again(exchange: Exchange) -> Card:
    """The request screen once more."""
    number = exchange.state.request or 0
    return Card((text("bot.request.already", "person", number=number),), _rows(exchange))


def standing(exchange: Exchange, type: str) -> list[Line]:
    """The lines below a step that opened a request, when it is shown again."""
    if exchange.state.request is None:
        return []
    lines = [text("bot.request.already", "person", number=exchange.state.request)]
    lines += [text("bot.request.fear", "safety")] if type == LEGAL else []
    return lines + _call_instead(exchange.world, type)


def _rows(exchange: Exchange) -> tuple[tuple[Key, ...], ...]:
    """Below a request: who speaks which language if need be, else the quick answers and the wishes; and the way on."""
    number, quick = exchange.state.request, exchange.state.quick
    asking = exchange.team.asking(number) if number is not None and quick and quick != URGENT else None
    if number is None or asking is None or not asking.open:
        return _way_on(exchange)
    form = (goods.button(number),) if quick == GOODS else ()
    if asking.taken:
        return (*form, *_way_on(exchange))
    languages = wishes.nobody_speaks(exchange, asking)[1]
    return (*form, *(languages or (*answers(quick, number), wishes.button(number))), *_way_on(exchange))


def _way_on(exchange: Exchange) -> tuple[tuple[Key, ...], ...]:
    if exchange.state.session.run is None:
        return ()
    return ((key(Act.CONTINUE, "bot.welcome.continue", "next"),),)


def _call_instead(world: World, type: str) -> list[Line]:
    """An organisation that can be called meanwhile; only where its number is well sourced."""
    purpose = LEGAL if type == LEGAL else "integration"
    return [
        text("bot.request.contact", "phone", name=row.name, phone=row.phone, purpose=Msg(f"bot.request.{purpose}"))
        for row in world.pack.contacts.values()
        if _may_show(row) and row.purpose == purpose
    ][:1]


def _may_show(row: Contact) -> bool:
    return row.strength == "official"
