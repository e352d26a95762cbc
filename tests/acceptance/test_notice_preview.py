"""The composer's bubbles beside what people really see: on our own page picture by picture, else word by word (C10)."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from bot.channels.whatsapp import webhook
from bot.house import House
from bot.sandbox.phone import WHATSAPP_PEOPLE, add_phone
from bot.sandbox.telegram import TelegramServer
from bot.sandbox.whatsapp import WhatsAppServer
from bot.testing import FakeClock
from notices.buttons import Does, NoticeButton, dump
from notices.lifecycle import Move
from storage import notices
from tests.acceptance.broadcasting import act, ended, ready, written
from tests.acceptance.chromium import CHROMIUM, launched
from tests.acceptance.desk_browsers import seat, session_of
from tests.acceptance.houses import TOKEN, browser, running, served
from tests.acceptance.pages import Visitor
from tests.acceptance.test_browser import page_of
from tests.acceptance.walks import arrive
from tests.acceptance.whatsapp_houses import WhatsAppHouse, whatsapp_settings

pytestmark = pytest.mark.skipif(
    shutil.which(CHROMIUM) is None,
    reason=f"LEFT OUT: there is no {CHROMIUM}: nobody knows whether the preview is true (apt-get install chromium)",
)
#: Words in which order is lost easily: numbers, a Latin name, two lines, one of which is broken by its width.
TEXTS = {
    "en": ("Room moved", "The class is in room 2.\nAsk at +381 60 0000 000, 09:00-17:00, every day in the same place."),
    "ar": ("تغيّرت القاعة", "الدرس في القاعة 2 في Subotica.\nاسألوا على +381 60 0000 000 من 09:00-17:00 كل يوم."),
    "sr_Latn": ("Nova prostorija", "Čas je u sobi 2.\nPitajte na +381 60 0000 000, od 09:00-17:00, svakog dana."),
}  # fmt: skip
PAGE = "https://example.org/form"
NAMES = {"en": "English", "ar": "العربية", "sr_Latn": "Srpski"}
TELEGRAM_PEOPLE = {"en": 1001, "ar": 1002, "sr_Latn": 1004}
ON_WHATSAPP = dict(zip(("en", "ar"), WHATSAPP_PEOPLE, strict=True))
PHONES = {"telegram": TELEGRAM_PEOPLE, "whatsapp": ON_WHATSAPP}
#: The same width, letters and colours on both pages; which words, which way and how bold is left as each page has it.
ALIKE = """
  .alike { position: fixed !important; inset: 0 auto auto 0 !important; z-index: 99; inline-size: 300px !important;
    max-inline-size: none !important; margin: 0 !important; padding: 8px !important; border: 0 !important;
    border-radius: 0 !important; background: #fff !important; }
  .alike p { margin: 0 !important; padding: 0 !important; border: 0 !important; min-height: 0 !important;
    font: 16px/26px sans-serif !important; color: #000 !important; overflow-wrap: anywhere !important; }
  .alike p.title { font-weight: 700 !important; }
  .alike .heard { display: none !important; }
"""
#: Lines from top to bottom: words, the way that they run, how bold.
SEEN = """bubble => [...bubble.querySelectorAll('p')]
  .map(line => [line.getBoundingClientRect().top, line])
  .sort(([one], [other]) => one - other)
  .map(([, line]) => [line.innerText, getComputedStyle(line).direction, getComputedStyle(line).fontWeight >= 600])"""


async def picture(page: Page, bubble: Locator) -> bytes:
    """The bubble by itself, as its page shows it at a width that both have."""
    # Made by script, because no page of ours takes styles from elsewhere.
    await page.evaluate(
        "css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css); document.adoptedStyleSheets = [sheet] }",
        ALIKE,
    )
    await bubble.evaluate("bubble => bubble.classList.add('alike')")
    taken = await bubble.screenshot(animations="disabled")
    await bubble.evaluate("bubble => bubble.classList.remove('alike')")
    return taken


async def rows_of(page: Page, row: str, button: str) -> list[list[str]]:
    """What can be pressed, row by row as it stands there."""
    return [await one.locator(button).all_inner_texts() for one in await page.locator(row).all()]


@asynccontextmanager
async def chatting(chromium: Browser, site: str, language: str) -> AsyncIterator[Page]:
    """Somebody in the web chat who speaks this language and agreed to saving; the page is not open yet."""
    async with browser(site) as http, page_of(chromium, site) as page:
        visitor = Visitor(http)
        await visitor.opens()
        await visitor.taps(NAMES[language])
        await visitor.taps(visitor.page.labels[0])
        await page.context.add_cookies(
            [{"name": name, "value": value, "url": site} for name, value in http.cookies.items()]
        )
        yield page


async def preview_of(desk: Page, language: str, channel: str) -> None:
    """The composer, opened at this language, with one channel's bubble alone."""
    await desk.goto(f"/desk/notices/1?lang={language}")
    await desk.evaluate(
        "channel => document.querySelectorAll(`.phone:not(.${channel})`).forEach(one => one.remove())", channel
    )


async def on_phone(page: Page, person: int) -> tuple[list[str], str, list[str]]:
    """The newest message on the sandbox's phone: its lines, their direction, its buttons.

    That phone shows WhatsApp's marks for bold as they are sent, and of a row with two lines the second one alone.
    """
    await page.locator("#people").select_option(str(person))
    newest = page.locator("#chat li.bot").last
    await expect(newest.locator(".keys").first).to_be_visible()
    bubble = newest.locator(".bubble")
    way = await bubble.evaluate("bubble => getComputedStyle(bubble).direction")
    lines = [line.strip("*") for line in (await bubble.inner_text()).splitlines()]
    return lines, way, [without_icon(label) for label in await newest.locator(".keys > *").all_inner_texts()]


def without_icon(label: str) -> str:
    """The words of a button."""
    first, _, rest = label.replace("\u00a0", " ").partition(" ")
    return label if any(sign.isalnum() for sign in first) else rest


@asynccontextmanager
async def sandbox(
    folder: Path, clock: FakeClock, telegram: TelegramServer
) -> AsyncIterator[tuple[House, str, WhatsAppServer]]:
    """A house on all three channels with the phone of `izi sandbox` beside its desk."""
    async with WhatsAppServer(clock=clock) as whatsapp:
        on_telegram = {"telegram_token": TOKEN, "telegram_api_url": telegram.base_url, "telegram_rate": 1000}
        async with (
            running(whatsapp_settings(folder, whatsapp, **on_telegram), clock) as house,
            served(house, partial(add_phone, server=telegram, whatsapp=whatsapp)) as site,
        ):
            whatsapp.hook.address = site + webhook.PATH
            yield house, site, whatsapp


async def a_draft(house: House) -> int:
    """A notice with two buttons of its author, ready to go; its broadcast."""
    notice = await written(house, TEXTS)
    link = NoticeButton(Does.LINK, PAGE, {"en": "The form", "ar": "الاستمارة", "sr_Latn": "Obrazac"})
    buttons = dump((link, NoticeButton(Does.GUIDE, "driving-licence")))
    await house.database.write(lambda unit: notices.set_about(unit, notice, buttons=buttons))
    return await ready(house, notice)


async def test_what_the_composer_shows_is_what_people_see_on_each_channel_in_three_languages(
    telegram: TelegramServer, tmp_path: Path, clock: FakeClock
) -> None:
    async with (
        sandbox(tmp_path, clock, telegram) as (house, site, whatsapp),
        launched() as chromium,
        chatting(chromium, site, "en") as english,
        chatting(chromium, site, "ar") as arabic,
        chatting(chromium, site, "sr_Latn") as serbian,
    ):
        here = WhatsAppHouse(house, whatsapp, site)
        agree = {language: house.worlds().catalog.text(language, "bot.consent.ok").string for language in TEXTS}
        for language, id in TELEGRAM_PEOPLE.items():
            await arrive(telegram.person(id), (NAMES[language], agree[language]))
        for language, id in ON_WHATSAPP.items():
            await here.arrives((NAMES[language], agree[language]), WHATSAPP_PEOPLE[id])
        number = await a_draft(house)
        session = await session_of(house, "coordinator A", "coordinator")
        async with seat(chromium, site, session) as desk:
            promised = {language: await on_our_page(desk, language) for language in TEXTS}
            words = {
                (language, channel): await in_words(desk, language, channel) for language in TEXTS for channel in PHONES
            }
            await english.goto("/chat")  # open while it comes; the other two are opened afterwards
            await act(house, number, Move.STARTED)
            await ended(house, number)
            for language, page in (("en", english), ("ar", arabic), ("sr_Latn", serbian)):
                assert await as_received(page) == promised[language], language
                await expect(page.locator(".choices a")).to_have_attribute("href", PAGE)
            assert len({taken for _, _, taken in promised.values()}) == len(TEXTS), "pictures show something"
            await desk.goto("/sandbox")
            for (language, channel), said in words.items():
                person = PHONES[channel].get(language)
                if person is not None:
                    assert await on_phone(desk, person) == said, (language, channel)


async def on_our_page(desk: Page, language: str) -> tuple[Any, list[list[str]], bytes]:
    """The bubble of our own chat page as the composer promises it: lines, buttons, picture."""
    await preview_of(desk, language, "webchat")
    bubble = desk.locator(".phone .said")
    return await bubble.evaluate(SEEN), await rows_of(desk, ".keys-of-it", "span"), await picture(desk, bubble)


async def as_received(page: Page) -> tuple[Any, list[list[str]], bytes]:
    """The newest message of the chat page, in the same form."""
    if page.url == "about:blank":
        await page.goto("/chat")
    bubble = page.locator(".log li.in").last
    await expect(bubble).to_contain_text("+381")
    return await bubble.evaluate(SEEN), await rows_of(page, ".choices .row", "button, a"), await picture(page, bubble)


async def in_words(desk: Page, language: str, channel: str) -> tuple[list[str], str, list[str]]:
    """The bubble of another channel: its lines, their direction, its buttons."""
    await preview_of(desk, language, channel)
    lines = await desk.locator(".phone .said p").all_inner_texts()
    way = await desk.locator(".phone .screen").evaluate("screen => getComputedStyle(screen).direction")
    labels = await desk.locator(".phone .keys-of-it span").all_inner_texts()
    return lines, way, [without_icon(label) for label in labels]
