"""The composition root: the only place that picks implementations and starts what runs."""

from __future__ import annotations

import hashlib
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

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
from bot.channels.whatsapp.adapter import WhatsApp
from bot.clocks import epoch_ms, now, now_ms
from bot.conversation import Conversations
from bot.database import open_database
from bot.house import House
from bot.leaving import Leaving
from bot.loading import Worlds, read_pack
from bot.media import Fetcher
from bot.metrics import Meter
from bot.mirror import Mirror
from bot.notice_cards import NoticeCards
from bot.noticing import Noticing
from bot.outbox import Sender
from bot.pacing import BotPace, ConversationPace, PersonPace, SendPace
from bot.settings import Settings, night_of
from bot.topic_cards import Showing
from content.load import Pack
from storage.bell import Bell, MemoryBell
from storage.media_folder import Folder
from storage.rounds import Rounds

if TYPE_CHECKING:
    import aiohttp


REDIS_WAIT = 0.5  # seconds until a silent Redis counts as away

Connect = Callable[["aiohttp.ClientSession", str, str], Calls]
ReadPack = Callable[[str], Pack]


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
        folder = Folder(settings.media_folder)
        cards = NoticeCards(worlds, night_of(settings))
        sender = Sender(
            database,
            channels,
            _open_pace(settings, stack),
            _conversation_paces(settings),
            random.Random(),  # noqa: S311 - spreads retries, guards nothing
            clock,
            meter.sent,
            lambda file: folder.read_one(database, file.id),
            cards,
        )
        rounds = Rounds(database, meter.timing(conversations.handle), conversations.apologise)
        fetcher = Fetcher(database, channels, folder, worlds, clock)
        yield House(
            settings, database, worlds, sender, rounds, fetcher, meter, clock, receiver, watch, poller, mirror, leaving,
            whatsapp,
            Noticing(database, worlds, cards) if settings.works else None,
        )  # fmt: skip


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
