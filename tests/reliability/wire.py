"""Between the Telegram server and the product: sees each getUpdates, and may change what it brings.

The server's rules stay in force; whatever is broken here is broken outside of the product.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.sandbox.telegram import TelegramServer

Update = dict[str, Any]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Wire:
    """Add it to a server that has not been started.

    up: set when the product asks for updates. handed_out: called with the ids of each batch just before it leaves.
    twist: changes an update on its way.
    """

    def __init__(self, server: TelegramServer) -> None:
        self.up = asyncio.Event()
        self.handed_out: Callable[[list[int]], None] = lambda ids: None
        self.twist: Callable[[Update], Update] = lambda update: update

        @web.middleware
        async def watch(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await self._pass(request, handler)

        server.app.middlewares.append(watch)

    async def _pass(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.match_info.get("method") != "getUpdates":
            return await handler(request)
        self.up.set()
        answer = await handler(request)
        if not isinstance(answer, web.Response) or not answer.text or answer.status != 200 or _gone(request):
            return answer
        updates = json.loads(answer.text)["result"]
        if not updates:
            return answer
        self.handed_out([update["update_id"] for update in updates])
        # json, not orjson: what is twisted may be text that orjson refuses to write.
        return web.Response(
            text=json.dumps({"ok": True, "result": [self.twist(update) for update in updates]}),
            content_type="application/json",
        )


def _gone(request: web.Request) -> bool:
    """Whether whoever asked was killed meanwhile."""
    return request.transport is None or request.transport.is_closing()
