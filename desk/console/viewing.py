"""How one browser shows the desk: language, light or dark, single keys. Kept in cookies that say nothing else."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from desk.console.shown import KEYS_COOKIE, LANGUAGE_COOKIE, THEME_COOKIE, THEMES, Console
from desk.console.signing import Show, door
from desk.languages import STAFF_LANGUAGES

A_YEAR = 365 * 24 * 3600  # seconds


def viewing(desk: Console, show: Show) -> APIRouter:
    """The page on which it is chosen."""
    routes = APIRouter(prefix="/desk/view", default_response_class=HTMLResponse, route_class=door(desk, show))

    @routes.get("")
    async def choose(request: Request) -> Response:
        return show(request, "view.html", staff_languages=STAFF_LANGUAGES, themes=THEMES)

    @routes.post("")
    async def keep(request: Request) -> Response:
        """What the form leaves out stays as it is; an unchecked box is only meant where the whole form was sent."""
        form, response = await request.form(), RedirectResponse("/desk/view", 303)
        wanted = {LANGUAGE_COOKIE: form.get("language"), THEME_COOKIE: form.get("theme")}
        if "language" in form:
            wanted[KEYS_COOKIE] = "on" if form.get("keys") == "on" else "off"
        allowed = {*STAFF_LANGUAGES, *THEMES, "on", "off"}
        for name, value in wanted.items():
            if value in allowed:
                response.set_cookie(name, str(value), A_YEAR, secure=desk.secure, httponly=True, samesite="lax")
        return response

    return routes
