"""Who could take a request, best first, and why the others cannot. Pure.

Nobody is ever offered a request that its person said they must not see; everything else only orders the list. When
nobody who speaks the language is there, that is said, and the person chooses (wait, or another language).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from i18n.locales import LOCALES

CAP = 8  # open requests of one assistant that wait for us; above it nothing new is offered (assistant.md 3.3)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person asked for. locale: theirs. gender, origin: "" = no wish; not_origins: never somebody from there.

    not_staff: whom it may be about. previous: the assistant who helped last time, where the person wants them again.
    protected: only who may see protected requests. waits: for somebody who speaks the language, and for nobody else.
    """

    locale: str
    gender: str = ""
    origin: str = ""
    not_origins: frozenset[str] = frozenset()
    not_staff: frozenset[int] = frozenset()
    previous: int | None = None
    protected: bool = False
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Assistant:
    """Somebody who could take it. languages: codes; load: their requests in OURS.

    protection: they may see protected requests. coordinates: they may take one in a language that they do not speak.
    """

    id: int
    languages: frozenset[str]
    gender: str = ""
    origin: str = ""
    load: int = 0
    cap: int = CAP
    on_duty: bool = False
    paused_until: datetime | None = None
    protection: bool = False
    coordinates: bool = False


class Reason(StrEnum):
    """Why somebody is not offered a request."""

    OFF_DUTY = "off_duty"
    PAUSED = "paused"
    FULL = "full"
    UNWANTED = "unwanted"  # the person said: not somebody from there
    CONCERNED = "concerned"  # a complaint may be about them
    PROTECTED = "protected"
    LANGUAGE = "language"  # the person waits for somebody who speaks theirs


class Unmet(StrEnum):
    """A wish that the best offer cannot meet; counted, and said to the person."""

    NOBODY = "nobody"
    LANGUAGE = "language"
    GENDER = "gender"
    ORIGIN = "origin"
    PREVIOUS = "previous"


@dataclass(frozen=True, slots=True)
class Ranking:
    """best: ids, best first. kept_out: id and why. unmet: wishes that nobody on the list meets."""

    best: tuple[int, ...]
    kept_out: tuple[tuple[int, Reason], ...]
    unmet: frozenset[Unmet]


def rank(wish: Wish, assistants: Sequence[Assistant], now: datetime, *, urgent: bool = False) -> Ranking:
    """Order those who could take it. urgent: load and pauses keep nobody out, absence does."""
    barred = [(one.id, why) for one in assistants if (why := _barred(wish, one, now, urgent=urgent)) is not None]
    out = dict(barred)
    free = sorted((one for one in assistants if one.id not in out), key=lambda one: _distance(wish, one))
    return Ranking(tuple(one.id for one in free), tuple(barred), _unmet(wish, free))


def distance(languages: frozenset[str], locale: str) -> int:
    """How far who speaks these is from the language. 0: they speak it, or it is one that nobody knows; 1: another form
    of it (Persian for Dari); 2: one that many who read it understand (French for Kirundi); 3: neither."""
    if locale in languages or locale not in LOCALES:
        return 0
    if any(_language(code) == _language(locale) for code in languages):
        return 1
    return 2 if languages & (set(LOCALES[locale].fallback) - {"en"}) else 3


def speaks(languages: frozenset[str], locale: str) -> bool:
    """Whether they can talk without that the person agrees to another language first."""
    return distance(languages, locale) < 2


def _language(code: str) -> str:
    return code.partition("_")[0]


def _barred(wish: Wish, one: Assistant, now: datetime, *, urgent: bool) -> Reason | None:
    if wish.protected and not one.protection:
        return Reason.PROTECTED
    if one.origin and one.origin in wish.not_origins:
        return Reason.UNWANTED
    if one.id in wish.not_staff:
        return Reason.CONCERNED
    if wish.waits and not one.coordinates and not speaks(one.languages, wish.locale):
        return Reason.LANGUAGE
    if not one.on_duty:
        return Reason.OFF_DUTY
    if urgent:
        return None
    if one.paused_until is not None and one.paused_until > now:
        return Reason.PAUSED
    return Reason.FULL if one.load >= one.cap else None


def _distance(wish: Wish, one: Assistant) -> tuple[int, bool, bool, bool, int, int]:
    """Language before the wishes, the wishes before who knows the person, then who has least to do."""
    return (
        distance(one.languages, wish.locale),
        bool(wish.gender) and one.gender != wish.gender,
        bool(wish.origin) and one.origin != wish.origin,
        wish.previous != one.id,
        one.load,
        one.id,
    )


def _unmet(wish: Wish, free: Sequence[Assistant]) -> frozenset[Unmet]:
    if not free:
        return frozenset({Unmet.NOBODY})
    met = {
        Unmet.LANGUAGE: any(speaks(one.languages, wish.locale) for one in free),
        Unmet.GENDER: not wish.gender or any(one.gender == wish.gender for one in free),
        Unmet.ORIGIN: not wish.origin or any(one.origin == wish.origin for one in free),
        Unmet.PREVIOUS: wish.previous is None or any(one.id == wish.previous for one in free),
    }
    return frozenset(unmet for unmet, is_met in met.items() if not is_met)
