"""What somebody asked to hear of, without storage: for talks in tests, in a terminal, in transcripts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from storage.news import Told
from storage.reminders import Reminder
from storage.series import Place as Progress


@dataclass(slots=True)
class ScratchSubscriptions:
    """What somebody follows, in sets. told: the notices that concern them; newest: the one they got last."""

    followed: frozenset[str] = frozenset()
    told: list[Told] = field(default_factory=list)
    newest: int | None = None
    reminded: list[Reminder] = field(default_factory=list)
    progress: dict[str, Progress] = field(default_factory=dict)
    next_piece: datetime | None = None

    def follows(self) -> frozenset[str]:
        """See Subscriptions."""
        return self.followed

    def follow(self, what: str, *, on: bool) -> None:
        """See Subscriptions."""
        self.followed = self.followed | {what} if on else self.followed - {what}

    def news(self) -> Sequence[Told]:
        """See Subscriptions."""
        return self.told

    def just_sent(self) -> int | None:
        """See Subscriptions."""
        return self.newest

    def reminders(self) -> Sequence[Reminder]:
        """See Subscriptions."""
        return self.reminded

    def remind(self, guide: str, deadline: str, moments: Mapping[int, datetime]) -> None:
        """See Subscriptions."""
        others = [one for one in self.reminded if (one.guide, one.deadline) != (guide, deadline)]
        self.reminded = others + [Reminder(guide, deadline, moment) for moment in list(moments.values())[:1]]

    def series(self) -> Mapping[str, Progress]:
        """See Subscriptions."""
        return self.progress

    def follow_series(self, id: str, place: Progress, first: datetime | None) -> None:
        """See Subscriptions."""
        self.progress[id] = place
        self.next_piece = first
