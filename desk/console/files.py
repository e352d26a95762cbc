"""What people sent: a photo, a voice note, a paper, a place. Every opening is written in the log.

The content never stands in a page: it is opened by a click, as a file of its own that runs nothing.
"""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from functools import partial

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from desk.console.shown import Console
from desk.console.signing import Show, door, who
from desk.inbox import find
from storage import audit, media
from storage.crypto import Tampered
from storage.file_types import SANDBOX
from storage.keys import KeyGone
from storage.media import MediaRow, MediaState
from storage.members import Member
from storage.requests import NoRequest
from storage.unit_of_work import Unit

PLAIN = "text/plain; charset=utf-8"
PART = re.compile("bytes=([0-9]{0,15})-([0-9]{0,15})")
#: A player fetches one file in many parts: within this time that is one opening.
SAME_OPENING = timedelta(minutes=10)
OPENED = "opened_file"


def files(desk: Console, show: Show) -> APIRouter:
    """The files of requests."""
    routes = APIRouter(prefix="/desk/requests", default_response_class=HTMLResponse, route_class=door(desk, show))

    @routes.get("/{number:int}/media/{id:int}")
    async def one(request: Request, number: int, id: int) -> Response:
        """A file, or the geo address of a place."""
        try:
            row, place = await desk.database.write(partial(_open, member=who(request), number=number, id=id))
            if place is not None:
                return sent(request, place.encode(), PLAIN, f"{number}-{id}.txt")
            content = await asyncio.to_thread(desk.folder.read, desk.database.keys, row.contact_id, id)
        except (NoRequest, KeyGone, Tampered, FileNotFoundError):
            return show(request, "thread.html", 404, thread=None)
        type = row.type or "application/octet-stream"
        return sent(request, content, type, f"{number}-{id}.{type.rpartition('/')[2]}")

    return routes


def _open(unit: Unit, member: Member, number: int, id: int) -> tuple[MediaRow, str | None]:
    find(unit, member, number)
    row = next((row for row in media.of_request(unit, number) if row.id == id), None)
    if row is None or row.state is not MediaState.KEPT:
        raise NoRequest(number)
    log_opening(unit, member, f"request:{number}", row)
    return row, media.place(unit, id)


def log_opening(unit: Unit, member: Member, thing: str, row: MediaRow) -> None:
    """Write down that somebody opens a file. thing: what it belongs to."""
    detail = f"{row.kind}:{row.id}"
    if not audit.is_logged(unit, member.id, OPENED, thing, unit.now - SAME_OPENING, detail):
        audit.log_act(unit, member.id, OPENED, thing, detail)


def sent(request: Request, content: bytes, type: str, name: str) -> Response:
    """As a download, which a page may show as a picture or play; nothing in it is ever run, and no cache keeps it.

    A player that seeks asks for a part (RFC 9110, 14): one part is given; who asks for several gets all.
    """
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        **SANDBOX,
        "Cache-Control": "no-store",
        "Accept-Ranges": "bytes",
    }
    asked = PART.fullmatch(request.headers.get("range", ""))
    if asked is None or not any(asked.groups()):
        return Response(content, media_type=type, headers=headers)
    first, last = _part(asked, len(content))
    if first > last:
        return Response(status_code=416, headers=headers | {"Content-Range": f"bytes */{len(content)}"})
    said = {"Content-Range": f"bytes {first}-{last}/{len(content)}"}
    return Response(content[first : last + 1], 206, media_type=type, headers=headers | said)


def _part(asked: re.Match[str], size: int) -> tuple[int, int]:
    """The first and the last byte; the first is the greater one where there are none."""
    first, last = asked.groups()
    if not first:
        return (max(0, size - int(last)), size - 1) if int(last) else (size, 0)
    return int(first), min(int(last), size - 1) if last else size - 1
