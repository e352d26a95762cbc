"""A Telegram Bot API server over real HTTP, on this machine and in this process.

    async with TelegramServer(token="1:test") as server:
        person = server.person(1001, language_code="fa")
        await person.starts()                 # the bot, given server.base_url as its API root, polls and answers
        [greeting] = await person.hears()

Calls are checked against Telegram's description and limits: what a bot must not send is answered with 400 and stands in
`server.violations`, which a test expects to be empty.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from types import TracebackType
from typing import Self, assert_never

import telegram
from aiohttp import web

from bot.sandbox import limits, shapes, spec, wire
from bot.sandbox.chats import Chats
from bot.sandbox.faults import Delay, Fault, Faults, LostAnswer, LostCall, Reply
from bot.sandbox.groups import Group
from bot.sandbox.hook import Hook
from bot.sandbox.methods import SERVED, Methods
from bot.sandbox.people import Person
from bot.sandbox.refusals import Refused, bad_request, not_found, too_many_requests, unauthorized
from bot.sandbox.spec import Json
from bot.sandbox.updates import UpdateQueue

UPLOAD = 50_000_000
"""Bytes of one call (FileSizeLimit.FILESIZE_UPLOAD)."""
PACED = ("send", "edit", "copy", "forward")
"""Beginnings of the methods that count against the rate."""


@dataclass(slots=True)
class Call:
    """One call of the bot, in the order of arrival. `outcome` is "ok", "<status> <description>", or what was lost."""

    number: int
    method: str
    params: dict[str, Json] = field(default_factory=dict)
    outcome: str = "under way"


@dataclass(frozen=True, slots=True)
class Violation:
    """What a bot must not send."""

    call: int
    method: str
    what: str


class TelegramServer:
    """The server and the people on it; `async with` it, or `start` and `stop`."""

    def __init__(
        self,
        token: str = "1:test",  # noqa: S107 - a token of no real bot
        *,
        port: int = 0,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        ticks: Callable[[], float] = time.monotonic,
        chance: Random | None = None,
        rate: int | None = None,
        strict: bool = True,
    ) -> None:
        """A server for one bot, not yet listening.

        `clock` says the date of messages and decides what is too old, `ticks` (seconds) what is too fast; `chance`
        picks faults and redeliveries. `rate`: how many sends and edits pass in any second, more are answered 429.
        Without `strict` python-telegram-bot is not asked about what the bot sends: faster, for measurements.
        """
        chance = chance or Random(0)  # noqa: S311 - repeatable on purpose
        self.token = token
        self.calls: list[Call] = []
        self.violations: list[Violation] = []
        self.faults = Faults(chance)
        self.updates = UpdateQueue(clock, ticks, chance)
        self.app = web.Application(client_max_size=UPLOAD)
        self.app.router.add_route("*", "/bot{token}/{method}", self._answer)
        self.app.router.add_get("/file/bot{token}/{path:.+}", self._give_out)
        self.app.on_shutdown.append(self._end_waiting)
        self._clock = clock
        self._strict = strict
        self._port = port
        self._spec = spec.load()
        bot_id = int(token.partition(":")[0])
        self._chats = Chats(telegram.User(bot_id, "Sandbox bot", is_bot=True, username="sandbox_bot"))
        self.hook = Hook(self.updates, clock)
        self._methods = Methods(self._chats, self.updates, self.hook, clock, strict=strict)
        self._pace = limits.SlidingSecond(rate, ticks)
        self._people: dict[int, Person] = {}
        self._stopping = asyncio.Event()
        self._runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=1.0)

    @property
    def base_url(self) -> str:
        """The root of the API: `{base_url}/bot{token}/{method}`."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def answered(self) -> dict[str, str]:
        """Answered presses: callback query id -> text, empty where there was none."""
        return self._methods.answered

    def person(
        self,
        id: int,
        first_name: str = "Test",
        language_code: str | None = None,
        *,
        last_name: str | None = None,
        username: str | None = None,
    ) -> Person:
        """The person of this id, made at the first call; the bot may write once they have written."""
        if id not in self._people:
            user = telegram.User(
                id, first_name, is_bot=False, last_name=last_name, username=username, language_code=language_code
            )
            self._people[id] = Person(user, self._chats, self.updates, self._clock)
        return self._people[id]

    def group(self, id: int, title: str = "Test group") -> int:
        """A basic group with the bot in it; its id, which is negative."""
        self._chats.add(telegram.Chat(id, telegram.Chat.GROUP, title=title)).opened = True
        return id

    def group_of_people(self, id: int, title: str = "Test group", *, forum: bool = False) -> Group:
        """A group that the bot is not in yet; `id` is negative. forum: a supergroup with topics."""
        kind = telegram.Chat.SUPERGROUP if forum else telegram.Chat.GROUP
        chat = self._chats.add(telegram.Chat(id, kind, title=title, is_forum=forum or None))
        return Group(chat, self._chats, self.updates, self._clock)

    def upgrade(self, group: int, *, forum: bool = False) -> int:
        """The group becomes a supergroup under a new id: who writes to the old one is told the new one.

        forum: it has topics from then on.
        """
        chat = self._chats.reach(group)
        chat.moved_to = -1_000_000_000_000 + group
        about = telegram.Chat(chat.moved_to, telegram.Chat.SUPERGROUP, title=chat.about.title, is_forum=forum or None)
        self._chats.add(about).opened = True
        return chat.moved_to

    async def redeliver(self, share: float) -> int:
        """Offer a share (0 to 1) of the confirmed updates again; how many that are."""
        return await self.updates.redeliver(share)

    async def start(self) -> None:
        """Listen on 127.0.0.1, on a free port unless one was given."""
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Take no more calls, end waiting polls with an empty answer and close."""
        await self._runner.cleanup()

    async def _end_waiting(self, app: web.Application) -> None:
        """Called by aiohttp when no connection will read another call: who waited cannot come back."""
        self._stopping.set()
        await self.hook.stop()
        await self.updates.interrupt(None)

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        await self.stop()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        call = Call(len(self.calls) + 1, request.match_info["method"])
        self.calls.append(call)
        try:
            if request.match_info["token"] != self.token:
                raise unauthorized()
            await self._read(call, request)
            body = await self._carry_out(call)
        except Refused as refused:
            call.outcome = f"{refused.status} {refused.description}"
            return wire.refusal(refused)
        if body is None:
            return wire.hang_up(request)
        return web.Response(body=body, content_type="application/json")

    async def _give_out(self, request: web.Request) -> web.Response:
        """A file, by the path that getFile gave; a fault of the method "file" strikes here."""
        call = Call(len(self.calls) + 1, "file")
        self.calls.append(call)
        content = self._chats.contents.get(request.match_info["path"])
        if request.match_info["token"] != self.token or content is None:
            call.outcome = "404 Not Found"
            return web.Response(status=404)
        fault = self.faults.strike("file", None)
        if isinstance(fault, Reply):
            call.outcome = f"{fault.status} {fault.words()}"
            return web.Response(status=fault.status)
        call.outcome = "ok"
        return web.Response(body=content, content_type="application/octet-stream")

    async def _read(self, call: Call, request: web.Request) -> None:
        """Read the parameters as Telegram describes them; Refused, and on record, where they are wrong."""
        try:
            call.params = await wire.parameters(request)
        except Refused as unreadable:
            raise self._violated(call, unreadable) from unreadable
        if call.method not in self._spec.methods:
            known = call.method in self._spec.others
            raise self._violated(call, not_found(f"method not {'available in the sandbox' if known else 'found'}"))
        call.params, wrong = self._spec.read(call.method, call.params)
        wrong = wrong or list(limits.breaches(call.method, call.params))
        if not wrong and self._strict:
            wrong = [f"{field} is unknown to python-telegram-bot" for field in shapes.strange_fields(call.params)]
        if wrong:
            raise self._violated(call, *map(bad_request, wrong))

    def _violated(self, call: Call, *reasons: Refused) -> Refused:
        """All reasons go on record, the first is what the bot is told."""
        self.violations += [Violation(call.number, call.method, reason.description) for reason in reasons]
        return reasons[0]

    async def _carry_out(self, call: Call) -> bytes | None:
        """The body of the answer, or None where the connection is to be lost."""
        fault = self.faults.strike(call.method, call.params.get("chat_id"))
        if await self._lost_before(call, fault):
            return None
        if call.method.startswith(PACED) and (wait := self._pace.refusal()):
            raise too_many_requests(wait)
        result = await SERVED[call.method](self._methods, call.params)
        if isinstance(fault, LostAnswer):
            call.outcome = "answer lost"
            return None
        call.outcome = "ok"
        return wire.success(result)

    async def _lost_before(self, call: Call, fault: Fault | None) -> bool:
        """What befalls a call before it is done; whether it is lost."""
        match fault:
            case Reply():
                parameters = None if fault.retry_after is None else {"retry_after": fault.retry_after}
                raise Refused(fault.status, fault.words(), parameters)
            case LostCall():
                call.outcome = "call lost"
                return True
            case Delay():
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), fault.seconds)
            case LostAnswer() | None:
                pass
            case _:
                assert_never(fault)
        return False
