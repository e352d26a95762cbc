"""What one process runs: its loops, from the start to a graceful end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any

from bot.channels.telegram.polling import Poller
from bot.channels.telegram.receiving import Receiver
from bot.channels.telegram.watch import Watch
from bot.channels.webchat.live import LivePages
from bot.channels.whatsapp.adapter import WhatsApp
from bot.joining import Joiner
from bot.leaving import Leaving
from bot.loading import Worlds
from bot.logs import log
from bot.media import Fetcher
from bot.metrics import Meter
from bot.mirror import Mirror
from bot.noticing import Noticing
from bot.outbox import Sender
from bot.settings import Settings
from bot.voice import Spoken
from desk import staff_chat
from storage import bell, retention
from storage.audit import newest_hash
from storage.db import Database, Unavailable
from storage.forgetting import finish_forgetting
from storage.rounds import Rounds
from storage.timers import ring_timers

POLL = 1.0  # seconds; stands beside every bell
TIDY = 3600.0  # seconds between looks at what has become too old
RECOVER = 60.0  # seconds between looks for rows of senders that died
DUTY = 60.0  # seconds between looks at who of the staff is not there any more
FORGET = 60.0  # seconds between looks at what waits to be forgotten
DRAIN = 8.0  # seconds that what is being sent may take when we stop
#: For so long a channel may bring the same thing again: Telegram for a day, WhatsApp for a week.
BROUGHT_AGAIN, BROUGHT_AGAIN_BY_WHATSAPP = timedelta(hours=72), timedelta(days=8)


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
    noticing: Noticing | None = None
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
                "joining": self._join_chats,
            }
            if self.noticing is not None:
                loops["notices"] = partial(_persist, self.noticing.run)
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

    async def _join_chats(self) -> None:
        joiner = Joiner(self.database, self.fetcher.folder, self.worlds)
        while True:
            if not await _persist(joiner.once):
                await self.database.bell.wait(bell.LINK, POLL)

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
        if self.noticing is not None:
            await _persist(self.noticing.lapse)
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
