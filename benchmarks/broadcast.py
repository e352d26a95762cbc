"""A notice to many: IZI, and a plain loop with aiogram's client that waits as long as Telegram says, both against the
same server that takes 30 messages in any second and answers 429 to the rest. Meanwhile a few people write now and then.

    python -m benchmarks.broadcast --people 3000

Prints for each: seconds from the start to the last copy, 429s, people who got it twice, people who did not get it, and
how long those who wrote meanwhile waited for their answer.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.fake import FakeTelegram, Json, Message, TooMany
from benchmarks.machine import machine
from benchmarks.systems import PEERS, Bench, izi_command, izi_settings
from tests.reliability.addressees import begin, beside, settle_down

TAKES = 30  # messages in any second (Bot FAQ: "about 30 messages per second"); what is refused does not count
OURS = 27  # IZI's own bucket (rulings 32)
FIRST_WRITER, FIRST_ADDRESSEE = 1001, 100_001
WRITERS = 5
PAUSE = 1.0  # seconds between the writings of one person, at the mean
SAYING = ("send", "edit")
NO_COPY_FOR = 30.0  # seconds after which a broadcast counts as over
NEAR = 1.05  # times the bucket's own time


@dataclass(slots=True)
class Strict(FakeTelegram):
    """Takes so many messages in any second. passed: when they came, in seconds; refused: how many did not pass."""

    passed: deque[float] = field(default_factory=deque)
    refused: int = 0

    def answer(self, method: str, params: Json, reply: Callable[[object], None]) -> None:
        """See FakeTelegram."""
        if method.startswith(SAYING):
            now = perf_counter()
            while self.passed and now - self.passed[0] >= 1:
                self.passed.popleft()
            if len(self.passed) >= TAKES:
                self.refused += 1
                reply(TooMany(1))
                return
            self.passed.append(now)
        FakeTelegram.answer(self, method, params, reply)


@dataclass(slots=True)
class Town:
    """Who gets the notice, and who writes meanwhile. copies: by person; last: when the last one came."""

    copies: Counter[int] = field(default_factory=Counter)
    last: float = 0.0
    waits: list[float] = field(default_factory=list)
    _asked: dict[int, tuple[float, asyncio.Event]] = field(default_factory=dict)

    def hear(self, chat: int, _shown: Message) -> None:
        """A message of the bot has arrived."""
        if chat >= FIRST_ADDRESSEE:
            self.copies[chat] += 1
            self.last = perf_counter()
        elif chat in self._asked:
            began, heard = self._asked.pop(chat)
            self.waits.append(perf_counter() - began)
            heard.set()

    async def write(self, fake: FakeTelegram, chat: int) -> None:
        """Write, wait for the answer, again and again, until cancelled."""
        chance = Random(chat)
        while True:
            await asyncio.sleep(chance.uniform(0, 2 * PAUSE))
            heard = asyncio.Event()
            self._asked[chat] = perf_counter(), heard
            fake.says(chat, "/start")
            await heard.wait()


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one system. waits: seconds of those who wrote meanwhile; unanswered: who still waited at the end."""

    seconds: float
    refused: int
    doubled: int
    lost: int
    waits: list[float]

    def line(self, name: str) -> str:
        """One row of the table."""
        cuts = quantiles(self.waits, n=100) if len(self.waits) > 1 else [0.0] * 99
        return (
            f"{name:<34}{self.seconds:>9.1f}{self.refused:>8}{self.doubled:>9}{self.lost:>8}"
            f"{len(self.waits):>9}{cuts[49] * 1000:>12.0f}{cuts[98] * 1000:>12.0f}"
        )


