"""WhatsApp's end of a webhook: bodies are signed with the app secret and posted again until they are answered 200.

Meta puts several changes into one body, brings bodies twice and out of order; all of that can be asked for here.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

import aiohttp
import orjson

SIGNATURE = "X-Hub-Signature-256"
TRIES = 40
PAUSE = 0.05  # seconds between two tries


def sign(body: bytes, secret: str) -> str:
    """The signature of a body, as it stands in the header."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class NotTaken(Exception):
    """A body was not answered 200, however often it was posted."""


class WhatsAppHook:
    """Posts to `address` (the whole address of the webhook) as soon as that is known.

    held: while True, changes wait for `flush`. twice: every body is posted two times.
    """

    def __init__(self, account: str, phone_number_id: str, secret: str) -> None:
        self.address = ""
        self.held = False
        self.twice = False
        self.statuses: list[int] = []  # what the webhook answered
        self._account = account
        self._metadata = {"display_phone_number": "000", "phone_number_id": phone_number_id}
        self._secret = secret
        self._waiting: list[dict[str, Any]] = []

    async def offer(self, value: Mapping[str, Any]) -> None:
        """One change: `messages` with `contacts`, or `statuses`. Returns when it was taken, or waits while held."""
        full = {"messaging_product": "whatsapp", "metadata": self._metadata, **value}
        if self.held or not self.address:
            self._waiting.append(full)
            return
        await self.post(self.body([full]))

    async def flush(self, chance: Random | None = None, size: int = 100) -> None:
        """Post what waits, `size` changes a body; chance: in any order."""
        values, self._waiting = self._waiting, []
        if chance is not None:
            chance.shuffle(values)
        bodies = [self.body(values[start : start + size]) for start in range(0, len(values), size)]
        await asyncio.gather(*(self.post(body) for body in bodies))

    def body(self, values: Sequence[Mapping[str, Any]]) -> bytes:
        """The bytes of a body with these changes, all in one entry."""
        changes = [{"field": "messages", "value": value} for value in values]
        entry = {"id": self._account, "changes": changes}
        return orjson.dumps({"object": "whatsapp_business_account", "entry": [entry]})

    async def post(self, body: bytes) -> None:
        """Post until it is taken. Raises NotTaken."""
        for _ in range(1 + self.twice):
            await self._until_taken(body)

    async def _until_taken(self, body: bytes) -> None:
        headers = {"Content-Type": "application/json", SIGNATURE: sign(body, self._secret)}
        async with aiohttp.ClientSession() as http:
            for _ in range(TRIES):
                try:
                    async with http.post(self.address, data=body, headers=headers) as answer:
                        self.statuses.append(answer.status)
                        if answer.status == 200:
                            return
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(PAUSE)
        raise NotTaken(self.address)
