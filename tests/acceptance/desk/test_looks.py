"""The desk in real browsers: what an assistant sees on a laptop, a tablet and a phone, with and without script."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from bot.house import House
from tests.acceptance.colleagues import invitation
from tests.acceptance.desk_browsers import (
    DESK_IN_A_BROWSER,
    LAPTOP,
    PHONE,
    TABLET,
    claim,
    seat,
    session_of,
    small,
    stuck,
)
from tests.acceptance.houses import eventually, stored
from tests.acceptance.test_browser import is_accessible, serious

pytestmark = DESK_IN_A_BROWSER

SIZES = {"laptop": LAPTOP, "tablet": TABLET, "phone": PHONE}
#: Directions beside each other: Persian with English, a phone number and a sum inside Arabic.
PERSIAN = "تست فارسی و English با هم"
ARABIC = "رقمي +381 11 123-456 وأحتاج 12.500 RSD"
LOOKS: tuple[tuple[ViewportSize, Literal["light", "dark"]], ...] = ((LAPTOP, "light"), (PHONE, "dark"))


async def fits_every_screen(page: Page, path: str) -> None:
    """A page in each size, in light and in dark: nothing to scroll sideways or to miss, nothing that axe finds."""
    await page.goto(path)
    for name, size in SIZES.items():
        await page.set_viewport_size(size)
        assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (path, name)
        assert await small(page) == [], (path, name)
        await is_accessible(page)


async def test_list_and_request_fit_every_screen_a_thumb_can_hit_everything_and_axe_finds_nothing_serious(
    chromium: Browser, site: str, quiet_house: House, anna: str
) -> None:
    async with stuck(site) as person, seat(chromium, site, anna) as page:
        await person.says(ARABIC)
        await claim(page)
        refer: dict[str, str | float | bool] = {
            "institution": "crpc",
            "text": ARABIC,
            "days": "3",
            "shares": "subject",
            "agreed": "yes",
        }
        await page.request.post("/desk/requests/1/refer", form=refer)
        ((slip,),) = stored(quiet_house, "SELECT id FROM referral")
        slip_page = f"/desk/requests/1/slip/{slip}"
        paths = ("/desk", "/desk?tab=free", "/desk/requests/1", "/desk/requests/1/step", slip_page, "/desk/view")
        for path in paths:
            await fits_every_screen(page, path)


async def test_what_an_interpreter_sees_and_what_the_protection_group_sees_fit_every_screen(
    chromium: Browser, site: str, quiet_house: House, boss: str
) -> None:
    session = await session_of(quiet_house, "interpreter I", "interpreter")
    async with stuck(site) as person, seat(chromium, site, boss) as page, seat(chromium, site, session) as voice:
        await person.says(ARABIC)
        await claim(page)
        await page.get_by_text("Invite an interpreter or partner").first.click()
        await page.get_by_role("button", name="Invite").click()
        await expect(page.locator("#head")).to_contain_text("interprets here")
        await fits_every_screen(voice, "/desk/requests/1")
        await voice.locator(".say summary").click()
        await voice.locator(".say input[name=text]").fill("They ask for 12.500 RSD")
        await is_accessible(voice)
        await voice.get_by_role("button", name="Save").first.click()
        await expect(page.locator(".bubble.in .meaning")).to_contain_text("12.500 RSD")
        await page.locator("#acts summary", has_text="Mark").click()
        await page.get_by_role("button", name="Mark", exact=True).click()
        await expect(page.locator("#context .flags")).to_contain_text("Urgent")
        await expect(voice.get_by_role("heading", level=1)).to_contain_text("does not exist")
        await fits_every_screen(page, "/desk/requests/1")


async def test_on_a_phone_the_composer_stands_at_the_bottom_and_the_actions_open_from_a_button(
    chromium: Browser, site: str, anna: str
) -> None:
    async with stuck(site) as person, seat(chromium, site, anna, PHONE, has_touch=True) as page:
        await claim(page)
        for number in range(12):
            await person.says(f"word {number}")
        await expect(page.locator(".bubble.in")).to_have_count(12)
        for top in (0, 400):
            await page.evaluate(f"scrollTo(0, {top})")
            box = await page.locator(".composer").bounding_box()
            assert box is not None
            assert PHONE["height"] - 20 <= box["y"] + box["height"] <= PHONE["height"]
        await expect(page.locator("#acts")).to_be_hidden()
        await page.locator(".head").get_by_role("button", name="Close").tap()
        await page.get_by_role("button", name="Solved by information").tap()
        await expect(page.get_by_role("button", name="Undo closing")).to_be_visible()
        await expect(page.get_by_text("word 11")).to_have_count(0)  # after the end nobody reads on
        await is_accessible(page)
        await page.get_by_role("button", name="Undo closing").tap()
        await expect(page.locator(".bubble.in")).to_have_count(12)
        await expect(page.locator("#answer")).to_be_visible()


async def test_the_bottom_bar_of_a_phone_leads_to_the_lists_the_search_and_oneself(
    chromium: Browser, site: str, anna: str
) -> None:
    async with stuck(site), seat(chromium, site, anna, PHONE) as page:
        await page.goto("/desk")
        bar = page.locator(".bottom")
        assert [" ".join(words.split()) for words in await bar.locator("a").all_inner_texts()] == [
            "● Our turn", "＋ Free 1", "⌕ Search", "☺ Me",
        ]  # fmt: skip
        await bar.get_by_text("Free").click()
        await expect(page.locator(".rows a")).to_have_count(1)


async def test_directions_beside_each_other_stand_right_in_list_bubble_and_composer(
    chromium: Browser, site: str, anna: str
) -> None:
    async with stuck(site) as person, seat(chromium, site, anna) as page:
        await person.says(PERSIAN)
        await person.says(ARABIC)
        await claim(page)
        await page.fill("#answer", ARABIC)
        for place in (".rows .said", ".bubble.in .words >> nth=-1", "#answer"):
            assert await page.locator(place).evaluate("one => getComputedStyle(one).direction") == "rtl", place
        assert await page.locator("h1").evaluate("one => getComputedStyle(one).direction") == "ltr"
        numbers = page.locator(".bubble.in .words >> nth=-1").locator("bdi")
        assert await numbers.all_inner_texts() == ["+381 11 123-456", "12.500"]
        assert await numbers.first.evaluate("one => getComputedStyle(one).direction") == "ltr"
        await page.goto("/desk/find")
        await page.get_by_role("searchbox").fill("رقمي")
        assert await page.get_by_role("searchbox").evaluate("one => getComputedStyle(one).direction") == "rtl"
        await page.keyboard.press("Enter")
        await expect(page.locator(".rows .said")).to_contain_text("رقمي")
        assert await page.locator(".rows .said").evaluate("one => getComputedStyle(one).direction") == "rtl"
        await page.goto("/desk/requests/1")
        # Where a bubble stands says who spoke: the person at the start of the line of the reader's language.
        inner, outer = await page.locator(".bubble.in").last.bounding_box(), await page.locator(".log").bounding_box()
        assert inner is not None
        assert outer is not None
        assert inner["x"] == pytest.approx(outer["x"], abs=2)


async def test_without_script_a_request_is_claimed_answered_and_closed(
    chromium: Browser, site: str, quiet_house: House, anna: str
) -> None:
    async with stuck(site), seat(chromium, site, anna, java_script_enabled=False) as page:
        await claim(page)
        await page.locator(".insert summary").click()
        await page.get_by_role("button", name="I cannot lend or give money.").click()
        assert "I cannot lend" in await page.input_value("#answer")
        await page.get_by_role("button", name="Send").click()
        await page.locator("#acts").get_by_role("button", name="Close").click()
        await page.get_by_role("button", name="Solved by information").click()
        await eventually(lambda: stored(quiet_house, "SELECT state, outcome FROM request") == [("done", "informed")])


async def test_no_page_of_the_desk_has_a_serious_fault(
    chromium: Browser, site: str, quiet_house: House, boss: str
) -> None:
    async with stuck(site), seat(chromium, site, boss) as page:
        for path in ("find", "log", "log?state=done", "staff", "audit", "me", "view", "requests/1", "requests/99"):
            await has_no_serious_fault(page, f"/desk/{path}")
        await page.goto("/desk")
        await page.keyboard.press("?")
        await expect(page.locator("#keys")).to_be_visible()
        await is_accessible(page)
        # Of somebody who is at the door.
        await page.context.clear_cookies()
        for path in ("/desk", "/desk/login/x", await invitation(quiet_house)):
            await has_no_serious_fault(page, path)
        await page.get_by_role("button").click()
        await page.wait_for_url("**/desk/code")
        await has_no_serious_fault(page, "/desk/code")


async def has_no_serious_fault(page: Page, path: str) -> None:
    """On a laptop by day and on a phone by night; in all sizes and colours: the pages that are looked at all day."""
    await page.goto(path)
    for size, scheme in LOOKS:
        await page.set_viewport_size(size)
        await page.emulate_media(color_scheme=scheme)
        assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
        assert await serious(page) == [], path


async def test_text_in_a_language_that_lacks_a_reply_comes_with_a_warning(
    chromium: Browser, site: str, quiet_house: House, anna: str
) -> None:
    """Nothing was translated for who speaks it: the words are English, and that is said before they are used."""
    async with stuck(site), seat(chromium, site, anna) as page:
        await claim(page)
        await quiet_house.database.write(
            lambda unit: unit.connection.exec_driver_sql("UPDATE request SET locale = 'ti'") and None
        )
        await page.reload()
        await page.locator(".insert summary").click()
        await expect(page.locator(".canned .warn").first).to_contain_text("ትግርኛ")
        await quiet_house.database.write(
            lambda unit: unit.connection.exec_driver_sql("UPDATE request SET locale = 'sr_Cyrl'") and None
        )
        await page.reload()
        await page.locator(".insert summary").click()
        words = page.locator(".canned", has_text="I cannot lend or give money.").locator(".words")
        await expect(words).to_have_attribute("lang", "sr-Cyrl")
        await expect(words).not_to_contain_text("I cannot lend")