@asynccontextmanager
async def izi(bench: Bench, api: str, people: list[int]) -> AsyncIterator[Callable[[], object]]:
    """As an operator runs it, at its own rate; what begins the broadcast."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="bench-")))
        database = stack.enter_context(beside(folder))
        settle_down(database, people)
        settings = izi_settings(folder, api) | {
            "IZI_TELEGRAM_RATE": str(OURS),
            "IZI_QUIET_FROM": "0",
            "IZI_QUIET_UNTIL": "0",
        }
        await stack.enter_async_context(bench.process(izi_command(), settings))
        yield lambda: begin(database, "the office is closed")


@asynccontextmanager
async def aiogram(bench: Bench, api: str, people: list[int]) -> AsyncIterator[Callable[[], object]]:
    """A loop over everybody; what begins the broadcast."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="bench-")))
        (folder / "people.json").write_text(json.dumps(people))
        settings = {"PEER_API": api, "PEER_PEOPLE": str(folder / "people.json"), "PEER_GO": str(folder / "go")}
        await stack.enter_async_context(
            bench.process([str(bench.python), str(PEERS / "aiogram_broadcast.py")], settings)
        )
        yield (folder / "go").touch


async def measure(start: Callable[..., object], bench: Bench, people: list[int]) -> Figures:
    """One broadcast by one system."""
    town = Town()
    fake = Strict(town.hear)
    server, api = await fake.listen()
    async with start(bench, api, people) as go:  # type: ignore[attr-defined]
        await asyncio.wait_for(fake.polled.wait(), 60)
        writing = [asyncio.create_task(town.write(fake, FIRST_WRITER + at)) for at in range(WRITERS)]
        await asyncio.sleep(5)
        town.waits.clear()
        fake.refused = 0
        began = town.last = perf_counter()
        await asyncio.to_thread(go)
        while len(town.copies) < len(people) and perf_counter() - town.last < NO_COPY_FOR:
            await asyncio.sleep(0.05)
        for task in writing:
            task.cancel()
        await asyncio.sleep(2)  # a copy that comes twice may still come
    server.close()
    doubled = sum(many > 1 for many in town.copies.values())
    return Figures(town.last - began, fake.refused, doubled, len(people) - len(town.copies), town.waits)


async def _main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.broadcast")
    parser.add_argument("--python", type=Path, default=Path(".venv-peers/bin/python"), help="the peer's interpreter")
    parser.add_argument("--log", type=Path, default=Path("/dev/null"), help="where the systems' own words go")
    parser.add_argument("--people", type=int, default=3000)
    arguments = parser.parse_args()
    bench = Bench(arguments.python.absolute(), arguments.log)
    people = list(range(FIRST_ADDRESSEE, FIRST_ADDRESSEE + arguments.people))
    print(machine())
    print(
        f"\n{'system':<34}{'seconds':>9}{'429s':>8}{'doubled':>9}{'lost':>8}{'answers':>9}{'p50 ms':>12}{'p99 ms':>12}"
    )
    found = {}
    for name, start in ((f"IZI, its bucket at {OURS} a second", izi), ("aiogram, a loop that waits", aiogram)):
        found[name] = await measure(start, bench, people)
        print(found[name].line(name), flush=True)
    ours = next(iter(found.values()))
    bucket = (len(people) + len(ours.waits)) / OURS
    print(f"\nthe bucket's own time for {len(people)} copies and {len(ours.waits)} answers: {bucket:.1f} s")
    tail = quantiles(ours.waits, n=100)[98]
    for what, met in (
        (f"IZI within 5 % of it: {ours.seconds / bucket:.3f}", ours.seconds <= bucket * NEAR),
        (
            f"no 429, none twice, none lost: {ours.refused}, {ours.doubled}, {ours.lost}",
            not (ours.refused + ours.doubled + ours.lost),
        ),
        (f"answers meanwhile, p99 under 300 ms: {tail * 1000:.0f}", tail < 0.3),
    ):
        print(f"{'met    ' if met else 'NOT MET'}  {what}")
    print(machine())


if __name__ == "__main__":
    import uvloop

    uvloop.run(_main())
