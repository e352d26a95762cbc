"""The floor: who may speak to a person now. Asked when something is queued and again when it is about to be sent."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from enum import StrEnum


class Speaker(StrEnum):
    """On whose behalf something is said."""

    GUIDE = "guide"  # the bot: guides, menus, search, reminders
    ASSISTANT = (
        "assistant"  # a human of the team, and the lines that the human's own act brings (card, closing question)
    )
    SYSTEM = "system"  # the house: the urgent card, the life of a person's own request, receipts
    NOTICE = "notice"  # news to many


class Content(StrEnum):
    """Why it is said."""

    SAFETY = "safety"  # somebody may be in danger
    ASKED = "asked"  # the person pressed a button that works for ever, gave a command, said stop or delete
    ANSWER = "answer"  # the person wrote, sent or answered something else
    UNASKED = "unasked"  # nobody asked now: the clock, a coordinator or a member of staff did


class Situation(StrEnum):
    """What may keep somebody from speaking; also the reason that is given."""

    BLOCKED = "blocked"  # the address cannot be reached
    STOPPED = "stopped"  # the person wants no news and no reminders
    URGENT = "urgent"  # an urgent case is open
    ATTACHED = "attached"  # a human talks with the person


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with a conversation now; each field is the situation of the same name."""

    blocked: bool = False
    stopped: bool = False
    urgent: bool = False
    attached: bool = False


@dataclass(frozen=True, slots=True)
class Speak:
    """Say it now."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Keep it until the situation has passed."""

    reason: Situation


@dataclass(frozen=True, slots=True)
class Drop:
    """Never say it: it would be unwanted, or out of place by the time the situation has passed."""

    reason: Situation


Verdict = Speak | Hold | Drop

_ALL = frozenset(Speaker)
_MACHINES = _ALL - {Speaker.ASSISTANT}
_ANY = frozenset(Content)

# The first row that fits decides; where none fits, anybody speaks. An assistant is kept from speaking by a blocked
# address alone. Stop ends news and reminders, also news about safety, but neither guides nor an open request. While a
# human is attached, what the person typed went to that human: a machine's answer to it would come from another talk,
# so it is dropped, while what nobody asked for can wait.
_TABLE: tuple[tuple[Situation, Set[Speaker], Set[Content], type[Hold] | type[Drop]], ...] = (
    (Situation.BLOCKED, _ALL, _ANY, Drop),
    (Situation.STOPPED, {Speaker.NOTICE}, {Content.UNASKED, Content.SAFETY}, Drop),
    (Situation.STOPPED, {Speaker.GUIDE}, {Content.UNASKED}, Drop),
    (Situation.URGENT, {Speaker.NOTICE, Speaker.GUIDE}, {Content.UNASKED}, Hold),
    (Situation.ATTACHED, _MACHINES, {Content.UNASKED}, Hold),
    (Situation.ATTACHED, _MACHINES, {Content.ANSWER}, Drop),
)


def may_speak(speaker: Speaker, content: Content, standing: Standing) -> Verdict:
    """Return whether `speaker` may say this now, and if not, why and whether it can wait."""
    holding = {situation for situation in Situation if getattr(standing, situation)}
    for situation, speakers, contents, verdict in _TABLE:
        if situation in holding and speaker in speakers and content in contents:
            return verdict(situation)
    return Speak()
