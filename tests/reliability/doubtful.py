"""Sends whose end is in doubt (R5): the answer is lost, a gateway answers 502 for it, or nobody takes the call.

Prints one JSON line; exit code 1, and the reasons on stderr, where a bound is broken.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import aiohttp
from aiohttp import web

from bot.channels.telegram.api import SEND_TIMEOUT
from bot.channels.telegram.client import Api
from bot.clocks import now
from bot.sandbox.faults import LostAnswer, Rule
from bot.sandbox.telegram import TelegramServer
from tests.acceptance.houses import running, settings_for
from tests.reliability.audit import compare
from tests.reliability.command import execute
from tests.reliability.kill import until_quiet
from tests.reliability.ledger import Ledger
from tests.reliability.people import GUIDE, OPENING, Chat, Guide, Move, Walk, read_guide, screen_of
from tests.reliability.product import TOKEN
from tests.reliability.scenes import FIRST_CHAT

NOBODY = "http://127.0.0.1:9"  # the discard port: nothing listens there
SPEAKING = ("send", "edit")
HOME = Move("bot.home.title", "home", ("h", "h"))
ON = Move(f"{GUIDE}.fear.title", "continue", ("n", "n"))
NONE_ALLOWED = (
    "lost",
    "doubled_state",
    "out_of_order",
    "never_answered",
    "unlisted_doubles",
    "doubled_edits",
    "left_over",
)


@dataclass(frozen=True, slots=True)
class Options:
    """share: of all sends, for each of the three faults (0 to 1)."""

    chats: int = 100
    acts: int = 50
    share: float = 0.05
    seed: int = 1


class Unsteady:
    """Telegram's client, whose connection is now and then refused before anything was written."""

    def __init__(self, api: Api, nobody: Api, chance: Random, share: float) -> None:
        self._api = api
        self._nobody = nobody
        self._chance = chance
        self._share = share
        self.refused = 0

    async def call(self, method: str, params: Mapping[str, Any], timeout: float = SEND_TIMEOUT) -> Any:
        """See Calls."""
        if method.startswith(SPEAKING) and self._chance.random() < self._share:
            self.refused += 1
            return await self._nobody.call(method, params, timeout)
        return await self._api.call(method, params, timeout)


class Gateway:
    """Stands before the server and now and then answers 502 for what the server has done."""

    def __init__(self, server: TelegramServer, chance: Random, share: float) -> None:
        self.failed = 0

        @web.middleware
        async def pass_on(
            request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
        ) -> web.StreamResponse:
            answer = await handler(request)
            speaks = request.match_info.get("method", "").startswith(SPEAKING)
            if speaks and answer.status == 200 and chance.random() < share:
                self.failed += 1
                return web.Response(status=502, text="<html>Bad Gateway</html>", content_type="text/html")
            return answer

        server.app.middlewares.append(pass_on)


@dataclass(slots=True)
class ThereAndBack(Walk):
    """To the first step of the guide, then home and back: home replaces the screen, the step is a new message."""

    _acts: int = 0

    def moves(self, room: int) -> Iterator[Move]:
        """See Walk."""
        beyond = self._acts - len(OPENING)
        yield OPENING[self._acts] if beyond < 0 else (ON if beyond % 2 else HOME)
        self._acts += 1


@dataclass(slots=True)
class Reader(Chat):
    """Notes which screens replaced another one. Home does not where the message before it is of unknown fate: then it
    is a new message, which may come twice like any other."""

    replaced: set[int] = field(default_factory=set)

    def _hear(self, messages: Sequence[Any]) -> None:
        Chat._hear(self, messages)  # super() knows no class that was made anew for its slots
        self.replaced |= {screen_of(message) for message in messages if message.edited_at is not None}


async def run(options: Options, folder: Path) -> dict[str, Any]:
    """The whole test over an empty data folder; all figures by name."""
    chance, guide = Random(options.seed), read_guide()
    server = TelegramServer(TOKEN, chance=Random(options.seed))
    for method in SPEAKING:
        server.faults.add(Rule(LostAnswer(), method=f"{method}*", chance=options.share))
    gateway = Gateway(server, chance, options.share)
    clients: list[Unsteady] = []

    def connect(http: aiohttp.ClientSession, root: str, token: str) -> Unsteady:
        clients.append(Unsteady(Api(http, root, token), Api(http, NOBODY, token), chance, options.share))
        return clients[-1]

    async with server, running(settings_for(folder, server), now, connect=connect):
        chats = [
            Reader(server.person(FIRST_CHAT + at, language_code="en"), _walk(guide, at), options.acts, lambda: None)
            for at in range(options.chats)
        ]
        await asyncio.gather(*(chat.talk() for chat in chats))
        await until_quiet(Ledger(folder))
        await asyncio.gather(*(chat.listen_once_more() for chat in chats))
    outbox = Ledger(folder).states("outbox")
    return {
        **asdict(options),
        **asdict(compare(chats, Ledger(folder).accounts(chat.person.id for chat in chats))),
        "acts_done": sum(len(chat.expected) for chat in chats),
        "doubled_edits": sum(_doubled_edits(chat) for chat in chats),
        "answers_lost": sum(call.outcome == "answer lost" for call in server.calls),
        "gateway_errors": gateway.failed,
        "refused_before_writing": sum(client.refused for client in clients),
        "uncertain": outbox.pop("uncertain", 0),
        "left_over": sum(outbox.values()) - outbox.get("sent", 0),
        "violations": len(server.violations),
    }


def _walk(guide: Guide, number: int) -> Walk:
    return ThereAndBack(guide, Random(number)) if number % 2 else Walk(guide, Random(number))


def _doubled_edits(reader: Reader) -> int:
    """Copies beyond the first of screens that replaced another one."""
    copies = Counter(screen for screen, _ in reader.heard)
    return sum(copies[screen] - 1 for screen in reader.replaced)


def breaches(figures: dict[str, Any]) -> list[str]:
    """The bounds that do not hold; empty is a pass."""
    broken = [f"{name} is {figures[name]}, must be 0" for name in NONE_ALLOWED if figures[name]]
    if figures["acts_done"] != figures["chats"] * figures["acts"]:
        broken.append("not everybody could finish")
    if figures["doubled_replies"] > figures["answers_lost"] + figures["gateway_errors"]:
        broken.append("more doubled replies than answers that were lost")
    broken += [
        f"no fault of the kind {name}: the test proves too little"
        for name in ("answers_lost", "gateway_errors", "refused_before_writing")
        if not figures[name]
    ]
    return broken


if __name__ == "__main__":
    execute(Options(), run, breaches, str(__doc__))
