"""A storm of 429 (R6): every second send is refused, a broadcast goes out, the process restarts inside penalties.

Prints one JSON line; exit code 1, and the reasons on stderr, where a bound is broken.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any

from aiohttp import web

from bot.clocks import now
from bot.sandbox.telegram import TelegramServer
from tests.acceptance.houses import running, settings_for
from tests.reliability.addressees import begin, beside, settle_down
from tests.reliability.audit import compare
from tests.reliability.broadcast import FIRST_ADDRESSEE
from tests.reliability.command import execute
from tests.reliability.kill import until_quiet
from tests.reliability.ledger import Ledger
from tests.reliability.people import Chat, Walk, read_guide
from tests.reliability.product import TOKEN
from tests.reliability.scenes import FIRST_CHAT

SPEAKING = ("send", "edit")
MORE_CALLS = 1.1  # times the messages, besides what was refused (reliability.md, R6)
NONE_ALLOWED = (
    "lost",
    "doubled_state",
    "out_of_order",
    "never_answered",
    "doubled_replies",
    "copies_lost",
    "copies_doubled",
    "early",
    "tries",
    "doubted",
    "left_over",
    "violations",
)


@dataclass(frozen=True, slots=True)
class Options:
    """people: who get a broadcast meanwhile. longest: seconds of the longest penalty; restarts: how often the process
    ends and starts among them."""

    chats: int = 100
    people: int = 1000
    acts: int = 20
    longest: int = 40
    restarts: int = 2
    seed: int = 1


class Strict:
    """Refuses every second send with a penalty, and notes what comes before a penalty is over."""

    def __init__(self, server: TelegramServer, chance: Random, longest: int) -> None:
        self.refused = self.early = self.calls = 0
        self._until: dict[str, float] = {}
        self._chance = chance
        self._longest = longest

        @web.middleware
        async def guard(
            request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
        ) -> web.StreamResponse:
            if not request.match_info.get("method", "").startswith(SPEAKING):
                return await handler(request)
            return self._refuse((await request.json())["chat_id"]) or await handler(request)

        server.app.middlewares.append(guard)

    @property
    def penalties(self) -> int:
        """How many chats must be left in peace now."""
        return sum(until > time.monotonic() for until in self._until.values())

    def _refuse(self, chat: object) -> web.Response | None:
        moment = time.monotonic()
        self.calls += 1
        self.early += moment < self._until.get(str(chat), 0.0)
        if self.calls % 2:
            return None
        self.refused += 1
        seconds = self._chance.randint(1, self._longest)
        self._until[str(chat)] = moment + seconds
        answer = {
            "ok": False,
            "error_code": 429,
            "description": f"Too Many Requests: retry after {seconds}",
            "parameters": {"retry_after": seconds},
        }
        return web.json_response(answer, status=429)


async def run(options: Options, folder: Path) -> dict[str, Any]:
    """The whole test over an empty data folder; all figures by name."""
    guide, server = read_guide(), TelegramServer(TOKEN)
    strict = Strict(server, Random(options.seed), options.longest)
    ledger, inside = Ledger(folder), 0
    people = [server.person(FIRST_ADDRESSEE + at) for at in range(options.people)]
    for person in people:
        person.knows_the_bot()
    folder.mkdir(parents=True, exist_ok=True)
    with beside(folder) as database:
        settle_down(database, [person.id for person in people])
        begin(database, "the office is closed")
    async with server:
        settings = settings_for(folder, server, quiet_from=0, quiet_until=0)
        chats = [
            Chat(
                server.person(FIRST_CHAT + at, language_code="en"), Walk(guide, Random(at)), options.acts, lambda: None
            )
            for at in range(options.chats)
        ]
        talking = asyncio.gather(*(chat.talk() for chat in chats))
        for part in range(1, options.restarts + 2):
            async with AsyncExitStack() as stack:
                await stack.enter_async_context(running(settings, now))
                if part > options.restarts:
                    await talking
                    await until_quiet(ledger)
                else:
                    await _until_done(chats, part / (options.restarts + 1))
                    inside += bool(strict.penalties)
        await asyncio.gather(*(chat.listen_once_more() for chat in chats))
    return {
        **asdict(options),
        **asdict(compare(chats, ledger.accounts(chat.person.id for chat in chats))),
        "copies_lost": sum(not person.messages for person in people),
        "copies_doubled": sum(len(person.messages) > 1 for person in people),
        "acts_done": sum(len(chat.expected) for chat in chats),
        "restarts_inside": inside,
        "calls": strict.calls,
        "refused": strict.refused,
        "early": strict.early,
        "tries": ledger.tries(),
        "doubted": ledger.doubted(),
        "left_over": sum(count for state, count in ledger.states("outbox").items() if state != "sent"),
        "violations": len(server.violations),
    }


async def _until_done(chats: list[Chat], share: float) -> None:
    """Until so much of all acts is done, and somebody has just begun to wait."""
    wanted = share * sum(chat.acts for chat in chats)
    while sum(len(chat.expected) for chat in chats) < wanted:
        await asyncio.sleep(0.01)


def breaches(figures: dict[str, Any]) -> list[str]:
    """The bounds that do not hold; empty is a pass."""
    broken = [f"{name} is {figures[name]}, must be 0" for name in NONE_ALLOWED if figures[name]]
    acts = figures["chats"] * figures["acts"]
    if figures["acts_done"] != acts:
        broken.append("not everybody could finish")
    if figures["calls"] > MORE_CALLS * (acts + figures["people"]) + figures["refused"]:
        broken.append("more calls than messages and refusals explain")
    if figures["restarts_inside"] < figures["restarts"]:
        broken.append("a restart came outside of every penalty: the test proves too little")
    return broken


if __name__ == "__main__":
    execute(Options(), run, breaches, str(__doc__))
