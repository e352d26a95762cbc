"""The chat page: plain forms, no script. A POST stores what was said, waits for the answer, and leads back to GET."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Form, Header, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.templating import Jinja2Templates

from bot import inbox, screens
from bot.actions import Act, Action, sign
from bot.cards import Key, Msg
from bot.channels.base import Inbound, Outgoing, Press, Words, clean
from bot.channels.webchat.adapter import ACCOUNT, SCHEME, new_token, opaque_id
from bot.compose import Composer
from bot.exchange import Person
from bot.payload import unpack
from bot.settings import Settings
from bot.world import World
from i18n.locales import LOCALES, negotiate
from storage import bell, messages, pages
from storage.db import Database, Unavailable
from storage.pages import Visitor
from storage.unit_of_work import Unit

HERE = Path(__file__).parent
LONGEST_WORDS = 4096  # characters
SHOWN = 20  # messages on a page
ANSWER_WITHIN = 8.0  # seconds that a form waits for its answer before it says so
STEP = 0.25  # seconds between looks when no bell rings
YEAR = 365 * 24 * 3600  # seconds
# A page that says nothing of where one comes from; left in the same window, so that Back does not lead here at once.
EXIT_ADDRESS = "https://www.wikipedia.org/"
URGENT_WORD = ("words", "/urgent")

Languages = Annotated[str | None, Header()]
Short = Annotated[str, Form(max_length=256)]
Text = Annotated[str, Form()]


@dataclass(frozen=True, slots=True)
class Page:
    """What the chat page needs."""

    settings: Settings
    database: Database
    world: Callable[[], World]
    clock: Callable[[], datetime]

    @property
    def cookie(self) -> str:
        """The cookie's name; the prefix ties it to this host and to https."""
        return "__Host-izi-chat" if self.settings.secure_cookies else "izi-chat"


def router(page: Page) -> APIRouter:
    """GET and POST /chat."""
    routes = APIRouter()
    templates = Jinja2Templates(HERE / "templates")

    def render(request: Request, view: dict[str, Any], status: int = 200) -> Response:
        return templates.TemplateResponse(request, "chat.html", view, status)

    @routes.get("/chat", response_class=HTMLResponse)
    async def show(request: Request, late: str = "", accept_language: Languages = None) -> Response:
        view = await _view(page, request.cookies.get(page.cookie), accept_language)
        return render(request, view.noticed("bot.page.wait") if late else view.template())

    @routes.post("/chat", response_class=HTMLResponse)
    async def say(
        request: Request, nonce: Short = "", words: Text = "", press: Short = "", accept_language: Languages = None
    ) -> Response:
        token = request.cookies.get(page.cookie)
        if len(words) > LONGEST_WORDS:
            view = await _view(page, token, accept_language)
            return render(request, view.noticed("bot.page.too_long", draft=words, count=LONGEST_WORDS), 422)
        content = Press(clean(press)) if press else Words(clean(words).strip())
        if isinstance(content, Words) and not content.text:
            return RedirectResponse("/chat#newest", 303)
        kept = token or new_token()
        inbound = _inbound(page, kept, nonce, content, accept_language)
        try:
            await inbox.accept(page.database, [inbound])
        except Unavailable:
            view = await _view(page, None, accept_language)
            return render(request, view.noticed("bot.page.error", draft=words), 503)
        answered = await _answered(page, inbound)
        view = await _view(page, kept, accept_language)
        if view.parting:
            # The receipt is shown once, here: with the cookie goes the last way back to this chat.
            response = render(request, view.template())
            response.delete_cookie(page.cookie, secure=page.settings.secure_cookies, httponly=True, samesite="lax")
            return response
        response = RedirectResponse("/chat#newest" if answered else "/chat?late=1#newest", 303)
        if token is None:
            secure = page.settings.secure_cookies
            response.set_cookie(page.cookie, kept, YEAR, secure=secure, httponly=True, samesite="lax")
        return response

    return routes


@dataclass(frozen=True, slots=True)
class View:
    """One page: its language, its messages, the buttons of the newest one, and what the Urgent button sends."""

    world: World
    locale: str
    messages: tuple[dict[str, Any], ...]
    rows: tuple[tuple[dict[str, Any], ...], ...]
    urgent: tuple[str, str] = URGENT_WORD
    parting: bool = False

    def noticed(self, key: str, draft: str = "", **params: int) -> dict[str, Any]:
        """The template's values with one line of notice, and what the person had typed."""
        notice = Composer(self.world, self.locale).say(Msg(key, params))
        return self.template() | {"notice": notice, "draft": draft}

    def template(self) -> dict[str, Any]:
        """The template's values."""
        composer = Composer(self.world, self.locale)
        bot = screens.bot_name(self.world)
        name = composer.say(bot) if isinstance(bot, Msg) else bot
        urgent = f"{self.world.pack.icons['urgent']} {composer.say(Msg('bot.home.urgent'))}"
        texts = {key: composer.say(Msg(f"bot.page.{key}")) for key in ("type", "send", "you", "quick_exit", "reload")}
        return {
            "tag": LOCALES[self.locale].tag,
            "rtl": LOCALES[self.locale].rtl,
            "text": texts
            | {"urgent": urgent, "bot": name, "title": composer.say(Msg("bot.page.title", {"bot": name}))},
            "messages": self.messages,
            "rows": self.rows,
            "urgent": self.urgent,
            "nonce": secrets.token_urlsafe(16),
            "exit_address": EXIT_ADDRESS,
            "longest": LONGEST_WORDS,
            "draft": "",
            "notice": "",
        }


