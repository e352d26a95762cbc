"""Who works here no more is put out of the staff group. Where the bot cannot do it, colleagues are asked to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from bot.channels.base import Refused, SendError, Stopped, Throttled
from bot.channels.telegram.parse import SCHEME
from bot.channels.telegram.room import Room
from bot.channels.telegram.troubles import Trouble
from bot.logs import log
from bot.voice import Spoken
from bot.world import World
from desk.voice import Notice
from storage import bell, leavers, members
from storage.db import Database, Unavailable
from storage.leavers import Leaver
from storage.unit_of_work import Unit

POLL = 1.0  # seconds; stands beside the bell
SHORT_REST = timedelta(seconds=5)  # while Telegram cannot be reached
LONG_REST = timedelta(hours=1)  # while we lack the right, or it is an administrator of the group
TOLD = ("coordinator", "admin")


class Leaving:
    """Puts out, until it is cancelled. trouble: that somebody could not be, for the desk's banner.

    address: where the desk is reached by people.
    """

    def __init__(
        self, database: Database, room: Room, world: Callable[[], World], address: str, clock: Callable[[], datetime]
    ) -> None:
        self.trouble: Trouble | None = None
        self._database = database
        self._room = room
        self._world = world
        self._address = address
        self._clock = clock
        self._again: dict[int, datetime] = {}

    async def run(self) -> None:
        """Look, for ever."""
        while True:
            try:
                await self.once()
            except Unavailable:
                log.error("database_away")
            await self._database.bell.wait(bell.DESK, POLL)

    async def once(self) -> None:
        """Put out all who are to be; who could not be is tried again after a rest."""
        now = self._clock()
        for leaver in await self._database.read(self._leavers):
            if now >= self._again.get(leaver.staff_id, now):
                self._again[leaver.staff_id] = now + await self._put_out(leaver)
        if self._again:
            left = {leaver.staff_id: leaver.told for leaver in await self._database.read(self._leavers)}
            self._again = {id: at for id, at in self._again.items() if id in left}
            self.trouble = Trouble.LEAVER if any(left.values()) else None

    def _leavers(self, unit: Unit) -> list[Leaver]:
        return leavers.leavers(unit, SCHEME)

    async def _put_out(self, leaver: Leaver) -> timedelta:
        """How long to rest where it could not be done."""
        if leaver.account is None:
            await self._database.write(partial(self._ask_colleagues, leaver=leaver))
            await self._database.write(partial(leavers.settle_leaver, staff_id=leaver.staff_id))
            return LONG_REST
        try:
            await self._room.put_out(int(leaver.account))
        except (Refused, Stopped) as error:
            log.error("leaver_not_put_out", reason=error.reason)
            if not leaver.told:
                await self._database.write(partial(self._ask_colleagues, leaver=leaver))
            return LONG_REST
        except Throttled as error:
            return timedelta(seconds=error.seconds)
        except SendError:
            return SHORT_REST
        await self._database.write(partial(leavers.settle_leaver, staff_id=leaver.staff_id))
        return SHORT_REST

    def _ask_colleagues(self, unit: Unit, leaver: Leaver) -> None:
        voice = Spoken(self._world(), self._address)
        for member in members.members(unit):
            if member.has(*TOLD) and member.conversation_id is not None:
                voice.notice(unit, member.conversation_id, Notice.NOT_PUT_OUT, leaver.label)
        leavers.told(unit, leaver.staff_id)
