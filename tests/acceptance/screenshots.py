"""Pictures of the pages for the README: `python -m tests.acceptance.screenshots`. Needs chromium; nobody's data."""

from __future__ import annotations

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Browser, Page, ViewportSize, async_playwright

from bot.testing import FakeClock
from tests.acceptance.houses import running, served, settings_for
from tests.acceptance.test_browser import ARGUMENTS, CHROMIUM

FOLDER = Path(__file__).parent.parent.parent / "docs" / "screenshots"
WIDE, PHONE = ViewportSize(width=640, height=820), ViewportSize(width=360, height=740)
TO_STEP_ONE = (0, 0, 0, 0, 2, 0)  # positions of buttons, from consent on


async def walk_to_the_first_step(page: Page, language: str) -> None:
    """A person who picked a language, with the first step of the guide on the page."""
    await page.goto("/chat")
    await page.get_by_role("button", name=language, exact=True).click()
    for position in TO_STEP_ONE:
        newest = await page.locator("#newest").get_attribute("data-version")
        await page.locator("form.choices button").nth(position).click()
        await page.locator(f"#newest:not([data-version='{newest}'])").wait_for()


async def take(browser: Browser, site: str) -> None:
    """All pictures, each from a browser of its own."""
    for name, size, language in (("chat", WIDE, "English"), ("chat-arabic-360", PHONE, "العربية")):
        page = await (await browser.new_context(viewport=size, base_url=site)).new_page()
        await walk_to_the_first_step(page, language)
        await page.screenshot(path=FOLDER / f"{name}.png")
    page = await (await browser.new_context(viewport=WIDE, base_url=site)).new_page()
    await page.goto("/g/en/driving-licence")
    await page.screenshot(path=FOLDER / "guide.png")


async def main() -> None:
    """Run a house in a folder that is thrown away, and photograph it."""
    FOLDER.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder:
        settings = settings_for(Path(folder), bot_name="IZI", organisation="Example organisation")
        async with running(settings, FakeClock()) as house, served(house) as site, async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
            await take(browser, site)
            await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
