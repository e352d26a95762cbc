"""Pictures of notices at the desk: `python -m tests.acceptance.notice_screenshots`. Needs chromium; nobody's data."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from playwright.async_api import Browser, Page, async_playwright

from bot.house import House
from bot.sandbox.telegram import TelegramServer
from bot.sandbox.whatsapp import WhatsAppServer
from bot.testing import FakeClock
from notices.lifecycle import Move
from notices.moving import move
from storage import notices
from storage.unit_of_work import Unit
from tests.acceptance.chromium import ARGUMENTS, CHROMIUM
from tests.acceptance.desk_browsers import COOKIE, LAPTOP, PHONE, seat, session_of
from tests.acceptance.houses import browser, eventually, running, served, stored
from tests.acceptance.screenshots import FOLDER
from tests.acceptance.walks import arrive, labels, tap
from tests.acceptance.whatsapp_houses import whatsapp_settings

SIZES = {"1440": LAPTOP, "390": PHONE}
#: How many read which language; invented.
PEOPLE: Mapping[str, int] = {"العربية": 9, "دری": 6, "English": 4, "Français": 2}
SENT = 6  # copies that have gone when the picture of the sending is taken
TEXTS: Mapping[str, tuple[str, str]] = {
    "en": ("Language class: new room", "The Serbian class on Thursday at 18:00 is in room 12.\nYou need no papers."),
    "ar": ("درس اللغة: قاعة جديدة", "درس اللغة الصربية يوم الخميس الساعة 18:00 في القاعة 12.\nلا تحتاج إلى أوراق."),
    "fa_AF": ("صنف زبان: اتاق نو", "صنف زبان صربی روز پنجشنبه ساعت 18:00 در اتاق 12 است.\nهیچ سندی لازم نیست."),
}


async def come(telegram: TelegramServer) -> None:
    """People on Telegram who agreed to saving."""
    number = 2000
    for language, many in PEOPLE.items():
        for _ in range(many):
            number += 1
            person = telegram.person(number, language_code="en")
            consent = await arrive(person, (language,))
            await tap(person, labels(consent)[0])


async def written(http: httpx.AsyncClient) -> str:
    """A notice for everybody, in three languages; French is lacking. The address of its page."""
    at = str((await http.post("/desk/notices", data={"category": "event"})).url.path)
    for locale, (title, body) in TEXTS.items():
        await http.post(f"{at}/text", data={"locale": locale, "title": title, "body": body})
    about = {"category": "event", "valid_until": "2026-12-03", "does_0": "guide", "guide_0": "driving-licence"}
    await http.post(f"{at}/about", data=about)
    return at


def agreed(unit: Unit) -> None:
    """As if it had been tested in every language, and a second person had agreed."""
    for locale in TEXTS:
        notices.mark_tested(unit, 1, locale)
    for act in (Move.SUBMITTED, Move.APPROVED, Move.STARTED):
        move(unit, 1, act, None, confirmed=21)


async def take(chromium: Browser, site: str, session: str, name: str, path: str, part: str = "") -> None:
    """One page on a laptop and on a phone, light; on the laptop dark, too. part: what is brought into view."""
    for width, size in SIZES.items():
        for scheme in ("light", "dark") if width == "1440" else ("light",):
            async with seat(chromium, site, session, size, color_scheme=scheme) as page:
                await page.goto(path)
                await shown(page, part)
                await page.screenshot(path=FOLDER / f"desk-{name}-{width}-{scheme}.png")


async def shown(page: Page, part: str) -> None:
    if part:
        await page.locator(part).evaluate("one => one.scrollIntoView({block: 'start'})")


async def photograph(house: House, site: str, telegram: TelegramServer) -> None:
    """All pictures."""
    session = await session_of(house, "coordinator A", "coordinator")
    await come(telegram)
    async with browser(site) as http, async_playwright() as playwright:
        http.cookies.set(COOKIE, session)
        at = await written(http)
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        await take(chromium, site, session, "notice", at)
        await take(chromium, site, session, "notice-texts", f"{at}?lang=ar", "#texts")
        await http.post(f"{at}/choose", data={"locale": "fr", "choice": "fallback"})
        await house.database.write(agreed)
        await eventually(lambda: stored(house, "SELECT count(*) FROM delivery WHERE outbox_id IS NOT NULL")[0][0] > 20)
        await eventually(
            lambda: stored(house, "SELECT count(*) FROM outbox WHERE cls = 2 AND state = 'sent'")[0][0] > 6
        )
        await take(chromium, site, session, "notice-live", at)
        await chromium.close()


async def main() -> None:
    """Run a house in a folder that is thrown away, and photograph it. It sends slowly, so that one can look on."""
    FOLDER.mkdir(exist_ok=True)
    clock = FakeClock()
    with TemporaryDirectory() as folder:
        async with TelegramServer(token="1:test") as telegram, WhatsAppServer(clock=clock) as whatsapp:
            names = {"bot_name": "IZI", "organisation": "Example organisation", "telegram_name": "izi_example_bot"}
            both = {"telegram_token": "1:test", "telegram_api_url": telegram.base_url, "telegram_rate": 1}
            settings = whatsapp_settings(Path(folder), whatsapp, **names, **both)
            async with running(settings, clock) as house, served(house) as site:
                await photograph(house, site, telegram)


if __name__ == "__main__":
    asyncio.run(main())
