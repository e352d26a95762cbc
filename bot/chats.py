"""The dialogue's port to the other chats of a person, and to the other people of a chat."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot import codes
from storage import linking, people
from storage.linking import LinkKind
from storage.people import Sharer
from storage.rows import Standing
from storage.unit_of_work import Unit


class Refusal(StrEnum):
    """Why a code was not given, or not taken. A wrong one says nothing of any chat."""

    WRONG = "wrong"
    TOO_MANY = "too_many"
    SAME = "same"  # typed in the chat that gave it
    CLOSED = "closed"  # a person must look first


@dataclass(frozen=True, slots=True)
class Found:
    """A code that is right. id: by what it is confirmed."""

    id: int
    kind: LinkKind


class Chats(Protocol):
    """What a person does with chats of theirs, and who shares this one."""

    def new_code(self, kind: LinkKind) -> str | Refusal:
        """A code of this chat, in place of an earlier one."""
        ...

    def try_code(self, code: str) -> Found | Refusal:
        """Look what a typed code leads to."""
        ...

    @property
    def me(self) -> int:
        """The contact who writes now."""
        ...

    def members(self) -> Sequence[Sharer]:
        """Who shares this chat."""
        ...

    def add_member(self) -> int | None:
        """Somebody else uses it too: their contact; None where there are too many."""
        ...

    def call_me(self, label: str) -> None:
        """How the one who writes now calls themselves."""
        ...

    def agree(self, link: int) -> bool:
        """What was found is to be done; False where it is over."""
        ...


_LENGTHS = {LinkKind.LINK: codes.SHORT, LinkKind.RECOVERY: codes.LONG}


@dataclass(frozen=True, slots=True)
class StoredChats:
    """See Chats."""

    unit: Unit
    standing: Standing
    make: Callable[[int], str] = codes.new_code

    def new_code(self, kind: LinkKind) -> str | Refusal:
        """See Chats."""
        if linking.is_closed(self.unit, self.standing.conversation_id, kind):
            return Refusal.CLOSED
        code = self.make(_LENGTHS[kind])
        return code if linking.make_code(self.unit, self.standing, kind, code) else Refusal.TOO_MANY

    def try_code(self, code: str) -> Found | Refusal:
        """See Chats."""
        unit, here = self.unit, self.standing.conversation_id
        if not linking.may_try(unit, here):
            return Refusal.TOO_MANY
        link = linking.find(unit, self.standing, code)
        if link is None:
            return Refusal.WRONG
        if link.conversation_id == here:
            return Refusal.SAME
        if any(linking.is_closed(unit, one, link.kind) for one in (here, link.conversation_id)):
            return Refusal.CLOSED
        linking.offer(unit, link, self.standing)
        return Found(link.id, link.kind)

    def agree(self, link: int) -> bool:
        """See Chats."""
        return linking.agree(self.unit, link, self.standing)

    @property
    def me(self) -> int:
        """See Chats."""
        return self.standing.contact_id

    def members(self) -> Sequence[Sharer]:
        """See Chats."""
        return people.members(self.unit, self.standing.conversation_id)

    def add_member(self) -> int | None:
        """See Chats."""
        return people.add(self.unit, self.standing)

    def call_me(self, label: str) -> None:
        """See Chats."""
        people.call(self.unit, self.standing.contact_id, label)
