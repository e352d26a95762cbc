"""The phone is handed on to somebody else of the same chat: where they stand is shown, and who writes now."""

from __future__ import annotations

from bot import people, whereabouts
from bot.cards import text
from bot.exchange import Exchange


def greet(exchange: Exchange) -> None:
    """The first screen of who has just said that it is them. Below what the other one saw, never in its place."""
    if not exchange.person.locale:
        whereabouts.languages(exchange)
    elif whereabouts.needs_consent(exchange):
        whereabouts.consent(exchange)
    else:
        whereabouts.repeat(exchange)
    if exchange.person.locale:
        me = next(one for one in exchange.chats.members() if one.contact_id == exchange.chats.me)
        exchange.lead(text("bot.people.now", "people", name=people.called(me)))
    exchange.stay_below()
