"""What a browser can do with its chat, whether by form or by script: look, say, clear, make a code, come back by it."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from bot import codes, inbox
from bot.actions import Act, Action, sign
from bot.channels.arrivals import Inbound, Press, Words
from bot.channels.webchat import screen
from bot.channels.webchat.adapter import ACCOUNT, SCHEME, new_token, opaque_id
from bot.channels.webchat.live import LivePages
from bot.channels.webchat.screen import View
from bot.pacing import PersonPace, Pressure
from bot.settings import Settings
from bot.world import World
from storage import bell, pages, web_pages
from storage.arrivals import address_place
from storage.db import Database
from storage.unit_of_work import Unit

LONGEST_WORDS = 4096  # characters
ANSWER_WITHIN = 8.0  # seconds that whoever sent something waits for its answer before it is told so
STEP = 0.25  # seconds between looks when no bell rings
TRIES = 10  # codes a minute from one address
TRIES_OF_ALL = 300  # codes a minute from everywhere
EVERYONE = 0


@dataclass(frozen=True, slots=True)
class Door:
    """What the chat page and its API work with. Everything raises storage.db.Unavailable."""

    settings: Settings
    database: Database
    world: Callable[[], World]
    clock: Callable[[], datetime]
    live: LivePages
    _tries: PersonPace = field(default_factory=lambda: PersonPace(TRIES, TRIES))
    _tries_of_all: PersonPace = field(default_factory=lambda: PersonPace(TRIES_OF_ALL, TRIES_OF_ALL))

    async def look(self, token: str | None, language: str | None) -> View:
        """What this browser sees now. language: the first that it asks for."""
        world = self.world()
        if token is not None:
            look = partial(screen.stored, world=world, opaque_id=opaque_id(token), language=language)
            found = await self.database.read(look)
            if found is not None:
                return found
        return screen.newcomer(world, language)

    async def is_parting(self, token: str) -> bool:
        """Whether everything was deleted, and a goodbye is all that this browser can still see."""
        found = await self.database.read(
            partial(pages.visitor, channel=SCHEME, account=ACCOUNT, opaque_id=opaque_id(token))
        )
        return found is not None and found.parting

    async def say(self, token: str, nonce: str, content: Press | Words, language: str | None) -> bool:
        """Store what was said and wait for its answer; False when that takes longer than a person should wait.

        nonce: names this saying; the same one said again is the same arrival.
        """
        known_as = opaque_id(token)
        home = await self.database.read(partial(_home, known_as=known_as))
        said = content.data if isinstance(content, Press) else content.text
        arrival = hashlib.sha256(f"{home}\n{nonce}\n{said}".encode("utf-8", "replace")).hexdigest()
        await inbox.accept(self.database, [Inbound(SCHEME, ACCOUNT, arrival, home, content, self.clock(), language)])
        return await self._answered(arrival)

    async def clear(self, token: str, nonce: str, language: str | None) -> bool:
        """Empty the page; False where there is no chat."""
        found = await self.database.read(partial(_version, known_as=opaque_id(token)))
        if found is None:
            return False
        address, version = found
        # The number makes it another press than the last one, which might count as a double tap.
        press = sign(Action(Act.CLEAR, screen=version), self.world().button_key, address)
        await self.say(token, nonce, Press(press), language)
        return True

    async def make_code(self, token: str) -> str | None:
        """A new resume code, the only one that works from now on; None where there is no chat."""
        raw = codes.new_code(codes.LONG)
        made = await self.database.write(partial(_make_code, known_as=opaque_id(token), code=raw))
        return codes.shown(raw) if made else None

    def may_try(self, host: str) -> bool:
        """Count one code that is tried from a network address; False where there were too many in this minute."""
        digest = hashlib.sha256(host.encode("utf-8", "replace")).digest()
        now = self.clock()
        one = self._tries.press(int.from_bytes(digest[:8]), now)
        return Pressure.SHED not in (one, self._tries_of_all.press(EVERYONE, now))

    async def resume(self, code: str, *, alone: bool) -> str | None:
        """A new token for the chat of the code, None where it leads nowhere. alone: every other browser loses it."""
        token = new_token()
        plain = "".join(sign for sign in code.upper() if sign.isascii() and sign.isalnum())
        found = await self.database.write(partial(_resume, code=plain, known_as=opaque_id(token), alone=alone))
        return token if found else None

    async def place_of(self, token: str) -> bytes:
        """The look-up of the chat's address, for whoever waits for its news."""
        return await self.database.read(partial(_place, known_as=opaque_id(token)))

    async def _answered(self, arrival: str) -> bool:
        look = partial(pages.is_handled, channel=SCHEME, account=ACCOUNT, external_id=arrival)
        loop = asyncio.get_running_loop()
        until = loop.time() + ANSWER_WITHIN
        while loop.time() < until:
            if await self.database.read(look):
                return True
            await self.database.bell.wait(bell.ANSWERED, STEP)
        return False


def _home(unit: Unit, known_as: str) -> str:
    return web_pages.home_of(unit, SCHEME, ACCOUNT, known_as)


def _place(unit: Unit, known_as: str) -> bytes:
    return address_place(unit, SCHEME, ACCOUNT, _home(unit, known_as))[2]


def _address(unit: Unit, known_as: str) -> int | None:
    found = _version(unit, known_as)
    return None if found is None else found[0]


def _version(unit: Unit, known_as: str) -> tuple[int, int] | None:
    """The address of the chat, and the version of its page."""
    visitor = pages.visitor(unit, SCHEME, ACCOUNT, known_as)
    return None if visitor is None or visitor.parting else (visitor.address_id, visitor.version)


def _make_code(unit: Unit, known_as: str, code: str) -> bool:
    address = _address(unit, known_as)
    if address is not None:
        web_pages.make_code(unit, address, code)
    return address is not None


def _resume(unit: Unit, code: str, known_as: str, alone: bool) -> bool:
    return web_pages.resume(unit, code, address_place(unit, SCHEME, ACCOUNT, known_as), known_as, alone=alone)
