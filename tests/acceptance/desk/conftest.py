"""One browser for all tests of a file, and for each test a house in the same loop, with two of its staff."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser

from bot.house import House
from bot.testing import FakeClock
from tests.acceptance.chromium import launched
from tests.acceptance.desk_browsers import session_of
from tests.acceptance.houses import running, served, settings_for


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def chromium() -> AsyncIterator[Browser]:
    """A browser without a window, for all tests here; each takes tabs of its own."""
    async with launched() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def quiet_house(tmp_path: Path, clock: FakeClock) -> AsyncIterator[House]:
    """A house of its own for each test, in the loop of the browser."""
    async with running(settings_for(tmp_path), clock) as house:
        yield house


@pytest_asyncio.fixture(loop_scope="module")
async def site(quiet_house: House) -> AsyncIterator[str]:
    """The address of its pages."""
    async with served(quiet_house) as address:
        yield address


@pytest_asyncio.fixture(loop_scope="module")
async def anna(quiet_house: House) -> str:
    """The session of an assistant; a placeholder, nobody's name."""
    return await session_of(quiet_house, "assistant A")


@pytest_asyncio.fixture(loop_scope="module")
async def boss(quiet_house: House) -> str:
    """The session of somebody who may open every page."""
    return await session_of(quiet_house, "coordinator", "coordinator", "admin", "auditor")
