"""Notices at the desk in a real browser: counts and bubbles while one types, figures that move, every screen, axe."""

from __future__ import annotations

import shutil

import pytest
from playwright.async_api import Page, ViewportSize, expect

from bot.house import House
from notices.lifecycle import Move
from notices.moving import move
from storage import notices
from storage.unit_of_work import Unit
from tests.acceptance.chromium import CHROMIUM, launched
from tests.acceptance.desk_browsers import LAPTOP, PHONE, seat, session_of, small
from tests.acceptance.test_browser import is_accessible
from tests.acceptance.test_notice_console import come

pytestmark = pytest.mark.skipif(
    shutil.which(CHROMIUM) is None,
    reason=f"LEFT OUT: there is no {CHROMIUM}: nobody knows how notices look (apt-get install chromium)",
)
ARABIC = "الدرس في القاعة 12"
PLAN = {
    "title": "Language café", "starts": "2026-11-29T10:00", "ends": "2026-11-29T12:00", "place": "Placeholder street 1",
}  # fmt: skip


async def write(page: Page, locale: str, body: str) -> None:
    """Open a language's tab, and keep words in it."""
    await page.goto(f"/desk/notices/1?lang={locale}")
    await page.locator("textarea[name=body]").fill(body)
    await page.locator("form.write button.main").click()
    await page.wait_for_url("**#texts")


async def keep_all_with_one_button(page: Page) -> None:
    """A language is ticked and words are typed: the button of the words keeps both, and the page says for whom."""
    await page.locator("form.write button.main").click()
    await page.wait_for_url("**#texts")
    await expect(page.locator("#count strong")).to_have_text("1")
    await expect(page.locator("#audience summary").first).to_contain_text("العربية")
    await page.locator("input[name=locales][value=ar]").uncheck()
    await page.locator("#audience button").click()
    await expect(page.locator("#count strong")).to_have_text("3")
    await expect(page.locator("textarea[name=body]")).to_have_value("Room 12")


async def stay_with_what_was_refused(page: Page) -> None:
    """A wrong number is refused; why goes on standing there when the page fetches itself anew."""
    await page.locator("input[name=confirmed]").fill("4")
    async with page.expect_response(lambda answer: "x-fresh" in answer.request.headers) as fetched:
        await page.locator("#send button.main").click()
        await page.locator("main [role=alert]").wait_for()
    assert (await fetched.value).status == 200
    await expect(page.locator("main [role=alert]")).to_contain_text("Nothing was sent.")
    assert page.url.endswith("/desk/notices/1")


async def publish_with_words_not_kept_yet(page: Page) -> None:
    """An event goes out with the words and the place that stand on its page, kept or not."""
    await page.goto("/desk/events")
    await page.locator("summary", has_text="New event").click()
    for name, value in PLAN.items():
        await page.locator(f"form.narrow-fields input[name={name}]").fill(value)
    await page.locator("form.narrow-fields button").click()
    await page.wait_for_url("**/desk/events/1")
    await expect(page.locator(".top nav [aria-current]")).to_have_text("Events")
    await expect(page.locator(".chip").first).to_have_css("border-style", "solid")  # no words that somebody writes
    await page.locator("input[name=place]").fill("Placeholder street 2")
    await page.locator("textarea[name=body]").fill("Come and talk.")
    await page.locator("form[action$=publish] button").click()
    await expect(page.locator("form[action$=publish]")).to_have_count(0)
    await expect(page.locator("textarea[name=body]")).to_have_value("Come and talk.")
    await expect(page.locator("input[name=place]")).to_have_value("Placeholder street 2")


async def stay_with_a_change_that_people_would_be_told_of(page: Page) -> None:
    """Another button neither loses nor keeps where a published event takes place now; it says what comes first."""
    place, warning = page.locator("input[name=place]"), page.locator("[data-unsaved]")
    await place.fill("Placeholder street 3")
    await page.get_by_role("button", name="Write an invitation").click()
    await expect(warning).to_be_visible()
    await expect(place).to_have_value("Placeholder street 3")
    await warning.get_by_role("button", name="Undo").click()
    await expect(warning).to_be_hidden()
    await expect(place).to_have_value("Placeholder street 2")
    await page.get_by_role("button", name="Write an invitation").click()
    await page.wait_for_url("**/desk/notices/2")


