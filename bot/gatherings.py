"""Events, as far as a person reaches them: the dialogue's port to their lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from notices import rsvp
from notices.events import Wish
from notices.rsvp import Standpoint
from storage.events import NoEvent
from storage.rows import Standing
from storage.unit_of_work import Unit


class Gatherings(Protocol):
    """What there is to come to."""

    def look(self, id: int) -> Standpoint | None:
        """How an event stands for this person; None where there is none."""
        ...

    def answer(self, id: int, wish: Wish) -> Standpoint | None:
        """They come, or not; may be repeated. None where there is no such event."""
        ...

    def mine(self) -> Sequence[Standpoint]:
        """What is to come, theirs first."""
        ...


@dataclass(frozen=True, slots=True)
class StoredGatherings:
    """See Gatherings. The unit holds the person's conversation."""

    unit: Unit
    standing: Standing

    def look(self, id: int) -> Standpoint | None:
        """See Gatherings."""
        try:
            return rsvp.look(self.unit, id, self.standing.contact_id)
        except NoEvent:
            return None

    def answer(self, id: int, wish: Wish) -> Standpoint | None:
        """See Gatherings."""
        try:
            return rsvp.answer(self.unit, self.standing, id, wish)
        except NoEvent:
            return None

    def mine(self) -> Sequence[Standpoint]:
        """See Gatherings."""
        return rsvp.mine(self.unit, self.standing.contact_id)
