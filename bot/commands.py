"""What buttons and command words do. Absolute ones say an end state, so they may be pressed again for ever."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot import (
    checklist,
    daily,
    doubt,
    finding,
    following,
    gathering_acts,
    goods,
    lacking,
    linking,
    news,
    notice_questions,
    occasions,
    people,
    reminding,
    requests,
    staff_chat,
    stopping,
    survey_acts,
    team_cards,
    telling,
    walking,
    whereabouts,
    wishes,
)
from bot.actions import Act, Action
from bot.cards import text
from bot.exchange import Exchange
from bot.paging import part_of
from bot.state import CHOOSING, Place
from flows.events import Picked, Restarted
from flows.model import ChoiceId


def do(exchange: Exchange, action: Action) -> None:
    """Carry out a button's action."""
    _DO[action.act](exchange, action.args)


def _answer(exchange: Exchange, args: tuple[str, ...]) -> None:
    run, visit, choice = args
    walking.go(exchange, Picked(int(run), int(visit), ChoiceId(choice)))


def _person(exchange: Exchange, args: tuple[str, ...]) -> None:
    match exchange.state.place:
        case Place.URGENT:
            kind = "urgent"
        case Place.LACKING if not args:
            kind = "language"
        case _:
            kind = args[0] if args else "step_help" if exchange.state.session.run else "question"
    requests.ask(exchange, kind)


def speak(exchange: Exchange, args: tuple[str, ...]) -> None:
    """Change the language and show the same screen in it; the first time, consent follows."""
    (code,) = args
    if code not in exchange.world.pickable:
        whereabouts.languages(exchange)
        return
    exchange.person = replace(exchange.person, locale=code)
    if whereabouts.needs_consent(exchange) and exchange.state.place in {*CHOOSING, Place.CONSENT}:
        whereabouts.consent(exchange)
    elif exchange.state.place in CHOOSING:
        whereabouts.to_base(exchange)
    else:
        whereabouts.repeat(exchange)
    exchange.cards[-1] = replace(exchange.cards[-1], edits=True)


def _agree(exchange: Exchange, args: tuple[str, ...]) -> None:
    (choice,) = args
    version = exchange.world.pack.consent.version
    exchange.person = replace(exchange.person, consent=choice, consent_version=version)
    if exchange.state.wanted:
        walking.open_wanted(exchange)
    elif exchange.state.place in {Place.PAPERS, Place.NEWS, Place.EVENT, Place.OCCASIONS, Place.SURVEY_INTRO}:
        whereabouts.repeat(exchange)
    else:
        whereabouts.to_base(exchange)
    exchange.lead(text("bot.consent.saved" if choice == "full" else "bot.consent.unsaved", "ok"))


def _intro(exchange: Exchange, args: tuple[str, ...]) -> None:
    walking.open_intro(exchange, args[0])


def _papers(exchange: Exchange, args: tuple[str, ...]) -> None:
    checklist.show(exchange, args[0])


def _restart(exchange: Exchange, _args: tuple[str, ...]) -> None:
    walking.go(exchange, Restarted())


def _feedback(exchange: Exchange, args: tuple[str, ...]) -> None:
    walking.rate(exchange, args[0], args[1])


def _page(exchange: Exchange, args: tuple[str, ...]) -> None:
    """The same screen with its other buttons, or the next lines of it."""
    whereabouts.repeat(exchange)
    exchange.part = part_of(args)


def by_word(exchange: Exchange, command: str) -> None:
    """Carry out a command word (content/commands.yaml)."""
    _BY_WORD[command](exchange, ())


_Do = Callable[[Exchange, tuple[str, ...]], None]
_DO: Mapping[Act, _Do] = {
    **stopping.ACTS,
    **linking.ACTS,
    **people.ACTS,
    **reminding.ACTS,
    **telling.ACTS,
    **following.ACTS,
    **occasions.ACTS,
    Act.ANSWER: _answer,
    Act.BACK: whereabouts.back,
    Act.HOME: whereabouts.home,
    Act.PERSON: _person,
    Act.URGENT: whereabouts.urgent,
    Act.LANGUAGES: whereabouts.languages,
    Act.OTHERS: lacking.others,
    Act.LACK: lacking.lack,
    Act.PAGE: _page,
    Act.LANGUAGE: speak,
    Act.CONSENT: _agree,
    Act.PRIVACY: whereabouts.privacy,
    Act.GUIDE: _intro,
    Act.START: lambda exchange, args: walking.start(exchange, args[0]),
    Act.PAPERS: _papers,
    Act.MORE: lambda exchange, args: whereabouts.beside(exchange, args, Place.MORE),
    Act.CARD: lambda exchange, args: whereabouts.beside(exchange, args, Place.CARD),
    Act.CONTINUE: whereabouts.go_on,
    Act.RESTART: _restart,
    Act.CHANGES: whereabouts.changes,
    Act.FEEDBACK: _feedback,
    Act.TICK: checklist.tick,
    Act.SHARE: walking.share,
    Act.CLAIM: team_cards.claim,
    Act.DECLINE: team_cards.decline,
    Act.DUTY: staff_chat.press,
    Act.SOLVED: team_cards.solved,
    Act.MINE: doubt.mine,
    Act.REASON: team_cards.reason,
    Act.ABOUT: team_cards.about,
    Act.ADD: requests.add,
    Act.WISH: wishes.press,
    Act.NEED: goods.press,
    Act.KNOWN: doubt.known,
    Act.EXPORT: doubt.export,
    Act.READ: finding.read_step,
    Act.NONE: finding.none_of_these,
    Act.NEWS: news.home,
    Act.NOTICES: news.notices,
    Act.NOTICE: news.notice,
    Act.ASK_NOTICE: notice_questions.ask,
    Act.SERIES: daily.show,
    Act.SERIES_SET: daily.switch,
    Act.EVENT: gathering_acts.show,
    Act.RSVP: gathering_acts.answer,
    Act.EVENT_PLACE: gathering_acts.where,
    Act.EVENTS: gathering_acts.listed,
    Act.SURVEY: survey_acts.open_survey,
    Act.SURVEY_BEGIN: survey_acts.begin,
    Act.SURVEY_ANSWER: survey_acts.press,
    Act.SURVEY_STOP: survey_acts.stop,
    Act.SURVEY_INVITED: survey_acts.invited,
    Act.SURVEY_FORGET: doubt.forget_answers,
}
_BY_WORD: Mapping[str, _Do] = {
    "home": whereabouts.home,
    "back": whereabouts.back,
    "person": _person,
    "language": whereabouts.languages,
    "stop": stopping.stop,
    "repeat": whereabouts.repeat,
    "delete": stopping.delete,
    "privacy": whereabouts.privacy,
    "urgent": whereabouts.urgent,
    "continue": whereabouts.go_on,
    "data": stopping.data,
    "requests": doubt.mine,
    "news": news.notices,
    "phrases": daily.show,
    "clear": stopping.clear,
    "link": linking.link,
    "recovery": linking.recovery,
    "events": gathering_acts.listed,
    "reminders": occasions.listed,
    "people": people.show,
}
