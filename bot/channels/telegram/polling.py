"""Receive by polling: store a batch, commit, and only then ask for what comes after it.

Telegram confirms everything below the offset of a call, so the offset moves after the commit. Updates that wait on
the server are never dropped: a restart must not lose what people wrote meanwhile.
"""

from __future__ import annotations

import asyncio
from typing import Any

from bot.channels.base import SendError
from bot.channels.telegram.api import Calls, Refusal
from bot.channels.telegram.parse import ALLOWED_UPDATES
from bot.channels.telegram.receiving import Receiver
from bot.channels.telegram.troubles import Trouble, of_refusal
from bot.channels.telegram.webhook import unregister
from bot.logs import log
from storage.db import Unavailable

BATCH = 100  # Bot API: at most 100 updates an answer
LONG_POLL = 25  # seconds that the server may wait for something to arrive
ANSWER_MARGIN = 10.0  # seconds beyond the long poll until a silent server counts as away
PAUSE = 1.0  # seconds after a passing fault
LONG_PAUSE = 30.0  # seconds after a fault that only an operator can mend (token, second poller)
OPERATOR_FAULTS = frozenset({401, 404, 409})


class Poller:
    """Asks one bot's server for updates until it is cancelled. trouble: why the last call was not answered by a yes."""

    def __init__(self, api: Calls, receiver: Receiver) -> None:
        self._api = api
        self._receiver = receiver
        self.trouble: Trouble | None = Trouble.AWAY

    async def run(self) -> None:
        """Poll for ever. A webhook that was ours once would refuse us, so it goes first."""
        await self._take_over()
        offset: int | None = None
        while True:
            updates = await self._fetch(offset)
            if updates:
                await self._store(updates)
                offset = max(update["update_id"] for update in updates) + 1

    async def _take_over(self) -> None:
        while True:
            try:
                await unregister(self._api)
                return
            except Refusal as refusal:
                # Not the place to wait for an operator: the polling that follows says what is wrong.
                log.error("telegram_refuses_polling", code=refusal.code)
                return
            except SendError as error:
                log.warning("telegram_away", reason=error.reason)
                await asyncio.sleep(PAUSE)

    async def _fetch(self, offset: int | None) -> list[dict[str, Any]]:
        params: dict[str, Any] = {"timeout": LONG_POLL, "limit": BATCH, "allowed_updates": ALLOWED_UPDATES}
        if offset is not None:
            params["offset"] = offset
        try:
            updates = await self._api.call("getUpdates", params, LONG_POLL + ANSWER_MARGIN)
        except Refusal as refusal:
            self.trouble = of_refusal(refusal.code)
            log.error("telegram_refuses_updates", code=refusal.code)
            await asyncio.sleep(LONG_PAUSE if refusal.code in OPERATOR_FAULTS else PAUSE)
            return []
        except SendError as error:
            self.trouble = Trouble.AWAY
            log.warning("telegram_away", reason=error.reason)
            await asyncio.sleep(PAUSE)
            return []
        self.trouble = None if isinstance(updates, list) else Trouble.AWAY
        if self.trouble:
            log.error("telegram_answer_not_understood")
            await asyncio.sleep(PAUSE)
            return []
        return [update for update in updates if isinstance(update, dict) and isinstance(update.get("update_id"), int)]

    async def _store(self, updates: list[dict[str, Any]]) -> None:
        """Commit the batch, however long the database is away: until then the server keeps it."""
        inbounds = self._receiver.read(updates)
        while True:
            try:
                await self._receiver.accept(inbounds)
                return
            except Unavailable:
                log.error("database_away_while_receiving")
                await asyncio.sleep(PAUSE)
