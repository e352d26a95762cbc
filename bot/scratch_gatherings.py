"""Events and surveys in memory, for a talk without storage (bot/testing.py)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.channels.arrivals import Media
from notices.events import TAKES, Seat, State, Wish, ahead, free, settle
from notices.rsvp import Standpoint, state_of
from notices.surveys import Answer, Spoken, spoken
from storage.events import EventRow, SeatRow
from storage.surveys import SurveyRow


@dataclass(slots=True)
class ScratchGatherings:
    """Events and their lists, in memory. Nobody else is there unless a test puts them into `seats`."""

    clock: Callable[[], datetime]
    me: int
    events: dict[int, EventRow] = field(default_factory=dict)
    seats: dict[int, dict[int, Seat]] = field(default_factory=dict)

    def look(self, id: int) -> Standpoint | None:
        """See Gatherings."""
        event, listed = self.events.get(id), self.seats.get(id, {})
        if event is None or event.state == State.DRAFT:
            return None
        mine, everybody = listed.get(self.me), list(listed.values())
        numbered = {who: number for number, who in enumerate(listed, 1)}
        left, state = free(everybody, event.capacity), state_of(event, self.clock())
        if mine is None:
            return Standpoint(event, state, left)
        row = SeatRow(id, self.me, 1, "en", numbered[self.me], mine.stand, mine.companions, mine.turn, attended=None)
        return Standpoint(event, state, left, row, ahead(everybody, mine))

    def answer(self, id: int, wish: Wish) -> Standpoint | None:
        """See Gatherings."""
        before = self.look(id)
        if before is None or before.state not in TAKES:
            return before
        listed = self.seats.setdefault(id, {})
        settled = settle(list(listed.values()), before.event.capacity, self.me, wish)
        listed |= {seat.who: seat for seat in (settled.seat, *settled.moved_up) if seat is not None}
        after = self.look(id)
        return after and replace(after, refused=settled.refused)

    def mine(self) -> Sequence[Standpoint]:
        """See Gatherings."""
        return [found for id in self.events if (found := self.look(id)) is not None]


@dataclass(slots=True)
class ScratchSurveys:
    """Surveys that are asked of this person, and what they answered: survey, answers, whether to invite them.

    heard: voice notes; the first is number 1. thrown_away: the numbers of those that nobody will get.
    """

    surveys: dict[int, SurveyRow] = field(default_factory=dict)
    finished: list[tuple[int, tuple[Answer, ...], bool]] = field(default_factory=list)
    heard: list[Media] = field(default_factory=list)
    thrown_away: list[int] = field(default_factory=list)

    def read(self, id: int) -> SurveyRow | None:
        """See Surveys."""
        linked = {survey for survey, *_ in self.finished if not self.surveys[survey].anonymous}
        return None if id in linked else self.surveys.get(id)

    def finish(self, id: int, answers: Sequence[Answer], *, may_invite: bool) -> None:
        """See Surveys."""
        self.finished.append((id, tuple(answers), may_invite))

    def hear(self, media: Media) -> Spoken | None:
        """See Surveys."""
        self.heard.append(media)
        return Spoken(len(self.heard))

    def throw_away(self, answers: Sequence[Answer]) -> None:
        """See Surveys."""
        self.thrown_away += spoken(answers).values()

    def forget(self) -> None:
        """See Surveys."""
        self.finished = [one for one in self.finished if self.surveys[one[0]].anonymous]
