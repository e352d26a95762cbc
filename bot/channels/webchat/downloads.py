"""A file that a bubble of the page offers, for the browser that has the chat and nobody else."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from bot.channels.outgoing import Document, Stored
from bot.channels.webchat.adapter import ACCOUNT, SCHEME, opaque_id
from bot.channels.webchat.cookies import Cookies
from bot.channels.webchat.door import Door
from bot.payload import unpack
from storage import pages
from storage.crypto import Tampered
from storage.file_types import SANDBOX
from storage.keys import KeyGone
from storage.media_folder import Folder
from storage.unit_of_work import Unit

MOST_ID = 2**63 - 1


def router(door: Door) -> APIRouter:
    """GET /chat/files/{message}. The cookie opens it, so a link that was passed on opens nothing."""
    routes = APIRouter()
    cookies = Cookies(door.settings.secure_cookies)

    @routes.get("/chat/files/{message}")
    async def download(request: Request, message: int) -> Response:
        token = cookies.token(request)
        found: Document | None = None
        if token is not None and 0 < message <= MOST_ID:
            given = await door.database.read(lambda unit: _given(unit, token, message))
            found = await _whole(door, given) if isinstance(given, Stored) else given
        if found is None:
            return PlainTextResponse("there is no such file (any more)", 404)
        saved = {"Content-Disposition": f'attachment; filename="{found.name}"', "Cache-Control": "no-store"}
        return Response(found.content, media_type=found.type, headers=saved | SANDBOX)

    return routes


def _given(unit: Unit, token: str, message: int) -> Document | Stored | None:
    visitor = pages.visitor(unit, SCHEME, ACCOUNT, opaque_id(token))
    payload = None if visitor is None else pages.shown_one(unit, visitor, message)
    out = None if payload is None else unpack(payload)
    return None if out is None else out.document or out.stored


async def _whole(door: Door, stored: Stored) -> Document | None:
    """With its content; None where that is gone: files of requests are kept for a shorter time than the page."""
    folder = Folder(door.settings.media_folder)
    try:
        content = await asyncio.to_thread(folder.read_one, door.database, stored.id)
    except (KeyGone, Tampered, FileNotFoundError):
        return None
    return Document(stored.name, stored.type, content)
