"""Receive by polling: store a batch, commit, and only then ask for what comes after it.

Telegram confirms everything below the offset of a call, so the offset moves after the commit. Updates that wait on
the server are never dropped: a restart must not lose what people wrote meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

import structlog

from bot.channels.base import Inbound, SendError
from bot.channels.telegram.adapter import Telegram
from bot.channels.telegram.api import Calls, Refusal
from bot.channels.telegram.parse import ALLOWED_UPDATES, parse
from storage.db import Unavailable

log = structlog.get_logger()

BATCH = 100  # Bot API: at most 100 updates an answer
LONG_POLL = 25  # seconds that the server may wait for something to arrive
ANSWER_MARGIN = 10.0  # seconds beyond the long poll until a silent server counts as away
PAUSE = 1.0  # seconds after a passing fault
LONG_PAUSE = 30.0  # seconds after a fault that only an operator can mend (token, second poller)
OPERATOR_FAULTS = frozenset({401, 404, 409})

Accept = Callable[[Sequence[Inbound]], Awaitable[int]]


class Poller:
    """Asks one bot's server for updates until it is cancelled. healthy: the last call was answered with a yes."""

    def __init__(
        self, api: Calls, telegram: Telegram, account: str, accept: Accept, clock: Callable[[], datetime]
    ) -> None:
        self._api = api
        self._telegram = telegram
        self._account = account
        self._accept = accept
        self._clock = clock
        self._acknowledging: set[asyncio.Task[None]] = set()
        self.healthy = False

    async def run(self) -> None:
        """Poll for ever."""
        offset: int | None = None
        while True:
            updates = await self._fetch(offset)
            if updates:
                await self._store(updates)
                offset = max(update["update_id"] for update in updates) + 1

    async def _fetch(self, offset: int | None) -> list[dict[str, Any]]:
        params: dict[str, Any] = {"timeout": LONG_POLL, "limit": BATCH, "allowed_updates": ALLOWED_UPDATES}
        if offset is not None:
            params["offset"] = offset
        try:
            updates = await self._api.call("getUpdates", params, LONG_POLL + ANSWER_MARGIN)
        except Refusal as refusal:
            self.healthy = False
            log.error("telegram_refuses_updates", code=refusal.code)
            await asyncio.sleep(LONG_PAUSE if refusal.code in OPERATOR_FAULTS else PAUSE)
            return []
        except SendError as error:
            self.healthy = False
            log.warning("telegram_away", reason=error.reason)
            await asyncio.sleep(PAUSE)
            return []
        self.healthy = isinstance(updates, list)
        if not self.healthy:
            log.error("telegram_answer_not_understood")
            await asyncio.sleep(PAUSE)
            return []
        return [update for update in updates if isinstance(update, dict) and isinstance(update.get("update_id"), int)]

    async def _store(self, updates: list[dict[str, Any]]) -> None:
        """Commit the batch, however long the database is away: until then the server keeps it."""
        for update in updates:
            self._acknowledge(update)
        now = self._clock()
        inbounds = [inbound for update in updates if (inbound := parse(update, self._account, now))]
        while True:
            try:
                await self._accept(inbounds)
                return
            except Unavailable:
                log.error("database_away_while_receiving")
                await asyncio.sleep(PAUSE)

    def _acknowledge(self, update: dict[str, Any]) -> None:
        """Stop the button's spinner at once; it says nothing, so it needs no queue (ruling 12)."""
        press = update.get("callback_query")
        if isinstance(press, dict) and isinstance(press.get("id"), str):
            task = asyncio.create_task(self._telegram.acknowledge(press["id"]))
            self._acknowledging.add(task)
            task.add_done_callback(self._acknowledging.discard)
