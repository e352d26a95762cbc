"""The chat page in a real browser, on a small phone: with and without script, in both directions."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Browser, Locator, Page, ViewportSize

from bot.testing import FakeClock
from tests.acceptance.chromium import CHROMIUM, context_of, launched
from tests.acceptance.houses import running, served, settings_for

PHONE = ViewportSize(width=360, height=740)
LANGUAGES = {"en": "English", "fa_AF": "دری", "ar": "العربية"}
TALLEST_BUTTON = 44  # CSS pixels: what a thumb hits (look.md 6)
SERIOUS = {"serious", "critical"}

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(
        shutil.which(CHROMIUM) is None,
        reason=f"LEFT OUT: there is no {CHROMIUM}: nobody knows how the chat looks (apt-get install chromium)",
    ),
]

#: From the picker on: positions of buttons among those of the newest screen, and what is shown then.
WAY = (
    (0, "home"), (0, "intro"), (1, "papers"), (-3, "intro again"), (0, "fear question"), (2, "status question"),
    (0, "holding question"), (0, "step 1"), (1, "more"), (0, "step 1 again"), (-1, "request"), (-2, "home again"),
    (-4, "my data"), (2, "delete"),
)  # fmt: skip


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def chromium() -> AsyncIterator[Browser]:
    """A browser without a window, for all tests of a module; each takes tabs of its own."""
    async with launched() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The address of a house whose visitors have nothing to do with one another: one for all tests here."""
    settings = settings_for(tmp_path_factory.mktemp("house"))
    async with running(settings, FakeClock()) as house, served(house) as address:
        yield address


@asynccontextmanager
async def page_of(chromium: Browser, site: str, **how: Any) -> AsyncIterator[Page]:
    """A tab of its own, with cookies of its own."""
    async with context_of(chromium, viewport=PHONE, base_url=site, locale="en", **how) as context:
        yield await context.new_page()


async def measured(page: Page) -> dict[str, Any]:
    """What the eye would see of the page; asked of the browser itself, so it works where pages run no script."""
    found: dict[str, Any] = await page.evaluate(
        """() => ({
            wide: document.documentElement.scrollWidth - window.innerWidth,
            direction: document.documentElement.dir,
            low: [...document.querySelectorAll('button, .exit, .reload a, td a, summary')]
                .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < TALLEST)
                .map((one) => one.textContent),
            cut: [...document.querySelectorAll('button')]
                .filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent),
            row: [...document.querySelectorAll('.nav button')].map((one) => [
                one.textContent.trim(), Math.round(one.getBoundingClientRect().x),
                Math.round(one.getBoundingClientRect().y)]),
        })""".replace("TALLEST", str(TALLEST_BUTTON))
    )
    return found


async def tap(page: Page, button: Locator) -> None:
    """Press a button of the chat, and wait for the answer; with and without script."""
    before = await page.locator("#newest").get_attribute("data-version")
    await button.click()
    await page.locator(f"#newest:not([data-version='{before}'])").wait_for()
    # With script the answer can be here before the press is over: until then its buttons are dimmed.
    await page.locator("[aria-busy]").wait_for(state="detached")
    await page.wait_for_load_state()


async def choose(page: Page, position: int) -> None:
    """Press a button of the newest screen."""
    await tap(page, page.locator("form.choices button").nth(position))


async def arrive(page: Page, locale: str) -> None:
    """Open the page and choose a language."""
    await page.goto("/chat")
    await tap(page, page.get_by_role("button", name=LANGUAGES[locale], exact=True))


def looks_right(seen: dict[str, Any], *, rtl: bool) -> None:
    """Nothing to scroll sideways, no small or cut button, the fixed row in its order."""
    assert seen["wide"] <= 0
    assert seen["direction"] == ("rtl" if rtl else "ltr")
    assert seen["low"] == []
    assert seen["cut"] == []
    if seen["row"]:
        (back, home, person), rows = seen["row"], {y for _, _, y in seen["row"]}
        assert [label[:1] for label, _, _ in seen["row"]] == ["➡" if rtl else "⬅", "🏠", "🙋"]
        assert len(rows) == 1
        # In the order of reading.
        assert sorted([back[1], home[1], person[1]], reverse=rtl) == [back[1], home[1], person[1]]


@pytest.mark.parametrize("locale", LANGUAGES)
async def test_without_script_every_screen_fits_a_small_phone_and_begins_below_the_header(
    chromium: Browser, site: str, locale: str
) -> None:
    async with page_of(chromium, site, java_script_enabled=False) as page:
        await page.goto("/chat")
        looks_right(await measured(page), rtl=False)
        await arrive(page, locale)
        for position, _shown in WAY:
            looks_right(await measured(page), rtl=locale != "en")
            await choose(page, position)
            assert await is_read_from_its_beginning(page)
        looks_right(await measured(page), rtl=locale != "en")
        await tap(page, page.locator(".help button"))
        looks_right(await measured(page), rtl=locale != "en")


async def is_read_from_its_beginning(page: Page) -> bool:
    """Whether the newest message begins in the upper half of the screen, and the header does not lie over it."""
    header, newest = await page.locator("header").bounding_box(), await page.locator("#newest").bounding_box()
    assert header is not None
    assert newest is not None
    return header["y"] + header["height"] <= newest["y"] < PHONE["height"] / 2


@pytest.mark.parametrize("locale", LANGUAGES)
async def test_with_script_every_screen_fits_and_axe_finds_nothing_serious_by_day_and_by_night(
    chromium: Browser, site: str, locale: str
) -> None:
    async with page_of(chromium, site) as page:
        await arrive(page, locale)
        for position, shown in WAY:
            looks_right(await measured(page), rtl=locale != "en")
            if shown in {"home", "papers", "fear question", "step 1", "request"}:
                await is_accessible(page)
            await choose(page, position)
        await page.fill("#words", "hello سلام")
        await tap(page, page.locator(".send"))
        await is_accessible(page)
        await tap(page, page.locator(".help button"))
        looks_right(await measured(page), rtl=locale != "en")


async def is_accessible(page: Page) -> None:
    """In light and in dark."""
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        assert await serious(page) == [], scheme


async def serious(page: Page) -> list[str]:
    """What axe calls serious or worse."""
    found = (await Axe().run(page)).response["violations"]
    return [
        f"{fault['id']}: {[node['html'] for node in fault['nodes']]}" for fault in found if fault["impact"] in SERIOUS
    ]


async def test_a_browser_says_truly_where_our_forms_come_from(chromium: Browser, site: str) -> None:
    """Browsers before 2023 name no fetch site: what is left to tell their forms from others is the origin."""
    origins: list[str | None] = []
    async with page_of(chromium, site, java_script_enabled=False) as page:
        page.on("request", lambda asked: origins.append(asked.headers.get("origin")) if asked.post_data else None)
        await arrive(page, "en")
    assert origins == [site]
