"""`make bench`: IZI and two peers have the same talks over real HTTP with the same fake Telegram; see README.md."""

from __future__ import annotations

import argparse
import asyncio
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.crowd import Crowd
from benchmarks.engine import microseconds_a_turn
from benchmarks.machine import machine
from benchmarks.processes import cpu_seconds, megabytes
from benchmarks.script import CALLS, UPDATES
from benchmarks.systems import SYSTEMS, Bench, System, free_port, izi_command, izi_settings

AT_ONCE = 64  # people who talk at the same time
WARM_UP = 40  # talks before the clock starts
READY_TO_CLICK = 5  # acts before the clicks that are clocked: the next one is a button
CLICKS = 1000
PACE, PACED_CLICKS = 1 / 50, 400
DELAY = 0.040
READY_WITHIN = 60.0  # seconds until a start counts as failed


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one system in one run. cpu: microseconds of processor an update; waits in milliseconds; memory in MB."""

    cpu: float
    a_second: float
    burst: tuple[float, float]
    paced: tuple[float, float]
    bot_memory: float
    all_memory: float
    start: float


async def measure(system: System, bench: Bench, talks: int) -> Figures:
    """Start the system, let people talk with it, stop it."""
    crowd = Crowd()
    server, api = await crowd.fake.listen()
    began = perf_counter()
    async with system.start(api) as running:
        await asyncio.wait_for(crowd.fake.polled.wait(), 60)
        start = perf_counter() - began
        await crowd.talk(WARM_UP, AT_ONCE)
        await crowd.presses_answered(WARM_UP)
        bench.screens = bench.screens or crowd.screens
        calls = crowd.fake.calls
        began, used = perf_counter(), cpu_seconds(running.pids)
        await crowd.talk(talks, AT_ONCE)
        await crowd.presses_answered(WARM_UP + talks)
        used, took = cpu_seconds(running.pids) - used, perf_counter() - began
        if crowd.fake.calls - calls != talks * CALLS:
            print(f"  {system.name}: {crowd.fake.calls - calls} calls instead of {talks * CALLS}")
        chats = await crowd.talk(CLICKS, AT_ONCE, acts=READY_TO_CLICK)
        crowd.clock_anew()
        await crowd.all_at_once(chats)
        burst = _middle_and_tail(crowd.waits)
        await asyncio.sleep(1)
        crowd.fake.delay = DELAY
        crowd.clock_anew()
        await crowd.every(PACE, chats[:PACED_CLICKS])
        figures = Figures(
            cpu=used / talks / UPDATES * 1e6,
            a_second=talks * UPDATES / took,
            burst=burst,
            paced=_middle_and_tail(crowd.waits),
            bot_memory=megabytes([running.bot], "Rss"),
            all_memory=megabytes(running.pids),
            start=start,
        )
    server.close()
    return figures


def _middle_and_tail(seconds: list[float]) -> tuple[float, float]:
    cuts = quantiles(seconds, n=100)
    return cuts[49] * 1000, cuts[98] * 1000


async def _without_telegram(bench: Bench) -> tuple[float, float, float]:
    """Seconds until the pages answer: with a new data folder, and again; and memory then, in MB."""
    with TemporaryDirectory(prefix="bench-") as folder:
        first, _ = await _ready(bench, Path(folder))
        again, memory = await _ready(bench, Path(folder))
    return first, again, memory


async def _ready(bench: Bench, folder: Path) -> tuple[float, float]:
    port, began = free_port(), perf_counter()
    async with bench.process(izi_command(), izi_settings(folder, None, port)) as pid:
        async with asyncio.timeout(READY_WITHIN):
            while not await asyncio.to_thread(_is_ready, port):
                await asyncio.sleep(0.02)
        seconds = perf_counter() - began
        await asyncio.sleep(1)
        return seconds, megabytes([pid], "Rss")


def _is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _table(found: dict[str, list[Figures]]) -> dict[str, Figures]:
    """Print the middle of all runs; by name."""
    middle = {name: _middle(figures) for name, figures in found.items()}
    print(
        f"\n{'system':<26}{'updates a':>11}{'µs CPU':>9}{'updates':>9}{'1000 clicks at once':>22}"
        f"{'50 a second, 40 ms':>21}{'MB':>6}{'MB with':>9}{'start':>7}"
    )
    print(
        f"{'':<26}{'CPU second':>11}{'each':>9}{'a second':>9}{'p50 / p99 ms':>22}"
        f"{'p50 / p99 ms':>21}{'bot':>6}{'servers':>9}{'s':>7}"
    )
    for name, one in middle.items():
        print(
            f"{name:<26}{1e6 / one.cpu:>11.0f}{one.cpu:>9.0f}{one.a_second:>9.0f}"
            f"{one.burst[0]:>12.0f} / {one.burst[1]:<7.0f}{one.paced[0]:>11.0f} / {one.paced[1]:<7.0f}"
            f"{one.bot_memory:>6.0f}{one.all_memory:>9.0f}{one.start:>7.1f}"
        )
    return middle


def _middle(figures: list[Figures]) -> Figures:
    def of(read: Callable[[Figures], float]) -> float:
        return median(map(read, figures))

    return Figures(
        cpu=of(lambda one: one.cpu),
        a_second=of(lambda one: one.a_second),
        burst=(of(lambda one: one.burst[0]), of(lambda one: one.burst[1])),
        paced=(of(lambda one: one.paced[0]), of(lambda one: one.paced[1])),
        bot_memory=of(lambda one: one.bot_memory),
        all_memory=of(lambda one: one.all_memory),
        start=of(lambda one: one.start),
    )


def _targets(middle: dict[str, Figures], first: float, again: float, memory: float) -> None:
    """Print what was to be reached, what was reached, and whether that is enough."""
    ours, postgres, aiogram, ptb = (middle.get(name) for name in SYSTEMS)
    lines: list[tuple[str, float, float, bool]] = []
    if ours and aiogram:
        lines.append(("SQLite: updates a CPU second, times aiogram with Redis", 5, aiogram.cpu / ours.cpu, True))
    if ours and ptb:
        lines.append(("SQLite: updates a CPU second, times python-telegram-bot", 7, ptb.cpu / ours.cpu, True))
    if postgres and aiogram:
        lines.append(("PostgreSQL, one worker: times aiogram with Redis", 4, aiogram.cpu / postgres.cpu, True))
    if ours:
        lines.append(("a click at 50 a second with 40 ms to the fake: p99 ms", 80, ours.paced[1], False))
        lines.append(("1,000 clicks at once: p99 ms", 1000, ours.burst[1], False))
    lines.append(("without a token: MB", 90, memory, False))
    lines.append(("without a token, new data folder: ready in seconds", 2, first, False))
    lines.append(("without a token, started again: ready in seconds", 2, again, False))
    print()
    for what, target, reached, least in lines:
        met = reached >= target if least else reached < target
        sign = "at least" if least else "under"
        print(f"{'met    ' if met else 'NOT MET'}  {what}: {reached:.1f} ({sign} {target:g})")


async def _main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--python", type=Path, default=Path(".venv-peers/bin/python"), help="the peers' interpreter")
    parser.add_argument("--log", type=Path, default=Path("/dev/null"), help="where the systems' own words go")
    parser.add_argument("--talks", type=int, default=200, help="talks with each system, 12 updates each")
    parser.add_argument("--rounds", type=int, default=3, help="how often each system runs; the middle counts")
    parser.add_argument("--only", type=int, nargs="*", help="positions of systems, from 0")
    arguments = parser.parse_args()
    bench = Bench(arguments.python.absolute(), arguments.log)
    print(machine())
    print(f"the engine alone: {microseconds_a_turn():.0f} µs a turn")
    first, again, memory = await _without_telegram(bench)
    systems = bench.systems()
    if arguments.only is not None:
        systems = [systems[position] for position in arguments.only]
    found: dict[str, list[Figures]] = {}
    for _ in range(arguments.rounds):
        for system in systems:
            figures = await measure(system, bench, arguments.talks)
            print(f"  {system.name}: {figures.cpu:.0f} µs an update", flush=True)
            found.setdefault(system.name, []).append(figures)
    _targets(_table(found), first, again, memory)
    print(machine())


if __name__ == "__main__":
    import uvloop

    uvloop.run(_main())
