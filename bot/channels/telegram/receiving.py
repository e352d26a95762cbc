"""Both ways of receiving end here: presses are acknowledged at once, what arrived is read and committed."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.channels.arrivals import Inbound
from bot.channels.telegram.adapter import Telegram
from bot.channels.telegram.parse import parse

NO_UPDATE: Mapping[str, Any] = {"update_id": 0}  # as a form, it reads as "nobody can read this"

Accept = Callable[[Sequence[Inbound]], Awaitable[int]]


class Receiver:
    """Takes the updates of one bot. username: the bot's own, without the @; "" until Telegram has told it.

    room: the id of the staff group today, or None.
    """

    def __init__(
        self,
        telegram: Telegram,
        account: str,
        accept: Accept,
        clock: Callable[[], datetime],
        room: Callable[[], int | None] = lambda: None,
    ) -> None:
        self.username = ""
        self._room = room
        self._telegram = telegram
        self._account = account
        self._accept = accept
        self._clock = clock
        self._acknowledging: set[asyncio.Task[None]] = set()

    def read(self, updates: Sequence[Mapping[str, Any]]) -> list[Inbound]:
        """The arrivals among the updates, each of which has an int `update_id`; spinners of presses are stopped."""
        for update in updates:
            self._acknowledge(update)
        now = self._clock()
        known = (self._account, now, self.username, self._room())
        return [inbound for update in updates if (inbound := parse(update, *known))]

    def read_strange(self, body: bytes) -> list[Inbound]:
        """A body that is JSON but no update: kept for staff, once for each body."""
        unread = parse(NO_UPDATE, self._account, self._clock())
        assert unread is not None
        return [replace(unread, external_id=f"body:{hashlib.sha256(body).hexdigest()}")]

    async def accept(self, inbounds: Sequence[Inbound]) -> None:
        """Commit. Raises storage.db.Unavailable: then nothing may be confirmed to Telegram."""
        await self._accept(inbounds)

    def _acknowledge(self, update: Mapping[str, Any]) -> None:
        """Stop the button's spinner at once; it says nothing, so it needs no queue (ruling 12)."""
        press = update.get("callback_query")
        press_id = press.get("id") if isinstance(press, dict) else None
        # Telegram's ids are digits. What else stands there is not Telegram's, and may be nothing that can be sent.
        if isinstance(press_id, str) and press_id.isascii():
            task = asyncio.create_task(self._telegram.acknowledge(press_id))
            self._acknowledging.add(task)
            task.add_done_callback(self._acknowledging.discard)
