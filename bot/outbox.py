"""Claim, pace, send, settle. Everything that leaves the house goes through here, in order for each conversation."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.channels.base import Channel, Moved, Refused, SendError, Stopped, Throttled, Uncertain, Unreachable, Waits
from bot.channels.outgoing import Document, Outgoing, Stored
from bot.floor import may_speak
from bot.logs import log
from bot.pacing import ConversationPace, SendPace
from bot.payload import unpack, unpack_ids
from storage import bell, opening, outcomes, queue
from storage.crypto import Tampered
from storage.db import Database, Unavailable
from storage.keys import KeyGone
from storage.opening import Compose
from storage.outcomes import Settlement
from storage.rows import Claimed, OutKind, Passing
from storage.unit_of_work import Unit

IN_FLIGHT = 64  # requests under way at once
POLL = 1.0  # seconds; stands beside the bell
LONGEST_BACKOFF = 300.0  # seconds (reliability.md 1.4)


def _no_file(stored: Stored) -> bytes:
    """Where no files are sent."""
    raise FileNotFoundError(stored.name)


class Notices(Protocol):
    """What the sender asks about notices to many."""

    def passing(self, now: datetime) -> Passing:
        """Which of them may go now."""
        ...

    @property
    def compose(self) -> Compose:
        """Makes what a copy says."""
        ...


class NoNotices:
    """For senders that have none to send."""

    compose: Compose = staticmethod(opening.uncomposed)

    def passing(self, now: datetime) -> Passing:
        """See Notices."""
        return Passing.ALL


class Sender:
    """Sends what waits, until it is cancelled.

    channels: by scheme; a row of another channel waits for a process that has it. conversation_paces: by scheme, of
    those whose platforms limit how fast one chat is written to. noted: told of every outcome. read_file: the content
    of a file of ours; blocking. Raises KeyGone, Tampered, FileNotFoundError.
    """

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        bot_pace: SendPace,
        conversation_paces: Mapping[str, ConversationPace],
        chance: random.Random,
        clock: Callable[[], datetime],
        noted: Callable[[outcomes.Outcome], None] = lambda _outcome: None,
        read_file: Callable[[Stored], bytes] = _no_file,
        notices: Notices | None = None,
    ) -> None:
        self._database = database
        self._channels = channels
        self._bot_pace = bot_pace
        self._conversation_paces = conversation_paces
        self._tells = [scheme for scheme, channel in channels.items() if channel.abilities.tells]
        self._keeps = [scheme for scheme, channel in channels.items() if channel.abilities.keeps]
        self._chance = chance
        self._clock = clock
        self._noted = noted
        self._read_file = read_file
        self._notices = notices or NoNotices()
        self._sending: dict[int, asyncio.Task[None]] = {}
        self._settled: list[Settlement] = []
        self._paused_until: dict[str, datetime] = {}
        self._finishing = False

    async def run(self) -> None:
        """Take over what a dead process left, then claim and settle until `finish`."""
        await self.recover()
        while not self._finishing:
            if await self._round():
                # What was claimed takes its place in the bucket before the bucket is asked for more.
                await asyncio.sleep(0)
            else:
                await self._database.bell.wait(bell.OUTBOX, POLL)

    async def recover(self) -> None:
        """Rows of senders that died may have gone out. Also now and then: a server may learn late of a death."""
        await self._until_done(lambda unit: queue.recover(unit, self._chance.uniform, self._tells, self._keeps))

    async def finish(self, running: asyncio.Task[None], seconds: float) -> bool:
        """On stopping: claim nothing more, let what is under way end and write down how; whether all of it did.

        running: the task of `run`. It is not cancelled at once: a claim that nobody takes up counts as uncertain.
        """
        self._finishing = True
        self._database.bell.ring_here(bell.OUTBOX)
        try:
            async with asyncio.timeout(seconds):
                await running
                if self._sending:
                    await asyncio.wait(self._sending.values())
                await self._settle()
        except TimeoutError:
            return False
        return True

    async def _round(self) -> bool:
        """Settle what ended and claim what may go, in one transaction; whether to look again at once."""
        ended, self._settled = self._settled, []
        open = self._open_channels()
        # No more than may go out now is claimed, so that a reply that comes next is not behind old rows.
        room = min(IN_FLIGHT - len(self._sending), self._bot_pace.free()) if open else 0
        if room <= 0 and not ended:
            wait = self._bot_pace.wait() if open else 0.0
            await asyncio.sleep(wait)
            return wait > 0
        try:
            claimed = await self._database.write(self._settling_and_claiming(ended, room, open))
        except Unavailable:
            log.error("database_away_while_sending")
            await asyncio.sleep(POLL)
            await self._until_done(self._settling_and_releasing(ended))
            return False
        except Exception:
            # A fault of ours in the claim: what ended is written down all the same.
            await self._until_done(self._settling_and_releasing(ended))
            raise
        for row in claimed:
            self._sending[row.id] = asyncio.create_task(self._attempt(row))
        return len(claimed) >= room

    def _settling_and_claiming(
        self, ended: list[Settlement], room: int, open: list[str]
    ) -> Callable[[Unit], list[Claimed]]:
        passing = self._notices.passing(self._clock())

        def work(unit: Unit) -> list[Claimed]:
            queue.settle(unit, ended, self._chance.uniform)
            if room <= 0:
                return []
            return queue.claim(unit, room, may_speak, open, self._notices.compose, passing)

        return work

    def _settling_and_releasing(self, ended: list[Settlement]) -> Callable[[Unit], None]:
        """After a claim of which we do not know whether it stands: nothing of it was sent."""
        known = [*self._sending, *(settlement.claimed.id for settlement in self._settled)]

        def work(unit: Unit) -> None:
            # In this order: what ended counts as sending until it is settled, and was sent.
            queue.settle(unit, ended, self._chance.uniform)
            queue.release(unit, known)

        return work

    def _open_channels(self) -> list[str]:
        """Those whose platform does not ask all of us to wait."""
        now = self._clock()
        return [
            scheme for scheme in self._channels if scheme not in self._paused_until or self._paused_until[scheme] <= now
        ]

    async def _attempt(self, row: Claimed) -> None:
        outcome = await self._send(row)
        self._settled.append(Settlement(row, outcome))
        self._noted(outcome)
        del self._sending[row.id]
        self._database.bell.ring_here(bell.OUTBOX)

    async def _send(self, row: Claimed) -> outcomes.Outcome:
        channel = self._channels[row.channel]
        try:
            if channel.abilities.paced:
                pace = self._conversation_paces[row.channel]
                if wait := pace.wait(row.conversation_id):
                    return outcomes.Retry(self._clock() + timedelta(seconds=wait), counts=False)
                if wait := await self._bot_pace.take():
                    return outcomes.Retry(self._clock() + timedelta(seconds=wait), counts=False)
            if row.kind in {OutKind.CLEAR, OutKind.DELETE}:
                return await self._clear(channel, row)
            edit = row.provider_id if row.kind in {OutKind.EDIT, OutKind.NOTICE} else None
            out = unpack(row.payload, edit, str(row.id))
            if out.stored is not None and not channel.abilities.keeps:  # else the person fetches it from the page
                out = await self._with_file(out, out.stored)
            sent = await channel.send(row.opaque_id, out)
            return outcomes.Sent(sent.message_id, keeps=channel.abilities.keeps)
        except SendError as error:
            return self._outcome(row, error)
        except Exception as error:
            # A fault of ours in rendering or parsing must not stop everybody else's messages.
            log.error("send_failed", outbox=row.id, error=type(error).__name__)
            return outcomes.Dead("internal")

    async def _with_file(self, out: Outgoing, stored: Stored) -> Outgoing:
        try:
            content = await asyncio.to_thread(self._read_file, stored)
        except (KeyGone, Tampered, FileNotFoundError):
            raise Refused("file_gone") from None
        return replace(out, document=Document(stored.name, stored.type, content))

    @staticmethod
    async def _clear(channel: Channel, row: Claimed) -> outcomes.Outcome:
        """Take away a chat, or one message of ours; where its id is not known any more, nothing is left to do."""
        one = [] if row.provider_id is None else [row.provider_id]
        if ids := unpack_ids(row.payload) if row.kind is OutKind.CLEAR else one:
            await channel.clear(row.opaque_id, ids)
        return outcomes.Sent(keeps=channel.abilities.keeps)

    def _outcome(self, row: Claimed, error: SendError) -> outcomes.Outcome:
        now = self._clock()
        match error:
            case Throttled(seconds=seconds, whole_bot=whole_bot):
                until = now + timedelta(seconds=seconds * self._chance.uniform(1.0, 1.1))
                if whole_bot:
                    log.error("sending_paused", reason=error.reason)
                    self._paused_until[row.channel] = until
                return outcomes.Throttled(until)
            case Unreachable():
                # Nothing was sent and nothing is wrong with it: only its age ends this (storage: 24 hours).
                return outcomes.Retry(now + timedelta(seconds=self._backoff(now - row.created_at)), counts=False)
            case Refused(ours=False):
                return outcomes.NotFound()
            case Stopped():
                return outcomes.Blocked(error.reason)
            case Moved(opaque_id=opaque_id):
                return outcomes.Moved(opaque_id)
            case Waits(reason=reason):
                return outcomes.Held(reason)
            case Uncertain():
                log.warning("answer_lost", outbox=row.id)
                return outcomes.AnswerLost(tells=row.channel in self._tells)
            case _:
                log.error("send_refused", outbox=row.id, reason=error.reason)
                return outcomes.Dead(error.reason)

    def _backoff(self, age: timedelta) -> float:
        """Seconds until the next try: half of what has passed, so that the pauses double, spread by chance."""
        return min(max(1.0, age.total_seconds()), LONGEST_BACKOFF) * self._chance.uniform(0.5, 1.5)

    async def _settle(self) -> None:
        ended, self._settled = self._settled, []
        if ended:
            await self._until_done(lambda unit: queue.settle(unit, ended, self._chance.uniform))

    async def _until_done(self, work: Callable[[Unit], object]) -> None:
        """An outcome that cannot be written now is written later; meanwhile nothing else is claimed."""
        while True:
            try:
                await self._database.write(work)
                return
            except Unavailable:
                log.error("database_away_while_settling")
                await asyncio.sleep(POLL)
