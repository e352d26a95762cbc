"""A page that stays open, in a real browser: what is no longer its own goes from it, and the receipt stays."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from playwright.async_api import Browser, Page, expect

from bot.house import House
from bot.testing import FakeClock
from storage.forgetting import GOODBYE, finish_forgetting
from tests.acceptance.chromium import CHROMIUM, launched
from tests.acceptance.houses import eventually, stored
from tests.acceptance.test_web_live import arrive, bubble, tab

Back = Callable[[Page], Awaitable[None]]
STREAM = "**/api/chat/events*"

pytestmark = pytest.mark.skipif(
    shutil.which(CHROMIUM) is None,
    reason=f"LEFT OUT: there is no {CHROMIUM}, so nothing is known of the open page (apt-get install chromium)",
)


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    """A browser without a window."""
    async with launched() as started:
        yield started


async def press(page: Page, *labels: str) -> None:
    """Press buttons of the chat, each as soon as it is there."""
    for label in labels:
        await page.locator("form.choices button", has_text=re.compile(f"{label}$")).click()


async def make_code(page: Page) -> str:
    """A code to come back by, as the page says it."""
    await page.locator("summary").click()
    await page.get_by_role("button", name="Code to come back").click()
    return await page.locator("#code").inner_text()


async def resumed(page: Page, code: str, *, alone: bool) -> None:
    """The page comes to the chat of the code."""
    await page.goto("/chat")
    await page.locator("summary").click()
    await page.locator("input[name=code]").fill(code)
    if alone:
        await page.locator("input[name=alone]").check()
    await page.get_by_role("button", name="Open my chat").click()
    await bubble(page, "You exchange your foreign licence").wait_for()
    await page.locator("html.live").wait_for()


async def test_the_receipt_stays_on_a_page_that_was_cleared_before(chromium: Browser, site: str) -> None:
    async with tab(chromium, site) as page:
        await arrive(page, "English", "OK, continue")
        await bubble(page, "How can I help?").wait_for()
        await page.locator("summary").click()
        await page.get_by_role("button", name="Clear this chat").click()
        await page.locator("body:not([data-cleared='0'])").wait_for()
        await page.locator("html.live").wait_for()
        await press(page, "Home", "My data", "Delete my data", "Delete")
        await bubble(page, "Deleted. Code:").wait_for()
        await page.locator("form.choices:not([aria-busy])").wait_for(state="attached")
        assert await page.context.cookies() == []
        assert await bubble(page, "Deleted. Code:").is_visible()


async def wakes(page: Page) -> None:
    """The person looks at the page again; its stream is still away."""
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


async def hears_again(page: Page) -> None:
    """Nobody looks, but the browser opens the stream again by itself."""
    await page.unroute(STREAM)


@pytest.mark.parametrize("back", [wakes, hears_again])
@pytest.mark.parametrize("deleted", [False, True])
async def test_a_page_that_slept_while_its_chat_went_shows_it_no_more(
    chromium: Browser, site: str, quiet_house: House, clock: FakeClock, back: Back, deleted: bool
) -> None:
    """Somebody else may hold that phone."""
    async with tab(chromium, site) as phone, tab(chromium, site) as owner:
        await phone.route(STREAM, lambda route: route.abort("connectionreset"))
        await arrive(phone, "English", "OK, continue", "Driving licence")
        await bubble(phone, "You exchange your foreign licence").wait_for()
        code = await make_code(phone)
        await phone.locator("html.live").wait_for()
        await resumed(owner, code, alone=not deleted)
        if deleted:
            await press(owner, "Home", "My data", "Delete my data", "Delete")
            await bubble(owner, "Deleted. Code:").wait_for()
            await eventually(lambda: stored(quiet_house, "SELECT min(state) FROM outbox") == [("sent",)])
            clock.forward(GOODBYE)
            await asyncio.to_thread(finish_forgetting, quiet_house.database)
        assert await bubble(phone, "You exchange your foreign licence").is_visible()
        await back(phone)
        await expect(bubble(phone, "You exchange your foreign licence")).to_have_count(0)
        await phone.get_by_role("button", name="English", exact=True).wait_for()
