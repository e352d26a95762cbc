"""The desk in real browsers: what an assistant sees on a laptop, a tablet and a phone, and what comes by itself."""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, ViewportSize, expect

from bot.house import House
from bot.testing import FakeClock
from tests.acceptance.chromium import CHROMIUM, launched
from tests.acceptance.colleagues import invitation
from tests.acceptance.desk_browsers import (
    LAPTOP,
    PHONE,
    TABLET,
    claim,
    looks_of,
    seat,
    session_of,
    small,
    stuck,
)
from tests.acceptance.houses import eventually, running, served, settings_for, stored
from tests.acceptance.test_browser import is_accessible, serious
from tests.acceptance.walks import TO_THE_FIRST_STEP, TO_THE_SECOND_STEP

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(
        shutil.which(CHROMIUM) is None,
        reason=f"LEFT OUT: there is no {CHROMIUM}: nobody knows how the desk looks (apt-get install chromium)",
    ),
]

SIZES = {"laptop": LAPTOP, "tablet": TABLET, "phone": PHONE}
#: Directions beside each other: Persian with English, a phone number and a sum inside Arabic.
PERSIAN = "تست فارسی و English با هم"
ARABIC = "رقمي +381 11 123-456 وأحتاج 12.500 RSD"
LOOKS: tuple[tuple[ViewportSize, Literal["light", "dark"]], ...] = ((LAPTOP, "light"), (PHONE, "dark"))


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def chromium() -> AsyncIterator[Browser]:
    """A browser without a window, for all tests here; each takes tabs of its own."""
    async with launched() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def quiet_house(tmp_path: Path, clock: FakeClock) -> AsyncIterator[House]:
    """A house of its own for each test, in the loop of the browser."""
    async with running(settings_for(tmp_path), clock) as house:
        yield house


@pytest_asyncio.fixture(loop_scope="module")
async def site(quiet_house: House) -> AsyncIterator[str]:
    """The address of its pages."""
    async with served(quiet_house) as address:
        yield address


@pytest_asyncio.fixture(loop_scope="module")
async def anna(quiet_house: House) -> str:
    """The session of an assistant; a placeholder, nobody's name."""
    return await session_of(quiet_house, "assistant A")


@pytest_asyncio.fixture(loop_scope="module")
async def boss(quiet_house: House) -> str:
    """The session of somebody who may open every page."""
    return await session_of(quiet_house, "coordinator", "coordinator", "admin", "auditor")


async def test_what_a_person_writes_stands_on_two_screens_at_once_and_a_half_written_answer_stays(
    chromium: Browser, site: str, quiet_house: House, anna: str, boss: str
) -> None:
    async with (
        stuck(site) as person,
        seat(chromium, site, anna) as one,
        seat(chromium, site, boss, PHONE) as other,
    ):
        await claim(one)
        await other.goto("/desk/requests/1")
        await expect(one.locator("#head")).to_contain_text(re.compile("Looking at this now: .coordinator"))
        await one.fill("#answer", "I am writ")
        await expect(other.locator(".writing")).to_contain_text("assistant A")
        await one.evaluate("document.getElementById('answer').setSelectionRange(2, 4)")
        await person.says("They sent me away")
        for page in (one, other):
            await expect(page.locator(".bubble.in").last).to_contain_text("They sent me away")
        assert await one.input_value("#answer") == "I am writ"
        assert await one.evaluate("[document.activeElement.id, document.activeElement.selectionStart]") == ["answer", 2]
        await expect(other.locator(".draft")).to_contain_text("I am writ")
        await one.get_by_role("button", name="Send").click()
        await expect(other.locator(".bubble.out")).to_contain_text("I am writ")


async def test_the_next_step_of_the_person_appears_on_the_card_while_one_looks_and_no_way_is_kept(
    chromium: Browser, site: str, quiet_house: House, anna: str
) -> None:
    async with stuck(site) as person, seat(chromium, site, anna) as page:
        await claim(page)
        asked = await page.locator("#context dd").first.inner_text()
        for label in ("Continue", *TO_THE_SECOND_STEP[len(TO_THE_FIRST_STEP) :]):
            await person.taps(label)
        here = page.locator("#context dd").first
        await expect(here).not_to_have_text(asked)
        now = await here.inner_text()
        await page.get_by_role("link", name="The step as the person sees it").click()
        step = now.split(" · ")[-1]
        await expect(page.locator(".message").first).to_contain_text(step)
        await page.go_back()
        assert len(stored(quiet_house, "SELECT 1 FROM request_event WHERE kind = 'place'")) == 1
        await page.get_by_role("button", name="Close").click()
        await page.get_by_role("button", name="Solved by information").click()
        await expect(page.get_by_role("button", name="Undo closing")).to_be_visible()
        assert stored(quiet_house, "SELECT 1 FROM request_event WHERE kind = 'place'") == []


