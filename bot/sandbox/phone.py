"""The pages of `izi sandbox`: a phone with the chats of people who do not exist, beside the desk.

The phone speaks with the local Telegram server of this package; no message leaves the machine.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import telegram
from fastapi import APIRouter, Body, FastAPI, HTTPException, Request, Response
from fastapi.responses import FileResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles

from bot.house import House
from bot.sandbox.chats import BotMessage
from bot.sandbox.people import Person
from bot.sandbox.telegram import TelegramServer
from bot.serving import first_invitation
from desk import auth
from storage import codes, staff
from storage.unit_of_work import Unit

STATIC = Path(__file__).parent / "static"
CONTENT_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; frame-src 'self'; "
    "img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
COOKIE = "izi-desk"  # of the desk on plain loopback
LONGEST = 4096  # characters; Telegram's clients cut there

#: Pretend people: Telegram id -> the language of their phone.
PEOPLE: Mapping[int, str] = {1001: "en", 1002: "ar", 1003: "fa", 1004: "sr", 1005: "fr", 1006: "ps"}
#: What the paper clip offers.
SENDINGS: Mapping[str, Callable[[Person], Awaitable[Any]]] = {
    "voice": lambda person: person.sends_voice(24),
    "photo": Person.sends_photo,
    "file": Person.sends_document,
    "place": lambda person: person.sends_location(44.81, 20.46),
    "contact": Person.sends_contact,
    "sticker": Person.sends_sticker,
}

Field = Annotated[str, Body(max_length=LONGEST)]


def add_phone(app: FastAPI, house: House, server: TelegramServer) -> None:
    """Add /sandbox to the pages of a house, and let the desk stand beside the phone on that page."""
    for id, language in PEOPLE.items():
        server.person(id, first_name=f"Person {id}", language_code=language)
    app.include_router(_pages(house), include_in_schema=False)
    app.include_router(_chats(server), include_in_schema=False)
    app.mount("/static/sandbox", StaticFiles(directory=STATIC))

    @app.middleware("http")
    async def frame_the_desk(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await call_next(request)
        if request.url.path.startswith("/desk"):
            policy = response.headers.get("Content-Security-Policy", "")
            response.headers["Content-Security-Policy"] = policy.replace(
                "frame-ancestors 'none'", "frame-ancestors 'self'"
            )
        return response


def _pages(house: House) -> APIRouter:
    routes = APIRouter(prefix="/sandbox")

    @routes.get("")
    async def page() -> Response:
        return FileResponse(STATIC / "sandbox.html", headers={"Content-Security-Policy": CONTENT_POLICY})

    @routes.get("/desk")
    async def desk() -> Response:
        """Signed in at once: nobody has to look for the link in the terminal, or to set up an app."""
        session = await house.database.write(_sign_in)
        response = RedirectResponse("/desk", 303)
        response.set_cookie(COOKIE, session, httponly=True, samesite="lax")
        return response

    return routes


def _sign_in(unit: Unit) -> str:
    """A session of somebody who may do everything, with codes that nobody has; its token."""
    half = staff.redeem(unit, first_invitation(unit).rpartition("/")[2])
    assert half is not None
    member = staff.staff_session(unit, half)
    assert member is not None
    codes.keep_secret(unit, member.id, auth.random_secret())
    codes.use_step(unit, member.id, 0)
    return auth.sign_in(unit, member.id, half)


def _chats(server: TelegramServer) -> APIRouter:
    routes = APIRouter(prefix="/sandbox/people")

    @routes.get("")
    async def people() -> list[dict[str, Any]]:
        return [{"id": id, "language": language} for id, language in PEOPLE.items()]

    @routes.get("/{id}", response_model=None)
    async def chat(id: int, seen: int = -1) -> Response | dict[str, Any]:
        """The chat, or 204 where nothing has changed since `seen`."""
        person = _person(server, id)
        if person.changes == seen:
            return Response(status_code=204)
        return {"changes": person.changes, "messages": [_described(message) for message in person.talk]}

    @routes.post("/{id}/says")
    async def says(id: int, text: Annotated[Field, Body(embed=True)]) -> None:
        if text.strip():
            await _person(server, id).says(text)

    @routes.post("/{id}/presses")
    async def presses(id: int, data: Field, message: Annotated[int, Body()]) -> None:
        try:
            await _person(server, id).presses(data, message)
        except LookupError as gone:
            raise HTTPException(409) from gone

    @routes.post("/{id}/sends")
    async def sends(id: int, kind: Annotated[Field, Body(embed=True)]) -> None:
        if kind not in SENDINGS:
            raise HTTPException(404)
        await SENDINGS[kind](_person(server, id))

    return routes


def _person(server: TelegramServer, id: int) -> Person:
    if id not in PEOPLE:
        raise HTTPException(404)
    return server.person(id)


def _described(message: BotMessage | telegram.Message) -> dict[str, Any]:
    if isinstance(message, telegram.Message):
        attachment = next(
            (kind for kind in ("voice", "photo", "document", "location", "contact", "sticker") if message[kind]), ""
        )
        return {"id": message.message_id, "own": True, "text": message.text or "", "attachment": attachment}
    return {
        "id": message.id,
        "own": False,
        "deleted": message.deleted,
        "text": message.text,
        "attachment": "document" if "document" in message.content else "",
        "entities": message.entities,
        "rows": (message.markup or {}).get("inline_keyboard", []),
    }
