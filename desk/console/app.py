"""The desk, read only: sign in by a one-time link, the list of requests, one request with its context.

What a newcomer wrote is shown as it is, in its own direction; sensitive answers are not read from the database here.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from fastapi.templating import Jinja2Templates

from desk.promise import Calendar
from i18n.catalog import Catalog
from i18n.locales import LOCALES
from i18n.text import say_moment
from storage import messages, requests, staff
from storage.crypto import Tampered
from storage.db import Database
from storage.keys import KeyGone
from storage.unit_of_work import Unit

HERE = Path(__file__).parent
STAFF_LANGUAGE = "en"
SEVEN_DAYS = 7 * 24 * 3600  # seconds; idle sessions end after 12 hours on our side
LARGEST_NUMBER = 2**63 - 1  # what a database can look up
EVERY_METHOD = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

Show = Callable[..., Response]


@dataclass(frozen=True, slots=True)
class Console:
    """What the desk needs. secure: cookies only over https; is_trial: a banner says what is not confirmed.

    alarms: codes of what is wrong with receiving, each a text desk.alarm.<code>.
    """

    database: Database
    texts: Callable[[], Catalog]
    calendar: Callable[[], Calendar]
    secure: bool
    is_trial: Callable[[], bool]
    alarms: Callable[[], Sequence[str]]

    @property
    def cookie(self) -> str:
        """The cookie's name; the prefix ties it to this host and to https."""
        return "__Host-izi-desk" if self.secure else "izi-desk"

    def text(self, key: str, **params: int) -> str:
        """A text for staff."""
        return self.texts().text(STAFF_LANGUAGE, f"desk.{key}", **params).string

    def where(self, guide: str | None, step: str | None) -> str:
        """Guide and step in words; by their ids where the guide has changed since."""
        parts = [(guide, f"{guide}.guide.title"), (step, f"{guide}.{step}.title")]
        return " · ".join(self._title(key) or id for id, key in parts if id)

    def _title(self, key: str) -> str | None:
        try:
            return self.texts().text(STAFF_LANGUAGE, key).string
        except KeyError:
            return None

    def moment(self, moment: datetime | None) -> str:
        """A time on the country's clocks."""
        return say_moment(self.calendar().local(moment), STAFF_LANGUAGE) if moment else ""


def router(desk: Console) -> APIRouter:
    """All routes under /desk. Without a session everything there but the sign-in is answered with 401."""
    templates = Jinja2Templates(HERE / "templates")

    def show(request: Request, name: str, status: int = 200, **values: object) -> Response:
        shared = {"t": desk.text, "moment": desk.moment, "trial": desk.is_trial(), "alarms": desk.alarms()}
        return templates.TemplateResponse(request, name, shared | values, status)

    routes = APIRouter()
    routes.include_router(_sign_in(desk, show))
    routes.include_router(_inside(desk, show))
    return routes


def _sign_in(desk: Console, show: Show) -> APIRouter:
    routes = APIRouter(prefix="/desk/login", default_response_class=HTMLResponse)

    @routes.get("/{token}")
    async def confirm(request: Request, token: str) -> Response:
        """Show a button: opening a link, as previews do, uses nothing up."""
        valid = await desk.database.read(partial(staff.is_valid, token=token))
        return show(request, "login.html", 200 if valid else 410, valid=valid, token=token)

    @routes.post("/{token}")
    async def sign_in(request: Request, token: str) -> Response:
        session = await desk.database.write(partial(staff.redeem, token=token))
        if session is None:
            return show(request, "login.html", 410, valid=False, token="")
        response = RedirectResponse("/desk", 303)
        response.set_cookie(desk.cookie, session, SEVEN_DAYS, secure=desk.secure, httponly=True, samesite="lax")
        return response

    return routes


def _inside(desk: Console, show: Show) -> APIRouter:
    routes = APIRouter(prefix="/desk", default_response_class=HTMLResponse, route_class=_door(desk, show))

    @routes.post("/logout")
    async def sign_out(request: Request) -> Response:
        token = request.cookies[desk.cookie]
        await desk.database.write(partial(staff.sign_out, token=token))
        response = RedirectResponse("/desk", 303)
        response.delete_cookie(desk.cookie, secure=desk.secure, httponly=True, samesite="lax")
        return response

    @routes.get("")
    async def waiting(request: Request) -> Response:
        rows = await desk.database.read(requests.open_requests)
        return show(request, "requests.html", rows=[_line(desk, row) for row in rows])

    @routes.get("/requests/{number:int}")
    async def one(request: Request, number: int) -> Response:
        try:
            found = await desk.database.read(partial(read_request, number=number))
        except (requests.NoRequest, KeyGone, Tampered):
            return show(request, "request.html", 404, row=None)
        row, context, added = found
        return show(request, "request.html", row=_line(desk, row), context=context, added=added)

    @routes.api_route("/{path:path}", methods=EVERY_METHOD)
    async def nothing(request: Request) -> Response:
        """The last one: who is not signed in does not learn which pages there are."""
        return show(request, "request.html", 404, row=None)

    return routes


def _door(desk: Console, show: Show) -> type[APIRoute]:
    class SignedIn(APIRoute):
        """A route that asks who is there before it looks at anything else."""

        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            answer = super().get_route_handler()

            async def ask_first(request: Request) -> Response:
                token = request.cookies.get(desk.cookie)
                if token is None or await desk.database.write(partial(staff.staff_session, token=token)) is None:
                    return show(request, "login.html", 401, valid=None, token="")
                return await answer(request)

            return ask_first

    return SignedIn


def read_request(unit: Unit, number: int) -> tuple[requests.RequestRow, Mapping[str, Any], list[messages.Kept]]:
    """A request, what staff may know of it, and the words that were added. Raises NoRequest, KeyGone."""
    if number > LARGEST_NUMBER:
        raise requests.NoRequest(number)
    row = requests.request(unit, number)
    return row, orjson.loads(requests.context(unit, number)), messages.of_request(unit, number)


def _line(desk: Console, row: requests.RequestRow) -> dict[str, Any]:
    now = desk.database.now()
    return {
        "number": row.number,
        "type": desk.text(f"type.{row.type}"),
        "urgent": row.urgent,
        "where": desk.where(row.guide, row.step),
        "language": LOCALES[row.locale].name if row.locale in LOCALES else row.locale,
        "since": desk.moment(row.created_at),
        "promised": desk.moment(row.promised_by),
        "late": row.promised_by is not None and row.promised_by < now and row.closed_at is None,
    }