async def _view(page: Page, token: str | None, accept_language: str | None) -> View:
    if token is not None:
        try:
            found = await page.database.read(lambda unit: _stored(unit, page.world(), token, accept_language))
        except Unavailable:
            found = None
        if found is not None:
            return found
    return _first(page.world(), accept_language)


def _first(world: World, accept_language: str | None) -> View:
    """The page of somebody new: nothing is stored before the first form is sent."""
    person = Person(phone_language=_language(accept_language))
    locale = negotiate(person.phone_language, world.pickable) or "en"
    card, composer = screens.picker(world, person), Composer(world, locale)
    rows = tuple(tuple(_name_button(composer, key) for key in row) for row in card.rows)
    return View(world, locale, (_bubble(composer.card(card, 0, 0)),), rows)


def _name_button(composer: Composer, key: Key) -> dict[str, Any]:
    """A language's own name, sent as words: there is no address yet that a button could be signed for."""
    code = key.action.args[0]
    name = LOCALES[code].name
    return {"field": "words", "value": name, "label": name, "lang": LOCALES[code].tag}


def _stored(unit: Unit, world: World, token: str, accept_language: str | None) -> View | None:
    visitor = pages.visitor(unit, SCHEME, ACCOUNT, opaque_id(token))
    if visitor is None:
        return None
    outs = [(message.at, unpack(message.payload)) for message in pages.shown(unit, visitor, SHOWN)]
    said = messages.last(unit, visitor.contact_id, SHOWN) if not visitor.parting else []
    # What a person wrote and the answer to it carry the same time: the question stands first.
    bubbles = [(message.at, _own(message.text)) for message in said if message.direction == "in"]
    bubbles += [(at, _bubble(out)) for at, out in outs]
    locale = visitor.locale or negotiate(_language(accept_language), world.pickable) or "en"
    rows = tuple(
        tuple({"field": "press", "value": button.data, "label": button.label} for button in row)
        for row in (outs[-1][1].rows if outs else ())
    )
    ordered = tuple(bubble for _, bubble in sorted(bubbles, key=lambda pair: pair[0]))
    return View(world, locale, ordered[-SHOWN:], rows, _urgent_button(world, visitor), visitor.parting)


def _urgent_button(world: World, visitor: Visitor) -> tuple[str, str]:
    """A press leaves no words of ours in the person's mouth. After the goodbye there is nobody to sign it for."""
    if visitor.parting:
        return URGENT_WORD
    return "press", sign(Action(Act.URGENT), world.button_key, visitor.address_id)


def _bubble(out: Outgoing) -> dict[str, Any]:
    locale = LOCALES[out.locale]
    paragraphs = [{"style": paragraph.style.value, "text": paragraph.text} for paragraph in out.paragraphs]
    return {"own": False, "tag": locale.tag, "dir": "rtl" if locale.rtl else "ltr", "paragraphs": paragraphs}


def _own(text: str) -> dict[str, Any]:
    return {"own": True, "tag": "", "dir": "auto", "paragraphs": [{"style": "text", "text": text}]}


def _inbound(page: Page, token: str, nonce: str, content: Press | Words, accept_language: str | None) -> Inbound:
    """The same form sent twice is the same arrival: its id is made of the form's number and what it says."""
    said = content.data if isinstance(content, Press) else content.text
    sent = hashlib.sha256(f"{opaque_id(token)}\n{nonce}\n{said}".encode("utf-8", "replace")).hexdigest()
    language = _language(accept_language)
    return Inbound(SCHEME, ACCOUNT, sent, opaque_id(token), content, page.clock(), language)


async def _answered(page: Page, inbound: Inbound) -> bool:
    """Wait until the stored row was handled; False when that takes longer than a person should wait."""
    look = partial(pages.is_handled, channel=SCHEME, account=ACCOUNT, external_id=inbound.external_id)
    loop = asyncio.get_running_loop()
    until = loop.time() + ANSWER_WITHIN
    while loop.time() < until:
        if await page.database.read(look):
            return True
        await page.database.bell.wait(bell.ANSWERED, STEP)
    return False


def _language(accept_language: str | None) -> str | None:
    """The first language that a browser asks for."""
    return (accept_language or "").split(",")[0].split(";")[0].strip()[:35] or None
