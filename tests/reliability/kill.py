"""Kill the product again and again while people talk to it, then count what was lost, doubled or mixed up.

The product runs as processes of its own on one SQLite folder, people and the channel's server in this one. Prints one
JSON line; exit code 1, and the reasons on stderr, where a bound is broken.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any

from tests.reliability.audit import compare
from tests.reliability.command import execute
from tests.reliability.ledger import Ledger
from tests.reliability.people import Chat, Walk, read_guide
from tests.reliability.scenes import SETTINGS, Scene
from tests.reliability.storm import Clock, Storm

QUIET = 120.0  # seconds that the product gets at the end to send what waits
LOOK_AGAIN = 0.2
NONE_ALLOWED = (
    "lost",
    "doubled_state",
    "out_of_order",
    "never_answered",
    "unlisted_doubles",
    "left_over",
    "violations",
    "exit_code",
)
NONE_ALLOWED_GENTLY = ("sending_at_kills", "doubled_replies", "doubted", "bad_exits")
SLOWEST_ENDING = 10.0  # seconds from SIGTERM to the end (reliability.md, R15); a matter of the long form alone


@dataclass(frozen=True, slots=True)
class Options:
    """How much of what; redeliver and drop_answers are shares (0 to 1) of updates and of answers to the bot.

    at_handover: kills come between getUpdates and commit, people type everything. gently: SIGTERM, not SIGKILL, and
    then nothing may be left undecided. cold: see launch.py. channel: telegram or whatsapp (scenes.py).
    """

    kills: int = 20
    updates: int = 1000
    chats: int = 50
    redeliver: float = 0.02
    drop_answers: float = 0.01
    seed: int = 1
    at_handover: bool = False
    gently: bool = False
    cold: bool = False
    channel: str = "telegram"


async def run(options: Options, folder: Path) -> dict[str, Any]:
    """The whole test over an empty data folder; all figures by name."""
    began, clock = time.monotonic(), Clock()
    setting = SETTINGS[options.channel]
    async with setting(folder, clock, options.seed, options.drop_answers, options.cold) as scene:
        product, ledger = scene.product, scene.ledger
        storm = Storm(
            scene.redeliver, scene.wire, product, clock, Random(options.seed),
            at_handover=options.at_handover, gently=options.gently,
        )  # fmt: skip
        chats = list(_chats(options, scene, storm))
        await product.start()
        async with asyncio.TaskGroup() as group:
            raging = group.create_task(storm.rage(options.updates, options.kills, options.redeliver))
            await asyncio.gather(*(chat.talk() for chat in chats))
            if not all(chat.finished for chat in chats):
                raging.cancel()
        await until_quiet(ledger)
        await asyncio.gather(*(chat.listen_once_more() for chat in chats))
        exit_code = await product.terminate()
    return {
        **asdict(options),
        **asdict(storm.counts),
        **_figures(scene, chats),
        "lost_on_the_way": scene.wire.lost_on_the_way,
        "exit_code": exit_code,
        "start_seconds": product.starts,
        "seconds": round(time.monotonic() - began, 1),
    }


def _chats(options: Options, scene: Scene, storm: Storm) -> Iterator[Chat]:
    guide = read_guide()
    for number in range(options.chats):
        # The first ones do one act more where they cannot all do the same.
        acts = options.updates // options.chats + (number < options.updates % options.chats)
        walk = Walk(guide, Random(f"{options.seed}:{number}"), typing=options.at_handover)
        yield Chat(scene.person(number), walk, acts, storm.acted)


async def until_quiet(ledger: Ledger) -> None:
    """Until nothing is waiting any more, or for too long; what is left over then is for the audit."""
    end = time.monotonic() + QUIET
    while ledger.waiting() and time.monotonic() < end:
        await asyncio.sleep(LOOK_AGAIN)


def _figures(scene: Scene, chats: list[Chat]) -> dict[str, Any]:
    ledger = scene.ledger
    outbox = ledger.states("outbox")
    return {
        **asdict(compare(chats, ledger.accounts(chat.person.id for chat in chats))),
        "acts": sum(len(chat.expected) for chat in chats),
        "answers_dropped": scene.dropped(),
        "uncertain": outbox.pop("uncertain", 0),
        "doubted": ledger.doubted(),
        "left_over": sum(outbox.values()) - outbox.get("sent", 0),
        "violations": scene.violations(),
        "integrity": ledger.integrity(),
    }


def breaches(figures: dict[str, Any]) -> list[str]:
    """The bounds that do not hold; empty is a pass."""
    none_allowed = NONE_ALLOWED + (NONE_ALLOWED_GENTLY if figures["gently"] else ())
    broken = [f"{name} is {figures[name]}, must be 0" for name in none_allowed if figures[name]]
    if figures["acts"] != figures["updates"]:
        broken.append("not everybody could finish")
    # WhatsApp itself says of a message whose answer was lost that it arrived: only a death leaves it open.
    unknown = figures["answers_dropped"] if figures["channel"] == "telegram" else 0
    if figures["doubled_replies"] > figures["sending_at_kills"] + unknown:
        broken.append("more doubled replies than sends whose end nobody knew")
    if figures["redelivered"] < int(figures["redeliver"] * figures["updates"]):
        broken.append("fewer updates came again than asked for: the test proves too little")
    if figures["at_handover"] and not figures["before_commit"]:
        broken.append("no kill came before the commit: the test proves nothing")
    if figures["integrity"] != "ok":
        broken.append("the database is damaged")
    return broken


def _all_breaches(figures: dict[str, Any]) -> list[str]:
    """In the long form also how long an end may take."""
    slow = [took for took in figures["endings"] if took > SLOWEST_ENDING]
    return [*breaches(figures), *(f"an end took {took} seconds" for took in slow)]


if __name__ == "__main__":
    execute(Options(), run, _all_breaches, str(__doc__))
