"""Words that are no command and no answer: a guide is looked for, a human line is said, or the miss is admitted.

The words are kept in the state only while a screen stands that offers to hand them to a person.
"""

from __future__ import annotations

from dataclasses import replace

from bot import notice_questions, screens, walking
from bot.actions import Act, Action
from bot.cards import Card, Key, Line, Local, Msg, key, quiet, text, title
from bot.exchange import Exchange
from bot.state import Place
from content.misses import plain_words
from content.search import Found, Hit
from content.talk import Kind
from i18n.locales import LOCALES, script

TOPICS = 3  # guides under a miss
LONGEST = 300  # characters of somebody's words that are shown back and handed on
OFFERED_AFTER = 2  # messages in another script than the chosen language
_OPEN_QUESTIONS = frozenset({Place.CONSENT, Place.DELETE})
_WORDS_STAND = frozenset({Place.FOUND, Place.MISSED})
_TALK: dict[Kind, str] = {
    "hello": "bot.talk.hello",
    "thanks": "bot.talk.thanks",
    "fine": "bot.talk.fine",
    "puzzled": "bot.talk.puzzled",
    "wordless": "bot.talk.wordless",
}
# From the second miss in a row on, by turns: nobody reads the same sentence twice.
_OFFERS = ("bot.search.offer", "bot.search.offer_again")


def answer(exchange: Exchange, words: str) -> bool:
    """Answer words that fit nothing on the screen. False: only the question that stands there can be put again."""
    kind = exchange.world.small_talk.kind(words)
    if kind is not None:
        exchange.show(Card((text(_TALK[kind]),)), Place.TALK)
        return True
    found = exchange.world.search.search(words)
    open_question = exchange.state.place in _OPEN_QUESTIONS
    if found.shown:
        _understood(exchange, words, found)
    elif not found.topic and exchange.world.small_talk.insults(words):
        exchange.show(Card((text("bot.talk.insult"),)), Place.TALK)
    elif not open_question and notice_questions.taken(exchange, words):
        return True
    elif found.topic:
        _understood(exchange, words, found)
    elif open_question:
        return False
    else:
        _note(exchange, words)
        _remember(exchange, words, misses=exchange.state.misses + 1)
        _missed(exchange)
    return True


def forget(exchange: Exchange) -> None:
    """Once the screens of a search are left, nothing is kept of what was looked for."""
    state = exchange.state
    if (state.asked or state.misses) and state.place not in _WORDS_STAND:
        exchange.state = replace(exchange.state, asked="", misses=0)


def show_again(exchange: Exchange) -> None:
    """The same screen once more, in the language of now."""
    found = exchange.world.search.search(exchange.state.asked)
    if exchange.state.place is Place.FOUND and found.shown:
        _choices(exchange, found.shown)
    elif found.topic and not exchange.state.misses:
        _without_guide(exchange, found.topic)
    else:
        _missed(exchange)


def none_of_these(exchange: Exchange, _args: tuple[str, ...] = ()) -> None:
    """What was found is not what was meant: a miss. A second press changes nothing."""
    if exchange.state.place is Place.FOUND:
        _note(exchange, exchange.state.asked)
        exchange.state = replace(exchange.state, misses=exchange.state.misses + 1)
    _missed(exchange)


def read_step(exchange: Exchange, args: tuple[str, ...]) -> None:
    """Show a step that was found, to be read; where the person stands in a guide does not change."""
    walking.open_step(exchange, *args)


def _understood(exchange: Exchange, words: str, found: Found) -> None:
    if found.shown:
        _remember(exchange, words, misses=exchange.state.misses)
        _choices(exchange, found.shown)
    else:
        _note(exchange, words, topic=found.topic)
        _remember(exchange, words, misses=0)
        _without_guide(exchange, found.topic)


