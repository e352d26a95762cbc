"""The staff group as a picture of the requests: what differs is looked for and mended, one call at a time.

So nothing has to be remembered in order, whatever happened meanwhile: a topic that somebody deleted is made again with
all that stood in it, many messages at once become one post, and what waited while we were out of the group follows. A
crash between a call and its record can post something twice among colleagues; a person never gets anything from here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import assert_never

from bot.channels.base import Moved, SendError, Throttled, Uncertain, Unreachable
from bot.channels.outgoing import Outgoing
from bot.channels.telegram import render
from bot.channels.telegram.room import Room, TopicGone
from bot.channels.telegram.troubles import Trouble
from bot.logs import log
from bot.pacing import ConversationPace
from bot.topic_cards import Showing
from bot.topic_steps import Delete, Open, Picture, Post, Rename, ShowCard, Step, TurnTopic
from bot.world import World
from storage import bell, topics
from storage.db import Database, Unavailable
from storage.unit_of_work import Unit

POLL = 1.0  # seconds; stands beside the bell
PER_MINUTE = 20  # calls to one group in any minute, Bot API FAQ
SHORT_REST = timedelta(seconds=5)  # while Telegram cannot be reached
FIRST_REST, LONGEST_REST = timedelta(minutes=1), timedelta(hours=1)  # while we are out of the group; doubles


class Mirror:
    """Keeps the staff group. trouble: why it cannot, for the desk's banner."""

    def __init__(
        self,
        database: Database,
        room: Room,
        showing: Showing,
        world: Callable[[], World],
        clock: Callable[[], datetime],
        now_ms: Callable[[], int],
    ) -> None:
        self.trouble: Trouble | None = None
        self.room = room
        self._database = database
        self._picture = Picture(showing)
        self._world = world
        self._clock = clock
        self._pace = ConversationPace(PER_MINUTE / 60, PER_MINUTE, now_ms)
        self._rests_until: datetime | None = None
        self._rest = FIRST_REST

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            try:
                busy = await self.once()
            except Unavailable:
                busy = False
            if not busy:
                await self._database.bell.wait(bell.DESK, POLL)

    async def once(self) -> bool:
        """Mend the first thing that differs; whether there was one, and it went well."""
        if self._rests_until is not None and self._clock() < self._rests_until:
            return False
        step = await self._database.read(partial(self._picture.next_step, world=self._world()))
        if step is None:
            return False
        if wait := self._pace.wait(0):
            self._rests_until = self._clock() + timedelta(seconds=wait)
            return False
        try:
            record = await self._do(step)
        except TopicGone:
            record = partial(topics.drop, number=step.number)
        except SendError as error:
            self._give_way(error)
            return False
        self.trouble, self._rests_until, self._rest = None, None, FIRST_REST
        await self._database.write(record)
        return True

    async def _do(self, step: Step) -> Callable[[Unit], None]:
        """Call, and say what is to be written down then."""
        match step:
            case Open():
                thread = await self.room.open_topic(step.name)
                return partial(topics.opened, number=step.number, thread=thread, name=step.name)
            case Rename():
                await self.room.rename(step.thread, step.name)
                return partial(topics.change, number=step.number, name=step.name)
            case ShowCard():
                card_id = await self._show(step)
                return partial(topics.change, number=step.number, card_id=card_id, card=step.code)
            case Post():
                await self.room.post(step.thread, self._params(step.out))
                return partial(topics.posted, number=step.number, ids=step.ids)
            case TurnTopic():
                await self.room.turn(step.thread, closed=step.closed)
                return partial(topics.change, number=step.number, closed=step.closed)
            case Delete():
                await self.room.delete(step.thread)
                return partial(topics.drop, number=step.number)
            case _:
                assert_never(step)

    async def _show(self, step: ShowCard) -> int:
        if step.card_id is None:
            return await self.room.post(step.thread, self._params(step.out))
        await self.room.edit(step.card_id, self._params(step.out))
        return step.card_id

    def _params(self, out: Outgoing) -> dict[str, object]:
        return render.message(str(self.room.chat), out)

    def _give_way(self, error: SendError) -> None:
        """Wait before the next call. What only people can mend is tried again less and less often."""
        match error:
            case Throttled(seconds=seconds):
                rest = timedelta(seconds=seconds)
            case Moved():
                rest = timedelta()
            case Unreachable() | Uncertain():
                rest = SHORT_REST
            case _:
                log.error("staff_group_lost", reason=error.reason)
                self.trouble = Trouble.STAFF_GROUP
                rest, self._rest = self._rest, min(self._rest * 2, LONGEST_REST)
        self._rests_until = self._clock() + rest
