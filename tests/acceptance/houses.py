"""Houses that run in a folder of their own, their pages on a free port, and a look into what they wrote down."""

from __future__ import annotations

import asyncio
import socket
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from bot.app import Connect, ReadPack, open_house
from bot.channels.telegram.client import Api
from bot.house import House
from bot.loading import read_pack
from bot.sandbox.telegram import TelegramServer
from bot.serving import web_config
from bot.settings import Settings
from bot.web import create_app
from storage.db import migrate

TOKEN = "1:test"
SHIPPED = cache(read_pack)  # reading all content takes a second, and nothing changes it
Extend = Callable[[FastAPI, House], None]
ENDING = 10  # seconds for a page that still listens when the server is to end
PATIENCE = 30.0  # seconds until something that must come counts as missing, however slow the machine


@cache
def _fresh_database() -> bytes:
    """A database with today's schema, as the migrations make it: once is enough, they have tests of their own."""
    with TemporaryDirectory() as folder:
        migrate(f"sqlite:///{folder}/izi.db")
        return Path(folder, "izi.db").read_bytes()


def settings_for(folder: Path, server: TelegramServer | None = None, **more: object) -> Settings:
    """Settings of a house in a folder of its own; with a server, Telegram is on."""
    values: dict[str, Any] = {"data_dir": folder, "organisation": "Test organisation", "bot_name": "Test bot"}
    if server is not None:
        values |= {"telegram_token": TOKEN, "telegram_api_url": server.base_url}
    # A test talks faster than a person.
    values |= {"conversation_rate": 1000, "conversation_burst": 1000, "person_soft": 5000, "person_hard": 5000}
    return Settings(**(values | {"telegram_rate": 1000} | more))


def with_schema(settings: Settings) -> Settings:
    """The same settings, whose SQLite file has its schema when this returns."""
    if settings.database_url is None and not (database := settings.data_dir / "izi.db").exists():
        database.parent.mkdir(parents=True, exist_ok=True)
        database.write_bytes(_fresh_database())
    return settings


@asynccontextmanager
async def running(
    settings: Settings, clock: Callable[[], datetime], *, connect: Connect = Api, read: ReadPack = SHIPPED
) -> AsyncIterator[House]:
    """A house that works."""
    async with open_house(with_schema(settings), clock, connect=connect, read=read) as house:
        house.start()
        try:
            yield house
        finally:
            await house.stop()


@asynccontextmanager
async def served(house: House, extend: Extend | None = None) -> AsyncIterator[str]:
    """The pages of a house over real HTTP; their address. extend: adds pages of its own."""
    app = create_app(house)
    if extend is not None:
        extend(app, house)
    # Listening before the server starts: who comes early waits in the queue of the socket.
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        server = uvicorn.Server(web_config(app, lifespan="off", timeout_graceful_shutdown=ENDING))
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving


async def eventually(holds: Callable[[], object]) -> None:
    """Wait until something holds that other tasks bring about; TimeoutError where it never does."""
    async with asyncio.timeout(PATIENCE):
        while not holds():
            await asyncio.sleep(0.01)


def stored(house: House, query: str) -> list[tuple[Any, ...]]:
    """What stands in the database of a house, read beside it."""
    return stored_in(house.settings.data_dir, query)


def stored_in(folder: Path, query: str, name: str = "izi.db") -> list[tuple[Any, ...]]:
    """What stands in a SQLite file of a data folder."""
    with closing(sqlite3.connect(f"file:{folder / name}?mode=ro", uri=True)) as connection:
        return connection.execute(query).fetchall()


@asynccontextmanager
async def browser(address: str, **headers: str) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client that keeps cookies and follows redirects, as a browser does."""
    # To read the certificates of this machine takes longer than ten pages, and a house serves plain HTTP.
    http = httpx.AsyncClient(base_url=address, headers=headers, follow_redirects=True, timeout=PATIENCE, verify=False)
    async with http:
        yield http
