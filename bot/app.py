"""The composition root: the only place that picks implementations and starts what runs."""

from __future__ import annotations

import asyncio
import hashlib
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog

from bot import inbox
from bot.channels.base import Channel
from bot.channels.telegram import describe, webhook
from bot.channels.telegram.adapter import Telegram
from bot.channels.telegram.api import Calls
from bot.channels.telegram.polling import Poller
from bot.channels.telegram.receiving import Receiver
from bot.channels.telegram.room import Room
from bot.channels.telegram.watch import Watch
from bot.channels.webchat.adapter import WebChat
from bot.channels.webchat.live import LivePages
from bot.channels.whatsapp.adapter import WhatsApp
from bot.conversation import Conversations
from bot.leaving import Leaving
from bot.loading import Worlds, read_pack
from bot.media import Fetcher
from bot.metrics import Meter
from bot.mirror import Mirror
from bot.outbox import Sender
from bot.pacing import BotPace, ConversationPace, PersonPace, SendPace
from bot.settings import Settings
from bot.topic_cards import Showing
from bot.voice import Spoken
from content.load import Pack
from desk import staff_chat
from storage import bell, retention
from storage.audit import newest_hash
from storage.bell import Bell, MemoryBell
from storage.crypto import Secrets
from storage.db import Database, Unavailable, migrate
from storage.forgetting import finish_forgetting
from storage.keys import Keys
from storage.media import Folder
from storage.rounds import Rounds
from storage.timers import ring_timers

if TYPE_CHECKING:
    import aiohttp

log = structlog.get_logger()

POLL = 1.0  # seconds; stands beside every bell
TIDY = 3600.0  # seconds between looks at what has become too old
RECOVER = 60.0  # seconds between looks for rows of senders that died
DUTY = 60.0  # seconds between looks at who of the staff is not there any more
FORGET = 60.0  # seconds between looks at what waits to be forgotten
DRAIN = 8.0  # seconds that what is being sent may take when we stop
#: For so long a channel may bring the same thing again: Telegram for a day, WhatsApp for a week.
BROUGHT_AGAIN, BROUGHT_AGAIN_BY_WHATSAPP = timedelta(hours=72), timedelta(days=8)
REDIS_WAIT = 0.5  # seconds until a silent Redis counts as away

Connect = Callable[["aiohttp.ClientSession", str, str], Calls]
ReadPack = Callable[[str], Pack]


def now() -> datetime:
    """The time, aware, UTC."""
    return datetime.now(UTC)


def now_ms() -> int:
    """Milliseconds that only go forward."""
    return time.monotonic_ns() // 1_000_000


def epoch_ms() -> int:
    """Milliseconds that all machines count alike."""
    return time.time_ns() // 1_000_000


