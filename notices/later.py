"""What a broadcast does about one person: the first sending, and each later act on those who have a copy. Pure.

A later act is about what became of the copy: again only where a passing trouble kept it, never where it may have
arrived; a follow-up for exactly those who got it; a correction and a withdrawal for all who may have read it. A copy
that is still to come says the newest words by itself, because its words are made when it is claimed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

from notices.audience import Audience, Left, left_out
from notices.drafts import stand_in
from notices.lifecycle import Kind
from storage.notice_rows import GOT, Copy, Fate, Person

#: Reasons of a dead row that may not hold any more.
PASSING = frozenset({"tries", "too_old"})
#: Telegram deletes a bot's message for 48 hours (Bot API, deleteMessage); the hour is for the queue.
DELETABLE = timedelta(hours=47)


class Spared(StrEnum):
    """Why a later act has nothing to do for somebody; stands beside Left among the reasons."""

    HAS_IT = "has_it"  # the newest words in their language were sent already
    NOT_YET = "not_yet"  # the copy is still to come, and says the newest words by itself


class Way(StrEnum):
    """How it is done."""

    TELL = "tell"  # a message of its own
    REPLACE = "replace"  # the earlier message is edited; a message of its own where that is not possible any more
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a broadcast asks about everybody.

    texts: the version of the notice with which what people read last changed, by language. leave_out: languages.
    """

    kind: Kind
    audience: Audience
    texts: Mapping[str, int]
    leave_out: Collection[str]


def decide(person: Person, copy: Copy | None, asked: Asked, now: datetime, edits: bool) -> Way | Left | Spared | None:
    """What is done about this person, or why nothing is; None: the broadcast is not about them.

    copy: of the broadcast that a later act is on. edits: whether the person's channel can edit and delete.
    """
    if asked.kind is Kind.FIRST:
        if not asked.audience.names(person, now):
            return None
        return left_out(person, asked.audience, now, asked.texts, asked.leave_out) or Way.TELL
    if copy is None or not _concerns(asked.kind, copy):
        return None
    match asked.kind:
        case Kind.AGAIN | Kind.FOLLOW_UP:
            return left_out(person, asked.audience, now, asked.texts, asked.leave_out) or Way.TELL
        case Kind.CORRECT | Kind.WITHDRAW:
            return _unreached(person) or _put_right(person, copy, asked, now, edits)
        case other:
            assert_never(other)


def _concerns(kind: Kind, copy: Copy) -> bool:
    match kind:
        case Kind.FIRST:
            return False
        case Kind.AGAIN:
            return copy.fate is Fate.DEAD and copy.reason in PASSING
        case Kind.FOLLOW_UP:
            return copy.fate in GOT
        case Kind.CORRECT | Kind.WITHDRAW:
            return copy.fate in {*GOT, Fate.UNCERTAIN, Fate.WAITING, Fate.HELD}
        case other:
            assert_never(other)


def _unreached(person: Person) -> Left | None:
    """What keeps even a correction from somebody. An urgent case only holds it."""
    reasons = ((Left.STOPPED, person.stopped), (Left.BLOCKED, person.blocked), (Left.SHUT, not person.writable))
    return next((reason for reason, holds in reasons if holds), None)


def _put_right(person: Person, copy: Copy, asked: Asked, now: datetime, edits: bool) -> Way | Spared:
    if copy.fate in {Fate.WAITING, Fate.HELD} and not copy.is_under_way:
        return Spared.NOT_YET
    if asked.kind is Kind.CORRECT:
        # "We corrected this message" above words that are as false as before would be worse than silence.
        read = stand_in(person.locale, asked.texts)
        if read is None or copy.version >= asked.texts[read]:
            return Spared.HAS_IT
        return Way.REPLACE if edits else Way.TELL
    young = copy.sent_at is None or copy.sent_at > now - DELETABLE
    if edits and young and copy.fate is not Fate.UNCERTAIN:
        return Way.DELETE
    return Way.REPLACE if edits else Way.TELL
