"""A card with more buttons than a channel holds shows some of them, and a way to the others."""

from __future__ import annotations

from dataclasses import replace
from math import ceil

from bot.actions import Act
from bot.cards import NAV, Card, key


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
