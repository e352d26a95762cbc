"""Pictures of the desk for the README: `python -m tests.acceptance.desk_screenshots`. Needs chromium; nobody's data."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Browser, async_playwright

from bot.testing import FakeClock
from tests.acceptance.chromium import ARGUMENTS, CHROMIUM
from tests.acceptance.desk_browsers import COOKIE, LAPTOP, PHONE, TABLET, ask_in, seat, session_of, stuck
from tests.acceptance.houses import browser, running, served, settings_for
from tests.acceptance.pages import Visitor
from tests.acceptance.screenshots import FOLDER, TO_STEP_ONE

SIZES = {"1440": LAPTOP, "900": TABLET, "390": PHONE}
ARABIC_ANSWER = "اذهب إلى الشباك 3. الرقم +381 11 123-456 والرسم 12.500 RSD."


async def talk(site: str, session: str, clock: FakeClock) -> None:
    """Three who ask; the one who speaks Arabic is answered. The numbers are made up."""
    async with browser(site) as chat, browser(site) as http, stuck(site) as other, stuck(site):
        visitor = Visitor(chat)
        await ask_in(visitor, "العربية", TO_STEP_ONE)
        await visitor.says("أرسلوني بعيدا بدون سبب")
        await other.says("They sent me away")
        http.cookies.set(COOKIE, session)
        clock.forward(timedelta(minutes=4))
        await http.post("/desk/requests/3/claim")
        clock.forward(timedelta(minutes=1))
        await http.post("/desk/requests/3/answer", data={"text": ARABIC_ANSWER})
        await http.post("/desk/requests/3/note", data={"text": "Window 3 is open until 13:00"})
        clock.forward(timedelta(minutes=9))
        await visitor.says("شكرا، أين هو؟")


async def take(chromium: Browser, site: str, session: str) -> None:
    """The list and the Arabic thread, on a laptop, a tablet and a phone, light and dark."""
    for width, size in SIZES.items():
        for scheme in ("light", "dark"):
            async with seat(chromium, site, session, size, color_scheme=scheme) as page:
                for name, path in (("list", "/desk?tab=all"), ("thread", "/desk/requests/3")):
                    await page.goto(path)
                    await page.screenshot(path=FOLDER / f"desk-{name}-{width}-{scheme}.png")


async def main() -> None:
    """Run a house in a folder that is thrown away, and photograph its desk."""
    FOLDER.mkdir(exist_ok=True)
    clock = FakeClock()
    with TemporaryDirectory() as folder:
        settings = settings_for(Path(folder), bot_name="IZI", organisation="Example organisation")
        async with running(settings, clock) as house, served(house) as site, async_playwright() as playwright:
            session = await session_of(house, "assistant A", "coordinator", languages="en ar")
            await talk(site, session, clock)
            chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
            await take(chromium, site, session)
            await chromium.close()


if __name__ == "__main__":
    asyncio.run(main())
