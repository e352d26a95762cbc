"""The desk: every page under /desk. Without a session all of them but the sign-in are answered with 401."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates

from desk.access import May, may
from desk.console.acting import acting
from desk.console.lists import reading, shared
from desk.console.live import live
from desk.console.shown import Console
from desk.console.signing import door, leaving, sign_in

__all__ = ["HERE", "Console", "router"]

HERE = Path(__file__).parent
EVERY_METHOD = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def router(desk: Console) -> APIRouter:
    """All routes under /desk."""
    templates = Jinja2Templates(HERE / "templates")

    def show(request: Request, name: str, status: int = 200, **values: object) -> Response:
        me = getattr(request.state, "member", None)
        allowed = frozenset(what for what in May if me is not None and may(me, what))
        always = {"trial": desk.is_trial(), "alarms": desk.alarms(), "me": me, "may": allowed}
        return templates.TemplateResponse(request, name, {**shared(desk), **always, **values}, status)

    routes = APIRouter()
    for part in (sign_in, leaving, reading, acting, live):
        routes.include_router(part(desk, show))
    nothing = APIRouter(prefix="/desk", default_response_class=HTMLResponse, route_class=door(desk, show))

    @nothing.api_route("/{path:path}", methods=EVERY_METHOD)
    async def no_page(request: Request) -> Response:
        """The last one: who is not signed in does not learn which pages there are."""
        return show(request, "thread.html", 404, thread=None)

    routes.include_router(nothing)
    return routes
