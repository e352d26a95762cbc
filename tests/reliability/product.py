"""The product as the tests see it: a data folder, and one process after the other over it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).parent.parent.parent
TOKEN = "1:test"
ACCOUNT = "1"
NO_LIMIT = "100000"
ENDING = 30.0  # seconds that a process may take to end


@contextmanager
def reserved_port() -> Iterator[int]:
    """A port of this machine on which only the product will listen, however often it starts.

    While it is down, a bound socket keeps the port out of the hands of others: without it somebody who knocks could
    be given this very number for their own end, and would talk to themselves.
    """
    with closing(socket.socket()) as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


class Product:
    """Starts and ends the product; never two at once. `starts`: seconds from each start to the first poll."""

    def __init__(
        self,
        folder: Path,
        api: str,
        *,
        port: int = 0,
        cold: bool = False,
        faults: bool = False,
        rate: float = 1000,
        channel: Mapping[str, str] | None = None,
        beside: Mapping[str, str] | None = None,
    ) -> None:
        """`folder`: its data folder, made when it starts. `api`: address of the Telegram server. See launch.py.

        `port`: of its pages, see reserved_port; 0: whatever is free at each start. `rate`: messages a second.
        `channel`: settings of another channel that it serves in place of Telegram. `beside`: further variables of its
        environment.
        """
        self.folder = folder
        self.starts: list[float] = []
        self._options = [name for name, wanted in (("--cold", cold), ("--faults", faults)) if wanted]
        self._environment = _environment(folder, port, _telegram(api, rate) if channel is None else channel)
        self._environment |= beside or {}
        self._launcher: Process | None = None
        self._pid = 0
        self._started_at = 0.0

    async def __aenter__(self) -> Self:
        """Get ready; nothing runs yet."""
        self.folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "tests.reliability.launch", *self._options]
        with (self.folder / "product.log").open("ab") as log:
            self._launcher = await asyncio.create_subprocess_exec(
                *command, stdin=PIPE, stdout=PIPE, stderr=log, cwd=ROOT, env=self._environment
            )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End what runs."""
        assert self._launcher is not None
        assert self._launcher.stdin is not None
        if self._pid:
            os.kill(self._pid, signal.SIGKILL)
        self._launcher.stdin.close()
        await self._launcher.wait()

    async def start(self) -> None:
        """Start a process; returns at once, long before it works."""
        assert self._launcher is not None
        assert self._launcher.stdin is not None
        self._started_at = time.monotonic()
        self._launcher.stdin.write(b"\n")
        self._pid = await self._number()

    def works(self) -> None:
        """The process was seen to work; the first time after a start counts."""
        if self._started_at:
            self.starts.append(round(time.monotonic() - self._started_at, 2))
            self._started_at = 0.0

    def kill(self) -> None:
        """SIGKILL, now. `ended` tells when it is gone."""
        if self._pid:
            os.kill(self._pid, signal.SIGKILL)

    async def terminate(self) -> int:
        """SIGTERM, and the exit code."""
        os.kill(self._pid, signal.SIGTERM)
        async with asyncio.timeout(ENDING):
            return await self.ended()

    async def ended(self) -> int:
        """Wait for the end of the process; its exit code, negative for a signal."""
        code = await self._number()
        self._pid = 0
        return code

    async def _number(self) -> int:
        assert self._launcher is not None
        assert self._launcher.stdout is not None
        return int(await self._launcher.stdout.readline())


def _environment(folder: Path, port: int, channel: Mapping[str, str]) -> dict[str, str]:
    """Ours without any setting of the product, and the settings of a test: it talks faster than people do."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("IZI_")}
    return kept | {
        "IZI_DATA_DIR": str(folder),
        "IZI_PORT": str(port),
        **channel,
        "IZI_QUIET_FROM": "0",  # the hour does not matter here
        "IZI_QUIET_UNTIL": "0",
        "IZI_CONVERSATION_RATE": "1000",
        "IZI_CONVERSATION_BURST": "1000",
        "IZI_PERSON_SOFT": NO_LIMIT,
        "IZI_PERSON_HARD": NO_LIMIT,
    }


def _telegram(api: str, rate: float) -> dict[str, str]:
    return {"IZI_TELEGRAM_TOKEN": TOKEN, "IZI_TELEGRAM_API_URL": api, "IZI_TELEGRAM_RATE": str(rate)}
