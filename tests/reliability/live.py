"""From a person's message to the thread on a helper's screen, while many conversations are open (issue 4, live check).

The house, the web chat and the desk are real, the screen is chromium. Several people write at once; of one of them, the
time is taken from before the message is sent until its words are painted in the open thread. Prints one JSON line; exit
code 1 where words did not come or, in the long form, the 95th percentile is a second or more.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Any

import httpx
from playwright.async_api import Page
from playwright.async_api import TimeoutError as NotSeen

from bot.clocks import now
from tests.acceptance.chromium import launched
from tests.acceptance.desk_browsers import COOKIE, seat, session_of
from tests.acceptance.houses import browser, running, served, settings_for
from tests.reliability.command import execute

SLOWEST = 1000.0  # milliseconds, at the 95th percentile
PATIENCE = 20_000  # milliseconds until words that do not appear count as missing
IN_ONE_THREAD = 6  # messages before another thread is opened
#: Words are there when they are painted: two frames after they stand in the page.
SHOWN = """words => [...document.querySelectorAll('.bubble.in .words')].some(one => one.textContent.includes(words))"""
TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


@dataclass(frozen=True, slots=True)
class Options:
    """conversations: open ones, all of one helper. messages: whose time is taken. beside: others that write then.

    untimed: the bound on time does not count, as in a crowd of tests.
    """

    conversations: int = 50
    messages: int = 60
    beside: int = 4
    seed: int = 1
    untimed: bool = False


async def run(options: Options, folder: Path) -> dict[str, Any]:
    """Open the house and the conversations, and measure."""
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(running(settings_for(folder), now))
        site = await stack.enter_async_context(served(house))
        session = await session_of(house, "assistant A")
        people = [await stack.enter_async_context(browser(site)) for _ in range(options.conversations)]
        for http in people:  # one after the other: so the first of them has request 1
            await _ask(http)
        await _claim_all(site, session, options.conversations)
        chromium = await stack.enter_async_context(launched())
        page = await stack.enter_async_context(seat(chromium, site, session))
        took = [one async for one in _times(options, page, people)]
    seen = [one for one in took if one is not None]
    cut = quantiles(seen, n=100, method="inclusive") if len(seen) > 1 else [0.0] * 99
    told = {"p50_ms": round(cut[49]), "p95_ms": round(cut[94]), "slowest_ms": round(max(seen, default=0.0))}
    return asdict(options) | {"missing": len(took) - len(seen)} | told


def breaches(figures: dict[str, Any]) -> list[str]:
    """What must not be."""
    found = [f"{figures['missing']} messages never stood on the screen"] if figures["missing"] else []
    slow = not figures["untimed"] and figures["p95_ms"] >= SLOWEST
    return found + ([f"5 of 100 took {figures['p95_ms']} ms or more"] if slow else [])


async def _ask(http: httpx.AsyncClient) -> None:
    """Somebody new asks for a person."""
    await http.post("/api/chat/start", json={})
    for words in ("English", "OK, continue", "person"):
        await _say(http, words)


async def _say(http: httpx.AsyncClient, words: str) -> None:
    answer = await http.post("/api/chat/words", json={"id": f"said-{words}".replace(" ", "-"), "words": words})
    answer.raise_for_status()


async def _claim_all(site: str, session: str, count: int) -> None:
    async with browser(site) as http:
        http.cookies.set(COOKIE, session)
        for number in range(1, count + 1):
            (await http.post(f"/desk/requests/{number}/claim")).raise_for_status()


async def _times(options: Options, page: Page, people: Sequence[httpx.AsyncClient]) -> AsyncIterator[float | None]:
    """Milliseconds of each message; None where it was never seen. A while with each open thread."""
    chance = Random(options.seed)
    opened = -1
    for number in range(options.messages):
        if number % IN_ONE_THREAD == 0:
            opened = chance.randrange(len(people))
            await page.goto(f"/desk/requests/{opened + 1}")
            await page.wait_for_selector("[role=log]")
        others = chance.sample(range(len(people)), min(options.beside, len(people)))
        noise = [_say(people[one], f"beside {number} {one}") for one in others if one != opened]
        beside = asyncio.gather(*noise)
        yield await _time(page, people[opened], f"message {number:04}")
        await beside


async def _time(page: Page, http: httpx.AsyncClient, words: str) -> float | None:
    start = time.perf_counter()
    saying = asyncio.create_task(_say(http, words))
    try:
        await page.wait_for_function(SHOWN, arg=words, timeout=PATIENCE)
        await page.evaluate(TWO_FRAMES)
    except NotSeen:
        return None
    finally:
        took = (time.perf_counter() - start) * 1000
        await saying
    return took


if __name__ == "__main__":
    execute(Options(), run, breaches, str(__doc__))
