"""A card as one channel holds it: where it has more buttons than that, some of them and a way to the others."""

from __future__ import annotations

from dataclasses import replace
from math import ceil

from bot.actions import Act
from bot.cards import NAV, Card, key
from bot.channels.base import Outgoing
from bot.channels.traits import traits_of
from bot.compose import compose
from bot.world import World


def compose_for(
    channel: str, world: World, locale: str, card: Card, screen: int, address_id: int, page: int = 0
) -> Outgoing:
    """The card in one language, with as many buttons as the channel holds.

    A text too long to have buttons is followed by all of them, as numbers.
    """
    traits = traits_of(channel)
    out = compose(world, locale, card, screen, address_id)
    if traits.buttons is None or out.length > traits.prompt:
        return out
    part = paged(card, page, traits.buttons)
    return out if part is card else compose(world, locale, part, screen, address_id)


def paged(card: Card, page: int, most: int) -> Card:
    """The card with at most `most` buttons, Back, Home and Person among them; after the last page the first comes."""
    keys = [key for row in card.rows for key in row]
    nav = len(NAV) if card.nav else 0
    if len(keys) + nav <= most:
        return card
    each = most - nav - 1
    pages = ceil(len(keys) / each)
    first = page % pages * each
    onward = key(Act.PAGE, "bot.whatsapp.more", "more", str((page + 1) % pages))
    return replace(card, rows=tuple((shown,) for shown in (*keys[first : first + each], onward)))
