"""The guides as public pages: complete, in every language, kept by caches, and storing nothing."""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator
from html import unescape

import pytest
from playwright.async_api import Browser

from bot.house import House
from content.schema import Guide
from i18n.locales import LOCALES
from tests.acceptance.chromium import CHROMIUM, launched
from tests.acceptance.houses import browser, stored
from tests.acceptance.test_browser import page_of, serious
from tests.acceptance.walks import plain

GUIDE = "/g/en/driving-licence"
needs_chromium = pytest.mark.skipif(shutil.which(CHROMIUM) is None, reason=f"LEFT OUT: there is no {CHROMIUM}")


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    """A browser without a window."""
    async with launched() as browser:
        yield browser


async def test_every_guide_has_a_page_in_every_language_with_every_step(site: str, quiet_house: House) -> None:
    world = quiet_house.worlds()
    async with browser(site) as http:
        for code in world.pickable:
            tag = LOCALES[code].tag
            listed = (await http.get(f"/g/{tag}")).text
            for id, guide in world.guides.items():
                assert f'href="/g/{tag}/{id}"' in listed
                answer = await http.get(f"/g/{tag}/{id}")
                assert answer.status_code == 200
                assert f'<html lang="{tag}" dir="{"rtl" if LOCALES[code].rtl else "ltr"}">' in answer.text
                for step in guide.shown():
                    assert f'<section id="{step}"' in answer.text


async def test_a_page_shows_every_fact_with_its_strength_source_and_day(site: str, quiet_house: House) -> None:
    world = quiet_house.worlds()
    guide = world.guides["driving-licence"]
    async with browser(site) as http:
        page = plain(unescape((await http.get(GUIDE)).text))
    for id in _facts_on(guide):
        fact = guide.facts[id]
        if fact.shown:
            assert fact.text is not None
            assert fact.text in page
            assert all(world.pack.sources[source].address in page for source in fact.sources)
        else:
            assert f"Not known: {fact.topic}." in page
            assert fact.text is None or fact.text not in page
    assert "read on Saturday 21 November 2026" in page
    assert "check first" in page


def _facts_on(guide: Guide) -> set[str]:
    steps = guide.shown().values()
    return {*guide.intro.facts, *(id for step in steps for id in step.facts + step.more_facts)}


async def test_every_anchor_that_a_page_names_is_on_it(site: str, quiet_house: House) -> None:
    async with browser(site) as http:
        for id in quiet_house.worlds().guides:
            page = (await http.get(f"/g/en/{id}")).text
            assert set(re.findall(r'href="#([^"]+)"', page)) <= set(re.findall(r' id="([^"]+)"', page))


async def test_a_page_is_kept_and_fetched_again_only_when_it_changed(site: str) -> None:
    async with browser(site) as http:
        first = await http.get(GUIDE)
        again = await http.get(GUIDE, headers={"if-none-match": first.headers["etag"]})
        other = await http.get("/g/ar/driving-licence", headers={"if-none-match": first.headers["etag"]})
    assert first.headers["cache-control"] == "public, max-age=300"
    assert (again.status_code, again.content) == (304, b"")
    assert other.status_code == 200


async def test_what_is_not_there_is_said_in_the_language_of_the_address(site: str) -> None:
    async with browser(site, **{"accept-language": "ar"}) as http:
        unknown_guide, unknown_language = await http.get("/g/en/no-such-guide"), await http.get("/g/xx/driving-licence")
    assert (unknown_guide.status_code, unknown_language.status_code) == (404, 404)
    assert "This page is not here." in unknown_guide.text
    assert '<html lang="ar" dir="rtl">' in unknown_language.text


async def test_the_front_of_the_guides_speaks_the_browsers_language(site: str) -> None:
    async with browser(site, **{"accept-language": "ar-SY,ar;q=0.9"}) as http:
        answer = await http.get("/g")
    assert answer.url.path == "/g/ar"


async def test_reading_stores_nothing_and_sets_no_cookie(site: str, quiet_house: House) -> None:
    async with browser(site) as http:
        for path in ("/g", GUIDE, f"{GUIDE}/qr.svg", "/chat?start=driving-licence-ar"):
            await http.get(path)
        assert not http.cookies
    assert stored(quiet_house, "SELECT count(*) FROM contact") == [(0,)]
    assert stored(quiet_house, "SELECT count(*) FROM inbox") == [(0,)]


async def test_a_page_runs_no_script_and_loads_nothing_from_elsewhere(site: str) -> None:
    async with browser(site) as http:
        page = (await http.get(GUIDE)).text
    assert "<script" not in page
    assert "style=" not in page
    assert all(address.startswith("/") for address in re.findall(r'src="([^"]+)"', page))


async def test_the_code_is_a_drawing_that_a_camera_reads(site: str) -> None:
    async with browser(site) as http:
        drawn = await http.get(f"{GUIDE}/qr.svg")
        missing = await http.get("/g/en/no-such-guide/qr.svg")
    assert drawn.headers["content-type"] == "image/svg+xml"
    assert drawn.text.startswith(("<?xml", "<svg"))
    assert missing.status_code == 404


async def test_the_link_to_the_chat_opens_this_guide_in_this_language(site: str) -> None:
    async with browser(site) as http:
        page = (await http.get("/g/ar/driving-licence")).text
        assert 'href="/chat?start=driving-licence-ar"' in page
        chat = (await http.get("/chat?start=driving-licence-ar")).text
        assert 'value="/start driving-licence-ar"' in chat
        answer = await http.post("/chat", data={"nonce": "1", "words": "/start driving-licence-ar"})
    assert '<html lang="ar" dir="rtl"' in answer.text
    assert "/start" not in "".join(re.findall(r"<li.*?</li>", answer.text, re.DOTALL))


@needs_chromium
@pytest.mark.parametrize("tag", ["en", "ar"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_serious_and_the_page_fits_a_phone(
    chromium: Browser, site: str, tag: str, scheme: str
) -> None:
    async with page_of(chromium, site, color_scheme=scheme) as page:
        for path in (f"/g/{tag}", f"/g/{tag}/driving-licence", f"/g/{tag}/nothing"):
            await page.goto(path)
            assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
            assert await serious(page) == []


@needs_chromium
async def test_what_is_printed_has_every_step_and_no_buttons(chromium: Browser, site: str) -> None:
    async with page_of(chromium, site, java_script_enabled=False) as page:
        await page.goto(GUIDE)
        await page.emulate_media(media="print")
        assert not await page.locator(".button").is_visible()
        assert not await page.locator("footer").is_visible()
        assert await page.locator(".qr").is_visible()
        assert await page.locator(".step").last.is_visible()
