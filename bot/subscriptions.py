"""The dialogue's third port: what somebody asked to hear of, and what there is to be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from bot.state import State
from bot.world import World
from notices import shelf
from storage import audiences, follows, news, reminders, series, timers
from storage.news import Told
from storage.reminders import Reminder
from storage.rows import Standing
from storage.series import Place
from storage.unit_of_work import Unit


class Subscriptions(Protocol):
    """What somebody follows, and the notices, reminders and series that follow from it."""

    def follows(self) -> frozenset[str]:
        """What they follow: topic:<id> and place:<id>."""
        ...

    def follow(self, what: str, *, on: bool) -> None:
        """Follow something, or follow it no more."""
        ...

    def news(self) -> Sequence[Told]:
        """The notices that concern them and still hold, newest first."""
        ...

    def just_sent(self) -> int | None:
        """The notice that is the newest thing they got from us; None where that is something else."""
        ...

    def reminders(self) -> Sequence[Reminder]:
        """The deadlines of which they want to be reminded and will be."""
        ...

    def remind(self, guide: str, deadline: str, moments: Mapping[int, datetime]) -> None:
        """Remind them of a deadline at these times, by number, and at no others; none = not any more."""
        ...

    def series(self) -> Mapping[str, Place]:
        """How far they are in which series."""
        ...

    def follow_series(self, id: str, place: Place, first: datetime | None) -> None:
        """Write down where they are in a series, and when the next piece comes; None = none comes."""
        ...


@dataclass(frozen=True, slots=True)
class StoredSubscriptions:
    """See Subscriptions. In the unit of work of the turn."""

    unit: Unit
    standing: Standing
    state: State
    world: World

    def follows(self) -> frozenset[str]:
        """See Subscriptions."""
        return follows.follows(self.unit, self.standing.contact_id)

    def follow(self, what: str, *, on: bool) -> None:
        """See Subscriptions."""
        follows.follow(self.unit, self.standing.contact_id, what, on=on)

    def news(self) -> Sequence[Told]:
        """See Subscriptions."""
        told = news.told(self.unit, self.world.today(self.unit.now))
        if not told:
            return []
        contact = self.standing.contact_id
        # An audience means people as they are; asked for the one, so both always agree.
        page = audiences.people(self.unit, contact - 1, 1)
        person = next((one for one in page if one.contact_id == contact), None)
        got = news.got(self.unit, contact)
        if person is None:
            return [one for one in told if one.id in got]
        runs = self.state.session.runs
        person = replace(person, guide=runs[0].flow if runs else "")
        return shelf.about(person, told, got, self.unit.now)

    def just_sent(self) -> int | None:
        """See Subscriptions."""
        return news.just_sent(self.unit, self.standing.conversation_id, self.standing.contact_id)

    def reminders(self) -> Sequence[Reminder]:
        """See Subscriptions."""
        return reminders.reminders(self.unit, self.standing)

    def remind(self, guide: str, deadline: str, moments: Mapping[int, datetime]) -> None:
        """See Subscriptions."""
        reminders.remind(self.unit, self.standing, guide, deadline, moments)

    def series(self) -> Mapping[str, Place]:
        """See Subscriptions."""
        return series.places(self.unit, self.standing.contact_id)

    def follow_series(self, id: str, place: Place, first: datetime | None) -> None:
        """See Subscriptions."""
        series.put(self.unit, self.standing.contact_id, id, place)
        key = series.timer_key(self.standing.contact_id, id)
        if first is None:
            timers.cancel_timer(self.unit, key)
        else:
            timers.set_timer(self.unit, key, first, self.standing.conversation_id, series.KIND)
