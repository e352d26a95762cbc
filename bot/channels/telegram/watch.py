"""The bot's account at Telegram: told once where we listen and what the bot is, then looked at every minute.

A stolen token shows here: who polls or sets a webhook with it takes the people's messages away from us. It is told and
not fought: only a new token ends it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from bot.channels.base import SendError
from bot.channels.telegram import troubles
from bot.channels.telegram.api import Calls, Refusal
from bot.channels.telegram.receiving import Receiver
from bot.channels.telegram.troubles import Trouble
from bot.logs import log

EVERY = 60.0  # seconds between two looks
TRY_AGAIN = 5.0  # seconds, while something has not been told yet

Telling = Callable[[], Awaitable[None]]


class Watch:
    """Watches until it is cancelled. troubles: what was wrong at the last look.

    ours: the webhook that should be set, "" when we poll. tellings: what Telegram is told at the start, each until it
    takes it or refuses it.
    """

    def __init__(
        self, api: Calls, receiver: Receiver, ours: str, tellings: Sequence[Telling], clock: Callable[[], datetime]
    ) -> None:
        self.troubles: frozenset[Trouble] = frozenset()
        self._api = api
        self._receiver = receiver
        self._ours = ours
        self._tellings = list(tellings)
        self._clock = clock
        self._since = int(clock().timestamp())
        self._pending: deque[int] = deque(maxlen=troubles.GROWING + 1)

    async def run(self) -> None:
        """Tell and look, for ever."""
        while True:
            self._tellings = [telling for telling in self._tellings if not await self._tell(telling)]
            await self.look()
            await asyncio.sleep(TRY_AGAIN if self._tellings else EVERY)

    async def look(self) -> None:
        """Look once; a change is logged."""
        before, self.troubles = self.troubles, await self._find()
        if self.troubles != before:
            log.warning("telegram_troubles", troubles=sorted(self.troubles))

    async def _find(self) -> frozenset[Trouble]:
        try:
            me = await self._api.call("getMe", {})
            info = await self._api.call("getWebhookInfo", {})
        except Refusal as refusal:
            return frozenset({troubles.of_refusal(refusal.code)})
        except SendError:
            return frozenset({Trouble.AWAY})
        self._receiver.username = me.get("username", "")
        self._pending.append(info.get("pending_update_count", 0))
        since, self._since = self._since, int(self._clock().timestamp())
        return troubles.of_webhook(info, self._ours, since, self._pending)

    async def _tell(self, telling: Telling) -> bool:
        """Whether it need not be told again: a refusal will not change by being repeated."""
        try:
            await telling()
        except Refusal as refusal:
            log.error("telegram_refuses_to_be_told", code=refusal.code)
            return refusal.code not in {429, *troubles.TOKEN_CODES}
        except SendError as error:
            log.warning("telegram_away", reason=error.reason)
            return False
        return True
