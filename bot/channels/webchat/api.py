"""The chat as JSON under /api/chat: what our own script speaks, and whoever builds another page on it.

The chat is known by a cookie that no script can read; forms and requests of other sites are refused (bot/http.py).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from pydantic import BaseModel, Field

from bot.channels.arrivals import Press, Words, clean
from bot.channels.webchat.adapter import new_token
from bot.channels.webchat.cookies import Cookies
from bot.channels.webchat.door import LONGEST_WORDS, Door
from bot.channels.webchat.page import first_language
from bot.channels.webchat.screen import Screen
from bot.faults import Fault

ROOT = "/api/chat"
KEEP_ALIVE = 15.0  # seconds without news until a line that only says that we are there
NOBODY = "no_chat"
REASONS = {
    400: "no JSON",
    403: "a form of another site",
    404: "there is nothing of that kind",
    411: "the length of the body is missing",
    413: "the body is too large",
    422: "a field is missing or cannot be read",
    429: "too much at once",
    503: "the database is away; try again",
}

Id = Annotated[str, Field(min_length=8, max_length=64, description="made by the client: the same id is sent once")]
LARGEST = 2**63 - 1
Version = Annotated[int, Query(ge=0, le=LARGEST, description="the version of the screen that the client has")]
LastEvent = Annotated[int | None, Header(ge=0, le=LARGEST, description="sent by the browser when it comes again")]


class Say(BaseModel):
    """Words that a person typed."""

    id: Id
    words: str = Field(min_length=1, max_length=LONGEST_WORDS)


class Tap(BaseModel):
    """A button that was pressed: its value, as the screen gave it."""

    id: Id
    press: str = Field(min_length=1, max_length=256)


class Clear(BaseModel):
    """Empty the page."""

    id: Id


class Resume(BaseModel):
    """A resume code, with or without its dashes. alone: every other browser loses the chat."""

    code: str = Field(min_length=1, max_length=40)
    alone: bool = False


class Code(BaseModel):
    """A resume code: 80 bits. It is said once; a new one ends the old one."""

    code: str


class _Caller:
    """One browser that asks."""

    def __init__(self, door: Door, request: Request, language: str | None) -> None:
        self.door = door
        self.cookies = Cookies(door.settings.secure_cookies)
        self.token = self.cookies.token(request)
        self.look = self.cookies.look(request)
        self.language = language
        self.host = request.client.host if request.client else ""

    async def screen(self) -> Screen:
        return (await self.door.look(self.token, self.language)).screen

    def start(self, response: Response) -> str:
        """The token, a new one where there is none yet."""
        if self.token is None:
            self.token = new_token()
            self.cookies.keep_token(response, self.token, self.look)
        return self.token

    async def say(self, id: str, content: Press | Words, response: Response) -> Screen:
        answered = await self.door.say(self.start(response), id, content, self.language)
        screen = await self.screen()
        if screen.parting:
            # The receipt is told once, here: with the cookie goes the last way back to this chat.
            self.cookies.forget_token(response)
        return screen.model_copy(update={"answered": answered})


def router(door: Door) -> APIRouter:
    """Everything under /api/chat. Every endpoint answers 503 while the database is away."""

    def caller(request: Request, accept_language: Annotated[str | None, Header()] = None) -> _Caller:
        return _Caller(door, request, first_language(accept_language))

    routes = APIRouter(prefix=ROOT, tags=["chat"], responses=_faults(422, 503))
    asked = Depends(caller)
    _add_talk(routes, asked)
    _add_ways_back(routes, asked)
    _add_news(routes, asked)
    return routes


_EVENTS: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}, "description": "screens, without end"},
    204: {"description": "there is no chat yet"},
}


def _faults(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {status: {"model": Fault, "description": REASONS[status]} for status in statuses}


def _fault(status: int, error: str) -> JSONResponse:
    return JSONResponse(Fault(error=error).model_dump(), status)


def _add_talk(routes: APIRouter, asked: Any) -> None:
    @routes.post("/start", responses=_faults(400, 403, 411, 413))
    async def start(response: Response, caller: _Caller = asked) -> Screen:
        """Get the cookie, if there is none yet, and the first screen. Nothing is stored; may be repeated."""
        caller.start(response)
        return await caller.screen()

    @routes.post("/words", responses=_faults(400, 403, 411, 413))
    async def words(said: Say, response: Response, caller: _Caller = asked) -> Screen:
        """Say something and get the screen that answers it; `answered` false: it is stored, the answer comes later."""
        text = clean(said.words).strip()
        return await caller.say(said.id, Words(text), response) if text else await caller.screen()

    @routes.post("/press", responses=_faults(400, 403, 411, 413))
    async def press(pressed: Tap, response: Response, caller: _Caller = asked) -> Screen:
        """Press a button and get the screen that answers it."""
        return await caller.say(pressed.id, Press(clean(pressed.press)), response)

    @routes.post("/clear", responses=_faults(400, 403, 404, 411, 413), response_model=Screen)
    async def clear(wanted: Clear, caller: _Caller = asked) -> Any:
        """Empty the page. What staff keep of a request stays."""
        cleared = caller.token is not None and await caller.door.clear(caller.token, wanted.id, caller.language)
        return await caller.screen() if cleared else _fault(404, NOBODY)


def _add_ways_back(routes: APIRouter, asked: Any) -> None:
    @routes.post("/code", responses=_faults(403, 404, 411, 413), response_model=Code)
    async def code(caller: _Caller = asked) -> Any:
        """Make a resume code; the one before does not work any more."""
        made = await caller.door.make_code(caller.token) if caller.token else None
        return Code(code=made) if made else _fault(404, NOBODY)

    @routes.post("/resume", responses=_faults(400, 403, 404, 411, 413, 429), response_model=Screen)
    async def resume(wanted: Resume, response: Response, caller: _Caller = asked) -> Any:
        """Come back to a chat by its code: a new cookie for the same chat."""
        if not caller.door.may_try(caller.host):
            return _fault(429, "too_many_tries")
        token = await caller.door.resume(clean(wanted.code), alone=wanted.alone)
        if token is None:
            return _fault(404, "wrong_code")
        caller.token = token
        caller.cookies.keep_token(response, token, caller.look)
        return await caller.screen()


def _add_news(routes: APIRouter, asked: Any) -> None:
    @routes.get("/messages")
    async def messages(since: Version = 0, caller: _Caller = asked) -> Screen:
        """What the chat shows now; without the bot's messages where `since` is its version still.

        A message that the client has and whose id is not in `shown` is gone: it was taken back, or is too old.
        """
        return (await caller.screen()).since(since)

    @routes.get("/events", response_class=StreamingResponse, responses=_EVENTS | _faults(429))
    async def events(since: Version = 0, last_event_id: LastEvent = None, caller: _Caller = asked) -> Response:
        """Screens as server-sent events, each when there is news; the event's id is its version.

        Each tells the messages that are new or changed since the event before; the first one tells all, at once
        where the client has another version. `shown` says which messages are left.

        204: there is no chat yet. The event `gone` ends the stream: this browser has the chat no more.
        """
        if caller.token is None or not (await caller.screen()).started:
            return Response(status_code=204)
        place = await caller.door.place_of(caller.token)
        if caller.door.live.is_full(place):
            return _fault(429, "too_many_pages")
        known = since if last_event_id is None else last_event_id
        return StreamingResponse(_stream(caller, place, known), media_type="text/event-stream")


async def _stream(caller: _Caller, place: bytes, known: int) -> AsyncIterator[bytes]:
    """Ends when there is nothing more to come. A database that is away ends it, too: the browser comes again."""
    live = caller.door.live
    with live.seat(place):
        seen = await live.version(place)
        before: Screen | None = None
        while True:
            screen = await caller.screen()
            if not screen.started:
                yield format_sse_event(event="gone", data_str="{}")
                return
            if screen.version != known:
                told = screen if before is None else screen.after(before)
                yield format_sse_event(data_str=told.model_dump_json(), id=str(screen.version))
                known = screen.version
            before = screen
            if screen.parting:
                return
            while (news := await live.news(place, seen, KEEP_ALIVE)) == seen:
                yield KEEPALIVE_COMMENT
            seen = news
