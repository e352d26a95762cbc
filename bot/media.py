"""Files that people sent with a request are fetched, looked at and put away; who sent one that fails is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

from bot.cards import Card, text
from bot.channels.base import Channel, Refused, SendError, Stopped, TooBig
from bot.compose import compose
from bot.floor import may_speak
from bot.logs import log
from bot.payload import pack
from bot.world import World
from flows.floor import Content as Matter
from flows.floor import Speaker
from storage import contacts, media, queue
from storage.contacts import NoConversation
from storage.db import Database
from storage.file_types import LARGEST, type_of
from storage.keys import KeyGone
from storage.media import MediaState, Wanted
from storage.media_folder import Folder
from storage.rows import OutgoingRow
from storage.unit_of_work import Unit

AT_ONCE = 4  # files fetched side by side
FIRST_PAUSE = 5  # seconds until the second try; doubled each time


class Fetcher:
    """Fetches what is wanted. Two processes that fetch the same file write the same one, so nothing is claimed.

    channels: by scheme, those that this process serves. world: today's snapshot, for what is said.
    """

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        folder: Folder,
        world: Callable[[], World],
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._channels = channels
        self.folder = folder
        self._world = world
        self._clock = clock

    async def once(self) -> int:
        """Fetch a few; how many there were. Raises Unavailable."""
        look = partial(media.wanted, channels=list(self._channels), limit=AT_ONCE)
        found = await self._database.read(look)
        await asyncio.gather(*(self._fetch(row) for row in found))
        return len(found)

    async def _fetch(self, row: Wanted) -> None:
        try:
            content = await self._channels[row.channel].fetch(row.ref, LARGEST)
        except TooBig:
            await self._give_up(row, MediaState.REFUSED, "too_big")
        except (Refused, Stopped) as error:
            await self._give_up(row, MediaState.LOST, error.reason)
        except SendError as error:
            await self._later(row, error.reason)
        except Exception as error:
            # An answer of no known form: it may be another one next time.
            await self._later(row, type(error).__name__)
        else:
            await self._keep(row, content)

    async def _keep(self, row: Wanted, content: bytes) -> None:
        type = type_of(content)
        if type is None:
            await self._give_up(row, MediaState.REFUSED, "unsupported")
            return
        keys = self._database.keys
        try:
            await asyncio.to_thread(self.folder.write, keys, row.contact_id, row.id, content)
        except KeyGone:
            return  # the person was forgotten meanwhile, and the row with them
        except OSError as error:
            await self._later(row, f"disk_{error.errno}")
            return
        kept = partial(media.settle_media, id=row.id, state=MediaState.KEPT, type=type, size=len(content))
        await self._database.write(kept)

    async def _later(self, row: Wanted, reason: str) -> None:
        log.warning("file_not_fetched", media=row.id, reason=reason)
        if row.tries + 1 >= media.TRIES:
            await self._give_up(row, MediaState.LOST, reason)
            return
        pause = timedelta(seconds=FIRST_PAUSE * 2**row.tries)
        not_before = self._clock() + pause
        await self._database.write(partial(media.try_later, id=row.id, not_before=not_before))

    async def _give_up(self, row: Wanted, state: MediaState, reason: str) -> None:
        await self._database.write(partial(self._tell, row=row, state=state, reason=reason))

    def _tell(self, unit: Unit, row: Wanted, state: MediaState, reason: str) -> None:
        """Write down that it will not come, and say so, in one transaction."""
        try:
            contacts.hold(unit, row.conversation_id)
        except NoConversation:
            return
        if not media.settle_media(unit, row.id, state, reason):
            return
        standing = contacts.standing_for(unit, row.contact_id)
        key = "bot.survey.voice_lost" if row.request is None else WHY.get(reason, "bot.media.lost")
        out = compose(self._world(), standing.locale or "en", Card((text(key, "safety"),)), 0, standing.address_id)
        dedupe = f"m:{row.id}"
        said = OutgoingRow(dedupe, pack(out), Speaker.SYSTEM, Matter.ASKED)
        queue.say(unit, standing, [said], may_speak)


WHY: Mapping[str, str] = {"too_big": "bot.media.too_big", "unsupported": "bot.media.unsupported"}
