"""Whom somebody would like to be helped by: never asked, offered once below a request, one tap for each wish.

Where nobody who is there speaks the person's language, that is said, and the person chooses.
"""

from __future__ import annotations

from dataclasses import replace

from bot.actions import Act, Action
from bot.cards import Card, Key, Line, Local, key, quiet, text, title
from bot.exchange import Exchange
from bot.state import Place
from desk.asking import Asking, Wished
from desk.routing import Unmet
from desk.wishes import ORIGINS, OTHER
from i18n.locales import LOCALES
from i18n.text import say_country

LANGUAGES = 3  # that are offered where nobody speaks the person's own
_YES = "yes"
#: What stands behind a wish: one screen more.
_SCREENS = {"country": Place.WISH_COUNTRY, "language": Place.WISH_LANGUAGE, "from": Place.WISH_ORIGIN}
_HARD = frozenset({Unmet.GENDER, Unmet.ORIGIN, Unmet.PREVIOUS, Unmet.NOBODY, Unmet.LANGUAGE})


def press(exchange: Exchange, args: tuple[str, ...]) -> None:
    """Show the wishes of a request; with a name and a value, write one down first."""
    number, wish = int(args[0]), args[1:]
    if exchange.team.asking(number) is None:
        exchange.show(Card((text("bot.mine.none"),)), Place.MINE)
        return
    exchange.state = replace(exchange.state, request=number)
    if len(wish) == 1:
        show(exchange, _SCREENS[wish[0]])
        return
    if wish:
        exchange.team.add(number, Wished(wish[0], wish[1]))
    show(exchange, Place.WISH)


def again(exchange: Exchange) -> None:
    """The same screen once more."""
    show(exchange, exchange.state.place)


def show(exchange: Exchange, place: Place) -> None:
    """The wishes of the request that the person is at, or one question about them."""
    number = str(exchange.state.request or 0)
    match place:
        case Place.WISH_COUNTRY:
            card = _countries(exchange, number, "not_origin")
        case Place.WISH_ORIGIN:
            card = _countries(exchange, number, "origin")
        case Place.WISH_LANGUAGE:
            card = _languages(exchange, number)
        case _:
            card = _wishes(exchange.team.asking(int(number)), number)
    exchange.show(card, place)


def button(number: int) -> tuple[Key, ...]:
    """The way to the wishes."""
    return (key(Act.WISH, "bot.wish.button", None, str(number)),)


def nobody_speaks(exchange: Exchange, asking: Asking) -> tuple[list[Line], tuple[tuple[Key, ...], ...]]:
    """Nobody who is there speaks the language: said as it is, with the languages that are there, and the waiting."""
    number = str(asking.number)
    known = [code for code in asking.called.languages if code in LOCALES][:LANGUAGES]
    if not known or "waits" in asking.wished:
        return [], ()
    own = LOCALES[asking.wished.get("locale", exchange.locale)].name
    rows = [(Key(Action(Act.WISH, (number, "locale", code)), Local(LOCALES[code].name), "language"),) for code in known]
    rows.append((key(Act.WISH, "bot.wish.wait", "time", number, "waits", _YES),))
    return [text("bot.wish.nobody_speaks", "language", language=own)], tuple(rows)


def _wishes(asking: Asking | None, number: str) -> Card:
    if asking is None:  # gone since
        return Card((text("bot.mine.none"),))
    wished = asking.wished
    lines = [title("bot.wish.title", "person"), quiet("bot.wish.free")]
    rows = [_choice(number, "gender", value, chosen=wished.get("gender") == value) for value in ("woman", "man")]
    if asking.known:
        rows.append(_choice(number, "previous", _YES, chosen="previous" in wished))
    rows.append((key(Act.WISH, "bot.wish.origin", "done" if "origin" in wished else None, number, "from"),))
    kept_out = "not_origin" in wished
    rows.append((key(Act.WISH, "bot.wish.not_origin", "done" if kept_out else None, number, "country"),))
    rows.append((key(Act.WISH, "bot.wish.locale", "done" if "locale" in wished else None, number, "language"),))
    if wished and asking.called.unmet & _HARD:
        lines.append(text("bot.wish.unmet", "time"))
    rows.append((key(Act.ADD, "bot.wish.ready", "next", number),))
    return Card(tuple(lines), tuple(rows), edits=True)


def _choice(number: str, name: str, value: str, *, chosen: bool) -> tuple[Key, ...]:
    """A wish to be made or, where it stands, taken back."""
    label = f"bot.wish.{name}" if value == _YES else f"bot.wish.{value}"
    return (key(Act.WISH, label, "done" if chosen else None, number, name, "" if chosen else value),)


def _countries(exchange: Exchange, number: str, name: str) -> Card:
    """A button for each country, and one that takes the wish of this name back."""
    lines = [title("bot.wish.which_country")]
    rows = [
        (Key(Action(Act.WISH, (number, name, code)), Local(say_country(code, exchange.locale))),) for code in ORIGINS
    ]
    if name == "not_origin":
        lines.append(quiet("bot.wish.country_why", "privacy"))
        rows.append((key(Act.WISH, "bot.wish.other_country", None, number, name, OTHER),))
    rows.append((key(Act.WISH, "bot.wish.any_country", None, number, name, ""),))
    return Card(tuple(lines), tuple(rows), edits=True)


def _languages(exchange: Exchange, number: str) -> Card:
    rows = [
        (Key(Action(Act.WISH, (number, "locale", code)), Local(LOCALES[code].name)),)
        for code in exchange.world.pickable
    ]
    return Card((title("bot.wish.which_language", "language"),), tuple(rows), edits=True)
