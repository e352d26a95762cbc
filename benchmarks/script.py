"""The conversation that every system has with every person: 12 updates, to which it makes 21 calls.

Three things are typed, nine buttons are pressed; each press is answered (answerCallbackQuery) and each of the twelve
brings one screen.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Act:
    """What a person does next. label: the end of a button's label; typed: write it instead of pressing it."""

    label: str
    typed: bool = False


TALK = (
    Act("/start", typed=True),
    Act("English"),
    Act("OK, continue"),
    Act("Driving licence"),
    Act("Start"),
    Act("No"),
    Act("Refugee status", typed=True),
    Act("Yes"),
    Act("Done"),
    Act("Yes", typed=True),
    Act("No, a normal one"),
    Act("Yes"),
)
UPDATES = len(TALK)
PRESSES = sum(not act.typed for act in TALK)
CALLS = UPDATES + PRESSES
