"""The ways to each ending of a guide, found by search over the flow that people walk."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterator
from datetime import UTC, datetime

from flows.effects import Ended
from flows.engine import Turn, advance, begin
from flows.events import Picked
from flows.model import ChoiceId, FlowId, Library, Profile, StepId
from flows.session import Session

Route = tuple[ChoiceId, ...]
_ANY_TIME = datetime(2026, 11, 23, tzinfo=UTC)  # flows have no clock of their own


class Routes:
    """The routes through one guide for a person of this profile. A route is the choices that are picked, in order."""

    def __init__(self, library: Library, guide: FlowId, profile: Profile) -> None:
        self._library = library
        self._guide = guide
        self._profile = profile

    def shortest(self) -> dict[StepId, Route]:
        """A route with the fewest choices to every wait and ending that can be reached."""
        begun = self._begin()
        found: dict[StepId, Route] = {begun.session.runs[-1].step: ()}
        waiting: deque[tuple[Session, Route]] = deque([(begun.session, ())])
        met = {_standing(begun.session)}
        while waiting:
            session, route = waiting.popleft()
            for choice, turn in self._onward(session):
                if ending := self._ending(turn):
                    found.setdefault(ending, (*route, choice))
                elif (standing := _standing(turn.session)) not in met:
                    met.add(standing)
                    found.setdefault(turn.session.runs[-1].step, (*route, choice))
                    waiting.append((turn.session, (*route, choice)))
        return found

    def longest(self, ending: StepId) -> Route:
        """The route with the most choices to an ending, loops left out. Raises KeyError when there is none."""
        known: dict[Hashable, Route | None] = {}

        def beyond(session: Session) -> Route | None:
            standing = _standing(session)
            if standing not in known:
                known[standing] = None  # whoever comes here again went round a loop
                known[standing] = max(filter(None, ways(session)), key=len, default=None)
            return known[standing]

        def ways(session: Session) -> Iterator[Route | None]:
            for choice, turn in self._onward(session):
                reached = self._ending(turn)
                rest = () if reached == ending else None if reached else beyond(turn.session)
                yield None if rest is None else (choice, *rest)

        route = beyond(self._begin().session)
        if route is None:
            raise KeyError(ending)
        return route

    def _begin(self) -> Turn:
        return begin(self._library, self._guide, self._profile, Session(), _ANY_TIME)

    def _onward(self, session: Session) -> Iterator[tuple[ChoiceId, Turn]]:
        run = session.run
        if run is not None:
            for choice in self._library[run.flow].steps[run.step].choices:
                picked = Picked(run.id, run.visit, choice.id)
                yield choice.id, advance(self._library, session, picked, self._profile, _ANY_TIME)

    @staticmethod
    def _ending(turn: Turn) -> StepId | None:
        return next((effect.step for effect in turn.effects if isinstance(effect, Ended)), None)


def _standing(session: Session) -> Hashable:
    """What decides how the flow goes on: where every run stands and what was answered."""
    return tuple((run.flow, run.step, run.detour, run.passed, frozenset(run.answers.items())) for run in session.runs)
