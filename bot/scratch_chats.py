"""For tests and authors: a person with one chat of their own, in which no code leads anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.chats import Found, Refusal
from storage.linking import LinkKind
from storage.people import Sharer


@dataclass(slots=True)
class ScratchChats:
    """There is one chat of one person, so every code is a wrong one."""

    label: str = ""

    def new_code(self, kind: LinkKind) -> str | Refusal:
        """See Chats."""
        return "ABCDEFGH"

    def try_code(self, code: str) -> Found | Refusal:
        """See Chats."""
        return Refusal.WRONG

    def agree(self, link: int) -> bool:
        """See Chats."""
        return False

    @property
    def me(self) -> int:
        """See Chats."""
        return 1

    def members(self) -> Sequence[Sharer]:
        """See Chats."""
        return [Sharer(1, 1, self.label)]

    def add_member(self) -> int | None:
        """See Chats. There is no room here."""
        return None

    def call_me(self, label: str) -> None:
        """See Chats."""
        self.label = label
