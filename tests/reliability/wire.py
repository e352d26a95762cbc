"""Between the Telegram or WhatsApp server and the product: slow for what goes up, and able to change what comes down.

The server's rules stay in force; whatever is broken here is broken outside of the product.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from random import Random
from typing import Any

from aiohttp import web

from bot.sandbox.telegram import TelegramServer
from bot.sandbox.whatsapp import WhatsAppServer

SLOWNESS = 0.15
"""Seconds that a message may be on its way."""

Update = dict[str, Any]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Wire:
    """Add it to a server that has not been started.

    up: set when the product asks for updates. handed_out: called with the ids of each batch just before it leaves.
    twist: changes an update on its way. lost_on_the_way: messages whose sender died before they had arrived.
    """

    def __init__(self, server: TelegramServer | WhatsAppServer, chance: Random) -> None:
        self.up = asyncio.Event()
        self.handed_out: Callable[[list[int]], None] = lambda ids: None
        self.twist: Callable[[Update], Update] = lambda update: update
        self.lost_on_the_way = 0
        self._chance = chance

        @web.middleware
        async def watch(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await self._pass(request, handler)

        server.app.middlewares.append(watch)

    async def _pass(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        method = request.match_info.get("method", "send" if request.path.endswith("/messages") else "")
        if method == "getUpdates":
            return await self._carry_down(request, handler)
        if method.startswith(("send", "edit")):
            return await self._carry_up(request, handler)
        return await handler(request)

    async def _carry_up(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Without this time every message of a killed process would have arrived, and none would be missed."""
        await asyncio.sleep(self._chance.uniform(0, SLOWNESS))
        if _gone(request):
            self.lost_on_the_way += 1
            return web.Response()
        return await handler(request)

    async def _carry_down(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        self.up.set()
        answer = await handler(request)
        if not isinstance(answer, web.Response) or not answer.text or answer.status != 200 or _gone(request):
            return answer
        updates = json.loads(answer.text)["result"]
        if not updates:
            return answer
        self.handed_out([update["update_id"] for update in updates])
        # json, not orjson: what is twisted may be text that orjson refuses to write.
        twisted = json.dumps({"ok": True, "result": [self.twist(update) for update in updates]})
        return web.Response(text=twisted, content_type="application/json")


def _gone(request: web.Request) -> bool:
    """Whether whoever asked was killed meanwhile."""
    return request.transport is None or request.transport.is_closing()
