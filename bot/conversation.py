"""One inbox row -> one transaction: what came, and who deals with it.

No I/O but the database, so the whole may be run again from its start.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from bot import groups, inbox, ringing
from bot.channels.arrivals import Changed, Group, InTopic, Media, Press, Reach, Unreadable, Words
from bot.channels.traits import traits_of
from bot.logs import log, places
from bot.pacing import PersonPace, Pressure
from bot.turn import Said, Turn
from bot.world import World
from desk import reaching
from storage import queue, window
from storage.inbox_rows import Hopeless
from storage.rows import LEAVE_GROUP, TIMER_CHANNEL, Taken
from storage.unit_of_work import Unit


class CannotRead(Hopeless):
    """The arrival is of no known form: it is parked for staff."""


class Conversations:
    """Handles inbox rows. world: gives today's snapshot; pace: one person's flood."""

    def __init__(self, world: Callable[[], World], pace: PersonPace) -> None:
        self._world = world
        self._pace = pace

    def handle(self, unit: Unit, taken: Taken) -> None:
        """Answer one row inside its transaction. Raises CannotRead for what nobody can read."""
        try:
            self._handle(unit, taken)
        except CannotRead:
            raise
        except Exception as error:
            # Class and place only: the words of an error may hold what a person wrote.
            log.error("turn_failed", seq=taken.seq, error=type(error).__name__, at=places(error))
            raise

    def _handle(self, unit: Unit, taken: Taken) -> None:
        if taken.channel == TIMER_CHANNEL:
            self._ring(unit, taken)
            return
        content, language = inbox.read(taken)
        match content:
            case Reach():
                if not content.open:
                    queue.close_address(unit, taken.address_id)
                    groups.left(unit, taken)
            case Group():
                if self._pace.press(taken.conversation_id, unit.now) is Pressure.CALM:
                    groups.answer(unit, taken, self._world(), content.bot, language)
            case InTopic():
                Turn(unit, taken, self._world()).in_topic(content)
            case Changed(moved_to):
                if moved_to:
                    # Whoever has the old number next is somebody else, and begins as everybody does.
                    queue.move_address(unit, taken.address_id, moved_to)
                reaching.who_changed(unit, taken.standing, taken.address_id)
            case Unreadable():
                raise CannotRead
            case Words() | Press() | Media():
                if (free_for := traits_of(taken.address_channel).free_for) is not None:
                    window.note_written(unit, taken.address_id, taken.received_at + free_for)
                self._answer(unit, taken, content, language)
            case _:
                assert_never(content)

    def _ring(self, unit: Unit, taken: Taken) -> None:
        if taken.kind == LEAVE_GROUP:
            groups.leave(unit, taken)
        else:
            ringing.ring(unit, taken, self._world())

    def apologise(self, unit: Unit, taken: Taken) -> None:
        """Once, after a row was given up: one line, and the Person button. The conversation goes on.

        Of what nobody can read the chat is not known either, and a group is told nothing but its one line.
        """
        if taken.channel != TIMER_CHANNEL and taken.kind not in {
            inbox.UNREADABLE,
            inbox.GROUP,
            inbox.TOPIC,
            inbox.CHANGED,
        }:
            Turn(unit, taken, self._world()).apologise()

    def _answer(self, unit: Unit, taken: Taken, content: Said, language: str | None) -> None:
        world = self._world()
        pressure = self._pace.press(taken.conversation_id, unit.now) if not taken.tries else Pressure.CALM
        if pressure is Pressure.SHED and not _is_urgent(world, content):
            return
        Turn(unit, taken, world).answer(content, language, slow_down=pressure is Pressure.TELL)


def _is_urgent(world: World, content: Said) -> bool:
    """A cry for help is never shed."""
    return not isinstance(content, Press) and world.urgent.is_urgent(content.text)
