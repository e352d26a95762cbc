"""The whole house on SQLite against the sandbox's Telegram, over real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.app import House, open_house
from bot.sandbox.telegram import TelegramServer
from bot.settings import Settings
from bot.testing import FakeClock

TOKEN = "1:test"


def settings_for(folder: Path, server: TelegramServer | None = None, **more: object) -> Settings:
    """Settings of a house in a folder of its own; with a server, Telegram is on."""
    values: dict[str, object] = {"data_dir": folder, "organisation": "Test organisation", "bot_name": "Test bot"}
    if server is not None:
        values |= {"telegram_token": TOKEN, "telegram_api_url": server.base_url}
    # A test talks faster than a person.
    values |= {"conversation_rate": 1000, "conversation_burst": 1000, "person_soft": 5000, "person_hard": 5000}
    return Settings(**(values | {"telegram_rate": 1000} | more))


@asynccontextmanager
async def running(settings: Settings, clock: FakeClock) -> AsyncIterator[House]:
    """A house that works."""
    async with open_house(settings, clock) as house:
        house.start()
        try:
            yield house
        finally:
            await house.stop()


@pytest.fixture
def clock() -> FakeClock:
    """Monday 23 November 2026, 10:00 in Belgrade."""
    return FakeClock()


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    """A Telegram server of our own."""
    async with TelegramServer(token=TOKEN) as server:
        yield server


@pytest.fixture
async def house(tmp_path: Path, telegram: TelegramServer, clock: FakeClock) -> AsyncIterator[House]:
    """A house with Telegram."""
    async with running(settings_for(tmp_path, telegram), clock) as house:
        yield house
