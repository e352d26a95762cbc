"""An event for groups and walls: words to copy in each language, a page to print, a code that opens it in the chat."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from desk import gatherings as acts
from desk.console.gatherings import EVENTS
from desk.console.notice_pack import drawn, is_rtl
from desk.console.shown import Console
from desk.console.signing import Show, door, who
from desk.notice_voice import Sheet
from storage.events import NoEvent


def gathering_pack(desk: Console, show: Show) -> APIRouter:
    """The pages beside an event."""
    routes = APIRouter(prefix=EVENTS, default_response_class=HTMLResponse, route_class=door(desk, show))

    @routes.get("/{id:int}/pack")
    async def pack(request: Request, id: int) -> Response:
        sheets = await _sheets(desk, request, id)
        if sheets is None:
            return show(request, "notice_gone.html", 404)
        packed = [(locale, sheet.words) for locale, sheet in sheets.items()]
        return show(request, "notice_pack.html", packed=packed, rtl=is_rtl, **_here(id))

    @routes.get("/{id:int}/leaflet/{locale}")
    async def leaflet(request: Request, id: int, locale: str) -> Response:
        sheet = (await _sheets(desk, request, id) or {}).get(locale)
        if sheet is None:
            return show(request, "notice_gone.html", 404)
        return show(request, "notice_leaflet.html", locale=locale, sheet=sheet, rtl=is_rtl, **_here(id))

    @routes.get("/{id:int}/qr/{locale}")
    async def code(request: Request, id: int, locale: str) -> Response:
        sheet = (await _sheets(desk, request, id) or {}).get(locale)
        return show(request, "notice_gone.html", 404) if sheet is None else drawn(sheet.address)

    return routes


async def _sheets(desk: Console, request: Request, id: int) -> dict[str, Sheet] | None:
    """The event on paper, in each language that it has words in; None where it is not theirs to see."""
    try:
        event = await desk.database.read(partial(acts.find, me=who(request), id=id))
    except NoEvent:
        return None
    voice = desk.notices()
    return {locale: voice.invitation(event, locale) for locale in event.texts}


def _here(id: int) -> dict[str, str]:
    return {"at": f"{EVENTS}/{id}", "back": "gathering.one", "file": f"event-{id}"}
