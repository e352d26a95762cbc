"""The chat page: plain forms that work without a script. A POST stores what was said and leads back to GET."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Form, Header, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.templating import Jinja2Templates

from bot import links
from bot.cards import Msg
from bot.channels.arrivals import Press, Words, clean
from bot.channels.webchat import header, screen
from bot.channels.webchat.adapter import new_token
from bot.channels.webchat.cookies import Cookies, Look
from bot.channels.webchat.door import LONGEST_WORDS, Door
from bot.channels.webchat.screen import View
from bot.compose import Composer
from storage.db import Unavailable

HERE = Path(__file__).parent
NEWEST = "/chat#newest"

Languages = Annotated[str | None, Header()]
Short = Annotated[str, Form(max_length=256)]
Text = Annotated[str, Form()]


def first_language(accept_language: str | None) -> str | None:
    """The first language that a browser asks for."""
    return (accept_language or "").split(",")[0].split(";")[0].strip()[:35] or None


class _Drawing:
    """Draws pages for one browser."""

    def __init__(self, door: Door, request: Request, accept_language: str | None) -> None:
        self.door = door
        self.request = request
        self.language = first_language(accept_language)
        self.cookies = Cookies(door.settings.secure_cookies)
        self.token = self.cookies.token(request)
        self.look = self.cookies.look(request)

    async def view(self, token: str | None) -> View:
        """What to draw; while the database is away, the page of somebody new."""
        try:
            return await self.door.look(token, self.language)
        except Unavailable:
            return screen.newcomer(self.door.world(), self.language)

    def draw(self, view: View, status: int = 200, **more: Any) -> Response:
        """The page."""
        values = header.template(view, self.look, self.door.settings.exit_url)
        values |= {"nonce": secrets.token_urlsafe(16)} | more
        return TEMPLATES.TemplateResponse(self.request, "chat.html", values, status)

    def parted(self, view: View, *, shown: bool = False) -> Response:
        """The receipt, once: with the cookie goes the last way back to this chat. shown: it was read, go on anew."""
        response = RedirectResponse("/chat", 303) if shown else self.draw(view)
        self.cookies.forget_token(response)
        return response

    async def noticed(self, key: str, status: int, draft: str = "", **params: int) -> Response:
        """The page with one line of notice, and what the person had typed."""
        view = await self.view(self.token)
        notice = Composer(view.world, view.locale).say(Msg(f"bot.page.{key}", params))
        return self.draw(view, status, notice=notice, draft=draft)


TEMPLATES = Jinja2Templates(HERE / "templates")


def router(door: Door) -> APIRouter:
    """GET and POST /chat, and the small forms beside it."""
    routes = APIRouter()
    _add_talk(routes, door)
    _add_forms(routes, door)
    return routes


def _add_talk(routes: APIRouter, door: Door) -> None:
    @routes.get("/chat", response_class=HTMLResponse)
    async def show(
        request: Request, late: str = "", start: str = "", again: str = "", accept_language: Languages = None
    ) -> Response:
        drawing = _Drawing(door, request, accept_language)
        if late:
            return await drawing.noticed("wait", 200)
        view = await drawing.view(drawing.token)
        if view.screen.parting or (again and not view.screen.started):
            return drawing.parted(view, shown=bool(again))
        link = links.read(start, view.world) if start else None
        return drawing.draw(view, opening=link and screen.opening(view.world, link, link.language or view.locale))

    @routes.post("/chat", response_class=HTMLResponse)
    async def say(
        request: Request, nonce: Short = "", words: Text = "", press: Short = "", accept_language: Languages = None
    ) -> Response:
        drawing = _Drawing(door, request, accept_language)
        if len(words) > LONGEST_WORDS:
            return await drawing.noticed("too_long", 422, draft=words, count=LONGEST_WORDS)
        content = Press(clean(press)) if press else Words(clean(words).strip())
        if isinstance(content, Words) and not content.text:
            return RedirectResponse(NEWEST, 303)
        token = drawing.token or new_token()
        try:
            answered = await door.say(token, nonce, content, drawing.language)
        except Unavailable:
            return await drawing.noticed("error", 503, draft=words)
        if await door.is_parting(token):
            return drawing.parted(await drawing.view(token))
        response = RedirectResponse(NEWEST if answered else "/chat?late=1#newest", 303)
        if drawing.token is None:
            drawing.cookies.keep_token(response, token, drawing.look)
        return response


def _add_forms(routes: APIRouter, door: Door) -> None:
    @routes.post("/chat/clear")
    async def clear(request: Request, nonce: Short = "", accept_language: Languages = None) -> Response:
        drawing = _Drawing(door, request, accept_language)
        if drawing.token is not None:
            await door.clear(drawing.token, nonce, drawing.language)
        return RedirectResponse(NEWEST, 303)

    @routes.post("/chat/look")
    async def look(request: Request, big: Short = "", shared: Short = "") -> Response:
        """Each button sends one of the two; the other stays as it is."""
        drawing = _Drawing(door, request, None)
        before, response = drawing.look, RedirectResponse(NEWEST, 303)
        wanted = Look(big == "yes" if big else before.big, shared == "yes" if shared else before.shared)
        drawing.cookies.keep_look(response, wanted)
        if drawing.token is not None and wanted.shared != before.shared:
            drawing.cookies.keep_token(response, drawing.token, wanted)
        return response

    @routes.post("/chat/code", response_class=HTMLResponse)
    async def make_code(request: Request, accept_language: Languages = None) -> Response:
        """The code is shown once, here."""
        drawing = _Drawing(door, request, accept_language)
        code = await door.make_code(drawing.token) if drawing.token else None
        return drawing.draw(await drawing.view(drawing.token), code=code or "")

    @routes.post("/chat/resume", response_class=HTMLResponse)
    async def resume(
        request: Request, code: Short = "", alone: Short = "", accept_language: Languages = None
    ) -> Response:
        drawing = _Drawing(door, request, accept_language)
        if not door.may_try(request.client.host if request.client else ""):
            return await drawing.noticed("code_slow", 429)
        token = await door.resume(code, alone=bool(alone))
        if token is None:
            return await drawing.noticed("code_wrong", 422)
        response = RedirectResponse(NEWEST, 303)
        drawing.cookies.keep_token(response, token, drawing.look)
        return response
