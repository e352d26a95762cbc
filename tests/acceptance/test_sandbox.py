"""`izi sandbox`: somebody without a token walks a guide on the phone and reads the request at the desk beside it."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Page, ViewportSize, expect

from bot.channels.whatsapp import webhook
from bot.house import House
from bot.sandbox.phone import PEOPLE, add_phone
from bot.sandbox.telegram import TelegramServer
from bot.sandbox.tryout import TOKEN, sandboxed
from bot.sandbox.whatsapp import WhatsAppServer
from bot.settings import Settings
from bot.testing import FakeClock
from tests.acceptance.chromium import CHROMIUM, launched
from tests.acceptance.houses import browser, eventually, running, served
from tests.acceptance.test_browser import SERIOUS

SCREEN = ViewportSize(width=1280, height=860)
ARABIC = 1002

with_chromium = pytest.mark.skipif(
    shutil.which(CHROMIUM) is None, reason=f"LEFT OUT: there is no {CHROMIUM} (apt-get install chromium)"
)


@pytest.fixture
async def sandbox(house: House, telegram: TelegramServer) -> AsyncIterator[str]:
    """The address of a house that has the phone beside its desk."""
    async with served(house, partial(add_phone, server=telegram)) as address:
        yield address


@pytest.fixture
async def page(sandbox: str) -> AsyncIterator[Page]:
    """The page in a browser."""
    async with launched() as chromium:
        tab = await chromium.new_page(viewport=SCREEN)
        await tab.goto(f"{sandbox}/sandbox")
        yield tab


async def tap(page: Page, label: str) -> None:
    """Press a button of the newest message, and wait for another one: two presses on their way have no order."""
    newest = page.locator("#chat li").last
    button = newest.get_by_role("button", name=label)
    await button.wait_for()
    before = await newest.text_content() or ""
    await button.click()
    await expect(newest).not_to_have_text(before)


@with_chromium
async def test_a_request_made_on_the_phone_stands_at_the_desk_beside_it(page: Page, telegram: TelegramServer) -> None:
    desk = page.frame_locator("iframe[name=desk]")
    await desk.get_by_role("button", name="I agree").click()
    await page.get_by_role("button", name="Start").click()
    for label in ("English", "OK, continue", "Person"):
        await tap(page, label)
    await expect(page.locator("#chat li").last).to_contain_text("We have it")
    await page.get_by_role("link", name="Desk", exact=True).click()
    await expect(desk.locator("body")).to_contain_text("Promised by")
    assert telegram.violations == []


@with_chromium
async def test_each_phone_has_a_chat_of_its_own_in_its_own_direction(page: Page) -> None:
    await page.locator("#people").select_option(str(ARABIC))
    await page.get_by_role("button", name="Start").click()
    await tap(page, "العربية")
    newest = page.locator("#chat li .bubble").last
    await expect(newest).to_contain_text("Test bot")
    assert await newest.evaluate("one => getComputedStyle(one).direction") == "rtl"
    await page.locator("#people").select_option("1001")
    await expect(page.locator("#chat li")).to_have_count(0)


@with_chromium
async def test_the_page_asks_nobody_else_and_axe_finds_nothing_serious(page: Page, sandbox: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.reload()
    await page.get_by_role("button", name="Start").click()
    await expect(page.locator("#chat li")).to_have_count(2)
    assert [url for url in asked if not url.startswith((sandbox, "data:"))] == []
    found = await Axe().run(page, options={"iframes": False})
    assert [fault["id"] for fault in found.response["violations"] if fault["impact"] in SERIOUS] == []


async def test_only_pretend_people_and_buttons_that_are_there_can_be_used(sandbox: str) -> None:
    async with browser(sandbox) as http:
        answers: list[httpx.Response] = [
            await http.get("/sandbox/people/7"),
            await http.post("/sandbox/people/7/says", json={"text": "hello"}),
            await http.post(f"/sandbox/people/{ARABIC}/presses", json={"data": "x", "message": 1}),
            await http.post(f"/sandbox/people/{ARABIC}/sends", json={"kind": "money"}),
            await http.post(f"/sandbox/people/{ARABIC}/says", json={"text": "x" * 4097}),
        ]
        assert [answer.status_code for answer in answers] == [404, 404, 409, 404, 422]


async def test_the_desk_stands_in_no_frame_outside_the_sandbox(site: str, sandbox: str) -> None:
    async with browser(site) as real, browser(sandbox) as tried:
        assert "frame-ancestors 'none'" in (await real.get("/desk")).headers["Content-Security-Policy"]
        assert "frame-ancestors 'self'" in (await tried.get("/desk")).headers["Content-Security-Policy"]
        assert (await real.get("/sandbox")).status_code == 404


def test_a_real_installation_is_neither_read_nor_reached(tmp_path: Path) -> None:
    real = Settings(
        database_url="postgresql://db.example/izi",
        redis_url="redis://redis.example",
        telegram_token="9:real",
        public_url="https://bot.example",
        organisation="Test organisation",
    )
    used = sandboxed(real, tmp_path, 8080, "http://127.0.0.1:1")
    assert used.database == f"sqlite:///{tmp_path / 'izi.db'}"
    assert used.redis_url is None
    assert used.telegram_token is not None
    assert used.telegram_token.get_secret_value() == TOKEN
    assert used.base_url == "http://127.0.0.1:8080"
    assert used.organisation == "Test organisation"
    assert len(PEOPLE) >= 5


async def test_the_phone_can_be_switched_to_whatsapp(
    tmp_path: Path, telegram: TelegramServer, clock: FakeClock
) -> None:
    async with WhatsAppServer() as whatsapp:
        used = sandboxed(Settings(), tmp_path, 0, telegram.base_url, whatsapp)
        add = partial(add_phone, server=telegram, whatsapp=whatsapp)
        async with running(used, clock) as house, served(house, add) as address, browser(address) as http:
            whatsapp.hook.address = address + webhook.PATH
            phone = "/sandbox/people/2001"
            assert {"id": 2001, "language": "", "number": "38160000001"} in (await http.get("/sandbox/people")).json()
            await http.post(f"{phone}/says", json={"text": "hello"})

            async def newest() -> dict[str, Any]:
                await eventually(lambda: whatsapp.person("38160000001").heard < len(persons.messages))
                persons.heard = len(persons.messages)
                shown: dict[str, Any] = (await http.get(phone)).json()["messages"][-1]
                return shown

            persons = whatsapp.person("38160000001")
            picker = await newest()
            (english,) = [row[0] for row in picker["rows"] if row[0]["text"].endswith("English")]
            pressed = {"data": english["callback_data"], "message": picker["id"]}
            await http.post(f"{phone}/presses", json=pressed)
            assert "On WhatsApp" in (await newest())["text"]
            assert (await http.post(f"{phone}/presses", json={**pressed, "data": "forged"})).status_code == 409
            await http.post(f"{phone}/sends", json={"kind": "place"})
            talk = (await http.get(phone)).json()
            assert [one["text"] for one in talk["messages"] if one["own"]] == ["hello", english["text"], ""]
            assert (await http.get(f"{phone}?seen={talk['changes']}")).status_code in {200, 204}
            assert whatsapp.violations == []