async def test_words_of_who_lost_the_request_are_given_back_on_the_open_page(
    chromium: Browser, site: str, anna: str, boss: str
) -> None:
    async with stuck(site), seat(chromium, site, anna) as one, seat(chromium, site, boss) as other:
        await claim(one)
        await one.fill("#answer", "Come at ni")
        await other.goto("/desk/requests/1")
        await other.get_by_role("button", name="Take over").click()
        await expect(one.get_by_role("alert")).to_contain_text(re.compile("coordinator. has it since"))
        await expect(one.locator("#words")).to_have_value("Come at ni")
        await expect(one.locator(".thread")).to_have_count(0)
        await other.locator("#answer").wait_for()


async def test_a_draft_survives_a_tab_that_is_closed_and_a_note_looks_otherwise_than_an_answer(
    chromium: Browser, site: str, quiet_house: House, anna: str
) -> None:
    async with stuck(site), seat(chromium, site, anna) as page:
        await claim(page)
        await page.fill("#answer", "Come at ni")
        await page.close(run_before_unload=True)  # at once: before the draft is kept by itself
        await eventually(lambda: stored(quiet_house, "SELECT 1 FROM draft"))
        page = await page.context.new_page()
        await page.goto("/desk/requests/1")
        await expect(page.locator("#answer")).to_have_value("Come at ni")
        await page.locator(".insert summary").click()
        gloss = page.locator(".canned", has_text="I cannot lend or give money.")
        await expect(gloss.locator(".gloss")).to_have_count(0)  # the reader's language is the person's
        answer = await looks_of(page, "as-reply", "#answer")
        note = await looks_of(page, "as-note", "#note")
        assert [a != b for a, b in zip(answer, note, strict=True)] == [True] * 4


async def test_a_banner_says_when_the_page_is_cut_off_and_goes_when_it_is_back(
    chromium: Browser, site: str, anna: str
) -> None:
    async with seat(chromium, site, anna) as page:
        await page.route("**/desk/live*", lambda route: route.abort())
        await page.goto("/desk")
        await expect(page.locator("#offline")).to_be_visible(timeout=10_000)
        await page.unroute("**/desk/live*")
        await expect(page.locator("#offline")).to_be_hidden(timeout=10_000)


async def test_an_answer_waits_for_the_network_and_goes_out_once_though_its_end_was_lost(
    chromium: Browser, site: str, quiet_house: House, anna: str
) -> None:
    async def lose_the_end(route: Route) -> None:
        await route.fetch(max_redirects=0)  # it arrives, and nobody hears of it
        await route.abort()

    async with stuck(site), seat(chromium, site, anna) as page:
        await claim(page)
        await page.route("**/answer", lose_the_end, times=1)
        await page.fill("#answer", "Come at nine")
        await page.get_by_role("button", name="Send").click()
        await expect(page.locator(".waits-for-network")).to_be_visible()
        await expect(page.locator("#answer")).to_have_value("")
        await expect(page.locator(".bubble.out")).to_have_count(1)


async def test_a_form_that_is_pressed_twice_is_one_answer_and_refused_words_are_given_back(
    chromium: Browser, site: str, quiet_house: House, anna: str, boss: str
) -> None:
    async with stuck(site), seat(chromium, site, anna) as page:
        await claim(page)
        once = await page.locator("#reply [name=once]").input_value()
        form: dict[str, str | float | bool] = {"text": "Come at nine", "once": once}
        here = {"origin": site}
        for _ in range(2):
            answer = await page.request.post("/desk/requests/1/answer", form=form, headers=here)
            assert (answer.status, answer.url) == (200, f"{site}/desk/requests/1")
        assert "Come at nine" in await answer.text()
        assert (await answer.text()).count("Come at nine") == 1
        await page.request.post("/desk/requests/1/give-back", headers=here)
        answer = await page.request.post("/desk/requests/1/answer", form={"text": "And bring it"}, headers=here)
        assert answer.status == 409
        assert "And bring it</textarea>" in await answer.text()


async def test_a_new_request_appears_in_an_open_list_and_the_focus_stays_on_its_row(
    chromium: Browser, site: str, anna: str
) -> None:
    async with stuck(site), seat(chromium, site, anna) as page:
        await page.goto("/desk?tab=free")
        await page.keyboard.press("j")
        await expect(page.locator(".rows a").first).to_be_focused()
        async with stuck(site):
            await expect(page.locator(".rows a")).to_have_count(2)
            assert await page.evaluate("document.activeElement.getAttribute('href')") == "/desk/requests/1"


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
