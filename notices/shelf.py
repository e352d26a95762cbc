"""Which notices somebody finds when they look: those that are about them and still hold. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from notices.audience import Audience
from notices.drafts import Choice
from notices.lifecycle import Kind, State
from storage.news import Sending, Told
from storage.notice_rows import Person

#: One that was stopped or is paused may be wrong: only who got it already finds it again.
_OPEN = frozenset({State.SENDING, State.DONE})


def about(person: Person, notices: Iterable[Told], got: Collection[int], now: datetime) -> list[Told]:
    """Those that concern this person, in the order given: sent to them, or to people like them."""
    return [
        one for one in notices if one.id in got or any(_means(one, sending, person, now) for sending in one.sendings)
    ]


def _means(one: Told, sending: Sending, person: Person, now: datetime) -> bool:
    if sending.kind != Kind.FIRST or sending.state not in _OPEN:
        return False
    left_out = person.locale not in one.texts and sending.lacking.get(person.locale) == Choice.LEAVE_OUT
    return not left_out and Audience.load(sending.audience).names(person, now)
