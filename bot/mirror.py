"""The staff group as a picture of the requests: what differs is looked for and mended, one call at a time.

So nothing has to be remembered in order, whatever happened meanwhile: a topic that somebody deleted is made again with
all its words, many messages at once become one post, and what waited while we were out of the group follows. A crash
between a call and its record can post something twice among colleagues; a person never gets anything from here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import takewhile
from typing import assert_never

import structlog

from bot import topic_cards
from bot.channels.base import Moved, Outgoing, SendError, Throttled, Uncertain, Unreachable
from bot.channels.telegram import render
from bot.channels.telegram.room import Room, TopicGone
from bot.channels.telegram.troubles import Trouble
from bot.pacing import ConversationPace
from bot.world import World
from desk.topics import Wanted, wanted
from storage import bell, members, messages, requests, topics
from storage.crypto import Tampered
from storage.db import Database, Unavailable
from storage.keys import KeyGone
from storage.requests import RequestRow
from storage.topics import TopicRow
from storage.unit_of_work import Unit

log = structlog.get_logger()

POLL = 1.0  # seconds; stands beside the bell
PER_MINUTE = 20  # calls to one group, Bot API FAQ
SHORT_REST = timedelta(seconds=5)  # while Telegram cannot be reached
FIRST_REST, LONGEST_REST = timedelta(minutes=1), timedelta(hours=1)  # while we are out of the group; doubles


@dataclass(frozen=True, slots=True)
class Open:
    """The request has no topic yet."""

    number: int
    name: str


@dataclass(frozen=True, slots=True)
class Rename:
    """Its topic has another name."""

    number: int
    thread: int
    name: str


@dataclass(frozen=True, slots=True)
class ShowCard:
    """Its first message shows something else, or is not there."""

    number: int
    thread: int
    card_id: int | None
    code: str
    out: Outgoing


@dataclass(frozen=True, slots=True)
class Post:
    """Words are not there yet. message_ids: which messages these are."""

    number: int
    thread: int
    message_ids: tuple[int, ...]
    out: Outgoing


@dataclass(frozen=True, slots=True)
class TurnTopic:
    """It is closed and should be open, or the other way."""

    number: int
    thread: int
    closed: bool


@dataclass(frozen=True, slots=True)
class Delete:
    """It should not be there (any more)."""

    number: int
    thread: int


Step = Open | Rename | ShowCard | Post | TurnTopic | Delete


class Mirror:
    """Keeps the staff group. trouble: why it cannot, for the desk's banner."""

    def __init__(
        self,
        database: Database,
        room: Room,
        world: Callable[[], World],
        clock: Callable[[], datetime],
        now_ms: Callable[[], int],
    ) -> None:
        self.trouble: Trouble | None = None
        self.room = room
        self._database = database
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
        step = await self._database.read(partial(next_step, world=self._world()))
        if step is None:
            return False
        if wait := self._pace.wait(0):
            await asyncio.sleep(wait)
            return True
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
                return partial(topics.posted, number=step.number, message_ids=step.message_ids)
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


def next_step(unit: Unit, world: World) -> Step | None:
    """The first thing in which the group differs from the requests; None where it shows them all."""
    rows = {row.number: row for row in [*requests.open_requests(unit), *requests.closed_requests(unit)]}
    there, behind = topics.topics(unit), topics.behind(unit)
    for number in sorted(rows.keys() | there.keys()):
        row, topic = rows.get(number), there.get(number)
        want = Wanted.GONE if row is None else wanted(row, unit.now)
        if topic is None:
            if row is not None and want is Wanted.OPEN:
                return Open(number, topic_cards.name_of(world, row))
        elif row is None or want is Wanted.GONE:
            return Delete(number, topic.thread)
        elif step := _differs(unit, world, row, topic, closed=want is Wanted.CLOSED, behind=number in behind):
            return step
    return None


def _differs(unit: Unit, world: World, row: RequestRow, topic: TopicRow, *, closed: bool, behind: bool) -> Step | None:
    name, code = topic_cards.name_of(world, row), topic_cards.code_of(row)
    if topic.card != code:
        out = topic_cards.card_of(world, row, _label(unit, row.assignee_id))
        return ShowCard(row.number, topic.thread, topic.card_id, code, out)
    if behind and (post := _post(unit, world, row, topic)) is not None:
        return post
    if topic.name != name:
        return Rename(row.number, topic.thread, name)
    return TurnTopic(row.number, topic.thread, closed) if topic.closed is not closed else None


def _post(unit: Unit, world: World, row: RequestRow, topic: TopicRow) -> Post | None:
    """All words of one side that follow one another, as one post: the group takes few messages a minute."""
    shown = topics.shown(unit, row.number)
    try:
        new = [message for message in messages.of_request(unit, row.number) if message.id not in shown]
    except (KeyGone, Tampered):
        return None  # the person is being forgotten
    if not new:
        return None
    first = new[0]
    together = list(takewhile(lambda one: (one.direction, one.staff_id) == (first.direction, first.staff_id), new))
    while len(together) > 1 and not topic_cards.fits(together):
        together.pop()
    out = topic_cards.post_of(world, together, _label(unit, first.staff_id))
    return Post(row.number, topic.thread, tuple(message.id for message in together), out)


def _label(unit: Unit, staff_id: int | None) -> str:
    return "" if staff_id is None else members.member(unit, staff_id).label
