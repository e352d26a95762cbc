"""Browsers of staff: signed in without the door, which has tests of its own, and people who ask in the web chat."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import Browser, Page, ViewportSize

from bot.house import House
from storage import members, staff
from storage.unit_of_work import Unit
from tests.acceptance.chromium import CHROMIUM, context_of
from tests.acceptance.houses import browser
from tests.acceptance.pages import Visitor
from tests.acceptance.walks import TO_THE_FIRST_STEP

LAPTOP = ViewportSize(width=1440, height=900)
TABLET = ViewportSize(width=900, height=900)
PHONE = ViewportSize(width=390, height=844)
COOKIE = "izi-desk"
THUMB = 44  # CSS pixels (look.md 6)
DESK_IN_A_BROWSER = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(
        shutil.which(CHROMIUM) is None,
        reason=f"LEFT OUT: there is no {CHROMIUM}: nobody knows how the desk looks (apt-get install chromium)",
    ),
]


async def session_of(house: House, label: str, *roles: str, languages: str = "en") -> str:
    """The cookie of a new colleague; see sit_down."""
    return await house.database.write(lambda unit: sit_down(unit, label, *roles, languages=languages)[1])


def sit_down(unit: Unit, label: str, *roles: str, languages: str = "en") -> tuple[int, str]:
    """A new colleague on duty, who has shown a code and accepted the code of conduct; their id and their cookie."""
    token = staff.invite(unit, unit.now + timedelta(hours=48), label=label, roles=roles or ("assistant",))
    half = staff.redeem(unit, token)
    assert half is not None
    joined = staff.staff_session(unit, half)
    assert joined is not None
    members.accept_pledge(unit, joined.id)
    members.change(unit, joined.id, on_duty=True, languages=languages, alias=label)
    return joined.id, staff.open_session(unit, joined.id)


@asynccontextmanager
async def seat(
    chromium: Browser, site: str, session: str, size: ViewportSize = LAPTOP, **how: Any
) -> AsyncIterator[Page]:
    """A tab of a signed-in colleague; its colours do not fade, so they can be measured. how: options of a context."""
    usual: dict[str, Any] = {"locale": "en", "reduced_motion": "reduce"}
    async with context_of(chromium, viewport=size, base_url=site, **(usual | how)) as context:
        await context.add_cookies([{"name": COOKIE, "value": session, "url": site}])
        yield await context.new_page()


async def claim(page: Page, number: int = 1) -> None:
    """Open a request and take it."""
    await page.goto(f"/desk/requests/{number}")
    await page.get_by_role("button", name="Claim").click()
    await page.locator("#answer").wait_for()


async def ask_in(visitor: Visitor, language: str, positions: Sequence[int]) -> None:
    """Pick a language by its own name and press buttons by their places; the last of the step asks for a person."""
    await visitor.opens()
    await visitor.taps(language)
    for position in (*positions, -1):
        await visitor.taps(visitor.page.labels[position])


@asynccontextmanager
async def stuck(site: str, *taps: str) -> AsyncIterator[Visitor]:
    """A newcomer in the web chat who asked for a person at the first step. taps: what is pressed before that."""
    async with browser(site) as http:
        visitor = Visitor(http)
        await visitor.opens()
        for label in (*TO_THE_FIRST_STEP, *taps, "I am stuck"):
            await visitor.taps(label)
        yield visitor


async def small(page: Page) -> list[str]:
    """What a thumb can miss: visible buttons, fields and summaries lower than 44 pixels; fields that zoom in."""
    found: list[str] = await page.evaluate(
        """least => [...document.querySelectorAll('button, summary, select, textarea, nav a, input')]
            .filter(one => one.checkVisibility() && !['radio', 'checkbox'].includes(one.type))
            .filter(one => one.getBoundingClientRect().height < least
                || (/input|select|textarea/i.test(one.tagName) && parseFloat(getComputedStyle(one).fontSize) < 16))
            .map(one => one.outerHTML.slice(0, 80))""",
        THUMB,
    )
    return found


async def looks_of(page: Page, kind: str, field: str) -> tuple[str, ...]:
    """How one writes as this: colour behind the words, what is said above and in the field, and the sign."""
    await page.locator(f"label[for={kind}]").click()
    colour = await page.locator(field).evaluate("one => getComputedStyle(one).backgroundColor")
    label = await page.locator(f"label[for={field.removeprefix('#')}]").inner_text()
    hint = await page.locator(field).get_attribute("placeholder") or ""
    return colour, label, hint, (await page.locator(f"label[for={kind}]").inner_text())[0]


async def press_in_cyrillic(page: Page, code: str, letter: str) -> None:
    """A key by its place, where the keyboard writes another letter."""
    await page.evaluate(
        "([code, key]) => document.body.dispatchEvent(new KeyboardEvent('keydown', {code, key, bubbles: true}))",
        [code, letter],
    )
