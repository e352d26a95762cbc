"""Where a person stands outside the engine: which screen, which button presses are current, which request is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson

from flows import session as sessions
from flows.session import Session
from notices.surveys import Answer, Run, Spoken

VERSION = 1
SPOKEN = "spoken"  # an answer of a survey that is a voice note, in the JSON


class Place(StrEnum):
    """A screen that can be shown again from the state alone."""

    PICKER = "picker"
    OTHERS = "others"
    LACKING = "lacking"
    CONSENT = "consent"
    PRIVACY = "privacy"
    HOME = "home"
    INTRO = "intro"
    STEP = "step"
    END = "end"
    PAPERS = "papers"
    MORE = "more"
    CARD = "card"
    WELCOME = "welcome"
    CHANGES = "changes"
    URGENT = "urgent"
    NOTICES = "notices"
    REQUEST = "request"
    DATA = "data"
    KNOWN = "known"
    DAY = "day"
    SHARE = "share"
    DELETE = "delete"
    FOUND = "found"
    MISSED = "missed"
    MINE = "mine"
    WISH = "wish"
    WISH_COUNTRY = "wish_country"
    WISH_LANGUAGE = "wish_language"
    WISH_ORIGIN = "wish_origin"
    NEED = "need"  # the form for goods or money
    THANKS = "thanks"  # what is written now is said of the help
    NEWS = "news"
    NOTICE_LIST = "notice_list"
    NOTICE = "notice"  # one notice; what is written now may be about it
    TOWN = "town"
    TOPICS = "topics"
    PLACES = "places"
    SERIES = "series"
    OCCASIONS = "occasions"
    OCCASION = "occasion"  # what is written now may be its day
    CHATS = "chats"
    EVENT = "event"
    EVENT_PLACE = "event_place"
    EVENTS = "events"
    SURVEY_INTRO = "survey_intro"
    SURVEY = "survey"  # one of its questions; what is written now may answer it
    PEOPLE = "people"
    LABEL = "label"  # what is written now is how they want to be called
    TALK = "talk"  # a human line alone; what stood there before still stands


# Back from any other screen leads to the last of these.
BASES = frozenset({Place.HOME, Place.INTRO, Place.STEP})
# Screens on which a language is chosen: after the choice they are left.
CHOOSING = frozenset({Place.PICKER, Place.OTHERS, Place.LACKING})


NOWHERE = Session()


class StateError(Exception):
    """A stored state that this version cannot read."""


@dataclass(frozen=True, slots=True)
class State:
    """Everything that is remembered between two arrivals of one contact.

    base: the last place to which Back leads. guide, step: what the place is about.
    screen: number of the newest screen; buttons carry it.
    anchor: outbox row of the newest screen, so that it can be edited. anchored: number of the screen that it showed
    first; whoever presses a button of this or a later one, presses it in that message.
    pressed, pressed_at: the last button, so that a double tap is silent.
    request, joins_until: words that fit nothing join this request until then.
    quick: type of the request whose quick answers stand below it; "" = none, or they were used.
    danger: what a cry for help was about, where its words say it ("child").
    rated: guides that were rated, so that feedback counts once. seen_at: the last arrival (aware, UTC).
    cried_in: language of a cry for help before one was chosen; answers come in it until then.
    wanted_language: one that was asked for and that we lack.
    wanted: (guide, step) that a link named, until language and consent are chosen; () = none.
    about: the event or survey that the place is about; 0 = none.
    run: how far they are in a survey, with the answers so far; nobody else has them before the last one.
    surveyed: anonymous surveys that they finished; only here it is known.
    asked: words that were looked for, while the screen is FOUND or MISSED; misses: of them in a row.
    occasion: the one that the place is about; "" = none.
    notice: the one that the person reads or answered last. page: of a screen that has several.
    at: address to which the anchor was sent. since: buttons of screens up to this one belong to another standing.
    other_script: messages in a script of other languages than the chosen one; counted to one more than are needed.
    """

    session: Session = NOWHERE
    place: Place = Place.PICKER
    base: Place = Place.HOME
    guide: str = ""
    step: str = ""
    screen: int = 0
    anchor: int | None = None
    anchored: int = 0
    pressed: str = ""
    pressed_at: datetime | None = None
    request: int | None = None
    joins_until: datetime | None = None
    quick: str = ""
    danger: str = ""
    rated: tuple[str, ...] = ()
    seen_at: datetime | None = None
    cried_in: str = ""
    wanted_language: str = ""
    wanted: tuple[str, ...] = ()
    about: int = 0
    run: Run | None = None
    surveyed: tuple[int, ...] = ()
    asked: str = ""
    misses: int = 0
    other_script: int = 0
    notice: int | None = None
    page: int = 0
    occasion: str = ""
    at: int = 0
    since: int = 0


def dump(state: State) -> bytes:
    """The state as JSON bytes."""
    return orjson.dumps(
        {
            "v": VERSION,
            "session": sessions.dump(state.session),
            "place": state.place,
            "base": state.base,
            "guide": state.guide,
            "step": state.step,
            "screen": state.screen,
            "anchor": state.anchor,
            "anchored": state.anchored,
            "pressed": state.pressed,
            "pressed_at": _text(state.pressed_at),
            "request": state.request,
            "joins_until": _text(state.joins_until),
            "quick": state.quick,
            "danger": state.danger,
            "rated": state.rated,
            "seen_at": _text(state.seen_at),
            "cried_in": state.cried_in,
            "wanted_language": state.wanted_language,
            "wanted": state.wanted,
            "about": state.about,
            "run": [state.run.survey, *map(_answer, state.run.answers)] if state.run is not None else None,
            "surveyed": state.surveyed,
            "asked": state.asked,
            "misses": state.misses,
            "other_script": state.other_script,
            "notice": state.notice,
            "page": state.page,
            "occasion": state.occasion,
            "at": state.at,
            "since": state.since,
        }
    )


def load(raw: bytes) -> State:
    """Read what dump wrote. Raises StateError for an unknown version or shape."""
    try:
        found = orjson.loads(raw)
        if found["v"] != VERSION:
            raise StateError(f"state version {found['v']}")
        return State(
            session=sessions.load(found["session"]),
            place=Place(found["place"]),
            base=Place(found["base"]),
            guide=found["guide"],
            step=found["step"],
            screen=found["screen"],
            anchor=found["anchor"],
            anchored=found.get("anchored", found["screen"]),
            pressed=found["pressed"],
            pressed_at=_moment(found["pressed_at"]),
            request=found["request"],
            joins_until=_moment(found["joins_until"]),
            quick=found.get("quick", ""),
            danger=found.get("danger", ""),
            rated=tuple(found["rated"]),
            seen_at=_moment(found["seen_at"]),
            cried_in=found["cried_in"],
            wanted_language=found.get("wanted_language", ""),
            wanted=tuple(found["wanted"]),
            about=found.get("about", 0),
            run=_run(found.get("run")),
            surveyed=tuple(found.get("surveyed", ())),
            asked=found.get("asked", ""),
            misses=found.get("misses", 0),
            other_script=found.get("other_script", 0),
            notice=found.get("notice"),
            page=found.get("page", 0),
            occasion=found.get("occasion", ""),
            at=found.get("at", 0),
            since=found.get("since", 0),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise StateError(type(error).__name__) from error


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _run(found: list[Any] | None) -> Run | None:
    if not found:
        return None
    survey, *answers = found
    return Run(survey, tuple(Spoken(one[SPOKEN]) if isinstance(one, dict) else one for one in answers))


def _answer(answer: Answer) -> object:
    return {SPOKEN: answer.id} if isinstance(answer, Spoken) else answer


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
