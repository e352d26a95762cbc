"""WhatsApp's deliveries in bad weather: bodies with changes of many people, in any order, some of them twice.

One person's messages stay in their order: the next one is posted when the one before was taken. What was not taken is
posted again for as long as it takes, as Meta does for days.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from random import Random
from typing import Any

import aiohttp

from bot.sandbox.whatsapp_hook import SIGNATURE, WhatsAppHook, sign

MOST = 20  # changes in one body
GATHERS = 0.02  # seconds in which changes come together
AGAIN = 0.05  # seconds until what was not taken is posted again
HEALTH = "/healthz"
#: What is to be posted, and who waits until it is taken.
Change = tuple[dict[str, Any], asyncio.Future[None]]


class Mail(WhatsAppHook):
    """In place of a server's hook. up: the product answers; cleared by who ends it."""

    def __init__(self, account: str, phone_number_id: str, secret: str, chance: Random, up: asyncio.Event) -> None:
        super().__init__(account, phone_number_id, secret)
        self._chance = chance
        self._up = up
        self._secret_key = secret
        self._bag: list[Change] = []
        self._taken: list[tuple[bytes, int]] = []

    async def offer(self, value: Mapping[str, Any]) -> None:
        """See WhatsAppHook.offer."""
        full = {"messaging_product": "whatsapp", "metadata": self._metadata, **value}
        taken = asyncio.get_running_loop().create_future()
        self._bag.append((full, taken))
        await taken

    async def run(self) -> None:
        """Deliver, until cancelled."""
        async with aiohttp.ClientSession() as http, asyncio.TaskGroup() as posting:
            while True:
                await asyncio.sleep(self._chance.uniform(0, GATHERS))
                if not self._up.is_set():
                    await self._knock(http)
                bag, self._bag = self._bag, []
                self._chance.shuffle(bag)
                for start in range(0, len(bag), MOST):
                    posting.create_task(self._deliver(http, bag[start : start + MOST]))

    async def redeliver(self, share: float) -> int:
        """Post that share of what was taken once more; how many messages came again."""
        chosen = [one for one in self._taken if self._chance.random() < share]
        async with aiohttp.ClientSession() as http:
            for body, _ in chosen:
                await self._post_until_taken(http, body)
        return sum(messages for _, messages in chosen)

    async def _deliver(self, http: aiohttp.ClientSession, bag: list[Change]) -> None:
        values = [value for value, _ in bag]
        body = self.body(values)
        await self._post_until_taken(http, body)
        messages = sum(len(value.get("messages", ())) for value in values)
        if messages:
            self._taken.append((body, messages))
        for _, taken in bag:
            if not taken.done():
                taken.set_result(None)

    async def _post_until_taken(self, http: aiohttp.ClientSession, body: bytes) -> None:
        headers = {"Content-Type": "application/json", SIGNATURE: sign(body, self._secret_key)}
        while True:
            with suppress(aiohttp.ClientError):
                async with http.post(self.address, data=body, headers=headers) as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(AGAIN)

    async def _knock(self, http: aiohttp.ClientSession) -> None:
        with suppress(aiohttp.ClientError):
            async with http.get(self.address.rpartition("/whatsapp")[0] + HEALTH) as answer:
                if answer.status == 200:
                    self._up.set()
