"""The desk in real browsers: what comes by itself, and that nothing written is lost on the way."""

from __future__ import annotations

import re

from playwright.async_api import Browser, Route, expect

from bot.house import House
from tests.acceptance.desk_browsers import (
    DESK_IN_A_BROWSER,
    PHONE,
    claim,
    looks_of,
    seat,
    stuck,
)
from tests.acceptance.houses import eventually, stored
from tests.acceptance.walks import TO_THE_FIRST_STEP, TO_THE_SECOND_STEP

pytestmark = DESK_IN_A_BROWSER


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
