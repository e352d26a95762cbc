"""Two faults that no careful reading of an update prevents, wrapped round the product by launch.py."""

from __future__ import annotations

import os

from bot import inbox
from bot.channels.arrivals import Words
from bot.conversation import Conversations
from storage.rows import Taken
from storage.unit_of_work import Unit

RAISE = "please raise"
EXIT = "please exit"


def break_handling() -> None:
    """From now on two words are deadly: one makes handling raise, the other ends the process in the middle of it."""
    whole = Conversations.handle

    def handle(self: Conversations, unit: Unit, taken: Taken) -> None:
        content, _ = inbox.read(taken)
        whole(self, unit, taken)
        if content == Words(RAISE):
            raise RuntimeError(RAISE)
        if content == Words(EXIT):
            os._exit(1)

    Conversations.handle = handle  # type: ignore[method-assign]
