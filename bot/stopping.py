"""Stop, clear, delete: what a person does at any time with what comes to them and what is kept of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot import screens
from bot.actions import Act
from bot.cards import Card, text
from bot.exchange import Exchange
from bot.state import Place


def data(exchange: Exchange, _args: tuple[str, ...] = ()) -> None:
    """Privacy, stop and delete."""
    exchange.show(replace(screens.data(exchange.person), edits=True), Place.DATA)


def stop(exchange: Exchange, _args: tuple[str, ...] = ()) -> None:
    """No more notices, at once; one line, and a way to undo it."""
    exchange.person = replace(exchange.person, stopped=True)
    exchange.show(Card((text("bot.stop.done", "stop"),), screens.undo_stop()), _beside_all(exchange))


def unstop(exchange: Exchange, _args: tuple[str, ...] = ()) -> None:
    """Notices again."""
    exchange.person = replace(exchange.person, stopped=False)
    exchange.show(Card((text("bot.stop.undone", "ok"),)), _beside_all(exchange))


def _beside_all(exchange: Exchange) -> Place | None:
    """Who has no language yet stays at the picker."""
    return Place.NOTICES if exchange.person.locale else None


def delete(exchange: Exchange, _args: tuple[str, ...] = ()) -> None:
    """Show what is stored and ask once."""
    card = screens.delete(exchange.memory.holdings(), exchange.channel)
    if len(exchange.chats.members()) > 1:
        card = card.led_by(text("bot.people.only_mine", "people"))
    exchange.show(card, Place.DELETE)


def _delete_now(exchange: Exchange, args: tuple[str, ...]) -> None:
    if args:
        exchange.memory.clear()
    others = len(exchange.chats.members()) > 1
    code = exchange.memory.forget()
    card = screens.deleted(code)
    exchange.cards.append(replace(card, lines=(*card.lines, *(text("bot.people.others_stay"),) * others)))
    exchange.forgotten = True


def clear(exchange: Exchange, _args: tuple[str, ...] = ()) -> None:
    """Delete what both sides wrote lately, and leave one line that says nothing of it (newcomer.md D9)."""
    if exchange.channel in screens.CLEARED_BY_PERSON:
        exchange.show(Card((text("bot.whatsapp.clear"),)), _beside_all(exchange))
        return
    exchange.memory.clear()
    # What is written next could be written by somebody else who holds the phone: it joins no request.
    exchange.state = replace(exchange.state, joins_until=None)
    if exchange.person.locale:
        exchange.show(screens.neutral(exchange.world), Place.HOME)
    else:
        exchange.show(screens.picker(exchange.world, exchange.person), Place.PICKER)


ACTS: Mapping[Act, Callable[[Exchange, tuple[str, ...]], None]] = {
    Act.DATA: data,
    Act.STOP: stop,
    Act.UNSTOP: unstop,
    Act.DELETE: delete,
    Act.DELETE_NOW: _delete_now,
    Act.CLEAR: clear,
}
