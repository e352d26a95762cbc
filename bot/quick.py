"""The quick answers below a request that was just born: why somebody is stuck, or what it is about."""

from __future__ import annotations

from bot.actions import Act
from bot.cards import Key, key
from desk.asking import Reason, Subject


def answers(type: str, number: int) -> tuple[tuple[Key, ...], ...]:
    """The quick answers of a type of request; () where it needs none."""
    match type:
        case "step_help":
            return tuple((key(Act.REASON, f"bot.request.{one}", None, str(number), one),) for one in Reason)
        case "question":
            return tuple((key(Act.ABOUT, f"bot.request.{one}", None, str(number), one),) for one in Subject)
        case _:
            return ()
