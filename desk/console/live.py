"""Pages that stay open learn that something happened: server-sent events without content. The page fetches itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from fastapi.sse import format_sse_event

from desk.console.shown import Console
from desk.console.signing import Show, door
from storage import bell, handoff
from storage.db import Unavailable

POLL = 1.0  # seconds; stands beside the bell
LONGEST = 600.0  # seconds; then the browser connects anew, and a session that ended is noticed


def live(desk: Console, show: Show) -> APIRouter:
    """One stream for each open page."""
    routes = APIRouter(prefix="/desk", route_class=door(desk, show))

    @routes.get("/live")
    async def changes(request: Request) -> Response:
        return StreamingResponse(_changes(desk, request), media_type="text/event-stream")

    return routes


async def _changes(desk: Console, request: Request) -> AsyncIterator[bytes]:
    ends = asyncio.get_running_loop().time() + LONGEST
    known = await desk.database.read(handoff.newest)
    yield format_sse_event(event="open", data_str="{}")
    while asyncio.get_running_loop().time() < ends and not await request.is_disconnected():
        await desk.database.bell.wait(bell.DESK, POLL)
        try:
            newest = await desk.database.read(handoff.newest)
        except Unavailable:
            continue
        if newest != known:
            known = newest
            yield format_sse_event(event="change", data_str="{}")
