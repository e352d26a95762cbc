"""The full installation as deploy/compose.yaml starts it: one process that receives, two that work, real servers."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.reliability.product import ROOT, TOKEN
from tests.storage.conftest import free_port

ROLES = ("web", "worker", "worker")
STARTING = 180.0  # seconds until every process must be ready; they share two cores with all else
ENDING = 30.0  # seconds that a process may take to end
LOOK_AGAIN = 0.1


@dataclass(slots=True)
class Fleet:
    """Running processes in the order of ROLES. pages: the address of each."""

    processes: list[asyncio.subprocess.Process]
    pages: list[str]

    async def metrics(self) -> list[str]:
        """What each process says of itself."""
        async with httpx.AsyncClient() as http:
            return [(await http.get(f"{page}/metrics")).text for page in self.pages]


@asynccontextmanager
async def fleet(folder: Path, settings: dict[str, str]) -> AsyncIterator[Fleet]:
    """Start one process for each role and wait until all are ready; at the end all must end well by SIGTERM."""
    folder.mkdir()
    async with AsyncExitStack() as stack:
        running = Fleet([], [])
        for number, role in enumerate(ROLES):
            port = free_port()
            log = stack.enter_context((folder / f"{number}-{role}.log").open("wb"))
            mine = {"IZI_ROLE": role, "IZI_PORT": str(port), "IZI_DATA_DIR": str(folder / str(number))}
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot",
                "serve",
                stdout=log,
                stderr=log,
                cwd=ROOT,
                env=_environment(settings | mine),
            )
            stack.callback(_kill, process)
            running.processes.append(process)
            running.pages.append(f"http://127.0.0.1:{port}")
        async with asyncio.timeout(STARTING):
            for page in running.pages:
                await _ready(page)
        yield running
        for process in running.processes:
            process.terminate()
        async with asyncio.timeout(ENDING):
            codes = [await process.wait() for process in running.processes]
        assert codes == [0] * len(ROLES)


def settings_of(database: str, keys: str, redis: str, api: str) -> dict[str, str]:
    """What all processes share."""
    return {
        "IZI_DATABASE_URL": database,
        "IZI_KEYS_URL": keys,
        "IZI_REDIS_URL": redis,
        "IZI_SECRET_KEY": "PLACEHOLDER-of-the-tests-" * 2,
        "IZI_TELEGRAM_TOKEN": TOKEN,
        "IZI_TELEGRAM_API_URL": api,
        "IZI_PERSON_SOFT": "100000",
        "IZI_PERSON_HARD": "100000",
        "IZI_CONVERSATION_RATE": "1000",
        "IZI_CONVERSATION_BURST": "1000",
    }


def _environment(settings: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("IZI_")} | settings


def _kill(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.kill()


async def _ready(page: str) -> None:
    async with httpx.AsyncClient() as http:
        while True:
            try:
                if (await http.get(f"{page}/readyz")).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(LOOK_AGAIN)
