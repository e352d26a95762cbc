"""R8: a broadcast to many while the process is killed again and again, paused and resumed, and people go on talking.

The product runs as a process of its own on one SQLite folder, people and Telegram's server in this one. Prints one
JSON line; exit code 1, and the reasons on stderr, where a bound is broken.
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Any

from aiohttp import web

from bot.sandbox.faults import LostAnswer, Rule
from bot.sandbox.people import Person
from bot.sandbox.telegram import TelegramServer
from notices.lifecycle import Move
from storage import copies
from storage.db import Database, Unavailable
from storage.notice_rows import Fate
from tests.reliability.addressees import begin, beside, settle_down, steer
from tests.reliability.command import execute
from tests.reliability.doubtful import ThereAndBack
from tests.reliability.ledger import Ledger
from tests.reliability.people import Chat, read_guide
from tests.reliability.product import TOKEN, Product

FIRST_TALKER, FIRST_ADDRESSEE = 1001, 100_001
WORDS = "the office is closed"
LIMIT = 30 / 27  # what may arrive in any second, times the rate (rulings 32)
SLOWEST_REPLY = 2.0  # seconds, p95 (reliability.md, R8)
SLOWEST_PAUSE = 2.0  # seconds until nothing more of the broadcast arrives
LOOK_AGAIN = 0.05
PATIENCE = 120.0  # seconds without a new copy until the broadcast counts as stuck
STANDS = 3.0  # seconds of the pause
NONE_ALLOWED = ("doubled", "lost", "unlisted", "left_over", "came_while_paused", "violations", "exit_code")


@dataclass(frozen=True, slots=True)
class Options:
    """blocked: one in so many has blocked the bot. drop_answers: share of answers to the bot that are lost.

    pause: seconds between two acts of a talker, at the mean.
    """

    people: int = 10_000
    talkers: int = 20
    kills: int = 20
    rate: float = 27
    blocked: int = 100
    drop_answers: float = 0.002
    pause: float = 10.0
    seed: int = 1


@dataclass(slots=True)
class Arrivals:
    """When which call arrived at Telegram, in seconds; counted are those that say something."""

    all: list[float] = field(default_factory=list)
    polls: list[float] = field(default_factory=list)
    copies: list[float] = field(default_factory=list)

    def watch(self, server: TelegramServer) -> None:
        """Note every sending and edit before it is done."""

        @web.middleware
        async def note(
            request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
        ) -> web.StreamResponse:
            if request.match_info.get("method") == "getUpdates":
                self.polls.append(time.monotonic())
            if request.match_info.get("method", "").startswith(("send", "edit")):
                moment = time.monotonic()
                self.all.append(moment)
                if int((await request.json())["chat_id"]) >= FIRST_ADDRESSEE:
                    self.copies.append(moment)
            return await handler(request)

        server.app.middlewares.append(note)

    @property
    def most_in_a_second(self) -> int:
        """Of all that arrived in any second."""
        first = most = 0
        for last, moment in enumerate(self.all):
            while moment - self.all[first] >= 1:
                first += 1
            most = max(most, last - first + 1)
        return most


@dataclass(slots=True)
class Talker(Chat):
    """Presses a button, waits for the answer, thinks a little. waits: from when to when, in seconds."""

    pause: float = 10.0
    waits: list[tuple[float, float]] = field(default_factory=list)

    async def listen(self) -> None:
        """See Chat."""
        began = time.monotonic()
        await Chat.listen(self)
        self.waits.append((began, time.monotonic()))
        await asyncio.sleep(self.walk.chance.uniform(0, 2 * self.pause))


@dataclass(slots=True)
class Driver:
    """Kills the product at copies that are drawn beforehand, and pauses the broadcast once in the middle."""

    product: Product
    ledger: Ledger
    arrivals: Arrivals
    options: Options
    sending_at_kills: int = 0
    killed_at: list[float] = field(default_factory=list)
    pause_took: float = 0.0
    came_while_paused: int = 0

    async def drive(self, database: Database, number: int) -> None:
        """Until the broadcast has ended. Raises TimeoutError where it does not go on."""
        chance, many = Random(self.options.seed), self.options.people
        kills = sorted(chance.sample(range(1, many * 9 // 10), self.options.kills))
        acts: list[tuple[int, Callable[[], Awaitable[None]]]] = [(at, self._kill) for at in kills]
        acts.append((many // 2, lambda: self._pause(database, number)))
        for at, act in sorted(acts, key=lambda one: one[0]):
            await self._until(lambda at=at: len(self.arrivals.copies) >= at)  # type: ignore[misc]
            await act()
        await self._until(lambda: self.ledger.state_of(number) == "done")

    async def _kill(self) -> None:
        self.killed_at.append(time.monotonic())
        self.product.kill()
        await self.product.ended()
        self.sending_at_kills += self.ledger.sending()
        await self.product.start()

    async def _pause(self, database: Database, number: int) -> None:
        began = time.monotonic()
        await _persist(lambda: steer(database, number, Move.PAUSED))
        await asyncio.sleep(SLOWEST_PAUSE)
        late = [moment for moment in self.arrivals.copies if moment > began]
        self.pause_took = max(late, default=began) - began
        before = len(self.arrivals.copies)
        await asyncio.sleep(STANDS)
        self.came_while_paused = len(self.arrivals.copies) - before
        await _persist(lambda: steer(database, number, Move.RESUMED))

    def was_down(self, wait: tuple[float, float]) -> bool:
        """Whether nobody was there for a part of this time: from a kill to the first poll after it."""
        polls = self.arrivals.polls
        return any(
            wait[0] < min((poll for poll in polls if poll > kill), default=kill) and wait[1] > kill
            for kill in self.killed_at
        )

    async def _until(self, holds: Callable[[], bool]) -> None:
        seen, since = len(self.arrivals.copies), time.monotonic()
        while not holds():
            await asyncio.sleep(LOOK_AGAIN)
            if len(self.arrivals.copies) != seen:
                seen, since = len(self.arrivals.copies), time.monotonic()
            if time.monotonic() - since > PATIENCE:
                raise TimeoutError(f"no copy for {PATIENCE} seconds after {seen}")


async def _persist(act: Callable[[], None]) -> None:
    """Beside a process that writes, and may be killed while it does."""
    while True:
        try:
            return await asyncio.to_thread(act)
        except Unavailable:
            await asyncio.sleep(LOOK_AGAIN)


async def run(options: Options, folder: Path) -> dict[str, Any]:
    """The whole test over an empty data folder; all figures by name."""
    server = TelegramServer(TOKEN, chance=Random(options.seed), strict=False)
    server.faults.add(Rule(LostAnswer(), method="sendMessage", chance=options.drop_answers))
    arrivals, guide = Arrivals(), read_guide()
    arrivals.watch(server)
    people = [server.person(FIRST_ADDRESSEE + at) for at in range(options.people)]
    talkers = [
        Talker(
            server.person(FIRST_TALKER + at, language_code="en"),
            ThereAndBack(guide, Random(at)),
            10**9,
            lambda: None,
            pause=options.pause,
        )
        for at in range(options.talkers)
    ]
    folder.mkdir(parents=True)
    with beside(folder) as database:
        settle_down(database, [person.id for person in people])
        async with server, Product(folder, server.base_url, rate=options.rate) as product:
            driver = Driver(product, Ledger(folder), arrivals, options)
            await product.start()
            await _block(people, options, driver.ledger)
            talks = [asyncio.create_task(talker.talk()) for talker in talkers]
            began = time.monotonic()
            number = begin(database, WORDS)
            await driver.drive(database, number)
            took = time.monotonic() - began
            for talk in talks:
                talk.cancel()
            await asyncio.gather(*talks, return_exceptions=True)
            exit_code = await product.terminate()
        waits = [wait for talker in talkers for wait in talker.waits]
        up = [wait for wait in waits if not driver.was_down(wait)]
        return {
            **asdict(options),
            **_figures(database, number, people, options),
            "most_in_a_second": arrivals.most_in_a_second,
            "replies": len(waits),
            "reply_p95": _p95(waits),
            "reply_p95_while_up": _p95(up),
            "sending_at_kills": driver.sending_at_kills,
            "answers_dropped": sum(call.outcome == "answer lost" for call in server.calls),
            "pause_took": round(driver.pause_took, 2),
            "came_while_paused": driver.came_while_paused,
            "violations": len(server.violations),
            "exit_code": exit_code,
            "seconds": round(took, 1),
        }


def _p95(waits: list[tuple[float, float]]) -> float:
    seconds = [until - began for began, until in waits]
    return round(quantiles(seconds, n=20)[18], 3) if len(seconds) > 1 else 0.0


async def _block(people: list[Person], options: Options, ledger: Ledger) -> None:
    """Some have blocked the bot; of half of them the product has heard."""
    blocked = people[:: options.blocked]
    for at, person in enumerate(blocked):
        person.knows_the_bot()
        if at % 2:
            await person.blocks()
        else:
            person.blocks_silently()
    while ledger.stored() < len(blocked) // 2 or ledger.waiting():
        await asyncio.sleep(LOOK_AGAIN)
    for person in people:
        if person not in blocked:
            person.knows_the_bot()


def _figures(database: Database, number: int, people: list[Person], options: Options) -> dict[str, Any]:
    counted: Counter[tuple[Fate, str]] = Counter()
    for one in database.read_now(lambda unit: copies.counts(unit, number)):
        counted[one.fate, one.reason] += one.many
    heard = [len(person.messages) for person in people]
    by_fate: Counter[Fate] = Counter()
    for (fate, _), many in counted.items():
        by_fate[fate] += many
    reached, came = by_fate[Fate.SENT], sum(many > 0 for many in heard)
    without = sum(not many for at, many in enumerate(heard) if at % options.blocked)
    return {
        "rows": sum(counted.values()),
        "fates": {f"{fate}:{reason}" if reason else str(fate): many for (fate, reason), many in counted.items()},
        "sent": reached,
        "uncertain": by_fate[Fate.UNCERTAIN],
        # Who has it twice; who has none and nobody knows why; copies of which no row tells.
        "doubled": sum(many > 1 for many in heard),
        "lost": max(0, without - by_fate[Fate.UNCERTAIN]),
        "unlisted": max(0, came - reached - by_fate[Fate.UNCERTAIN]) + max(0, reached - came),
        "left_over": by_fate[Fate.WAITING] + by_fate[Fate.HELD] + by_fate[Fate.DEAD],
    }


def breaches(figures: dict[str, Any]) -> list[str]:
    """The bounds that do not hold; empty is a pass."""
    broken = [f"{name} is {figures[name]}, must be 0" for name in NONE_ALLOWED if figures[name]]
    if figures["rows"] != figures["people"]:
        broken.append("not everybody has one row")
    if figures["uncertain"] > figures["sending_at_kills"] + figures["answers_dropped"]:
        broken.append("more copies are uncertain than sends whose end nobody knew")
    return broken


def _all_breaches(figures: dict[str, Any]) -> list[str]:
    """In the long form also what a clock says; on a busy machine, that says little of the product."""
    broken = breaches(figures)
    if figures["most_in_a_second"] > figures["rate"] * LIMIT:
        broken.append("more in a second than the limit")
    if figures["pause_took"] > SLOWEST_PAUSE:
        broken.append("the pause took too long")
    if figures["reply_p95"] > SLOWEST_REPLY:
        broken.append("answers came too late meanwhile")
    return broken


if __name__ == "__main__":
    # What arrives while this process collects would look like a burst: there are objects for 10,000 people.
    gc.disable()
    execute(Options(), run, _all_breaches, str(__doc__))
