"""Pictures of the pages for the README: `python -m tests.acceptance.screenshots`. Needs chromium; nobody's data."""

from __future__ import annotations

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Browser, Locator, Page, ViewportSize, async_playwright

from bot.testing import FakeClock
from tests.acceptance.chromium import ARGUMENTS, CHROMIUM
from tests.acceptance.houses import running, served, settings_for

FOLDER = Path(__file__).parent.parent.parent / "docs" / "screenshots"
PHONE, PAPER = ViewportSize(width=360, height=740), ViewportSize(width=640, height=740)
TO_STEP_ONE = (0, 0, 0, 0, 2, 0, 0)  # positions of buttons, from consent on


async def tap(page: Page, button: Locator) -> None:
    """Press a button and wait for what it brings."""
    newest = await page.locator("#newest").get_attribute("data-version")
    await button.click()
    await page.locator(f"#newest:not([data-version='{newest}'])").wait_for()


async def arrive(page: Page, language: str, positions: tuple[int, ...]) -> None:
    """A person who picked a language and pressed buttons."""
    await page.goto("/chat")
    await tap(page, page.get_by_role("button", name=language, exact=True))
    for position in positions:
        await tap(page, page.locator("form.choices button").nth(position))


async def take(browser: Browser, site: str) -> None:
    """All pictures, each from a browser of its own."""

    async def opened(size: ViewportSize = PHONE) -> Page:
        context = await browser.new_context(viewport=size, base_url=site, device_scale_factor=2)
        return await context.new_page()

    page = await opened()
    await page.goto("/chat")
    await page.screenshot(path=FOLDER / "picker.png")
    for name, language in (("step-en", "English"), ("step-fa", "دری")):
        page = await opened()
        await arrive(page, language, TO_STEP_ONE)
        await page.screenshot(path=FOLDER / f"{name}.png")
    page = await opened()
    await arrive(page, "العربية", ())
    await tap(page, page.locator(".help button"))
    await page.screenshot(path=FOLDER / "urgent-ar.png")
    page = await opened(PAPER)
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
