"""One arrival in, cards out: the order in which a message is understood.

Urgent words come before everything, then command words, languages, the buttons on the screen, the open request; what
fits nothing is looked for (bot/finding.py). The Person button is on all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import assert_never

from bot import (
    checklist,
    commands,
    finding,
    following,
    lacking,
    linking,
    links,
    media_in,
    notice_questions,
    occasions,
    people,
    requests,
    staff_chat,
    strangers,
    survey_acts,
    team_cards,
    telling,
    typed_buttons,
    walking,
    whereabouts,
)
from bot.actions import BOUND_TO_SCREEN, BOUND_TO_STANDING, Act, Action
from bot.cards import text
from bot.channels.arrivals import Media, MediaKind, Words
from bot.exchange import AWAY, Exchange
from bot.state import State
from i18n import locales

DOUBLE_TAP = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button whose signature was looked at. action: None for one that we did not make for this address."""

    data: str
    action: Action | None


def respond(exchange: Exchange, content: Pressed | Words | Media) -> None:
    """Understand one arrival; person, state and cards of the exchange say what follows."""
    match content:
        case Pressed():
            _press(exchange, content)
        case Words(edited=True):
            _correction(exchange, content.text)
        case Words(forwarded=True):
            _words(exchange, content.text.lstrip(" /"))  # a command that somebody else gave is only words
        case Words():
            _words(exchange, content.text)
        case Media():
            _media(exchange, content)
        case _:
            assert_never(content)
    finding.forget(exchange)


def _press(exchange: Exchange, press: Pressed) -> None:
    state, action = exchange.state, press.action
    if state.pressed == press.data and state.pressed_at and exchange.now - state.pressed_at < DOUBLE_TAP:
        return
    exchange.state = replace(state, pressed=press.data, pressed_at=exchange.now)
    if action is None:
        whereabouts.repeat(exchange)
        exchange.lead(text("bot.notice.forged", "safety"))
        exchange.stay_below()
    elif strangers.language_first(
        exchange, always=action.act in strangers.ACTS_WITHOUT_LANGUAGE, person=action.act is Act.PERSON
    ):
        whereabouts.languages(exchange)
    elif _is_over(action, state):
        whereabouts.repeat(exchange)
        exchange.lead(text("bot.notice.stale", "safety"))
        exchange.stay_below()
    else:
        commands.do(exchange, action)
        if action.screen < state.anchored:
            exchange.stay_below()


def _is_over(action: Action, state: State) -> bool:
    """Whether a button belongs to a screen, or to a standing, that is not the present one."""
    if action.act in BOUND_TO_STANDING and action.screen <= state.since:
        return True
    return action.act in BOUND_TO_SCREEN and action.screen != state.screen


def _words(exchange: Exchange, words: str) -> None:
    # Nothing is said to what goes to a human; but a command beside that talk is answered.
    exchange.owed = exchange.person.attached is not None
    if exchange.world.urgent.is_urgent(words) and not typed_buttons.is_label(exchange, words):
        _urgent(exchange, words)
    elif staff_chat.typed(exchange, words) or (exchange.person.locale and linking.typed(exchange, words)):
        return
    elif exchange.person.attached is not None and not _stays_with_us(exchange, words):
        _to_human(exchange, exchange.person.attached, words)
    elif command := exchange.world.commands.find(words):
        _command(exchange, command, words)
    elif code := locales.named(words, exchange.world.pickable):
        commands.speak(exchange, (code,))
    elif not exchange.person.locale:
        strangers.say(exchange, words)
    elif checklist.typed(exchange, words) or people.typed(exchange, words):
        return
    elif survey_acts.waits(exchange) and not typed_buttons.is_label(exchange, words):
        survey_acts.typed(exchange, words)
        exchange.stay_below()
    elif key := typed_buttons.find(exchange, words):
        commands.do(exchange, key.action)
        exchange.stay_below()
    elif telling.typed(exchange, words) or occasions.typed(exchange, words) or following.typed(exchange, words):
        exchange.stay_below()
    elif team_cards.thanked(exchange, words) or requests.join(exchange, words):
        return
    elif _comes_back(exchange):
        whereabouts.welcome(exchange)
        exchange.stay_below()
    elif requests.reopen(exchange, words) or requests.too_late(exchange):
        return
    elif (known := locales.known(words)) is not None:
        lacking.lack(exchange, (known.code,))
    elif not finding.answer(exchange, words):
        whereabouts.repeat(exchange)
        exchange.lead(text("bot.notice.not_understood"))
        exchange.stay_below()


