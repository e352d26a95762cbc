"""The chat page with its script, in a real browser: live, offline, on two devices, small and without third parties."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from bot.house import House
from tests.acceptance.chromium import CHROMIUM, context_of, launched
from tests.acceptance.houses import browser, eventually, stored
from tests.acceptance.test_browser import PHONE, serious

FIRST_LOAD = 60_000  # bytes, R46; counted without compression, so gzip only makes it smaller

pytestmark = pytest.mark.skipif(
    shutil.which(CHROMIUM) is None,
    reason=f"LEFT OUT: there is no {CHROMIUM}, so nothing is known of the living page (apt-get install chromium)",
)


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    """A browser without a window."""
    async with launched() as started:
        yield started


@asynccontextmanager
async def tab(chromium: Browser, site: str, **how: Any) -> AsyncIterator[Page]:
    """A tab of its own with cookies of its own; whatever its scripts or its policy complain of fails the test."""
    faults: list[str] = []
    async with context_of(chromium, viewport=PHONE, base_url=site, locale="en", **how) as context:
        page = await context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
        yield page
        assert faults == []


async def arrive(page: Page, *labels: str) -> None:
    """Open the chat and press buttons, each as soon as it is there."""
    await page.goto("/chat")
    for label in labels:
        await page.locator("form.choices button", has_text=re.compile(f"{re.escape(label)}$")).click()
    await page.locator("html.live").wait_for()


def bubble(page: Page, text: str) -> Any:
    """The message with these words."""
    return page.locator(".log li", has_text=text)


async def test_an_answer_appears_without_a_new_page(chromium: Browser, site: str) -> None:
    async with tab(chromium, site) as page:
        await arrive(page, "English", "OK, continue")
        await bubble(page, "How can I help?").wait_for()
        await page.evaluate("window.same = true")
        await page.locator("form.choices button", has_text="Driving licence").first.click()
        await bubble(page, "You exchange your foreign licence").wait_for()
        assert await page.evaluate("window.same") is True
        assert await page.get_by_role("log").count() == 1


async def test_first_load_is_small_and_asks_no_one_else(chromium: Browser, site: str) -> None:
    loaded: dict[str, int] = {}
    asked: list[str] = []
    async with tab(chromium, site) as page:
        page.on("request", lambda request: asked.append(request.url))
        page.on("requestfinished", lambda request: sizes.append(request))
        sizes: list[Any] = []
        await arrive(page)
        for request in sizes:
            response = await request.response()
            loaded[request.url] = len(await response.body())
        await arrive(page, "English", "OK, continue")
        await bubble(page, "How can I help?").wait_for()
    assert {"/chat", "/static/chat/chat.css", "/static/chat/chat.js"} <= {url.removeprefix(site) for url in loaded}
    assert sum(loaded.values()) <= FIRST_LOAD, loaded
    assert [url for url in asked if not url.startswith((site, "data:"))] == []


async def test_what_is_written_without_a_connection_is_sent_once_when_it_is_back(
    chromium: Browser, site: str, quiet_house: House
) -> None:
    async with tab(chromium, site) as page:
        await arrive(page, "English", "OK, continue")
        await bubble(page, "How can I help?").wait_for()
        await page.context.set_offline(True)
        for words in ("alpha alpha", "omega omega"):
            await page.fill("#words", words)
            await page.locator(".send").click()
        await page.locator(".log li.out", has_text="omega omega").get_by_text("is being sent").wait_for()
        await page.locator("#offline").wait_for(state="visible")
        before = stored(quiet_house, "SELECT count(*) FROM inbox")[0][0]
        await page.context.set_offline(False)
        await page.locator("#offline").wait_for(state="hidden")
        await bubble(page, "is being sent").wait_for(state="detached")
        assert stored(quiet_house, "SELECT count(*) FROM inbox") == [(before + 2,)]
        # The bot may say them back; what the person said stands there once.
        assert await page.locator(".log li.out", has_text="alpha alpha").count() == 1
        assert await page.locator(".log li.out", has_text="omega omega").count() == 1


async def test_words_whose_answer_was_lost_are_one_message(chromium: Browser, site: str, quiet_house: House) -> None:
    async with tab(chromium, site) as page:
        await arrive(page, "English", "OK, continue")
        await bubble(page, "How can I help?").wait_for()
        lost = 0

        async def lose_the_answer(route: Any) -> None:
            nonlocal lost
            if lost == 0:
                lost += 1
                await route.fetch()
                await route.abort("connectionreset")
            else:
                await route.continue_()

        await page.route("**/api/chat/words", lose_the_answer)
        before = stored(quiet_house, "SELECT count(*) FROM inbox")[0][0]
        await page.fill("#words", "alpha alpha")
        await page.locator(".send").click()
        await bubble(page, "is being sent").wait_for(state="detached")
        assert lost == 1
        assert stored(quiet_house, "SELECT count(*) FROM inbox") == [(before + 1,)]
        assert await page.locator(".log li.out", has_text="alpha alpha").count() == 1


async def test_a_second_tab_of_the_same_browser_hears_of_it(chromium: Browser, site: str) -> None:
    async with tab(chromium, site) as page:
        await arrive(page, "English", "OK, continue")
        await bubble(page, "How can I help?").wait_for()
        other = await page.context.new_page()
        await other.goto("/chat")
        await other.locator("html.live").wait_for()
        await page.locator("form.choices button", has_text="Driving licence").first.click()
        await bubble(other, "You exchange your foreign licence").wait_for()


async def test_a_code_opens_the_same_chat_in_another_browser(chromium: Browser, site: str) -> None:
    async with tab(chromium, site) as page, tab(chromium, site) as other:
        await arrive(page, "English", "OK, continue")
        await bubble(page, "How can I help?").wait_for()
        await page.locator("summary").click()
        await page.get_by_role("button", name="Code to come back").click()
        code = await page.locator("#code").inner_text()
        await other.goto("/chat")
        await other.locator("summary").click()
        await other.locator("input[name=code]").fill(code.lower())
        await other.get_by_role("button", name="Open my chat").click()
        await bubble(other, "How can I help?").wait_for()
        await other.locator("form.choices button", has_text="Driving licence").first.click()
        await bubble(other, "You exchange your foreign licence").wait_for()
        await page.goto("/chat")
        await bubble(page, "You exchange your foreign licence").wait_for()


async def test_deleting_empties_the_living_page_and_shows_the_receipt(chromium: Browser, site: str) -> None:
    async with tab(chromium, site) as page:
        await arrive(page, "English", "OK, continue", "My data", "Delete my data", "Delete")
        await bubble(page, "Deleted. Code:").wait_for()
        assert await page.locator(".log li").count() == 1
        assert await page.locator("form.choices button").count() == 0
        # The receipt may come as news before the answer to the press, which takes the cookie.
        await page.locator("form.choices:not([aria-busy])").wait_for(state="attached")
        assert await page.context.cookies() == []
        await page.get_by_role("link", name="Start again").click()
        await page.get_by_role("button", name="English", exact=True).wait_for()


async def test_the_receipt_stays_when_the_person_comes_back_to_the_page(chromium: Browser, site: str) -> None:
    """In another language than the browser's: asked anew, the server would offer the picker in the browser's."""
    async with tab(chromium, site) as page:
        await arrive(page, "Français", "OK, continuer", "Mes données", "Effacer mes données", "Effacer")
        await bubble(page, "C’est effacé. Code").wait_for()
        await page.locator("form.choices:not([aria-busy])").wait_for(state="attached")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        await page.evaluate("fetch('/healthz')")
        assert asked == [f"{site}/healthz"]
        assert await bubble(page, "C’est effacé. Code").is_visible()


async def test_deleting_on_one_device_lets_the_other_start_again(chromium: Browser, site: str) -> None:
    async with tab(chromium, site) as page, tab(chromium, site) as other:
        await arrive(page, "English", "OK, continue")
        await page.locator("summary").click()
        await page.get_by_role("button", name="Code to come back").click()
        code = await page.locator("#code").inner_text()
        await arrive(other)
        await other.locator("summary").click()
        await other.locator("input[name=code]").fill(code)
        await other.get_by_role("button", name="Open my chat").click()
        await bubble(other, "How can I help?").wait_for()
        await other.locator("html.live").wait_for()
        await arrive(page, "My data", "Delete my data", "Delete")
        await bubble(other, "Deleted. Code:").wait_for()
        await other.get_by_role("link", name="Start again").click()
        await other.get_by_role("button", name="English", exact=True).wait_for()
        assert await other.context.cookies() == []


async def test_quick_exit_leaves_no_way_back_to_the_chat(chromium: Browser, site: str) -> None:
    async with tab(chromium, site) as page:
        await page.route("https://www.wikipedia.org/", lambda route: route.fulfill(body="elsewhere"))
        await page.goto("/healthz")
        await page.goto("/chat")
        await page.locator("html.live").wait_for()
        await page.locator(".exit").click()
        await page.wait_for_url("https://www.wikipedia.org/")
        await page.go_back()
        assert page.url == f"{site}/healthz"


@pytest.mark.parametrize("locale", ["English", "العربية"])
async def test_the_open_menu_is_accessible_and_fits(chromium: Browser, site: str, locale: str) -> None:
    async with tab(chromium, site) as page:
        await arrive(page, locale)
        await page.locator("body[data-started=yes]").wait_for()
        await page.locator("summary").click()
        assert await serious(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        low = await page.evaluate(
            "[...document.querySelectorAll('.tools button, summary, .menu a, .exit')]"
            ".filter((one) => one.getBoundingClientRect().height < 44).map((one) => one.textContent)"
        )
        assert low == []


async def test_letters_grow_and_a_shared_phone_keeps_no_cookie(chromium: Browser, site: str) -> None:
    async with tab(chromium, site) as page:
        await arrive(page, "English")
        await page.locator("body[data-started=yes]").wait_for()
        assert all(cookie["expires"] > 0 for cookie in await page.context.cookies())
        for label in ("Larger letters", "This phone is shared"):
            await page.locator("summary").click()
            async with page.expect_navigation():
                await page.get_by_role("button", name=label).click()
        assert await page.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"
        assert {cookie["expires"] for cookie in await page.context.cookies()} == {-1}


async def test_clearing_leaves_one_line_and_the_way_on(chromium: Browser, site: str, quiet_house: House) -> None:
    async with tab(chromium, site) as page:
        await arrive(page, "English", "OK, continue", "Driving licence")
        await bubble(page, "You exchange your foreign licence").wait_for()
        await page.locator("summary").click()
        await page.get_by_role("button", name="Clear this chat").click()
        # The page comes anew as the form's answer, and may come once more because it hears of it itself.
        await expect(bubble(page, "You exchange your foreign licence")).to_have_count(0)
        await expect(page.locator(".log li")).to_have_count(1)
        await expect(page.locator("form.choices button").first).to_be_visible()
        await eventually(lambda: stored(quiet_house, "SELECT count(*) FROM outbox WHERE sealed IS NOT NULL") == [(1,)])


async def test_pages_that_wait_do_not_hold_up_each_other(site: str) -> None:
    async with browser(site) as http:
        await http.post("/api/chat/words", json={"id": "12345678", "words": "English"})
        answers = []
        for _ in range(3):
            async with http.stream("GET", "/api/chat/events") as stream:
                answers.append((stream.status_code, stream.headers["content-type"]))
                async with asyncio.timeout(5):
                    async for line in stream.aiter_lines():
                        if line.startswith("id: "):
                            break
        assert answers == [(200, "text/event-stream; charset=utf-8")] * 3
