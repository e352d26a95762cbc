"""The composition root: the only place that picks implementations and starts what runs."""

from __future__ import annotations

import asyncio
import hashlib
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

import aiohttp
import structlog

from bot import inbox
from bot.channels.base import Channel
from bot.channels.telegram.adapter import Telegram
from bot.channels.telegram.api import Api, Calls
from bot.channels.telegram.polling import Poller
from bot.channels.webchat.adapter import WebChat
from bot.conversation import Conversations
from bot.loading import Worlds, read_pack
from bot.outbox import Sender
from bot.pacing import BotPace, ConversationPace, PersonPace
from bot.settings import Settings
from content.load import Pack
from storage import bell, retention
from storage.bell import Bell, MemoryBell
from storage.crypto import Secrets
from storage.db import Database, Unavailable, migrate
from storage.forgetting import finish_forgetting
from storage.keys import Keys
from storage.redis_bell import RedisBell
from storage.rounds import Rounds
from storage.timers import ring_timers

log = structlog.get_logger()

POLL = 1.0  # seconds; stands beside every bell
TIDY = 3600.0  # seconds between looks at what has become too old
RECOVER = 60.0  # seconds between looks for rows of senders that died
FORGET = 60.0  # seconds between looks at what waits to be forgotten
DRAIN = 8.0  # seconds that what is being sent may take when we stop

Connect = Callable[[aiohttp.ClientSession, str, str], Calls]
ReadPack = Callable[[str], Pack]


def now() -> datetime:
    """The time, aware, UTC."""
    return datetime.now(UTC)


def now_ms() -> int:
    """Milliseconds that only go forward."""
    return time.monotonic_ns() // 1_000_000


@dataclass(slots=True)
class House:
    """What one process runs. loops: running tasks by name; one that ended is a fault that readiness shows."""

    settings: Settings
    database: Database
    worlds: Worlds
    sender: Sender
    rounds: Rounds
    clock: Callable[[], datetime]
    poller: Poller | None = None
    loops: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    def start(self) -> None:
        """Start the loops."""
        loops: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {
            "worker": self._work,
            "sender": self.sender.run,
            "recovery": self._recover,
            "timers": self._ring_timers,
            "records": self.worlds.watch,
            "forgetting": self._finish_forgetting,
            "retention": self._tidy,
        }
        if self.poller is not None:
            loops["telegram"] = self.poller.run
        for name, run in loops.items():
            self.loops[name] = asyncio.create_task(run(), name=name)
            self.loops[name].add_done_callback(_report)

    async def stop(self) -> None:
        """Stop receiving and working, let what is being sent end, and write down how."""
        sending = self.loops.pop("sender", None)
        for task in self.loops.values():
            task.cancel()
        await asyncio.gather(*self.loops.values(), return_exceptions=True)
        if sending is not None and not await self.sender.finish(sending, DRAIN):
            log.error("stopped_while_sending")

    @property
    def failed(self) -> list[str]:
        """Names of loops that do not run any more."""
        return [name for name, task in self.loops.items() if task.done()]

    async def _work(self) -> None:
        await _persist(self.rounds.start)
        while True:
            if not await _persist(self.rounds.once):
                await self.database.bell.wait(bell.INBOX, POLL)

    async def _recover(self) -> None:
        while True:
            await asyncio.sleep(RECOVER)
            await self.sender.recover()

    async def _ring_timers(self) -> None:
        while True:
            await _persist(partial(self.database.write, ring_timers))
            await asyncio.sleep(POLL)

    async def _finish_forgetting(self) -> None:
        while True:
            await _persist(partial(asyncio.to_thread, finish_forgetting, self.database))
            await self.database.bell.wait(bell.FORGET, FORGET)

    async def _tidy(self) -> None:
        while True:
            expire = partial(retention.expire, self.database, self.clock(), retention.Periods())
            report = await _persist(partial(asyncio.to_thread, expire))
            log.info("retention", **{name: count for name, count in report.items() if count})
            await asyncio.sleep(TIDY)


async def _persist(work: Callable[[], Awaitable[Any]]) -> Any:
    """Do it, however long the database is away."""
    while True:
        try:
            return await work()
        except Unavailable:
            log.error("database_away")
            await asyncio.sleep(POLL)


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        log.error("loop_ended", loop=task.get_name(), error=type(task.exception()).__name__)


def open_database(settings: Settings, ringing: Bell, clock: Callable[[], datetime] = now) -> Database:
    """Bring the schema up to date and open it, with its key store."""
    secret = settings.prepare()
    migrate(settings.database)
    keys = Keys.open(settings.key_store, Secrets(secret), clock)
    return Database.open(settings.database, keys, ringing, clock)


@asynccontextmanager
async def open_house(
    settings: Settings, clock: Callable[[], datetime] = now, *, connect: Connect = Api, read: ReadPack = read_pack
) -> AsyncIterator[House]:
    """Everything that one process needs, opened and, at the end, closed. Nothing runs before `start`.

    connect: makes the Telegram client from HTTP session, server address and token. read: gives a country's content.
    """
    async with AsyncExitStack() as stack:
        ringing = await _open_bell(settings, stack)
        database = open_database(settings, ringing, clock)
        stack.callback(database.keys.close)
        stack.callback(database.close)
        button_key = database.keys.secrets.subkey("button")
        worlds = Worlds(settings, read(settings.country), database, button_key)
        pace = PersonPace(settings.person_soft, settings.person_hard)
        conversations = Conversations(worlds, pace)
        channels: dict[str, Channel] = {WebChat.scheme: WebChat()}
        poller = None
        if settings.telegram_token is not None:
            http = await stack.enter_async_context(aiohttp.ClientSession())
            api = connect(http, settings.telegram_api_url, settings.telegram_token.get_secret_value())
            telegram = Telegram(api)
            channels[telegram.scheme] = telegram
            accept = partial(inbox.accept, database)
            poller = Poller(api, telegram, account_of(settings), accept, clock)
        sender = Sender(
            database,
            channels,
            BotPace(settings.telegram_rate, now_ms),
            ConversationPace(settings.conversation_rate, settings.conversation_burst, now_ms),
            random.Random(),  # noqa: S311 - spreads retries, guards nothing
            clock,
        )
        rounds = Rounds(database, conversations.handle, conversations.apologise)
        yield House(settings, database, worlds, sender, rounds, clock, poller)


def account_of(settings: Settings) -> str:
    """The bot's own number: the part of the token before the colon, which is no secret."""
    assert settings.telegram_token is not None
    number, _, _ = settings.telegram_token.get_secret_value().partition(":")
    return number if number.isdecimal() else hashlib.sha256(number.encode()).hexdigest()[:16]


async def _open_bell(settings: Settings, stack: AsyncExitStack) -> Bell:
    if settings.redis_url is None:
        return MemoryBell()
    ringing = RedisBell(settings.redis_url)
    await ringing.start()
    stack.push_async_callback(ringing.close)
    return ringing
