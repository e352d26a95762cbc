"""The code after the link, and again before what reaches far: setting up an app, showing a code, a fresh one."""

from __future__ import annotations

from urllib.parse import quote

import segno
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from desk import auth
from desk.auth import Answer
from desk.console.shown import Console
from desk.console.signing import CONFIRM, STATUS, Show, came_from, confirmed, door, let_in, session_of, typed_code, who
from storage.unit_of_work import Unit


def codes(desk: Console, show: Show) -> APIRouter:
    """The pages that take a code."""
    routes = APIRouter(prefix="/desk", default_response_class=HTMLResponse, route_class=door(desk, show))

    async def ask(request: Request, fault: Answer | None = None) -> Response:
        """The form; with the secret, as picture and text, for who has confirmed none yet."""
        me = who(request)
        secret = await desk.database.write(lambda unit: auth.secret_to_show(unit, me))
        setting_up = {} if secret is None else {"secret": auth.as_text(secret), "picture": _picture(secret, me.label)}
        return show(request, "code.html", STATUS[fault] if fault else 200, fault=fault, **setting_up)

    @routes.get("/code")
    async def code(request: Request) -> Response:
        if session_of(request).verified_at is not None:
            return RedirectResponse("/desk", 303)
        return await ask(request)

    @routes.post("/code")
    async def show_code(request: Request) -> Response:
        me, typed, half = who(request), await typed_code(request), request.cookies[desk.cookie]

        def try_it(unit: Unit) -> tuple[Answer, str]:
            answer = auth.check_code(unit, me.id, typed, came_from(request))
            return answer, auth.sign_in(unit, me.id, half) if answer is Answer.RIGHT else ""

        answer, session = await desk.database.write(try_it)
        return let_in(desk, session) if answer is Answer.RIGHT else await ask(request, answer)

    @routes.get("/confirm")
    async def confirm(request: Request, to: str = "/desk") -> Response:
        return show(request, "confirm.html", at=_again(to), fault=None)

    @routes.post("/confirm")
    async def confirm_it(request: Request, to: str = "/desk") -> Response:
        answer = await confirmed(desk, request)
        if answer is Answer.RIGHT:
            # What is asked for by its address is a file: the page would stay, with a code that is used up.
            return show(request, "confirmed.html", file=_ours(to))
        return show(request, "confirm.html", STATUS[answer], at=_again(to), fault=answer)

    return routes


def _again(to: str) -> str:
    """Where a code goes that is asked for before a page is shown."""
    return f"{CONFIRM}?to={quote(_ours(to))}"


def _ours(to: str) -> str:
    """A page of the desk, whatever the address says."""
    return to if to.startswith("/desk") and "\\" not in to and to.isprintable() else "/desk"


def _picture(secret: bytes, label: str) -> str:
    """The QR code as an address that an image can have."""
    drawn = segno.make(auth.as_address(secret, label), error="m", micro=False)
    return drawn.svg_data_uri(scale=5, dark="#000", light="#fff")
