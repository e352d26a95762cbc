"""Values as the desk's pages show them: texts, times, names of guides and languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from desk.promise import Calendar
from desk.voice import Voice
from i18n.catalog import Catalog
from i18n.locales import LOCALES
from i18n.text import say_moment
from storage.db import Database

STAFF_LANGUAGE = "en"
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Console:
    """What the desk needs. secure: cookies only over https; is_trial: a banner says what is not confirmed.

    alarms: names of what is wrong with the channels. voice: how the desk is heard in chats.
    institutions: id and name of where people can be referred to. languages: codes that staff can pick.
    """

    database: Database
    texts: Callable[[], Catalog]
    calendar: Callable[[], Calendar]
    secure: bool
    is_trial: Callable[[], bool]
    alarms: Callable[[], Sequence[str]]
    voice: Callable[[], Voice]
    institutions: Callable[[], Mapping[str, str]]
    languages: Sequence[str] = ()

    @property
    def cookie(self) -> str:
        """The cookie's name; the prefix ties it to this host and to https."""
        return "__Host-izi-desk" if self.secure else "izi-desk"

    def text(self, key: str, /, **params: Any) -> str:
        """A text for staff."""
        return self.texts().text(STAFF_LANGUAGE, f"desk.{key}", **params).string

    def where(self, guide: str | None, step: str | None, language: str = STAFF_LANGUAGE) -> str:
        """Guide and step in words; by their ids where the guide has changed since."""
        parts = [(guide, f"{guide}.guide.title"), (step, f"{guide}.{step}.title")]
        return " · ".join(self._title(key, language) or id for id, key in parts if id)

    def _title(self, key: str, language: str) -> str | None:
        try:
            return self.texts().text(language, key).string
        except KeyError:
            return None

    def moment(self, moment: datetime | None, language: str = STAFF_LANGUAGE) -> str:
        """A time on the country's clocks."""
        return say_moment(self.calendar().local(moment), language) if moment else ""

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


def language_name(code: str) -> str:
    """A language's own name, or its code."""
    return LOCALES[code].name if code in LOCALES else code
