"""Signing in: a one-time link, then a code. And the door that every other page of the desk stands behind."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute

from desk import auth
from desk.access import Rule, may, rule_of
from desk.console.shown import Console
from desk.switches import standing
from desk.watch import warnings
from storage import audit, members, staff
from storage.members import Member
from storage.staff import StaffMember
from storage.unit_of_work import Unit

SEVEN_DAYS = 7 * 24 * 3600  # seconds; idle sessions end after 12 hours on our side
CODE, PLEDGE, CONFIRM = "/desk/code", "/desk/pledge", "/desk/confirm"
LIVE = "/desk/live"
TYPED = "code"  # the field of the six digits
STATUS = {auth.Answer.WRONG: 422, auth.Answer.LOCKED: 429}
FRESH = "x-fresh"  # a header: the page fetches itself, nobody does

Show = Callable[..., Response]


def sign_in(desk: Console, show: Show) -> APIRouter:
    """The pages of a one-time link."""
    routes = APIRouter(prefix="/desk/login", default_response_class=HTMLResponse)

    @routes.get("/{token}")
    async def confirm(request: Request, token: str) -> Response:
        """Show a button: opening a link, as previews do, uses nothing up. Only a browser that opened it can press."""
        valid = await desk.database.read(partial(staff.is_valid, token=token))
        nonce = request.cookies.get(desk.nonce_cookie) or staff.random_token()
        response = show(
            request, "login.html", 200 if valid else 410, valid=valid, token=token, proof=_proof(desk, token, nonce)
        )
        if valid:
            _set(desk, response, desk.nonce_cookie, nonce, auth.INVITATION.total_seconds())
        return response

    @routes.post("/{token}")
    async def enter(request: Request, token: str) -> Response:
        nonce, form = request.cookies.get(desk.nonce_cookie, ""), await request.form()
        proven = hmac.compare_digest(str(form.get("proof", "")).encode(), _proof(desk, token, nonce).encode())
        if not nonce or not proven:
            return show(request, "login.html", 403, valid=False, token="")
        session = await desk.database.write(partial(_redeem, token=token, before=request.cookies.get(desk.cookie)))
        if session is None:
            return show(request, "login.html", 410, valid=False, token="")
        response = RedirectResponse(CODE, 303)
        _set(desk, response, desk.cookie, session, SEVEN_DAYS)
        _unset(desk, response, desk.nonce_cookie)
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
        _unset(desk, response, desk.cookie)
        return response

    @routes.get("/pledge")
    async def pledge(request: Request) -> Response:
        return show(request, "pledge.html")

    @routes.post("/pledge")
    async def accept(request: Request) -> Response:
        me = who(request)

        def keep(unit: Unit) -> None:
            members.accept_pledge(unit, me.id)
            audit.log_act(unit, me.id, "pledged", f"staff:{me.id}")

        await desk.database.write(keep)
        return RedirectResponse("/desk", 303)

    return routes


def door(desk: Console, show: Show) -> type[APIRoute]:
    """A route class that asks who is there, and whether they may, before it looks at anything else.

    Raises LookupError for a route without a rule (desk/access.py).
    """

    class SignedIn(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            answer, rule = super().get_route_handler(), rule_of(self.methods, self.path)

            async def ask_first(request: Request) -> Response:
                if not await _is_known(desk, request):
                    return show(request, "login.html", 401, valid=None, token="")
                return await _turned_away(desk, show, request, rule, self.path) or await answer(request)

            return ask_first

    return SignedIn


def who(request: Request) -> Member:
    """Who is signed in, behind the door."""
    found: Member = request.state.member
    return found


def session_of(request: Request) -> StaffMember:
    """Their session, behind the door."""
    found: StaffMember = request.state.session
    return found


def let_in(desk: Console, session: str) -> Response:
    """The answer that makes a browser one that has shown a code."""
    response = RedirectResponse("/desk", 303)
    _set(desk, response, desk.cookie, session, SEVEN_DAYS)
    return response


async def _is_known(desk: Console, request: Request) -> bool:
    """Whether somebody is signed in. What a page that stands open asks for by itself is no sign of life."""
    token = request.cookies.get(desk.cookie)
    if token is None or not await desk.database.read(partial(_know, desk=desk, request=request, token=token)):
        return False
    passed = desk.database.now() - session_of(request).seen_at
    if passed >= staff.SEEN_EVERY and request.url.path != LIVE and FRESH not in request.headers:
        await desk.database.write(partial(staff.saw, token=token))
    return True


def _know(unit: Unit, desk: Console, request: Request, token: str) -> bool:
    found = staff.staff_session(unit, token)
    if found is None:
        return False
    request.state.session, request.state.member = found, members.member(unit, found.id)
    request.state.warnings = warnings(unit, request.state.member)
    request.state.stands = standing(unit, desk.shelf().pack.service)
    return True


async def _turned_away(desk: Console, show: Show, request: Request, rule: Rule, path: str) -> Response | None:
    """What is lacking, one thing after the other; None: nothing is."""
    me, session = who(request), session_of(request)
    if rule.code and session.verified_at is None:
        return RedirectResponse(CODE, 303)
    if rule.pledged and me.pledged_at is None:
        return RedirectResponse(PLEDGE, 303)
    if rule.what is not None and not may(me, rule.what):
        refused = partial(audit.log_act, staff_id=me.id, act="refused", thing=path, detail=request.method)
        await desk.database.write(refused)
        return show(request, "forbidden.html", 403)
    if rule.fresh and not auth.is_fresh(session, desk.database.now()):
        return await _asked_again(desk, show, request)
    return None


async def _asked_again(desk: Console, show: Show, request: Request) -> Response | None:
    """A code once more. What a form says waits on that page, and goes on with the right code; None: it was right."""
    if request.method == "GET":
        page = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"{CONFIRM}?to={quote(page)}", 303)
    form, answer = await request.form(), None
    if TYPED in form:
        answer = await confirmed(desk, request)
        if answer is auth.Answer.RIGHT:
            return None
    kept = [(name, value) for name, value in form.multi_items() if name != TYPED and isinstance(value, str)]
    status = 403 if answer is None else STATUS[answer]
    return show(request, "confirm.html", status, at=request.url.path, kept=kept, fault=answer)


async def confirmed(desk: Console, request: Request) -> auth.Answer:
    """Whether the code that the form says is right; then this session has shown one just now."""
    me, code, token = who(request), await typed_code(request), request.cookies[desk.cookie]

    def try_it(unit: Unit) -> auth.Answer:
        answer = auth.check_code(unit, me.id, code, came_from(request))
        if answer is auth.Answer.RIGHT:
            staff.verify(unit, token)
            audit.log_act(unit, me.id, "confirmed", f"staff:{me.id}")
        return answer

    return await desk.database.write(try_it)


async def typed_code(request: Request) -> str:
    """The six digits of a form."""
    return str((await request.form()).get(TYPED, ""))


def came_from(request: Request) -> str:
    """The address of the browser, against which wrong codes are counted."""
    return request.client.host if request.client is not None else ""


def _redeem(unit: Unit, token: str, before: str | None) -> str | None:
    session = staff.redeem(unit, token)
    if session is not None and before is not None:
        staff.sign_out(unit, before)
    return session


def _proof(desk: Console, token: str, nonce: str) -> str:
    return desk.database.keys.secrets.lookup("link", f"{nonce}:{token}").hex()


def _set(desk: Console, response: Response, name: str, value: str, seconds: float) -> None:
    response.set_cookie(name, value, int(seconds), secure=desk.secure, httponly=True, samesite="lax")


def _unset(desk: Console, response: Response, name: str) -> None:
    response.delete_cookie(name, secure=desk.secure, httponly=True, samesite="lax")