@dataclass(slots=True)
class House:
    """What one process runs. loops: running tasks by name; one that ended is a fault that readiness shows."""

    settings: Settings
    database: Database
    worlds: Worlds
    sender: Sender
    rounds: Rounds
    fetcher: Fetcher
    meter: Meter
    clock: Callable[[], datetime]
    receiver: Receiver | None = None
    watch: Watch | None = None
    poller: Poller | None = None
    mirror: Mirror | None = None
    leaving: Leaving | None = None
    whatsapp: WhatsApp | None = None
    loops: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    live: LivePages = field(init=False)

    def __post_init__(self) -> None:
        self.live = LivePages(self.database)

    def start(self) -> None:
        """Start the loops of our role."""
        loops: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {"records": self.worlds.watch}
        if self.settings.works:
            loops |= {
                "worker": self._work,
                "sender": self.sender.run,
                "recovery": self._recover,
                "timers": self._ring_timers,
                "duty": self._settle_duty,
                "forgetting": self._finish_forgetting,
                "retention": self._tidy,
                "media": self._fetch_media,
            }
            if self.mirror is not None:
                loops["staff_group"] = self.mirror.run
            if self.leaving is not None:
                loops["staff_group_leavers"] = self.leaving.run
        if self.settings.receives:
            loops["pages"] = self.live.watch
        if self.poller is not None:
            loops["telegram"] = self.poller.run
        if self.watch is not None:
            loops["telegram_watch"] = self.watch.run
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
    def troubles(self) -> frozenset[StrEnum]:
        """What is wrong between Telegram, WhatsApp and us."""
        watched: frozenset[StrEnum] = self.watch.troubles if self.watch is not None else frozenset()
        watched |= self.whatsapp.troubles if self.whatsapp is not None else frozenset()
        polled = self.poller.trouble if self.poller is not None else None
        mirrored = self.mirror.trouble if self.mirror is not None else None
        stays = self.leaving.trouble if self.leaving is not None else None
        return watched | {trouble for trouble in (polled, mirrored, stays) if trouble is not None}

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

    async def _settle_duty(self) -> None:
        while True:
            await asyncio.sleep(DUTY)
            voice = Spoken(self.worlds(), self.settings.base_url)
            await _persist(partial(self.database.write, partial(staff_chat.settle, voice=voice)))

    async def _finish_forgetting(self) -> None:
        while True:
            await _persist(partial(asyncio.to_thread, finish_forgetting, self.database))
            await _persist(partial(asyncio.to_thread, self.fetcher.folder.sweep, self.database))
            await self.database.bell.wait(bell.FORGET, FORGET)

    async def _fetch_media(self) -> None:
        while True:
            if not await _persist(self.fetcher.once):
                await self.database.bell.wait(bell.MEDIA, POLL)

    async def _tidy(self) -> None:
        while True:
            await self.tidy()
            await asyncio.sleep(TIDY)

    async def tidy(self) -> None:
        """Drop what has become too old, and the files that belonged to it."""
        expire = partial(retention.expire, self.database, self.clock(), periods_of(self.settings))
        report = await _persist(partial(asyncio.to_thread, expire))
        log.info("retention", **{name: count for name, count in report.items() if count})
        # Kept outside the database, the end of the log's chain shows whether lines were cut off there.
        log.info("audit", newest=await _persist(partial(self.database.read, newest_hash)))
        await _persist(partial(asyncio.to_thread, self.fetcher.folder.sweep, self.database))


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
    settings: Settings,
    clock: Callable[[], datetime] = now,
    *,
    connect: Connect | None = None,
    read: ReadPack = read_pack,
) -> AsyncIterator[House]:
    """Everything that one process needs, opened and, at the end, closed. Nothing runs before `start`.

    connect: makes the Telegram client from HTTP session, server address and token; None: ours. read: gives a
    country's content.
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
        receiver = watch = poller = mirror = leaving = None
        if settings.telegram_token is not None:
            server = (settings.telegram_api_url, settings.telegram_token.get_secret_value())
            telegram, api = await _open_telegram(stack, connect, *server)
            channels[telegram.scheme] = telegram
            accept = partial(inbox.accept, database)
            room = None if settings.staff_group is None else Room(api, settings.staff_group)
            if room is not None and settings.works:
                showing = Showing(settings.staff_language, settings.staff_group_words)
                mirror = Mirror(database, room, showing, worlds, clock, now_ms)
                leaving = Leaving(database, room, worlds, settings.base_url, clock)
            if settings.receives:
                there = (lambda: None) if room is None else (lambda: room.chat)
                receiver = Receiver(telegram, account_of(settings), accept, clock, there)
                watch = _open_watch(settings, api, receiver, worlds, clock)
                poller = Poller(api, receiver) if settings.telegram_mode == "polling" else None
        whatsapp = await _open_whatsapp(settings, stack, worlds)
        if whatsapp is not None:
            channels[whatsapp.scheme] = whatsapp
        meter = Meter()
        sender = Sender(
            database,
            channels,
            _open_pace(settings, stack),
            _conversation_paces(settings),
            random.Random(),  # noqa: S311 - spreads retries, guards nothing
            clock,
            meter.sent,
        )
        rounds = Rounds(database, meter.timing(conversations.handle), conversations.apologise)
        fetcher = Fetcher(database, channels, Folder(settings.media_folder), worlds, clock)
        yield House(
            settings,
            database,
            worlds,
            sender,
            rounds,
            fetcher,
            meter,
            clock,
            receiver,
            watch,
            poller,
            mirror,
            leaving,
            whatsapp,
        )


async def _open_telegram(
    stack: AsyncExitStack, connect: Connect | None, root: str, token: str
) -> tuple[Telegram, Calls]:
    # aiohttp takes 0.2 s and 10 MB to import, which who has no bot should not pay.
    from bot.channels.telegram.client import Api, open_session
    from bot.channels.telegram.files import Files

    http = await stack.enter_async_context(open_session())
    api = (connect or Api)(http, root, token)
    return Telegram(api, Files(http, root, token)), api


async def _open_whatsapp(settings: Settings, stack: AsyncExitStack, worlds: Worlds) -> WhatsApp | None:
    if settings.whatsapp_token is None:
        return None
    from bot.channels.whatsapp.client import Api, open_session  # slow: see _open_telegram

    http = await stack.enter_async_context(open_session(settings.whatsapp_token.get_secret_value()))
    api = Api(http, settings.whatsapp_api_url, settings.whatsapp_phone_number_id)
    return WhatsApp(api, lambda locale, key: worlds().catalog.text(locale, key).string)


def _conversation_paces(settings: Settings) -> dict[str, ConversationPace]:
    """How fast one chat may be written to, by channel."""
    return {
        Telegram.scheme: ConversationPace(settings.conversation_rate, settings.conversation_burst, now_ms),
        WhatsApp.scheme: ConversationPace(1 / settings.whatsapp_pair_seconds, 1, now_ms),
    }


def _open_watch(
    settings: Settings, api: Calls, receiver: Receiver, worlds: Worlds, clock: Callable[[], datetime]
) -> Watch:
    tellings: list[Callable[[], Awaitable[None]]] = [lambda: describe.describe(api, worlds())]
    ours = ""
    if not settings.telegram_name:
        tellings.append(partial(_learn_name, api, worlds))
    if settings.telegram_mode == "webhook":
        assert settings.telegram_webhook_secret is not None
        ours, secret = settings.base_url + webhook.PATH, settings.telegram_webhook_secret.get_secret_value()
        tellings.insert(0, lambda: webhook.register(api, ours, secret))
    return Watch(api, receiver, ours, tellings, clock)


async def _learn_name(api: Calls, worlds: Worlds) -> None:
    me = await api.call("getMe", {})
    worlds.know_bot(me.get("username", ""))


def periods_of(settings: Settings) -> retention.Periods:
    """How long what is kept, as the operator wants it. The periods that are not named follow from how things work."""
    return retention.Periods(
        unsaved=timedelta(hours=settings.keep_unsaved_hours),
        progress=timedelta(days=settings.keep_progress_days),
        chat_text=timedelta(days=settings.keep_chat_days),
        closed_requests=timedelta(days=settings.keep_closed_requests_days),
        outgoing=timedelta(days=settings.keep_outgoing_days),
        receipts=timedelta(days=settings.keep_receipts_days),
        media=timedelta(days=settings.keep_media_days),
        access_log=timedelta(days=settings.keep_access_log_days),
        redelivery=BROUGHT_AGAIN if settings.whatsapp_token is None else BROUGHT_AGAIN_BY_WHATSAPP,
    )


def account_of(settings: Settings) -> str:
    """The bot's own number: the part of the token before the colon, which is no secret."""
    assert settings.telegram_token is not None
    number, _, _ = settings.telegram_token.get_secret_value().partition(":")
    return number if number.isdecimal() else hashlib.sha256(number.encode()).hexdigest()[:16]


def _open_pace(settings: Settings, stack: AsyncExitStack) -> SendPace:
    own = BotPace(settings.telegram_rate, now_ms)
    if settings.redis_url is None or settings.telegram_token is None:
        return own
    # The Redis client takes 0.2 s and 9 MB to import, and one process alone needs none.
    from redis.asyncio import Redis

    from bot.shared_pace import SharedPace

    redis = Redis.from_url(settings.redis_url, socket_connect_timeout=REDIS_WAIT, socket_timeout=REDIS_WAIT)
    stack.push_async_callback(redis.aclose)
    return SharedPace(own, redis, account_of(settings), settings.telegram_rate, epoch_ms)


async def _open_bell(settings: Settings, stack: AsyncExitStack) -> Bell:
    if settings.redis_url is None:
        return MemoryBell()
    from storage.redis_bell import RedisBell  # slow: see _open_pace

    ringing = RedisBell(settings.redis_url)
    await ringing.start()
    stack.push_async_callback(ringing.close)
    return ringing
