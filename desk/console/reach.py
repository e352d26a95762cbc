"""How the person of a request can be reached now, where their channel limits that: the clock above the composer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from desk.console.shown import Console
from desk.reaching import KNOCKED, KNOCKS_AGAIN
from desk.thread import Thread
from storage.window import Window

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def reach(desk: Console, window: Window, locale: str, thread: Thread) -> Mapping[str, Any]:
    """What the composer shows. left: how long we may write freely, "" = always or no more; shut: no more.

    knocks: an approved text tells in this language that an answer waits. knocked: when that was said, "" = it may be
    said. changed: somebody else may be behind the address.
    """
    now = desk.database.now()
    shut = not window.is_open(now)
    knocked = [entry.at for entry in thread.entries if entry.event is not None and entry.event[0] == KNOCKED]
    lately = [at for at in knocked if now - at < KNOCKS_AGAIN]
    return {
        "left": "" if shut or window.open_until is None else _left(desk, window.open_until - now),
        "shut": shut,
        "knocks": desk.voice().can_knock(locale),
        "knocked": desk.moment(max(lately)) if shut and lately else "",
        "changed": window.changed_at is not None,
    }


def _left(desk: Console, time: timedelta) -> str:
    if time >= HOUR:
        return desk.text("window.hours", count=time // HOUR)
    return desk.text("window.minutes", count=time // MINUTE)
