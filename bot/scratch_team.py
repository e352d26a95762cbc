"""A desk at which nobody works, in memory. For tests, for authors, and for `izi talk`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.team import Claimed, Mine, Presence
from desk.alerts import Called
from desk.asking import Added, Asking, Subject, Wished
from desk.goods import Need
from desk.requests import NotYours
from desk.staff_chat import Duty, Linked


@dataclass(slots=True)
class ScratchTeam:
    """The people at the desk, in lists: nobody answers here."""

    told: list[tuple[int, str]] = field(default_factory=list)
    added: list[tuple[int, Added]] = field(default_factory=list)
    thanked: list[tuple[int, str]] = field(default_factory=list)

    def tell(self, number: int, words: str) -> None:
        """See Team."""
        self.told.append((number, words))

    def correct(self, words: str) -> int | None:
        """See Team."""
        return None

    def reopenable(self) -> int | None:
        """See Team."""
        return None

    def asking(self, number: int) -> Asking | None:
        """See Team. Whatever is asked for waits, and somebody is there."""
        wished = {added.name: added.value for to, added in self.added if to == number and isinstance(added, Wished)}
        wished = {name: value for name, value in wished.items() if value}
        type = next((added for to, added in self.added if to == number and isinstance(added, Subject)), "question")
        form = {added.question: added.choice for to, added in self.added if to == number and isinstance(added, Need)}
        return Asking(number, type, True, False, Called(on_duty=True), wished, known=False, form=form)

    def add(self, number: int, added: Added) -> bool:
        """See Team."""
        self.added.append((number, added))
        return True

    def thank(self, number: int, words: str) -> bool:
        """See Team."""
        self.thanked.append((number, words))
        return True

    def mine(self) -> Sequence[Mine]:
        """See Team."""
        return ()

    def claim(self, number: int) -> Claimed:
        """See Team."""
        return Claimed.NOT_STAFF

    def decline(self, number: int) -> bool:
        """See Team."""
        return False

    def waiting(self) -> int:
        """See Team. Never reached: nobody works here."""
        raise NotYours

    def link_chat(self, token: str) -> Linked:
        """See Team."""
        return Linked.UNKNOWN

    def presence(self) -> Presence | None:
        """See Team."""
        return None

    def set_duty(self, duty: Duty, minutes: int) -> None:
        """See Team. Never reached: nobody works here."""
        raise NotYours

    def sign_in(self) -> str:
        """See Team. Never reached: nobody works here."""
        raise NotYours
