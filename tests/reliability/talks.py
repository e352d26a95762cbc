"""Kill the product while people and assistants write to each other, then count what was lost, doubled or mixed up.

Everybody has asked and has an assistant before the first kill. Then both sides write numbered words without waiting
for each other: people on Telegram, assistants by the form of the desk. Prints one JSON line; exit code 1, and the
reasons on stderr, where a bound is broken.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import httpx

from bot.clocks import now
from bot.database import open_database
from bot.sandbox.faults import LostAnswer, Rule
from bot.sandbox.people import Person
from bot.sandbox.telegram import TelegramServer
from desk.thread import thread
from storage import members
from storage.bell import MemoryBell
from storage.db import Database
from storage.unit_of_work import Unit
from tests.acceptance.desk_browsers import COOKIE, sit_down
from tests.acceptance.houses import settings_for
from tests.acceptance.staff_chats import ask
from tests.acceptance.walks import plain
from tests.reliability.both_sides import Findings, Seat, Talk
from tests.reliability.command import execute
from tests.reliability.kill import until_quiet
from tests.reliability.ledger import Ledger
from tests.reliability.people import PATIENCE
from tests.reliability.product import TOKEN, Product, reserved_port
from tests.reliability.scenes import FIRST_CHAT
from tests.reliability.storm import Clock, Storm
from tests.reliability.wire import Wire

ASSISTANTS = 2
PAUSE = 0.3  # seconds between two words of one writer, at most
AHEAD = 40  # acts that the writers may be ahead of the kills, so that there is something to say at each
LOOK_AGAIN = 0.02
SPEAKING = ("send", "edit")
NUMBER = re.compile(r"\d+")
NONE_ALLOWED = (
    "lost_to_staff",
    "doubled_to_staff",
    "lost_to_people",
    "unlisted_doubles",
    "out_of_order",
    "bot_spoke",
    "left_over",
    "violations",
    "exit_code",
)


@dataclass(frozen=True, slots=True)
class Options:
    """How much of what. words: by each person, and as many to each.

    redeliver: share (0 to 1) of all words, in updates that come again. drop_answers: of Telegram's answers to the bot,
    and of the desk's answers to assistants.
    """

    kills: int = 8
    people: int = 6
    words: int = 20
    redeliver: float = 0.02
    drop_answers: float = 0.03
    seed: int = 1

    @property
    def acts(self) -> int:
        """Words of both sides."""
        return 2 * self.people * self.words


async def run(options: Options, folder: Path) -> dict[str, Any]:
    """The whole test over an empty data folder; all figures by name."""
    began, clock = time.monotonic(), Clock()
    server = TelegramServer(TOKEN, clock=clock, chance=Random(options.seed), strict=False)
    wire = Wire(server, Random(options.seed))
    async with AsyncExitStack() as stack:
        port = stack.enter_context(reserved_port())
        await stack.enter_async_context(server)
        product = await stack.enter_async_context(Product(folder, server.base_url, port=port))
        storm = Storm(server.redeliver, wire, product, clock, Random(options.seed), at_handover=False, gently=False)
        await product.start()
        await asyncio.wait_for(storm.up(), PATIENCE)
        talks = await _handed_over(stack, options, server, folder, f"http://127.0.0.1:{port}")
        server.faults.add(Rule(LostAnswer(), chance=options.drop_answers))
        await _rage(storm, talks, options)
        await until_quiet(Ledger(folder))
        await asyncio.gather(*(talk.listen() for talk in talks))
        exit_code = await product.terminate()
    return {
        **asdict(options),
        **asdict(storm.counts),
        **asdict(_audit(folder, talks)),
        **_figures(server, Ledger(folder)),
        "acts": options.acts,
        "forms_again": sum(seat.repeated for seat in {id(talk.seat): talk.seat for talk in talks}.values()),
        "lost_on_the_way": wire.lost_on_the_way,
        "exit_code": exit_code,
        "start_seconds": product.starts,
        "seconds": round(time.monotonic() - began, 1),
    }


async def _handed_over(
    stack: AsyncExitStack, options: Options, server: TelegramServer, folder: Path, site: str
) -> list[Talk]:
    """People who are stuck at the first step, and an assistant for each who is in the chat now."""
    persons = await asyncio.gather(*(ask(server, FIRST_CHAT + at) for at in range(options.people)))
    seats = [await _seat(stack, options, folder, site, number) for number in range(ASSISTANTS)]
    talks = []
    for at, person in enumerate(persons):
        talks.append(Talk.of(person, _number(person), seats[at % ASSISTANTS], options.words))
        await talks[-1].seat.press(talks[-1].number, "claim", f"c{person.id}")
        await person.hears()  # who reads it now; from here on the bot is silent
    return talks


async def _seat(stack: AsyncExitStack, options: Options, folder: Path, site: str, number: int) -> Seat:
    with _beside(folder) as database:
        member, session = await database.write(lambda unit: sit_down(unit, f"assistant {number}"))
    http = httpx.AsyncClient(base_url=site, headers={"Origin": site}, cookies={COOKIE: session})
    chance = Random(f"{options.seed}:{number}")
    return Seat(member, await stack.enter_async_context(http), chance, options.drop_answers)


@contextmanager
def _beside(folder: Path) -> Iterator[Database]:
    """The database of the product, which may be running."""
    database = open_database(settings_for(folder), MemoryBell(), now)
    try:
        yield database
    finally:
        database.close()
        database.keys.close()


def _number(person: Person) -> int:
    """Of the request that the newest message confirms."""
    found = NUMBER.search(plain(person.messages[-1].text))
    assert found is not None
    return int(found[0])


async def _rage(storm: Storm, talks: Sequence[Talk], options: Options) -> None:
    """Everybody writes while the product is killed; it runs at the end."""
    chance = Random(options.seed)

    async def pause() -> None:
        await asyncio.sleep(chance.uniform(0, PAUSE))
        while storm.behind > AHEAD:
            await asyncio.sleep(LOOK_AGAIN)
        storm.acted()

    async with asyncio.TaskGroup() as group:
        group.create_task(storm.rage(options.acts, options.kills, options.redeliver))
        for talk in talks:
            group.create_task(talk.person_writes(pause))
            group.create_task(talk.assistant_writes(pause))


def _audit(folder: Path, talks: Sequence[Talk]) -> Findings:
    found, accounts = Findings(), Ledger(folder).accounts(talk.person.id for talk in talks)
    with _beside(folder) as database:
        for talk in talks:
            thread = database.read_now(partial(_thread, talk=talk))
            found.compare(talk, thread, accounts[talk.person.id].doubted)
    return found


def _thread(unit: Unit, talk: Talk) -> list[tuple[str, str]]:
    """As the assistant reads it."""
    shown = thread(unit, members.member(unit, talk.seat.member), talk.number)
    return [(entry.message.direction, entry.message.text) for entry in shown.entries if entry.message is not None]


def _figures(server: TelegramServer, ledger: Ledger) -> dict[str, Any]:
    outbox, arrivals = ledger.states("outbox"), ledger.states("inbox")
    unsettled = sum(outbox.values()) - outbox.get("sent", 0) - outbox.get("uncertain", 0)
    lost = [call for call in server.calls if call.outcome == "answer lost"]
    return {
        "answers_dropped": sum(call.method.startswith(SPEAKING) for call in lost),
        "doubted": ledger.doubted(),
        "left_over": unsettled + sum(arrivals.values()) - arrivals.get("done", 0),
        "violations": len(server.violations),
        "integrity": ledger.integrity(),
    }


def breaches(figures: dict[str, Any]) -> list[str]:
    """The bounds that do not hold; empty is a pass."""
    broken = [f"{name} is {figures[name]}, must be 0" for name in NONE_ALLOWED if figures[name]]
    if figures["doubled_to_people"] > figures["sending_at_kills"] + figures["answers_dropped"]:
        broken.append("more doubled words than sends whose end nobody knew")
    if figures["redelivered"] < int(figures["redeliver"] * figures["acts"]):
        broken.append("fewer updates came again than asked for: the test proves too little")
    if not figures["forms_again"]:
        broken.append("no form of the desk was sent again: the test proves too little")
    if figures["integrity"] != "ok":
        broken.append("the database is damaged")
    return broken


if __name__ == "__main__":
    execute(Options(), run, breaches, str(__doc__))
