"""What stands in the way of sending a notice, and what its author should think about. Pure.

What stands in the way is a closed set, so that the page can say each of them in words, and the door to sending
(`hindrances` = nothing) is the same for the console and the command line.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from i18n.locales import LOCALES, SOURCE
from notices.audience import Audience, Count, Left
from notices.lifecycle import Category


@dataclass(frozen=True, slots=True)
class Night:
    """When people sleep, on their clocks: nobody is woken up by news. The same hour twice = never."""

    begins: time = time(21)
    ends: time = time(8)

    def has(self, clock: time) -> bool:
        """Whether people sleep then."""
        if self.begins <= self.ends:
            return self.begins <= clock < self.ends
        return clock >= self.begins or clock < self.ends


class Choice(StrEnum):
    """What is done about people for whose language there is no text."""

    LEAVE_OUT = "leave_out"
    FALLBACK = "fallback"  # the nearest language that has one, with a line that says so


class Hindrance(StrEnum):
    """What stands in the way of sending."""

    NO_TEXT = "no_text"
    NO_DAY = "no_day"  # nobody said until when it is true
    OVER = "over"  # it is not true any more
    LACKING = "lacking"  # a language without a text, and nobody chose what to do
    NO_STAND_IN = "no_stand_in"  # a language whose people shall get another one, and no text could stand in
    LONG_TEXT = "long_text"
    LONG_LABEL = "long_label"
    UNTESTED = "untested"
    NOBODY = "nobody"


class Doubt(StrEnum):
    """What should be thought about, and does not stand in the way."""

    FEW = "few"  # so few that it may tell who they are
    NIGHT = "night"
    OFTEN = "often"  # a notice went to many less than a day ago
    SHUT = "shut"  # WhatsApp lets nobody write to some of them
    OUTDATED = "outdated"  # the text that it was translated from is newer
    UNCHECKED = "unchecked"  # no native reader has read it


@dataclass(frozen=True, slots=True)
class Said:
    """A text of a notice. version: the notice's, when it was last changed."""

    version: int
    is_tested: bool
    is_checked: bool


@dataclass(frozen=True, slots=True)
class Fit:
    """How a text fits a channel. left: UTF-16 units that the message could be longer; below 0, it is too long.

    labels: how much the longest label could be longer, likewise.
    """

    left: int
    labels: int


@dataclass(frozen=True, slots=True)
class Draft:
    """All that is asked about a notice before it goes. fits: by locale and channel. choices: by locale."""

    category: Category
    valid_until: date | None
    texts: Mapping[str, Said]
    fits: Mapping[tuple[str, str], Fit]
    choices: Mapping[str, Choice]
    count: Count


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that stands in the way or should be thought about. locale, channel: where it is about one, else ""."""

    what: Hindrance | Doubt
    locale: str = ""
    channel: str = ""


def stand_in(locale: str, texts: Iterable[str]) -> str | None:
    """The language in which somebody gets a notice: theirs, else the nearest that has a text; None: none has."""
    there = list(texts)
    chain = (locale, *(LOCALES[locale].fallback if locale in LOCALES else ()), SOURCE)
    return next((code for code in chain if code in there), there[0] if there else None)


def source_of(texts: Collection[str], wanted: str = "") -> str:
    """The text that the others are laid beside: the wanted one, else English, else any; "" where there is none."""
    return next((code for code in (wanted, SOURCE, *texts) if code in texts), "")


def used(draft: Draft) -> frozenset[str]:
    """Languages whose text somebody gets, their own or one that stands in."""
    spoken = set(draft.count.by_locale)
    return frozenset(found for locale in spoken if (found := stand_in(locale, draft.texts)) is not None)


def hindrances(draft: Draft, today: date) -> list[Found]:
    """What stands in the way of sending, in the order in which one would see to it."""
    found = [Found(Hindrance.NO_TEXT)] if not draft.texts else []
    if draft.valid_until is None:
        found.append(Found(Hindrance.NO_DAY))
    elif draft.valid_until < today:
        found.append(Found(Hindrance.OVER))
    if not draft.count.reached:
        found.append(Found(Hindrance.NOBODY))
    found += _lacking(draft)
    return [*found, *_of_texts(draft)]


def doubts(
    draft: Draft, at: datetime, started: Iterable[datetime], source: str, night: Night, *, corrects: bool = False
) -> list[Found]:
    """What should be thought about before it goes at this local time. started: when others went, on the same clock.

    corrects: it puts right what went. Then nobody gets a text that stayed as it was, and that needs a thought too.
    """
    found = [Found(Doubt.FEW)] if draft.count.tells_who else []
    if draft.category is not Category.SAFETY and night.has(at.time()):
        found.append(Found(Doubt.NIGHT))
    if any(timedelta() <= at - earlier < timedelta(days=1) for earlier in started):
        found.append(Found(Doubt.OFTEN))
    if draft.count.left.get(Left.SHUT):
        found.append(Found(Doubt.SHUT))
    read = used(draft)
    for locale, said in sorted(draft.texts.items()):
        is_older = source in draft.texts and said.version < draft.texts[source].version
        if is_older and (corrects or locale in read):
            found.append(Found(Doubt.OUTDATED, locale))
        if locale in read and not said.is_checked:
            found.append(Found(Doubt.UNCHECKED, locale))
    return found


def needs_second(category: Category, audience: Audience, reached: int, alone: int) -> bool:
    """Whether a second person has to agree: what is about safety, goes to the whole country, or to many.

    alone: to how many people somebody may write alone.
    """
    national = not audience.places and audience.event is None and audience.group is None
    return category is Category.SAFETY or national or reached > alone


def _lacking(draft: Draft) -> Iterator[Found]:
    for locale in sorted(draft.count.lacking):
        match draft.choices.get(locale):
            case None:
                yield Found(Hindrance.LACKING, locale)
            case Choice.FALLBACK if stand_in(locale, draft.texts) is None:
                yield Found(Hindrance.NO_STAND_IN, locale)
            case Choice.FALLBACK | Choice.LEAVE_OUT:
                pass


def _of_texts(draft: Draft) -> Iterator[Found]:
    """Only texts that somebody gets: what nobody gets may stay as it is."""
    going, through = used(draft), sorted(draft.count.by_channel)
    for locale in sorted(going):
        for channel in through:
            fit = draft.fits.get((locale, channel))
            if fit is not None and fit.left < 0:
                yield Found(Hindrance.LONG_TEXT, locale, channel)
            if fit is not None and fit.labels < 0:
                yield Found(Hindrance.LONG_LABEL, locale, channel)
        if not draft.texts[locale].is_tested:
            yield Found(Hindrance.UNTESTED, locale)
