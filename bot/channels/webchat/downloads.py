"""A file that a bubble of the page offers, for the browser that has the chat and nobody else."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from bot.channels.base import Document
from bot.channels.webchat.adapter import ACCOUNT, SCHEME, opaque_id
from bot.channels.webchat.cookies import Cookies
from bot.channels.webchat.door import Door
from bot.payload import unpack
from storage import pages
from storage.unit_of_work import Unit

MOST_ID = 2**63 - 1


def router(door: Door) -> APIRouter:
    """GET /chat/files/{message}. The cookie opens it, so a link that was passed on opens nothing."""
    routes = APIRouter()
    cookies = Cookies(door.settings.secure_cookies)

    @routes.get("/chat/files/{message}")
    async def download(request: Request, message: int) -> Response:
        token = cookies.token(request)
        found = None
        if token is not None and 0 < message <= MOST_ID:
            found = await door.database.read(lambda unit: _document(unit, token, message))
        if found is None:
            return PlainTextResponse("there is no such file (any more)", 404)
        saved = {"Content-Disposition": f'attachment; filename="{found.name}"', "Cache-Control": "no-store"}
        return Response(found.content, media_type=found.type, headers=saved)

    return routes


def _document(unit: Unit, token: str, message: int) -> Document | None:
    visitor = pages.visitor(unit, SCHEME, ACCOUNT, opaque_id(token))
    payload = None if visitor is None else pages.shown_one(unit, visitor, message)
    return None if payload is None else unpack(payload).document
