"""The loop that starts broadcasts when their time has come, writes their rows page by page, and ends them."""

from __future__ import annotations

from functools import partial

from bot.loading import Worlds
from bot.logs import log
from bot.notice_cards import NoticeCards
from notices import sending, starting
from notices.lifecycle import Refused, State
from notices.sending import Means
from storage import bell, broadcasts, copies
from storage.db import Database, Unavailable
from storage.notice_rows import BroadcastRow
from storage.unit_of_work import Unit

POLL = 1.0  # seconds; stands beside the bell


class Noticing:
    """See the module. Several processes may run it: a broadcast's row is locked while a page of it is written."""

    def __init__(self, database: Database, worlds: Worlds, cards: NoticeCards) -> None:
        self._database = database
        self._worlds = worlds
        self._cards = cards

    async def run(self) -> None:
        """Go on until cancelled. Raises Unavailable."""
        while True:
            if not await self.once():
                await self._database.bell.wait(bell.NOTICES, POLL)

    async def once(self) -> bool:
        """Do what is to be done now, a page of each broadcast; whether there may be more. Raises Unavailable."""
        scheduled, under_way = await self._database.read(_to_do)
        if scheduled:
            zone = self._worlds().calendar.zone
            await self._database.write(partial(starting.start_due, zone=zone))
        more = bool(scheduled)
        means = self._cards.means() if any(not row.complete for row in under_way) else None
        for row in under_way:
            more |= await self._advance(row, means)
        return more

    async def lapse(self) -> None:
        """Copies that are held and whose notice is not true any more are never sent. Raises Unavailable."""
        today = self._worlds().today(self._database.now())
        await self._database.write(partial(copies.lapse, today=today))

    async def _advance(self, row: BroadcastRow, means: Means | None) -> bool:
        try:
            if row.complete or means is None:
                return await self._database.write(partial(sending.finish, number=row.id))
            return await self._database.write(partial(sending.expand, number=row.id, means=means))
        except Refused:
            return False  # somebody else moved it at this moment
        except Unavailable:
            raise
        except Exception as error:
            # One broadcast that cannot be read must not stop the others.
            log.error("broadcast_stuck", broadcast=row.id, error=type(error).__name__)
            return False


def _to_do(unit: Unit) -> tuple[list[BroadcastRow], list[BroadcastRow]]:
    due = broadcasts.in_state(unit, [State.SCHEDULED], due=unit.now)
    return due, broadcasts.in_state(unit, [State.SENDING])
