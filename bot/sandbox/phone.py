"""The pages of `izi sandbox`: a phone with the chats of people who do not exist, beside the desk.

The phone speaks with the local Telegram and WhatsApp servers of this package; no message leaves the machine.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Protocol

import telegram
from fastapi import APIRouter, Body, FastAPI, HTTPException, Request, Response
from fastapi.responses import FileResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles

from bot.house import House
from bot.sandbox.chats import BotMessage
from bot.sandbox.people import Person
from bot.sandbox.phone_whatsapp import WhatsAppPhone
from bot.sandbox.telegram import TelegramServer
from bot.sandbox.whatsapp import WhatsAppServer
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

#: The same on WhatsApp: id on this page -> number. Its phones tell no language.
WHATSAPP_PEOPLE: Mapping[int, str] = {2001: "38160000001", 2002: "38160000002"}

Field = Annotated[str, Body(max_length=LONGEST)]


def add_phone(app: FastAPI, house: House, server: TelegramServer, whatsapp: WhatsAppServer | None = None) -> None:
    """Add /sandbox to the pages of a house, and let the desk stand beside the phone on that page.

    whatsapp: where the phone can be switched to WhatsApp.
    """
    for id, language in PEOPLE.items():
        server.person(id, first_name=f"Person {id}", language_code=language)
    app.include_router(_pages(house), include_in_schema=False)
    app.include_router(_chats(_phones(server, whatsapp)), include_in_schema=False)
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


class Phone(Protocol):
    """One person's chat on any channel, as the page shows it."""

    @property
    def changes(self) -> int:
        """Another number after every change."""
        ...

    def messages(self) -> list[dict[str, Any]]:
        """The chat, oldest first."""
        ...

    async def says(self, text: str) -> None:
        """Write words."""
        ...

    async def presses(self, data: str, message: int) -> None:
        """Press a button of a message. Raises LookupError."""
        ...

    async def sends(self, kind: str) -> None:
        """Send something that is not text, by its name in SENDINGS."""
        ...


@dataclass(frozen=True, slots=True)
class TelegramPhone:
    """See Phone."""

    person: Person

    @property
    def changes(self) -> int:
        """See Phone."""
        return self.person.changes

    def messages(self) -> list[dict[str, Any]]:
        """See Phone."""
        return [_described(message) for message in self.person.talk]

    async def says(self, text: str) -> None:
        """See Phone."""
        await self.person.says(text)

    async def presses(self, data: str, message: int) -> None:
        """See Phone."""
        await self.person.presses(data, message)

    async def sends(self, kind: str) -> None:
        """See Phone."""
        await SENDINGS[kind](self.person)


def _phones(server: TelegramServer, whatsapp: WhatsAppServer | None) -> Mapping[int, Phone]:
    phones: dict[int, Phone] = {id: TelegramPhone(server.person(id)) for id in PEOPLE}
    if whatsapp is not None:
        phones |= {id: WhatsAppPhone(whatsapp, whatsapp.person(number)) for id, number in WHATSAPP_PEOPLE.items()}
    return phones


def _chats(phones: Mapping[int, Phone]) -> APIRouter:
    routes = APIRouter(prefix="/sandbox/people")

    def phone_of(id: int) -> Phone:
        if id not in phones:
            raise HTTPException(404)
        return phones[id]

    @routes.get("")
    async def people() -> list[dict[str, Any]]:
        return [{"id": id, "language": PEOPLE.get(id, ""), "number": WHATSAPP_PEOPLE.get(id, "")} for id in phones]

    @routes.get("/{id}", response_model=None)
    async def chat(id: int, seen: int = -1) -> Response | dict[str, Any]:
        """The chat, or 204 where nothing has changed since `seen`."""
        phone = phone_of(id)
        if phone.changes == seen:
            return Response(status_code=204)
        return {"changes": phone.changes, "messages": phone.messages()}

    @routes.post("/{id}/says")
    async def says(id: int, text: Annotated[Field, Body(embed=True)]) -> None:
        if text.strip():
            await phone_of(id).says(text)

    @routes.post("/{id}/presses")
    async def presses(id: int, data: Field, message: Annotated[int, Body()]) -> None:
        try:
            await phone_of(id).presses(data, message)
        except LookupError as gone:
            raise HTTPException(409) from gone

    @routes.post("/{id}/sends")
    async def sends(id: int, kind: Annotated[Field, Body(embed=True)]) -> None:
        if kind not in SENDINGS:
            raise HTTPException(404)
        await phone_of(id).sends(kind)

    return routes


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
