"""Signing in by a one-time link, and the door that every other page of the desk stands behind."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute

from desk.console.shown import Console
from storage import members, staff
from storage.members import Member
from storage.unit_of_work import Unit

SEVEN_DAYS = 7 * 24 * 3600  # seconds; idle sessions end after 12 hours on our side
PLEDGE = "/desk/pledge"
#: Pages that work before the code of conduct is accepted.
BEFORE_THE_PLEDGE = frozenset({PLEDGE, "/desk/logout"})

Show = Callable[..., Response]


def sign_in(desk: Console, show: Show) -> APIRouter:
    """The pages of a one-time link."""
    routes = APIRouter(prefix="/desk/login", default_response_class=HTMLResponse)

    @routes.get("/{token}")
    async def confirm(request: Request, token: str) -> Response:
        """Show a button: opening a link, as previews do, uses nothing up."""
        valid = await desk.database.read(partial(staff.is_valid, token=token))
        return show(request, "login.html", 200 if valid else 410, valid=valid, token=token)

    @routes.post("/{token}")
    async def enter(request: Request, token: str) -> Response:
        session = await desk.database.write(partial(staff.redeem, token=token))
        if session is None:
            return show(request, "login.html", 410, valid=False, token="")
        response = RedirectResponse("/desk", 303)
        response.set_cookie(desk.cookie, session, SEVEN_DAYS, secure=desk.secure, httponly=True, samesite="lax")
        return response

    return routes


def leaving(desk: Console, show: Show) -> APIRouter:
    """Signing out, and the code of conduct, which is accepted once."""
    routes = APIRouter(prefix="/desk", default_response_class=HTMLResponse, route_class=door(desk, show))

    @routes.post("/logout")
    async def sign_out(request: Request) -> Response:
        token = request.cookies[desk.cookie]
        await desk.database.write(partial(staff.sign_out, token=token))
        response = RedirectResponse("/desk", 303)
        response.delete_cookie(desk.cookie, secure=desk.secure, httponly=True, samesite="lax")
        return response

    @routes.get("/pledge")
    async def pledge(request: Request) -> Response:
        return show(request, "pledge.html")

    @routes.post("/pledge")
    async def accept(request: Request) -> Response:
        me = who(request)
        await desk.database.write(lambda unit: members.accept_pledge(unit, me.id))
        return RedirectResponse("/desk", 303)

    return routes


def door(desk: Console, show: Show) -> type[APIRoute]:
    """A route class that asks who is there before it looks at anything else."""

    class SignedIn(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            answer = super().get_route_handler()

            async def ask_first(request: Request) -> Response:
                token = request.cookies.get(desk.cookie)
                me = None if token is None else await desk.database.write(partial(_signed_in, token=token))
                if me is None:
                    return show(request, "login.html", 401, valid=None, token="")
                request.state.member = me
                if me.pledged_at is None and request.url.path not in BEFORE_THE_PLEDGE:
                    return RedirectResponse(PLEDGE, 303)
                return await answer(request)

            return ask_first

    return SignedIn


def who(request: Request) -> Member:
    """Who is signed in, behind the door."""
    found: Member = request.state.member
    return found


def _signed_in(unit: Unit, token: str) -> Member | None:
    found = staff.staff_session(unit, token)
    return None if found is None else members.member(unit, found.id)