def _remember(exchange: Exchange, words: str, *, misses: int) -> None:
    asked, other_script = words.strip()[:LONGEST], exchange.state.other_script
    if _in_script_of(exchange, asked):
        other_script = min(other_script + 1, OFFERED_AFTER + 1)
    exchange.state = replace(exchange.state, asked=asked, misses=misses, other_script=other_script)


def _note(exchange: Exchange, words: str, topic: str = "") -> None:
    """For editors, without the person, and only of people who agreed to saving."""
    if exchange.saves:
        exchange.memory.note_miss(topic, plain_words(words))


def _choices(exchange: Exchange, hits: tuple[Hit, ...]) -> None:
    """Is it this? One tap opens it; a step is opened to be read."""
    lines = [title("bot.search.is_it")]
    rows: list[tuple[Key, ...]] = []
    for hit in hits:
        guide = exchange.world.pack.guides[hit.guide]
        name = Msg(f"{hit.guide}.guide.title")
        if hit.step:
            lines.append(Line((name, Local("—"), Msg(f"{hit.guide}.{hit.step}.title")), icon=guide.icon))
            rows.append((key(Act.READ, "bot.search.step", "next", hit.guide, hit.step),))
        else:
            rows.append((Key(Action(Act.GUIDE, (hit.guide,)), name, guide.icon),))
    rows.append((key(Act.NONE, "bot.search.none", None),))
    _show(exchange, Card(tuple(lines), tuple(rows)), Place.FOUND)


def _without_guide(exchange: Exchange, topic: str) -> None:
    lines = (text("bot.search.no_guide", topic=Msg(f"bot.topics.{topic}")), text("bot.search.person_knows"))
    _show(exchange, Card((*lines, *_quoted(exchange)), (_to_person(),)), Place.MISSED)


def _missed(exchange: Exchange) -> None:
    """First time: topics. From the second time on a person is offered, with the words, so that one tap is enough."""
    misses = exchange.state.misses
    go_on = [(key(Act.CONTINUE, "bot.welcome.continue", "next"),)] if exchange.state.session.run else []
    if misses < 2:
        lines = [text("bot.notice.not_understood"), quiet("bot.search.other_words")]
        topics = screens.guide_rows(exchange.world)[:TOPICS]
        _show(exchange, Card(tuple(lines), (*go_on, *topics)), Place.MISSED)
        return
    offer = title(_OFFERS[misses % len(_OFFERS)], "person")
    _show(exchange, Card((offer, *_quoted(exchange)), (_to_person(), *go_on)), Place.MISSED)


def _quoted(exchange: Exchange) -> tuple[Line, ...]:
    """What goes along with the request, so that nobody hands on words unawares."""
    return (quiet("bot.search.words", words=exchange.state.asked),) if exchange.state.asked else ()


def _to_person() -> tuple[Key, ...]:
    return (key(Act.PERSON, "bot.search.send", "person", "question"),)


def _show(exchange: Exchange, card: Card, place: Place) -> None:
    """Who writes twice in the script of other languages is offered those, once, below what was found or not."""
    codes = _in_script_of(exchange, exchange.state.asked) if exchange.state.other_script == OFFERED_AFTER else []
    if codes:
        names = tuple((Key(Action(Act.LANGUAGE, (code,)), Local(LOCALES[code].name), "language"),) for code in codes)
        line = text("bot.search.shall_i_speak", "language", language=" · ".join(LOCALES[code].name for code in codes))
        card = replace(card, lines=(*card.lines, line), rows=(*card.rows, *names))
    exchange.show(card, place)


def _in_script_of(exchange: Exchange, words: str) -> list[str]:
    """The languages in whose script this is written, where the chosen one is not among them.

    Latin letters say nothing: people type Dari, Arabic and Russian with them where the phone has no other keyboard.
    """
    written = script(words)
    codes = [code for code in exchange.world.pickable if script(LOCALES[code].name) == written]
    return [] if written in {"", "LATIN"} or exchange.locale in codes else codes