def _stays_with_us(exchange: Exchange, words: str) -> bool:
    """While a human is in the chat, only slash commands, stop and delete are still ours (rulings 31)."""
    return words.lstrip().startswith("/") or exchange.world.commands.find(words) in {"stop", "delete"}


def _to_human(exchange: Exchange, number: int, words: str) -> None:
    """To the human who is in this chat. Nothing is said to it; the next screen is a new message below."""
    exchange.team.tell(number, words)
    exchange.joined = True
    exchange.state = replace(exchange.state, anchor=None)


def _urgent(exchange: Exchange, words: str) -> None:
    """Numbers first, in the chosen language, or in the one that the cry for help is in."""
    world = exchange.world
    exchange.state = replace(exchange.state, danger="child" if world.urgent.is_of_child(words) else "")
    if not exchange.person.locale:
        cried_in = next(
            (code for code in world.pickable if code in world.cries and world.cries[code].is_urgent(words)), None
        )
        cried_in = cried_in or locales.negotiate(exchange.person.phone_language, world.pickable)
        exchange.state = replace(exchange.state, cried_in=cried_in or exchange.state.cried_in)
    if not exchange.joined:
        requests.keep(exchange, words)
    whereabouts.urgent(exchange)


def _start(exchange: Exchange, words: str) -> None:
    """A link is remembered until language and consent are chosen, then it opens what it names."""
    payload = words.partition(" ")[2]
    if staff_chat.follow(exchange, payload):
        return
    link = links.read(payload, exchange.world)
    if link is not None:
        exchange.state = replace(exchange.state, wanted=(link.guide, link.step))
        if link.language and not exchange.person.locale:
            exchange.person = replace(exchange.person, locale=link.language)
    if not exchange.person.locale:
        whereabouts.languages(exchange)
    elif whereabouts.needs_consent(exchange):
        whereabouts.consent(exchange)
    elif exchange.state.wanted:
        walking.open_wanted(exchange)
    elif exchange.state.session.run is not None:
        whereabouts.welcome(exchange)
    else:
        whereabouts.home(exchange)
    if links.invitation(payload) is not None:
        exchange.lead(text("desk.chat.link_used", "safety"))
    exchange.stay_below()


def _command(exchange: Exchange, command: str, words: str) -> None:
    if command == "start":
        _start(exchange, words)
    elif strangers.language_first(exchange, always=command in strangers.WITHOUT_LANGUAGE, person=command == "person"):
        whereabouts.languages(exchange)
    elif command == "continue" and (key := typed_buttons.find(exchange, words)):
        commands.do(exchange, key.action)  # in some languages "Go on" under a step is the same word
    else:
        commands.by_word(exchange, command)
    exchange.stay_below()


def _was_away(exchange: Exchange) -> bool:
    seen = exchange.state.seen_at
    return seen is not None and exchange.now - seen > AWAY


def _comes_back(exchange: Exchange) -> bool:
    """Somebody in a guide who writes after days, and not because a notice came."""
    inside = _was_away(exchange) and exchange.state.session.run is not None
    return inside and not notice_questions.is_answer(exchange)


def _correction(exchange: Exchange, words: str) -> None:
    """An edited message is only looked at where it asks for help or belongs to a request; nobody answers twice."""
    number = exchange.team.correct(words)
    exchange.joined = number is not None
    if exchange.state.run is not None or exchange.state.surveyed:
        exchange.secret = True  # it may be an answer that must not lead to them
    if exchange.world.urgent.is_urgent(words):
        _urgent(exchange, words)
    elif number is not None:
        if exchange.person.attached is None:
            requests.confirm(exchange, text("bot.request.joined", "ok", number=number))
    elif exchange.person.attached is not None:
        _to_human(exchange, exchange.person.attached, words)
    elif exchange.person.locale:
        requests.join(exchange, words)


def _media(exchange: Exchange, media: Media) -> None:
    if media.text and exchange.world.urgent.is_urgent(media.text):
        _urgent(exchange, media.text)
    elif media.edited:
        return
    elif not (exchange.person.locale or strangers.cried_for_help(exchange)):
        whereabouts.languages(exchange)
    elif media.kind is MediaKind.VOICE and exchange.person.attached is None and survey_acts.waits(exchange):
        survey_acts.spoken(exchange, media)
        exchange.stay_below()
    else:
        media_in.answer(exchange, media)
        exchange.stay_below()
