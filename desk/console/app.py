"""The desk: every page under /desk. Without a session all of them but the sign-in are answered with 401."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates

from desk.access import May, may
from desk.console.acting import acting
from desk.console.attaching import attaching
from desk.console.audit_pages import looking
from desk.console.chat_link import chat_links
from desk.console.files import files
from desk.console.find import finding
from desk.console.gathering_pack import gathering_pack
from desk.console.gatherings import gatherings
from desk.console.inserting import inserting
from desk.console.lists import reading, shared
from desk.console.live import live
from desk.console.log import listing
from desk.console.me import own
from desk.console.notice_forms import notice_forms
from desk.console.notice_live import notice_live
from desk.console.notice_pack import notice_pack
from desk.console.notices import notices
from desk.console.permit_pages import permitting
from desk.console.second import codes
from desk.console.service import service
from desk.console.shown import Console
from desk.console.signing import door, leaving, sign_in
from desk.console.slips import slips
from desk.console.surveys import surveys
from desk.console.team_pages import managing
from desk.console.viewing import viewing

__all__ = ["HERE", "Console", "router"]

HERE = Path(__file__).parent
TEMPLATES = Jinja2Templates(HERE / "templates")
EVERY_METHOD = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def router(desk: Console) -> APIRouter:
    """All routes under /desk."""

    def show(request: Request, name: str, status: int = 200, **values: object) -> Response:
        session = getattr(request.state, "session", None)
        # Who has shown no code yet is nobody.
        me = request.state.member if session is not None and session.verified_at is not None else None
        allowed = frozenset(what for what in May if me is not None and may(me, what))
        alarms = [*desk.alarms(), *(request.state.warnings if me is not None else ())]
        switched = [name for name, on in request.state.stands.items() if on] if me is not None else ()
        always = {"trial": desk.is_trial(), "switched": switched, "alarms": alarms, "me": me, "may": allowed}
        return TEMPLATES.TemplateResponse(request, name, {**shared(desk.to(request)), **always, **values}, status)

    routes = APIRouter()
    outside = (sign_in, codes, leaving)
    inside = (own, chat_links, managing, looking, finding, listing, permitting, live, viewing)
    of_requests = (reading, files, slips, inserting, attaching, acting)
    to_many = (gathering_pack, gatherings, surveys, notices, notice_live, notice_pack, service, notice_forms)
    for part in (*of_requests, *outside, *inside, *to_many):
        # Not include_router, which asks every route twice for each request.
        routes.routes.extend(part(desk, show).routes)
    nothing = APIRouter(prefix="/desk", default_response_class=HTMLResponse, route_class=door(desk, show))

    @nothing.api_route("/{path:path}", methods=EVERY_METHOD)
    async def no_page(request: Request) -> Response:
        """The last one: who is not signed in does not learn which pages there are."""
        return show(request, "thread.html", 404, thread=None)

    routes.routes.extend(nothing.routes)
    return routes
