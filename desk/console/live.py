"""Pages that stay open learn that something happened: server-sent events without content. The page fetches itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import nullcontext
from functools import partial

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from fastapi.sse import format_sse_event

from desk.console.shown import Console
from desk.console.signing import Show, door, who
from desk.inbox import find
from storage import bell, handoff
from storage.db import Unavailable
from storage.requests import NoRequest

POLL = 1.0  # seconds; stands beside the bell
LONGEST = 600.0  # seconds; then the browser connects anew, and a session that ended is noticed


def live(desk: Console, show: Show) -> APIRouter:
    """One stream for each open page."""
    routes = APIRouter(prefix="/desk", route_class=door(desk, show))

    @routes.get("/live")
    async def changes(request: Request, at: str = "") -> Response:
        """at: the number of the request that the page shows; colleagues who have it open see who else does."""
        number = int(at) if at.isascii() and at.isdecimal() else 0
        try:
            await desk.database.read(partial(find, member=who(request), number=number))
        except NoRequest:
            number = 0
        return StreamingResponse(_seen(desk, request, number), media_type="text/event-stream")

    return routes


async def _seen(desk: Console, request: Request, number: int) -> AsyncIterator[bytes]:
    """The changes, and meanwhile others see that somebody looks at the request; 0: at none."""
    try:
        with desk.looking.at(number, who(request).id) if number else nullcontext():
            desk.database.bell.ring(bell.DESK)
            async for event in _changes(desk, request, number):
                yield event
    finally:
        desk.database.bell.ring(bell.DESK)


async def _changes(desk: Console, request: Request, number: int) -> AsyncIterator[bytes]:
    ends = asyncio.get_running_loop().time() + LONGEST
    me = who(request).id
    known = await desk.database.read(handoff.newest), desk.looking.others(number, me)
    yield format_sse_event(event="open", data_str="{}")
    while asyncio.get_running_loop().time() < ends and not await request.is_disconnected():
        await desk.database.bell.wait(bell.DESK, POLL)
        try:
            newest = await desk.database.read(handoff.newest), desk.looking.others(number, me)
        except Unavailable:
            continue
        if newest != known:
            known = newest
            yield format_sse_event(event="change", data_str="{}")
