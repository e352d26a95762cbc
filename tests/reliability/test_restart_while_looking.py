"""A restart in the middle of a talk (A47): the page of a request connects again by itself, and nothing is lost."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot.clocks import now
from bot.database import open_database
from bot.sandbox.people import Person
from bot.sandbox.telegram import TelegramServer
from storage.bell import MemoryBell
from tests.acceptance.chromium import CHROMIUM, launched
from tests.acceptance.desk_browsers import seat, sit_down
from tests.acceptance.houses import settings_for
from tests.acceptance.staff_chats import ask
from tests.reliability.product import TOKEN, Product, reserved_port

pytestmark = pytest.mark.skipif(
    shutil.which(CHROMIUM) is None,
    reason=f"LEFT OUT: there is no {CHROMIUM}: nobody knows what a page does in a restart (apt-get install chromium)",
)

#: Is there as long as the page was not loaded again.
MARK = "window.izi_same = true"
SAME = "window.izi_same === true"


async def test_a_page_that_stands_open_goes_on_after_the_process_died_and_after_it_was_ended(tmp_path: Path) -> None:
    folder, server = tmp_path / "var", TelegramServer(TOKEN, strict=False)
    with reserved_port() as port:
        async with server, Product(folder, server.base_url, port=port) as product, launched() as chromium:
            await product.start()
            person = await ask(server)
            session = await _session(folder)
            async with seat(chromium, f"http://127.0.0.1:{port}", session) as page:
                await page.goto("/desk/requests/1")
                await page.get_by_role("button", name="Claim").click()
                await page.fill("#answer", "Come at ni")
                await page.evaluate(MARK)
                await person.hears()
                await _dies_and_comes_back(product, page, person)
                await _ends_and_comes_back(product, page, person)


async def _session(folder: Path) -> str:
    database = open_database(settings_for(folder), MemoryBell(), now)
    try:
        return (await database.write(lambda unit: sit_down(unit, "assistant A")))[1]
    finally:
        database.close()
        database.keys.close()


async def _dies_and_comes_back(product: Product, page: Page, person: Person) -> None:
    """Words of the person come meanwhile; what stands half-written stays."""
    product.kill()
    await product.ended()
    await person.says("while you were away")
    await expect(page.locator("#offline")).to_be_visible()
    await product.start()
    await expect(page.locator(".bubble.in").last).to_contain_text("while you were away")
    await expect(page.locator("#offline")).to_be_hidden()
    assert await page.input_value("#answer") == "Come at ni"
    assert await page.evaluate(SAME), "it was loaded anew"


async def _ends_and_comes_back(product: Product, page: Page, person: Person) -> None:
    """What is sent meanwhile waits in the page, and goes out once."""
    assert await product.terminate() == 0
    await page.fill("#answer", "Come at nine")
    await page.get_by_role("button", name="Send").click()
    await expect(page.locator(".waits-for-network")).to_be_visible()
    await product.start()
    await expect(page.locator(".bubble.out")).to_contain_text("Come at nine")
    await person.hears()
    assert [message.text for message in person.messages].count("Come at nine") == 1
    await person.says("thank you")
    await expect(page.locator(".bubble.in").last).to_contain_text("thank you")
