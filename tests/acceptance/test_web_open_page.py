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
from notices.lifecycle import Kind
from storage.forgetting import GOODBYE, finish_forgetting
from storage.take_back import take_back
from tests.acceptance.broadcasting import sent, written
from tests.acceptance.chromium import CHROMIUM, launched
from tests.acceptance.desk_browsers import COOKIE, session_of
from tests.acceptance.houses import browser, eventually, stored
from tests.acceptance.test_notices import queued, stand_still
from tests.acceptance.test_web_live import arrive, bubble, tab
from tests.acceptance.walks import TO_THE_FIRST_STEP

Back = Callable[[Page], Awaitable[None]]
LONG = 20_000  # milliseconds, for what the house looks for now and then
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
        await arrive(phone, "English", "OK, continue", "Driving licence")
        await bubble(phone, "You exchange your foreign licence").wait_for()
        await phone.route(STREAM, lambda route: route.abort("connectionreset"))
        code = await make_code(phone)  # which loads the page anew, without a stream
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


async def test_a_notice_that_waited_comes_to_the_open_page_and_goes_when_it_is_withdrawn(
    chromium: Browser, site: str, quiet_house: House
) -> None:
    async with tab(chromium, site) as page:
        await arrive(page, "English", "OK, continue")
        await bubble(page, "How can I help?").wait_for()
        await stand_still(quiet_house, "yes")
        number = await queued(quiet_house, notice := await written(quiet_house))
        await press(page, "Driving licence")
        await bubble(page, "You exchange your foreign licence").wait_for()
        assert await bubble(page, "The office is closed on Friday.").count() == 0
        await stand_still(quiet_house, "no")
        await expect(page.locator(".log li").last).to_contain_text("The office is closed on Friday.", timeout=LONG)
        await page.fill("#words", "alpha alpha")
        await page.route("**/api/chat/words", lambda route: route.abort("connectionreset"))
        await page.locator(".send").click()
        await sent(quiet_house, notice, Kind.WITHDRAW, of=number)
        await expect(bubble(page, "The office is closed on Friday.")).to_have_count(0, timeout=LONG)
        assert await bubble(page, "alpha alpha").is_visible()
        assert await bubble(page, "You exchange your foreign licence").is_visible()


async def test_words_of_staff_that_are_taken_back_go_from_the_open_page(
    chromium: Browser, site: str, quiet_house: House
) -> None:
    async with tab(chromium, site) as page:
        await arrive(page, *TO_THE_FIRST_STEP, "I am stuck")
        await eventually(lambda: stored(quiet_house, "SELECT id FROM request") == [(1,)])
        async with browser(site) as anna:
            anna.cookies.set(COOKIE, await session_of(quiet_house, "assistant A"))
            await anna.post("/desk/requests/1/claim")
            await anna.post("/desk/requests/1/answer", data={"text": "Go to window 3"})
        await bubble(page, "Go to window 3").wait_for()
        await eventually(lambda: stored(quiet_house, "SELECT 1 FROM request_event WHERE kind = 'settled'"))
        many = await page.locator(".log li.in").count()
        ((me,),) = stored(quiet_house, "SELECT assignee_id FROM request")
        await quiet_house.database.write(lambda unit: take_back(unit, 1, me))
        await expect(bubble(page, "Go to window 3")).to_have_count(0)
        assert await page.locator(".log li.in").count() == many - 1
