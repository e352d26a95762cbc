"""Values as the desk's pages show them: texts, times, names of guides and languages, in the language of who asks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from fastapi import Request
from markupsafe import Markup, escape

from desk.canned import Shelf
from desk.console.looking import Looking
from desk.languages import STAFF_LANGUAGES
from desk.notice_voice import NoticeVoice
from desk.promise import Calendar
from desk.voice import Voice
from i18n.catalog import Catalog
from i18n.locales import LOCALES, SOURCE, Locale, negotiate, script
from i18n.text import say_date, say_moment, say_time
from notices.drafts import Night
from storage.db import Database
from storage.media_folder import Folder
from storage.messages import Kept
from storage.rows import OutboxState

THEMES = ("system", "light", "dark")
LANGUAGE_COOKIE, THEME_COOKIE, KEYS_COOKIE = "izi-desk-language", "izi-desk-theme", "izi-desk-keys"
HOUR = timedelta(hours=1)
#: Why words were not delivered, as far as a reader can do something with it: the reason's code and the text's name.
_WHY = {
    "blocked": "blocked", "unknown": "not_found", "not_found": "not_found", "too_old": "too_old", "tries": "too_old",
}  # fmt: skip
_NUMBERS = re.compile(r"\+?\d[\d ().,/:-]*\d")


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

    alarms: names of what is wrong with the channels. voice: how the desk is heard in chats. shelf: what can be inserted
    into an answer. institutions: id and name of where people can be referred to. organisation: our own name, as it
    stands on a slip. languages: codes that staff can pick as their own. view: of who asks. chat_address: where a token
    links a member's own chat, "" while no bot is known. folder: where the files of requests lie. address: where people
    open the desk, without a slash at its end. notices: how a notice is seen and tested. alone: to how many people one
    may write without a second person. exports_alone: how many rows of the log one person may take out.
    """

    database: Database
    texts: Callable[[], Catalog]
    calendar: Callable[[], Calendar]
    secure: bool
    is_trial: Callable[[], bool]
    alarms: Callable[[], Sequence[str]]
    voice: Callable[[], Voice]
    institutions: Callable[[], Mapping[str, str]]
    organisation: Callable[[], str]
    shelf: Callable[[], Shelf]
    chat_address: Callable[[str], str]
    folder: Folder
    notices: Callable[[], NoticeVoice]
    languages: Sequence[str] = ()
    address: str = ""
    alone: int = 50
    night: Night = field(default_factory=Night)
    exports_alone: int = 200
    view: View = View()
    looking: Looking = field(default_factory=Looking)

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

    def counted(self, key: str, n: int, /) -> str:
        """A text for staff that counts."""
        return self.texts().plural(self.view.language, f"desk.{key}", n).string

    def where(self, guide: str | None, step: str | None) -> str:
        """Guide and step in words; by their ids where the guide has changed since."""
        parts = [(guide, f"{guide}.guide.title"), (step, f"{guide}.{step}.title")]
        return " · ".join(self._title(key) or id for id, key in parts if id)

    def channel(self, scheme: str) -> str:
        """A channel's name; its scheme where it has none."""
        return self._title(f"desk.channel.{scheme}") or scheme

    def named(self, key: str) -> str:
        """A text that newcomers read, by its whole key; the key where there is none."""
        return self._title(key) or key

    def _title(self, key: str) -> str | None:
        try:
            return self.texts().text(self.view.language, key).string
        except KeyError:
            return None

    def moment(self, moment: datetime | None) -> str:
        """A time on the country's clocks."""
        return say_moment(self.calendar().local(moment), self.view.language) if moment else ""

    def day(self, moment: datetime | None) -> str:
        """The day of it, on the country's clocks."""
        return say_date(self.calendar().local(moment).date(), self.view.language) if moment else ""

    def clock(self, moment: datetime) -> str:
        """A time of today as "14:05", else with its day."""
        local, today = self.calendar().local(moment), self.calendar().local(self.database.now())
        return say_time(local, self.view.language) if local.date() == today.date() else self.moment(moment)

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


def delivered(said: Kept) -> tuple[str, str]:
    """How words of ours stand: a sign, and the key of the text that says it. For those that a channel carries."""
    match said.delivery, said.reason:
        case OutboxState.FAILED, "taken_back":
            return "↶", "delivery.taken_back"
        case OutboxState.SENT, "taken_back":
            return "↶", "delivery.deleted"
        case OutboxState.SENT, _:
            return "✓", "delivery.sent"
        case OutboxState.FAILED | OutboxState.DEAD, _:
            return "✕", f"delivery.{_WHY.get(said.reason or '', said.delivery)}"
        case _:
            return "◷", f"delivery.{said.delivery}"


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


def spoken(text: str, code: str) -> str:
    """The `lang` of what somebody wrote: their language's, where the text is in its script; else "" for unknown."""
    return LOCALES[code].tag if code in LOCALES and script(LOCALES[code].name) == script(text) else ""


def isolated(text: str) -> Markup:
    """What somebody wrote, with each phone number, sum and date kept in its order within right-to-left words."""
    pieces, numbers = _NUMBERS.split(text), _NUMBERS.findall(text)
    shown = [escape(pieces[0])]
    for number, piece in zip(numbers, pieces[1:], strict=True):
        shown += [Markup('<bdi dir="ltr">'), escape(number), Markup("</bdi>"), escape(piece)]
    return Markup("").join(shown)


def language_tag(code: str) -> str:
    """The `lang` of an element: how a screen reader should say it."""
    return LOCALES[code].tag if code in LOCALES else ""