async def ask_many(page: Page) -> None:
    """A survey: its form, how answers are kept said in full, and another language beside what is to be translated."""
    await page.goto("/desk/surveys")
    await page.get_by_text("New survey").click()
    kind = page.get_by_role("radio", name="With the person")
    await kind.check()
    await expect(page.locator("label", has=kind)).to_contain_text("until they delete their data")
    await page.locator("input[name=title]").fill("Our class")
    await page.locator("input[name=question_0]").fill("When?")
    await page.locator("textarea[name=choices_0]").fill("Morning\nEvening")
    await page.set_viewport_size(PHONE)
    assert await small(page) == []
    await is_accessible(page)
    await page.get_by_role("button", name="Make a draft").click()
    await page.wait_for_url("**/desk/surveys/1")
    await fits(page, "/desk/surveys/1?lang=ar", PHONE)
    await expect(page.locator("fieldset")).to_have_count(1)
    await expect(page.locator("fieldset")).to_contain_text("Morning\nEvening")
    await page.get_by_role("button", name="Open for answers").click()
    await fits(page, "/desk/surveys/1", PHONE, LAPTOP)


def approved(unit: Unit) -> None:
    """As if every text had been tested, and a second person had agreed."""
    for locale in ("en", "ar"):
        notices.mark_tested(unit, 1, locale)
    for act in (Move.SUBMITTED, Move.APPROVED):
        move(unit, 1, act, None)


async def fits(page: Page, path: str, *sizes: ViewportSize) -> None:
    """A page on a laptop and on a phone: nothing to scroll sideways or to miss, nothing that axe finds."""
    await page.goto(path)
    for size in sizes or (LAPTOP, PHONE):
        await page.set_viewport_size(size)
        assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (path, size)
        assert await small(page) == [], (path, size)
        await is_accessible(page)
    await page.set_viewport_size(LAPTOP)


async def test_while_one_chooses_and_types_counts_and_bubbles_follow_and_the_figures_of_the_sending_move(
    quiet_house: House, site: str
) -> None:
    for language in ("English", "English", "العربية"):
        await come(site, language)
    session = await session_of(quiet_house, "coordinator A", "coordinator")
    async with launched() as chromium, seat(chromium, site, session) as page:
        await page.goto("/desk/notices")
        await page.get_by_role("button", name="News").click()
        await expect(page.locator("#count strong")).to_have_text("3")
        await page.locator("#audience summary").first.click()
        await page.locator("input[name=locales][value=ar]").check()
        await expect(page.locator("#count strong")).to_have_text("1")
        await page.locator("textarea[name=body]").fill("Room 12")
        await expect(page.locator(".phone").first).to_contain_text("Room 12")
        await keep_all_with_one_button(page)
        await write(page, "en", "Room 12")
        await write(page, "ar", ARABIC)
        await expect(page.locator(".phone .screen").first).to_have_attribute("dir", "rtl")
        await fits(page, "/desk/notices/1?lang=ar")
        for path in ("/desk/notices", "/desk/notices/1/pack", "/desk/service"):
            await fits(page, path, PHONE)
        await ask_many(page)
        await publish_with_words_not_kept_yet(page)
        await stay_with_a_change_that_people_would_be_told_of(page)
        await fits(page, "/desk/events/1", PHONE)
        await page.goto("/desk/notices/1")
        await page.locator("input[name=valid_until]").fill("2026-12-31")
        await page.locator("#about button").click()
        await quiet_house.database.write(approved)
        await page.goto("/desk/notices/1")
        await stay_with_what_was_refused(page)
        await page.locator("input[name=confirmed]").fill("3")
        await page.locator("#send button.main").click()
        await expect(page.locator(".figures .sent b")).to_have_text("3")
        await expect(page.locator(".at-done")).to_be_visible()
        await fits(page, "/desk/notices/1")
