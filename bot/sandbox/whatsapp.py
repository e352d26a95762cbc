"""A WhatsApp Cloud API server over real HTTP, on this machine and in this process.

    async with WhatsAppServer() as server:
        server.hook.address = "http://127.0.0.1:8080/whatsapp/webhook"
        person = server.person("38160000001")
        await person.says("hello")            # signed and posted to the webhook
        [greeting] = await person.hears()     # what was sent to {server.base_url}/v23.0/<phone_number_id>/messages

Messages are checked against Meta's description and limits, the 24-hour window, the pair rate and the approved
templates: what a business must not send is answered with Meta's codes and stands in `server.violations`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from types import TracebackType
from typing import Any, Self

import orjson
from aiohttp import web

from bot.sandbox.faults import Delay, Faults, LostAnswer, LostCall, Reply
from bot.sandbox.whatsapp_errors import Code, Refused
from bot.sandbox.whatsapp_hook import WhatsAppHook
from bot.sandbox.whatsapp_limits import breaches
from bot.sandbox.whatsapp_people import BusinessMessage, WhatsAppPerson

WINDOW = timedelta(hours=24)
TEMPLATES_AT_ONCE = 2
UPLOAD = 100_000_000  # bytes of a document
MESSAGES, MEDIA, FILE = "messages", "media", "file"  # names of calls, for faults


class WhatsAppServer:
    """The server and the people on it; `async with` it.

    clock: says the date of messages and when a window closes. ticks: seconds, for the pair rate.
    pair_seconds: pause between two messages to one person, 0 for none. templates: (name, language code) that are
    approved. tells: statuses that follow each message that was taken.
    """

    def __init__(
        self,
        token: str = "sandbox-access-token",  # noqa: S107 - of no real account
        phone_number_id: str = "1000",
        app_secret: str = "sandbox-app-secret",  # noqa: S107
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        ticks: Callable[[], float] = time.monotonic,
        pair_seconds: float = 0.0,
        templates: Collection[tuple[str, str]] = (),
        tells: Collection[str] = ("sent", "delivered"),
    ) -> None:
        self.token = token
        self.phone_number_id = phone_number_id
        self.app_secret = app_secret
        self.violations: list[str] = []
        self.calls: list[Mapping[str, Any]] = []
        self.files: dict[str, bytes] = {}
        self.lost_answers = 0  # messages that were taken without an answer
        self.templates = set(templates)
        self.undecided: dict[tuple[str, str], str] = {}  # texts that are not approved, with Meta's word
        self.quality, self.tier = "GREEN", "TIER_1K"  # what Meta thinks of the number
        self.tells = tuple(tells)
        self.faults = Faults(Random(0))  # noqa: S311 - repeatable on purpose
        self.hook = WhatsAppHook("2000", phone_number_id, app_secret)
        self.app = web.Application(client_max_size=UPLOAD)
        self.app.router.add_post("/{version}/{number}/messages", self._answer)
        self.app.router.add_post("/{version}/{number}/media", self._upload)
        self.app.router.add_get("/{version}/{media}", self._describe)
        self.app.router.add_get("/{version}/{account}/message_templates", self._list_templates)
        self.app.router.add_get("/files/content/{media}", self._give_out)
        self._clock = clock
        self._ticks = ticks
        self._pair_seconds = pair_seconds
        self._last: dict[str, float] = {}
        self._people: dict[str, WhatsAppPerson] = {}
        self._telling: set[asyncio.Task[None]] = set()
        self._port = 0
        self._runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=1.0)

    @property
    def base_url(self) -> str:
        """The root of the Graph API; the version follows."""
        return f"http://127.0.0.1:{self._port}"

    def person(self, number: str = "", user_id: str = "") -> WhatsAppPerson:
        """The person of this number, or without one of this business-scoped id."""
        key = number or user_id
        if key not in self._people:
            self._people[key] = WhatsAppPerson(number, user_id, self.hook.offer, self._clock)
        return self._people[key]

    def keep_file(self, content: bytes) -> str:
        """A file lies with WhatsApp; its id."""
        id = f"9{len(self.files):06d}"
        self.files[id] = content
        return id

    async def tell(self, message: BusinessMessage, to: str, status: str, code: int = 0) -> None:
        """Post a status of a message. code: why it failed."""
        await self.hook.offer({"statuses": [self.status(message, to, status, code)]})

    def status(self, message: BusinessMessage, to: str, status: str, code: int = 0) -> dict[str, Any]:
        """One status, as it stands in a body."""
        said = {"id": message.id, "status": status, "timestamp": str(int(self._clock().timestamp()))}
        said |= {"recipient_id": to} if to.isdecimal() else {"recipient_user_id": to}
        if opaque := message.sent.get("biz_opaque_callback_data"):
            said["biz_opaque_callback_data"] = opaque
        errors = {"errors": [{"code": code, "title": "failed"}]} if code else {}
        return {**said, **errors}

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        try:
            self._authorise(request)
            if request.match_info["number"] != self.phone_number_id:
                raise Refused(Code.INVALID, "no such number")
            message = orjson.loads(await request.read())
            self.calls.append(message)
            answer = await self._carry_out(message)
        except Refused as refused:
            return _json(refused.body(), refused.status)
        if answer is None:
            return _hang_up(request)
        return _json(answer)

    async def _carry_out(self, message: Mapping[str, Any]) -> Mapping[str, Any] | None:
        to = str(message.get("to") or message.get("recipient") or "")
        fault = self.faults.strike(MESSAGES, None)
        match fault:
            case Reply(status=code):
                raise Refused(code, fault.description)
            case LostCall():
                return None
            case Delay(seconds=seconds):
                await asyncio.sleep(seconds)
            case _:
                pass
        self._check(message, to)
        self._last[to] = self._ticks()
        person = self._people[to]
        sent = BusinessMessage(f"wamid.out.{to}.{len(person.messages) + 1}", message)
        person.receive(sent)
        self._tell_later(sent, to)
        if isinstance(fault, LostAnswer):
            self.lost_answers += 1
            return None
        contact = {"input": to, "wa_id": to} if person.number else {"input": to, "user_id": to}
        return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": sent.id}]}

    def _check(self, message: Mapping[str, Any], to: str) -> None:
        """What a business must not do. Raises Refused; what a careful one never does is a violation too."""
        wrong = list(breaches(message))
        if wrong:
            self.violations += [why for _, why in wrong]
            raise Refused(*wrong[0])
        person = self._people.get(to)
        if person is None:
            raise Refused(Code.UNDELIVERABLE, "no such person")
        if "recipient" in message and person.number:
            self.violations.append("a person with a number is written to by it")
        if "to" in message and not person.number:
            raise Refused(Code.INVALID, "this person has no number")
        self._check_template(message)
        if message.get("type") != "template" and not self._is_open(person):
            raise Refused(Code.WINDOW, "more than 24 hours have passed since the customer last replied")
        last = self._last.get(to)
        if last is not None and self._ticks() - last < self._pair_seconds:
            raise Refused(Code.PAIR_RATE, "too many messages to this person")

    def _check_template(self, message: Mapping[str, Any]) -> None:
        if message.get("type") == "template":
            template = message["template"]
            if (template["name"], template["language"]["code"]) not in self.templates:
                raise Refused(Code.NO_TEMPLATE, "template name does not exist in the translation")

    def _is_open(self, person: WhatsAppPerson) -> bool:
        return person.wrote_at is not None and self._clock() - person.wrote_at <= WINDOW

    def _tell_later(self, sent: BusinessMessage, to: str) -> None:
        task = asyncio.create_task(self._tell_all(sent, to))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _tell_all(self, sent: BusinessMessage, to: str) -> None:
        for status in self.tells:
            await self.tell(sent, to, status)

    async def _upload(self, request: web.Request) -> web.Response:
        try:
            self._authorise(request)
        except Refused as refused:
            return _json(refused.body(), refused.status)
        form = await request.post()
        file = form.get("file")
        if not isinstance(file, web.FileField) or form.get("messaging_product") != "whatsapp":
            missing = Refused(Code.MISSING, "file")
            return _json(missing.body(), missing.status)
        with file.file as content:
            return _json({"id": self.keep_file(content.read())})

    async def _describe(self, request: web.Request) -> web.Response:
        id = request.match_info["media"]
        try:
            self._authorise(request)
            if id == self.phone_number_id:
                return _json({"id": id, "quality_rating": self.quality, "messaging_limit_tier": self.tier})
            if id not in self.files:
                raise Refused(100, "no such media")
        except Refused as refused:
            return _json(refused.body(), refused.status)
        size = len(self.files[id])
        return _json({"id": id, "url": f"{self.base_url}/files/content/{id}", "file_size": size})

    async def _list_templates(self, request: web.Request) -> web.Response:
        """Page by page, a few at a time, as Meta does."""
        try:
            self._authorise(request)
        except Refused as refused:
            return _json(refused.body(), refused.status)
        decided = dict.fromkeys(self.templates, "APPROVED") | self.undecided
        after = int(request.query.get("after", "0"))
        page = sorted(decided.items())[after : after + TEMPLATES_AT_ONCE]
        data = [{"id": "0", "name": name, "language": code, "status": word} for (name, code), word in page]
        cursors = {"before": str(after), "after": str(after + len(page))}
        more = {"next": f"{self.base_url}{request.path}"} if after + len(page) < len(decided) else {}
        return _json({"data": data, "paging": {"cursors": cursors, **more}})

    async def _give_out(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return web.Response(status=401)
        content = self.files.get(request.match_info["media"])
        return web.Response(status=404) if content is None else web.Response(body=content)

    def _authorise(self, request: web.Request) -> None:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            raise Refused(Code.TOKEN, "invalid token")

    async def __aenter__(self) -> Self:
        """Listen on 127.0.0.1, on a free port."""
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop telling, and close."""
        for task in self._telling:
            task.cancel()
        await asyncio.gather(*self._telling, return_exceptions=True)
        await self._runner.cleanup()


def _json(body: Mapping[str, Any], status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(body), status=status, content_type="application/json")


def _hang_up(request: web.Request) -> web.Response:
    """Close the connection; the response that aiohttp wants goes nowhere."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
