"""Whoever works with keys alone sees where they are, and a phone that is locked loses nothing that was written."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, ViewportSize, expect

from bot.house import House
from bot.testing import FakeClock
from tests.acceptance.chromium import CHROMIUM, launched
from tests.acceptance.desk_browsers import LAPTOP, PHONE, claim, press_in_cyrillic, seat, session_of, stuck
from tests.acceptance.houses import eventually, running, served, settings_for, stored

pytestmark = pytest.mark.skipif(
    shutil.which(CHROMIUM) is None,
    reason=f"LEFT OUT: there is no {CHROMIUM}: nobody knows what keys reach at the desk (apt-get install chromium)",
)
#: What can be reached by Tab on any page; more would mean that the focus goes round in a trap.
MOST_STOPS = 150
#: Of what has the focus: what it is, whether a bar lies over its middle, and whether one sees that it has it.
FOCUSED = """() => {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const box = one.getBoundingClientRect(), look = getComputedStyle(one);
    const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
    const y = box.top + Math.min(box.height, 40) / 2;
    const above = document.elementFromPoint(x, y);
    return {
        what: one.outerHTML.slice(0, 90),
        covered: !above || !(one.contains(above) || above.contains(one) || one.labels?.[0]?.contains(above)),
        // In a date the browser itself draws where one is: in its day, its month, its calendar button.
        seen: one.type === 'date' || look.boxShadow !== 'none'
            || (look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2),
    };
}"""


@pytest_asyncio.fixture
async def house(tmp_path: Path, clock: FakeClock) -> AsyncIterator[House]:
    async with running(settings_for(tmp_path), clock) as here:
        yield here


@pytest_asyncio.fixture
async def chromium() -> AsyncIterator[Browser]:
    async with launched() as browser:
        yield browser


async def walk_by_tab(page: Page) -> tuple[int, list[str]]:
    """Press Tab until the page ends; how many stops there were, and those whose focus is hidden or not to be seen."""
    faults: list[str] = []
    for stops in range(MOST_STOPS):
        await page.keyboard.press("Tab")
        found = await page.evaluate(FOCUSED)
        if found is None:
            return stops, faults
        faults += [f"{name}: {found['what']}" for name in ("covered",) if found[name]]
        faults += [] if found["seen"] else [f"not seen: {found['what']}"]
    raise AssertionError("the focus never leaves the page")


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
async def test_the_focus_is_seen_at_every_stop_and_no_bar_hides_it(
    house: House, chromium: Browser, size: ViewportSize
) -> None:
    boss = await session_of(house, "coordinator", "coordinator", "admin", "auditor")
    async with served(house) as site, stuck(site) as person, seat(chromium, site, boss, size) as page:
        for turn in range(12):  # long enough to scroll behind the bars
            await person.says(f"Placeholder {turn}")
        await claim(page)
        for path in ("/desk/requests/1", "/desk", "/desk/log", "/desk/staff", "/desk/me"):
            await page.goto(path)
            stops, faults = await walk_by_tab(page)
            assert stops > 5, path
            assert faults == [], path


async def test_what_was_written_is_kept_when_the_phone_is_locked(house: House, chromium: Browser) -> None:
    """A locked phone hides the page and stops its clocks; nothing that was set to run later ever runs."""
    anna = await session_of(house, "assistant A")
    async with served(house) as site, stuck(site), seat(chromium, site, anna, PHONE) as page:
        await claim(page)
        await page.evaluate("window.setTimeout = () => 1")
        await page.fill("#answer", "Come at ni")
        assert stored(house, "SELECT 1 FROM draft") == []
        await page.evaluate(
            "Object.defineProperty(document, 'hidden', {value: true});"
            "document.dispatchEvent(new Event('visibilitychange'))"
        )
        await eventually(lambda: stored(house, "SELECT 1 FROM draft"))


async def test_keys_take_answer_note_and_help_and_are_silent_while_one_writes(house: House, chromium: Browser) -> None:
    anna = await session_of(house, "assistant A")
    async with served(house) as site, stuck(site), seat(chromium, site, anna) as page:
        await page.goto("/desk/requests/1")
        await press_in_cyrillic(page, "KeyC", "ц")
        await page.locator("#answer").wait_for()
        await page.keyboard.press("n")
        await expect(page.locator("#note")).to_be_focused()
        await page.keyboard.type("rece")
        assert await page.input_value("#note") == "rece"
        await page.keyboard.press("Escape")
        await page.keyboard.press("r")
        await expect(page.locator("#answer")).to_be_focused()
        await page.keyboard.press("/")
        await expect(page.locator("#filter")).to_be_focused()
        await page.keyboard.type("lend")
        await expect(page.locator(".canned:visible")).to_have_count(1)
        await page.keyboard.press("Enter")
        await expect(page.locator(".bubble.out")).to_have_count(0)
        await page.locator(".canned:visible").click()
        await expect(page.locator("#answer")).to_have_value("I cannot lend or give money. I can tell you who may help.")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator(".bubble.out")).to_have_count(1)


async def test_single_keys_can_be_switched_off(house: House, chromium: Browser) -> None:
    anna = await session_of(house, "assistant A")
    async with served(house) as site, stuck(site), seat(chromium, site, anna) as page:
        await page.goto("/desk/view")
        await page.get_by_label("Single keys do something").uncheck()
        await page.get_by_role("button", name="Save").click()
        await page.goto("/desk/requests/1")
        for key in ("c", "?", "e"):
            await page.keyboard.press(key)
        await expect(page.get_by_role("button", name="Claim")).to_be_visible()
        await expect(page.locator("#keys")).to_be_hidden()


async def test_dark_is_chosen_with_a_key_and_stays(house: House, chromium: Browser) -> None:
    anna = await session_of(house, "assistant A")
    async with served(house) as site, seat(chromium, site, anna, color_scheme="light") as page:
        await page.goto("/desk")
        async with page.expect_response("**/desk/view"):
            await page.keyboard.press("d")
        await page.reload()
        assert await page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 22, 28)"
