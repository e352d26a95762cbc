"""A browser without a window, as every test takes it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from typing import Any

from playwright.async_api import Browser, BrowserContext, async_playwright, expect

from tests.acceptance.houses import PATIENCE

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking")
CLOSING = 10.0  # seconds


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """What must come is waited for as long as everywhere in these tests."""
    expect.set_options(timeout=PATIENCE * 1000)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            await _at_most(CLOSING, browser.close())


@asynccontextmanager
async def context_of(chromium: Browser, **how: Any) -> AsyncIterator[BrowserContext]:
    """Cookies and tabs of its own. how: options of Playwright's `new_context`."""
    context = await chromium.new_context(**how)
    try:
        yield context
    finally:
        await _at_most(CLOSING, context.close())


async def _at_most(seconds: float, ending: Awaitable[None]) -> None:
    """Chromium sometimes never answers that a context is gone (Target.disposeBrowserContext), and Playwright waits for
    ever. What is left then ends with the process of the browser."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await ending
