"""A page that stays open, in a real browser: what is no longer its own goes from it, and the receipt stays."""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from bot.house import House
from tests.acceptance.chromium import CHROMIUM, launched
from tests.acceptance.houses import eventually, stored
from tests.acceptance.test_web_live import arrive, bubble, tab

WAKES = "document.dispatchEvent(new Event('visibilitychange'))"

pytestmark = pytest.mark.skipif(
    shutil.which(CHROMIUM) is None,
    reason=f"LEFT OUT: there is no {CHROMIUM}, so nothing is known of the open page (apt-get install chromium)",
)


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    """A browser without a window."""
    async with launched() as started:
        yield started


async def make_code(page: Page) -> str:
    """A code to come back by, as the page says it."""
    await page.locator("summary").click()
    await page.get_by_role("button", name="Code to come back").click()
    return await page.locator("#code").inner_text()


async def cut(page: Page) -> None:
    """From now on the page hears of nothing: its stream ends, and whatever it asks gets no answer."""
    await page.context.set_offline(True)
    # An open stream outlives that; a browser that sleeps closes it.
    await page.evaluate("window.stop()")


async def test_the_receipt_stays_on_a_page_that_was_cleared_before(chromium: Browser, site: str) -> None:
    async with tab(chromium, site) as page:
        await arrive(page, "English", "OK, continue")
        await bubble(page, "How can I help?").wait_for()
        await page.locator("summary").click()
        await page.get_by_role("button", name="Clear this chat").click()
        await page.locator("body:not([data-cleared='0'])").wait_for()
        await page.locator("html.live").wait_for()
        for label in ("Home", "My data", "Delete my data", "Delete"):
            await page.locator("form.choices button", has_text=re.compile(f"{label}$")).click()
        await bubble(page, "Deleted. Code:").wait_for()
        await page.locator("form.choices:not([aria-busy])").wait_for(state="attached")
        assert await page.context.cookies() == []
        assert await bubble(page, "Deleted. Code:").is_visible()
