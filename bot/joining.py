"""Chats that their person wants to be one are put together, and every address of theirs is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from bot import state
from bot.cards import Card, Msg, text
from bot.compose import compose
from bot.floor import may_speak
from bot.logs import log
from bot.payload import pack
from bot.state import State, StateError
from bot.world import World
from flows.floor import Content as Matter
from flows.floor import Speaker
from storage import contacts, handoff, joining, linking, queue, requests
from storage.contacts import NoConversation
from storage.db import Database, Unavailable
from storage.joining import Joined, NotYet
from storage.keys import KeyGone
from storage.linking import LinkKind, LinkRow
from storage.media_folder import Folder
from storage.rows import OutgoingRow, Standing
from storage.unit_of_work import Unit

LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Joiner:
    """Does what was agreed; what is still under way in a chat is waited for."""

    def __init__(self, database: Database, folder: Folder, world: Callable[[], World]) -> None:
        self._database = database
        self._folder = folder
        self._world = world

    async def once(self) -> int:
        """Go through what was agreed; how much of it is done, or cannot be done. Raises Unavailable."""
        return sum([await self._one(link) for link in await self._database.read(linking.agreed)])

    async def _one(self, link: LinkRow) -> bool:
        try:
            files = await self._take_over(link)
            await self._database.write(partial(self._join, link=link, files=files))
        except NotYet:
            return False
        except Unavailable:
            raise
        except Exception as error:
            # What cannot be opened now cannot be opened later: both chats stay as they are.
            log.error("chats_not_joined", link=link.id, error=type(error).__name__)
            await self._database.write(partial(self._give_up, link=link))
        return True

    async def _take_over(self, link: LinkRow) -> frozenset[int]:
        assert link.other_contact_id is not None
        files = await self._database.read(partial(joining.files_of, contact_id=link.other_contact_id))
        for id in files:
            await asyncio.to_thread(self._reseal, link.other_contact_id, link.contact_id, id)
        return files

    def _reseal(self, contact_id: int, to_contact: int, id: int) -> None:
        # Of somebody who is just being forgotten, or swept away a moment ago: there is nothing to take over.
        try:
            self._folder.reseal(self._database.keys, contact_id, to_contact, id)
        except (FileNotFoundError, KeyGone):
            log.warning("file_not_taken_over", media=id)

    def _join(self, unit: Unit, link: LinkRow, files: frozenset[int]) -> None:
        channel = contacts.channel_of(unit, link.other_address_id or 0)
        joined = joining.join(unit, link, one_session, files)
        if joined is None:
            self._give_up(unit, link)
            return
        what = "joined" if link.kind is LinkKind.LINK else "recovered"
        for row in requests.open_of_conversation(unit, joined.standing.conversation_id):
            handoff.note_event(unit, row.number, what)
        self._tell_all(unit, link, joined, channel)

    def _tell_all(self, unit: Unit, link: LinkRow, joined: Joined, channel: str) -> None:
        if link.kind is LinkKind.LINK:
            self._tell(unit, joined.standing, Card((text("bot.link.done", "ok"),)), link.id)
            where = text("bot.link.told", "safety", channel=Msg(f"bot.chats.{channel}"))
            told = Card((where, text("bot.link.not_you")))
            self._tell(unit, replace(joined.standing, address_id=link.address_id), told, link.id)
            return
        self._tell(unit, joined.standing, Card((text("bot.recovery.done", "ok"), text("bot.recovery.again"))), link.id)
        for left in joined.left:
            self._tell(unit, left, Card((text("bot.recovery.told", "safety"), text("bot.link.not_you"))), link.id)

    def _give_up(self, unit: Unit, link: LinkRow) -> None:
        linking.drop(unit, link.id)
        try:
            standing = contacts.standing(unit, link.other_conversation_id or 0)
        except NoConversation:
            return
        self._tell(unit, standing, Card((text("bot.link.closed", "safety"),)), link.id)

    def _tell(self, unit: Unit, standing: Standing, card: Card, link: int) -> None:
        out = compose(self._world(), standing.locale or "en", card, 0, standing.address_id)
        row = OutgoingRow(f"l:{link}:{standing.address_id}", pack(out), Speaker.SYSTEM, Matter.ASKED)
        queue.say(unit, standing, [replace(row, address_id=standing.address_id)], may_speak)


def one_session(stays: bytes | None, other: bytes | None) -> bytes | None:
    """Of two places in the guides: where a guide is under way before where none is, then the later one.

    A survey that was begun in one of them goes on, and what was answered in either is not asked again.
    Buttons of both chats that were shown before belong to no question any more (State.since).
    """
    found = [one for one in (_read(stays), _read(other)) if one is not None]
    if not found:
        return None
    kept = max(found, key=lambda one: (one.session.run is not None, one.seen_at or LONG_AGO))
    newest = max(one.screen for one in found) + 1
    rated = tuple(dict.fromkeys(guide for one in found for guide in one.rated))
    surveyed = tuple(dict.fromkeys(survey for one in found for survey in one.surveyed))
    run = kept.run or next((one.run for one in found if one.run is not None), None)
    kept = replace(kept, rated=rated, surveyed=surveyed, run=run)
    return state.dump(replace(kept, screen=newest, since=newest, anchor=None, anchored=newest))


def _read(raw: bytes | None) -> State | None:
    try:
        return None if raw is None else state.load(raw)
    except StateError:
        return None
