"""The whole house on SQLite against the sandbox's Telegram, over real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.house import House
from bot.sandbox.telegram import TelegramServer
from bot.testing import FakeClock
from tests.acceptance.houses import TOKEN, running, served, settings_for


@pytest.fixture
def clock() -> FakeClock:
    """Monday 23 November 2026, 10:00 in Belgrade. Ids are random: without a tick, what was said would have no order."""
    return FakeClock(tick=timedelta(microseconds=100))


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


@pytest.fixture
async def quiet_house(tmp_path: Path, clock: FakeClock) -> AsyncIterator[House]:
    """A house without Telegram."""
    async with running(settings_for(tmp_path), clock) as house:
        yield house


@pytest.fixture
async def site(quiet_house: House) -> AsyncIterator[str]:
    """The address of the quiet house's pages, over real HTTP."""
    async with served(quiet_house) as address:
        yield address
