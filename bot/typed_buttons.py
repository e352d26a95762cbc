"""Which button of the screen a person typed: its number, its label, or nearly that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot import whereabouts
from bot.cards import Key, keys_of
from bot.compose import Composer
from bot.exchange import Exchange
from content.alike import SHORTEST_WITH_SLIP, one_slip
from flows import matching
from flows.model import ChoiceId
from i18n.fold import fold, number


def find(exchange: Exchange, words: str) -> Key | None:
    """The button of the current screen that was typed: its number, its label or the beginning of it."""
    scratch = replace(exchange, cards=[])
    whereabouts.repeat(scratch)
    if not scratch.cards:
        return None
    card, composer = scratch.cards[-1], Composer(exchange.world, exchange.locale)
    content = [key for row in card.rows for key in row]
    typed = number(words)
    if typed is not None:
        return content[typed - 1] if 1 <= typed <= len(content) else None
    keys = [key for row in keys_of(card) for key in row]
    options = [matching.Option(ChoiceId(str(position)), fold(composer.label(key))) for position, key in enumerate(keys)]
    choice = matching.match(matching.Words(fold(words)), options) or _mistyped(fold(words), options)
    return keys[int(choice)] if choice is not None else None


def is_label(exchange: Exchange, words: str) -> bool:
    """Whether somebody typed the whole label of a button that they see: "Not urgent" is no cry for help."""
    key = find(exchange, words) if exchange.person.locale else None
    return key is not None and fold(Composer(exchange.world, exchange.locale).label(key)) == fold(words)


def _mistyped(typed: str, options: Sequence[matching.Option]) -> ChoiceId | None:
    """The only button whose label differs from the message by one slip."""
    near = [
        option.choice for option in options if len(option.label) >= SHORTEST_WITH_SLIP and one_slip(typed, option.label)
    ]
    return near[0] if len(near) == 1 else None
