"""My language is not here: the languages that we lack, by their own names; what stands in for one; a person meanwhile.

Which ones are wanted is counted, without who wanted it, so that translators know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.actions import Act, Action
from bot.cards import Card, Key, Line, Local, key, text
from bot.channels.outgoing import Style
from bot.exchange import Exchange
from bot.state import Place
from bot.world import World
from flows.limits import utf16
from i18n.locales import LOCALES

LABEL = 20  # UTF-16 units of the button that leads to the languages that we lack


def missing(world: World) -> list[str]:
    """Codes of the languages that we know by name and cannot speak."""
    return [code for code in LOCALES if code not in world.pickable]


def others_key(world: World) -> Key:
    """The way to them from the picker. Before a language is chosen, their own names are the only words that tell."""
    names: list[str] = []
    for name in (LOCALES[code].name for code in missing(world)):
        if utf16(" · ".join([*names, name, "…"])) <= LABEL:
            names.append(name)
    return Key(Action(Act.OTHERS), Local(" · ".join([*names, "…"])), "language")


def others(exchange: Exchange, _args: tuple[str, ...] = ()) -> None:
    """The languages that we lack, one on each button."""
    rows = [(Key(Action(Act.LACK, (code,)), Local(LOCALES[code].name)),) for code in missing(exchange.world)]
    line = Line((Local("…"),), Style.TITLE, "language")
    exchange.show(replace(_with_ways_out(exchange, (line,), rows), edits=True), Place.OTHERS)


def lack(exchange: Exchange, args: tuple[str, ...]) -> None:
    """Say in the nearest language that we do not have this one yet; offer that one, and a person."""
    (code,) = args
    if code not in LOCALES:
        others(exchange)
        return
    exchange.memory.want_language(code)
    near = nearest(exchange.world, code)
    if not exchange.person.locale:
        exchange.state = replace(exchange.state, cried_in=near[0])
    exchange.state = replace(exchange.state, wanted_language=code)
    show_lack(exchange)


def show_lack(exchange: Exchange) -> None:
    """The same screen, also once more."""
    code = exchange.state.wanted_language
    near = nearest(exchange.world, code)
    rows = [(Key(Action(Act.LANGUAGE, (other,)), Local(LOCALES[other].name)),) for other in near]
    lines = (text("bot.picker.unknown", "language", language=LOCALES[code].name), text("bot.picker.person"))
    person = key(Act.PERSON, "bot.nav.person", "person", "language")
    exchange.show(_with_ways_out(exchange, lines, rows, (person,)), Place.LACKING)


def _with_ways_out(
    exchange: Exchange, lines: tuple[Line, ...], rows: Sequence[tuple[Key, ...]], *before: tuple[Key, ...]
) -> Card:
    """A card that a person is reached from and that is left again: by the fixed row once a language was chosen.

    Home needs a language. So `before`, and a way back to the picker, stand there instead of that row until then.
    """
    if exchange.person.locale:
        return Card(lines, tuple(rows))
    back = (key(Act.LANGUAGES, "bot.nav.back", "back"),)
    return Card(lines, (*rows, *before, back), nav=False)


def nearest(world: World, code: str) -> list[str]:
    """Languages that stand in for it, nearest first; where there is none, English."""
    found = [other for other in LOCALES[code].fallback if other in world.pickable]
    return found or ["en"]
