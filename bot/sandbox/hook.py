"""Telegram's end of a webhook: one update at a time is posted, and again until it is answered 2xx."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from urllib.parse import urlsplit

import aiohttp
import orjson

from bot.sandbox.spec import Json
from bot.sandbox.updates import LONGEST_WAIT, UpdateQueue

LONGEST_PAUSE = 3600.0
"""Seconds; a longer Retry-After is not believed."""
PAUSE = 0.1
"""Seconds after a refusal without Retry-After. Telegram's own pauses begin at once and double."""
ANSWER_WITHIN = 60.0


class Hook:
    """Delivers while it is aimed. `forward`: root address on this machine that stands for the webhook's host.

    Telegram wants https; a forward is what name server and proxy do for a bot. Without one nothing is delivered, and a
    webhook only refuses pollers.
    """

    def __init__(self, updates: UpdateQueue, clock: Callable[[], datetime]) -> None:
        """Aimed at nothing."""
        self.forward = ""
        self.params: Mapping[str, Json] = {}
        self.last_error: tuple[int, str] | None = None
        """Unix seconds and words of the newest delivery that failed."""
        self._updates = updates
        self._clock = clock
        self._delivering: asyncio.Task[None] | None = None

    async def aim(self, params: Mapping[str, Json]) -> None:
        """As setWebhook asks; without a url deliveries end."""
        await self.stop()
        self.params = params if params.get("url") else {}
        self.last_error = None
        if self.params and self.forward:
            self._delivering = asyncio.create_task(self._deliver(self.forward + urlsplit(params["url"]).path))

    async def stop(self) -> None:
        """No more deliveries."""
        if self._delivering is not None:
            self._delivering.cancel()
            with suppress(asyncio.CancelledError):
                await self._delivering
            self._delivering = None

    async def _deliver(self, address: str) -> None:
        offset = 0
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_WITHIN)) as http:
            while True:
                for update in await self._updates.poll(offset, 1, LONGEST_WAIT):
                    await self._until_taken(http, address, update)
                    offset = update["update_id"] + 1

    async def _until_taken(self, http: aiohttp.ClientSession, address: str, update: Json) -> None:
        pause: float | None = 0.0
        while pause is not None:
            await asyncio.sleep(pause)
            pause = await self._post(http, address, update)

    async def _post(self, http: aiohttp.ClientSession, address: str, update: Json) -> float | None:
        """None where it was taken, else the seconds until the next try."""
        headers = {"Content-Type": "application/json"}
        if secret := self.params.get("secret_token"):
            headers["X-Telegram-Bot-Api-Secret-Token"] = secret
        try:
            async with http.post(address, data=orjson.dumps(update), headers=headers) as answer:
                if answer.ok:
                    return None
                why, wait = f"Wrong response from the webhook: {answer.status}", answer.headers.get("Retry-After", "")
        except (aiohttp.ClientError, TimeoutError) as error:
            why, wait = type(error).__name__, ""
        self.last_error = int(self._clock().timestamp()), why
        return min(float(wait), LONGEST_PAUSE) if wait.isdecimal() else PAUSE
