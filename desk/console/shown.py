"""Values as the desk's pages show them: texts, times, names of guides and languages, in the language of who asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from fastapi import Request

from desk.canned import Shelf
from desk.languages import STAFF_LANGUAGES
from desk.promise import Calendar
from desk.voice import Voice
from i18n.catalog import Catalog
from i18n.locales import LOCALES, SOURCE, Locale, negotiate
from i18n.text import say_moment
from storage.db import Database

THEMES = ("system", "light", "dark")
LANGUAGE_COOKIE, THEME_COOKIE, KEYS_COOKIE = "izi-desk-language", "izi-desk-theme", "izi-desk-keys"
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class View:
    """How one browser shows the desk. theme: of THEMES; keys: whether single keys do something (WCAG 2.1.4)."""

    language: str = SOURCE
    theme: str = "system"
    keys: bool = True

    @property
    def locale(self) -> Locale:
        """The language with its tag and direction."""
        return LOCALES[self.language]


@dataclass(frozen=True, slots=True)
class Console:
    """What the desk needs. secure: cookies only over https; is_trial: a banner says what is not confirmed.

    alarms: names of what is wrong with the channels. voice: how the desk is heard in chats. shelf: what can be
    inserted into an answer. institutions: id and name of where people can be referred to. languages: codes that staff
    can pick as their own. view: of who asks.
    """

    database: Database
    texts: Callable[[], Catalog]
    calendar: Callable[[], Calendar]
    secure: bool
    is_trial: Callable[[], bool]
    alarms: Callable[[], Sequence[str]]
    voice: Callable[[], Voice]
    institutions: Callable[[], Mapping[str, str]]
    shelf: Callable[[], Shelf]
    languages: Sequence[str] = ()
    view: View = View()

    @property
    def cookie(self) -> str:
        """The cookie's name; the prefix ties it to this host and to https."""
        return "__Host-izi-desk" if self.secure else "izi-desk"

    @property
    def nonce_cookie(self) -> str:
        """Marks a browser that has opened a link."""
        return f"{self.cookie}-link"

    def to(self, request: Request) -> Console:
        """The same desk as this browser shows it."""
        return replace(self, view=view_of(request))

    def text(self, key: str, /, **params: Any) -> str:
        """A text for staff."""
        return self.texts().text(self.view.language, f"desk.{key}", **params).string

    def where(self, guide: str | None, step: str | None) -> str:
        """Guide and step in words; by their ids where the guide has changed since."""
        parts = [(guide, f"{guide}.guide.title"), (step, f"{guide}.{step}.title")]
        return " · ".join(self._title(key) or id for id, key in parts if id)

    def _title(self, key: str) -> str | None:
        try:
            return self.texts().text(self.view.language, key).string
        except KeyError:
            return None

    def moment(self, moment: datetime | None) -> str:
        """A time on the country's clocks."""
        return say_moment(self.calendar().local(moment), self.view.language) if moment else ""

    def since(self, moment: datetime, now: datetime) -> str:
        """How long ago, short: "5 min", "2 h 10", "3 d"."""
        passed = max(now - moment, timedelta())
        hours, minutes = passed // HOUR, passed % HOUR // timedelta(minutes=1)
        if passed.days >= 2:
            return self.text("wait.days", count=passed.days)
        return (
            self.text("wait.hours", hours=hours, minutes=minutes)
            if hours
            else self.text("wait.minutes", minutes=minutes)
        )


def view_of(request: Request) -> View:
    """What was chosen in this browser, else what the browser asks for."""
    theme, language = request.cookies.get(THEME_COOKIE, ""), request.cookies.get(LANGUAGE_COOKIE, "")
    return View(
        language if language in STAFF_LANGUAGES else _asked_for(request.headers.get("accept-language", "")),
        theme if theme in THEMES else "system",
        request.cookies.get(KEYS_COOKIE) != "off",
    )


@lru_cache(maxsize=256)
def _asked_for(accepted: str) -> str:
    """The nearest of our languages to what a browser names first."""
    first = accepted.partition(",")[0].partition(";")[0].strip()
    return negotiate(first or None, STAFF_LANGUAGES) or SOURCE


def language_name(code: str) -> str:
    """A language's own name, or its code."""
    return LOCALES[code].name if code in LOCALES else code


def language_tag(code: str) -> str:
    """The `lang` of an element: how a screen reader should say it."""
    return LOCALES[code].tag if code in LOCALES else ""
