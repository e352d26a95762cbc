"""Asking for a person: a request is born on the tap, and what is said about it is true."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot import screens
from bot.actions import Act
from bot.cards import Card, Key, Line, Msg, key, quiet, text, title
from bot.exchange import JOIN_MINUTES, Asked, Exchange
from bot.state import Place
from bot.world import World
from content.tables import Contact
from flows.answers import given, unprotected

LEGAL, URGENT = "legal", "urgent"


def ask(exchange: Exchange, type: str) -> None:
    """The person pressed Person or "I am stuck": write it down with where they are, and say number and time."""
    lines = open_for(exchange, _context(exchange, type))
    if exchange.state.asked and exchange.state.request is not None:
        exchange.memory.join_request(exchange.state.request, exchange.state.asked)
    exchange.show(Card(tuple(lines), _way_on(exchange)), Place.REQUEST)


def open_for(exchange: Exchange, asked: Asked) -> list[Line]:
    """Write a request down; the lines that confirm it."""
    opened = exchange.memory.open_request(asked)
    exchange.state = replace(
        exchange.state, request=opened.number, joins_until=exchange.now + timedelta(minutes=JOIN_MINUTES)
    )
    world = exchange.world
    received = "bot.request.received" if opened.fresh else "bot.request.already"
    lines = [
        title(received, "person", number=opened.number),
        text("bot.request.promise", "date", organisation=screens.organisation(world), moment=opened.promised_by),
        text("bot.request.trial", "safety"),
    ]
    if asked.type == LEGAL:
        lines.append(text("bot.request.fear", "safety"))
    # In danger the numbers come first, again, and nothing else to call stands beside them.
    lines = screens.numbers(world) + lines if asked.type == URGENT else lines + _call_instead(world, asked.type)
    lines.append(quiet("bot.request.add"))
    lines += [] if exchange.person.consent == "full" else [quiet("bot.request.stored", "privacy")]
    return lines


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
    if state.joins_until is None or exchange.now > state.joins_until:
        return None
    return state.request


def join(exchange: Exchange, words: str) -> bool:
    """Add words that fit nothing to the request of the last minutes and say so; whether there is one."""
    number = keep(exchange, words)
    if number is None:
        return False
    confirm(exchange, text("bot.request.joined", "ok", number=number))
    return True


def confirm(exchange: Exchange, *lines: Line) -> None:
    """Say what became of something that was sent to a request."""
    exchange.show(Card(lines, _way_on(exchange)), Place.REQUEST)


def reopen(exchange: Exchange, words: str) -> bool:
    """Soon after the end, words that fit nothing else open the same request again; whether they did."""
    number = exchange.team.reopen(words)
    if number is None:
        return False
    exchange.joined = True
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
    return Card((text("bot.request.already", "person", number=number),), _way_on(exchange))


def standing(exchange: Exchange, type: str) -> list[Line]:
    """The lines below a step that opened a request, when it is shown again."""
    if exchange.state.request is None:
        return []
    lines = [text("bot.request.already", "person", number=exchange.state.request)]
    lines += [text("bot.request.fear", "safety")] if type == LEGAL else []
    return lines + _call_instead(exchange.world, type)


def _way_on(exchange: Exchange) -> tuple[tuple[Key, ...], ...]:
    if exchange.state.session.run is None:
        return ()
    return ((key(Act.CONTINUE, "bot.welcome.continue", "next"),),)


def _context(exchange: Exchange, type: str) -> Asked:
    runs, world = exchange.state.session.runs, exchange.world
    locale = exchange.locale
    if not runs or any(run.flow not in world.library for run in runs):
        return _without_run(exchange, type)
    plain = unprotected(world.library, runs)
    answers = given(runs).values
    return Asked(
        type,
        locale,
        runs[-1].flow,
        runs[-1].step,
        {name: value for name, value in answers.items() if name in plain},
        {name: value for name, value in answers.items() if name not in plain},
    )


def _without_run(exchange: Exchange, type: str) -> Asked:
    """Outside of guides: the intro or the ending on which the person is looking says what it is about."""
    state = exchange.state
    match state.place:
        case Place.INTRO:
            return Asked(type, exchange.locale, state.guide)
        case Place.END:
            return Asked(type, exchange.locale, state.guide, state.step)
        case Place.LACKING:
            return Asked(type, exchange.locale, answers={"language": state.wanted_language})
        case _:
            return Asked(type, exchange.locale)


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
