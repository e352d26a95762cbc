"""What people sent with a request: a photo, a voice note, a paper, a place. Every opening is written in the log.

The content never stands in a page: it is opened by a click, as a file of its own that runs nothing.
"""

from __future__ import annotations

import asyncio
from functools import partial

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from desk.console.shown import Console
from desk.console.signing import Show, door, who
from desk.inbox import find
from storage import audit, media
from storage.crypto import Tampered
from storage.keys import KeyGone
from storage.media import MediaRow, MediaState
from storage.members import Member
from storage.requests import NoRequest
from storage.unit_of_work import Unit

PLAIN = "text/plain; charset=utf-8"


def files(desk: Console, show: Show) -> APIRouter:
    """The files of requests."""
    routes = APIRouter(prefix="/desk/requests", default_response_class=HTMLResponse, route_class=door(desk, show))

    @routes.get("/{number:int}/media/{id:int}")
    async def one(request: Request, number: int, id: int) -> Response:
        """A file, or the geo address of a place."""
        try:
            row, place = await desk.database.write(partial(_open, member=who(request), number=number, id=id))
            if place is not None:
                return _sent(place.encode(), PLAIN, f"{number}-{id}.txt")
            content = await asyncio.to_thread(desk.folder.read, desk.database.keys, row.contact_id, id)
        except (NoRequest, KeyGone, Tampered, FileNotFoundError):
            return show(request, "thread.html", 404, thread=None)
        type = row.type or "application/octet-stream"
        return _sent(content, type, f"{number}-{id}.{type.rpartition('/')[2]}")

    return routes


def _open(unit: Unit, member: Member, number: int, id: int) -> tuple[MediaRow, str | None]:
    find(unit, member, number)
    row = next((row for row in media.of_request(unit, number) if row.id == id), None)
    if row is None or row.state is not MediaState.KEPT:
        raise NoRequest(number)
    audit.log_act(unit, member.id, "opened_file", f"request:{number}", row.kind)
    return row, media.place(unit, id)


def _sent(content: bytes, type: str, name: str) -> Response:
    """As a download, which a page may show as a picture or play; nothing in it is ever run, and no cache keeps it."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=type, headers=headers)
