"""GET /g, /g/<language>, /g/<language>/<guide> and its QR code. Pages carry an ETag, and may be kept for minutes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.templating import Jinja2Templates

from bot.guide_pages import view
from bot.settings import Settings
from bot.world import World
from i18n.locales import LOCALES, SOURCE, negotiate

HERE = Path(__file__).parent
KEPT = "public, max-age=300"  # a corrected fact reaches every reader within five minutes
TEMPLATES = Jinja2Templates(HERE / "templates")

Languages = Annotated[str | None, Header()]
Tags = Annotated[str | None, Header()]


@dataclass(frozen=True, slots=True)
class Library:
    """What the pages are made of."""

    settings: Settings
    world: Callable[[], World]
    clock: Callable[[], datetime]


def router(library: Library) -> APIRouter:
    """The public pages."""
    routes = APIRouter()
    _add_lists(routes, library)
    _add_guides(routes, library)
    return routes


def _add_lists(routes: APIRouter, library: Library) -> None:
    @routes.get("/g")
    async def front(accept_language: Languages = None) -> Response:
        locale = negotiate(_first(accept_language), library.world().pickable) or SOURCE
        return RedirectResponse(f"/g/{LOCALES[locale].tag}", 307)

    @routes.get("/g/{tag}", response_class=HTMLResponse)
    async def guides(
        request: Request, tag: str, accept_language: Languages = None, if_none_match: Tags = None
    ) -> Response:
        world = library.world()
        locale = _locale(world, tag)
        if locale is None:
            return _missing(request, world, accept_language)
        listed = [
            (f"/g/{LOCALES[locale].tag}/{id}", guide.icon, view.title(world, guide, locale))
            for id, guide in world.guides.items()
        ]
        return _page(request, "list.html", world, locale, if_none_match, path="", listed=listed)


def _add_guides(routes: APIRouter, library: Library) -> None:
    @routes.get("/g/{tag}/{guide_id}", response_class=HTMLResponse)
    async def guide(
        request: Request, tag: str, guide_id: str, accept_language: Languages = None, if_none_match: Tags = None
    ) -> Response:
        world = library.world()
        locale, found = _locale(world, tag), world.guide(guide_id)
        if locale is None or found is None:
            return _missing(request, world, accept_language, locale)
        written = view.write(world, found, locale, world.today(library.clock()))
        more = {"guide": written, "path": f"/{guide_id}", "start": f"{guide_id}-{LOCALES[locale].tag}"}
        return _page(request, "guide.html", world, locale, if_none_match, icon=found.icon, **more)

    @routes.get("/g/{tag}/{guide_id}/qr.svg")
    async def code(
        request: Request, tag: str, guide_id: str, accept_language: Languages = None, if_none_match: Tags = None
    ) -> Response:
        world = library.world()
        locale = _locale(world, tag)
        if locale is None or world.guide(guide_id) is None:
            return _missing(request, world, accept_language, locale)
        drawn = _qr(f"{library.settings.base_url}/g/{LOCALES[locale].tag}/{guide_id}")
        return _kept(Response(drawn, media_type="image/svg+xml"), if_none_match)


def _qr(address: str) -> bytes:
    """An SVG drawing, black on white also where the page is dark: cameras read nothing else well."""
    # Deferred: 0.13 s to import, and most processes never draw one.
    import segno

    drawn = BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", scale=4, border=4, dark="#000", light="#fff")
    return drawn.getvalue()


def _locale(world: World, tag: str) -> str | None:
    return next((code for code in world.pickable if LOCALES[code].tag == tag), None)


def _first(accept_language: str | None) -> str | None:
    return (accept_language or "").split(",")[0].split(";")[0].strip()[:35] or None


def _draw(request: Request, template: str, world: World, locale: str, status: int, more: dict[str, Any]) -> Response:
    values = {
        "tag": LOCALES[locale].tag,
        "dir": "rtl" if LOCALES[locale].rtl else "ltr",
        "text": view.words(world, locale),
        "icons": world.pack.icons,
        "languages": [LOCALES[code] for code in world.pickable],
    }
    return TEMPLATES.TemplateResponse(request, template, values | more, status)


def _page(
    request: Request, template: str, world: World, locale: str, if_none_match: str | None, **more: Any
) -> Response:
    return _kept(_draw(request, template, world, locale, 200, more), if_none_match)


def _kept(response: Response, if_none_match: str | None) -> Response:
    """With an ETag made of what it says; without a body for who has it already."""
    tag = f'"{hashlib.sha256(bytes(response.body)).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": KEPT, "Vary": "Accept-Encoding"}
    if if_none_match is not None and tag in if_none_match:
        return Response(status_code=304, headers=headers)
    response.headers.update(headers)
    return response


def _missing(request: Request, world: World, accept_language: str | None, locale: str | None = None) -> Response:
    """No such page, said in the language of the address or, where that is none, of the browser."""
    spoken = locale or negotiate(_first(accept_language), world.pickable) or SOURCE
    return _draw(request, "missing.html", world, spoken, 404, {"path": ""})
