"""Who has chosen no language yet: they pick one first, but for what must not wait for it."""

from __future__ import annotations

from bot import commands, lacking, requests, typed_buttons, whereabouts
from bot.actions import Act
from bot.exchange import Exchange
from bot.state import Place
from i18n import locales
from i18n.fold import number

WITHOUT_LANGUAGE = frozenset({"urgent", "language", "stop", "delete"})
ACTS_WITHOUT_LANGUAGE = frozenset({Act.LANGUAGE, Act.LANGUAGES, Act.OTHERS, Act.LACK, Act.URGENT, Act.CLEAR, Act.PAGE})


def language_first(exchange: Exchange, *, always: bool, person: bool) -> bool:
    """Whether a language is chosen before this is done. always: it works without one; person: it asks for one."""
    if exchange.person.locale or always:
        return False
    return not (person and cried_for_help(exchange))


def cried_for_help(exchange: Exchange) -> bool:
    """Somebody on the urgent card who chose no language yet: a person is reached without choosing one."""
    return not exchange.person.locale and exchange.state.place in {Place.URGENT, Place.REQUEST, Place.LACKING}


def say(exchange: Exchange, words: str) -> None:
    """Who has no language yet picks one; after a cry for help there is the Person of the emergency card too."""
    cried = cried_for_help(exchange)
    if cried and (key := typed_buttons.find(exchange, words)) and key.action.act is Act.PERSON:
        commands.do(exchange, key.action)
        exchange.stay_below()
    elif not (cried and requests.join(exchange, words)):
        _first_words(exchange, words)


def _first_words(exchange: Exchange, words: str) -> None:
    known = locales.known(words)
    codes = [key.action.args[0] for row in whereabouts.picker_rows(exchange) for key in row if key.action.args]
    typed = number(words)
    if typed is not None and 1 <= typed <= len(codes):
        commands.speak(exchange, (codes[typed - 1],))
    elif words.strip().lower() in codes:
        commands.speak(exchange, (words.strip().lower(),))
    elif known is not None:
        lacking.lack(exchange, (known.code,))
    else:
        whereabouts.languages(exchange)
    exchange.stay_below()
