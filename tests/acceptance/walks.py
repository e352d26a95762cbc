"""Dialogues D1, D2 and D7 as a person taps them on Telegram. Each holds for every client that the house may use."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from bot.app import Connect
from bot.house import House
from bot.loading import CONTENT
from bot.sandbox.chats import BotMessage
from bot.sandbox.people import Person
from bot.sandbox.telegram import TelegramServer
from bot.testing import FakeClock
from content.load import Pack, load_country
from tests.acceptance.houses import eventually, running, settings_for, stored

#: The way of a refugee with a valid, plain licence of category B, from the language to the last step.
TO_THE_LAST_STEP = (
    "English", "OK, continue", "Driving licence", "Start", "No", "Refugee status", "Yes", "Done", "Yes",
    "No, a normal one", "Yes", "6 months or more", "Done", "Done", "A or B", "No", "Done", "Done", "Done", "Done",
)  # fmt: skip
TO_THE_FIRST_STEP = TO_THE_LAST_STEP[:7]
TO_THE_SECOND_STEP = TO_THE_LAST_STEP[:12]
TO_THE_THIRD_STEP = TO_THE_LAST_STEP[:13]
ISOLATES = str.maketrans("", "", "\u2066\u2067\u2068\u2069")
LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
OUR_NAMES = {"Test", "bot", "organisation", "English", "Srpski", "COVID"}


def plain(text: str) -> str:
    """A text without the invisible marks that keep directions apart."""
    return text.translate(ISOLATES)


def labels(message: BotMessage) -> list[str]:
    """What the buttons of a message say, top to bottom."""
    return [label for row in message.buttons for label, _ in row]


async def tap(person: Person, label: str) -> BotMessage:
    """Press the button of the newest message whose label ends like this; what the bot shows then."""
    await person.presses(
        next(item for item in labels(person.messages[-1]) if item.endswith(label)), person.messages[-1]
    )
    return (await person.hears())[-1]


async def arrive(person: Person, taps: Sequence[str] = ()) -> BotMessage:
    """Start, and tap a way through; the last screen."""
    await person.starts()
    (shown,) = await person.hears()
    for label in taps:
        shown = await tap(person, label)
    return shown


async def first_contact(house: House, telegram: TelegramServer) -> None:
    """D1: a phone that speaks Pashto is proposed Dari and reaches home in three taps, all of it in Dari."""
    person = telegram.person(1001, language_code="ps")
    picker = await arrive(person)
    assert labels(picker)[0] == "دری"
    consent = await tap(person, "دری")
    assert "⁨Test bot⁩" in consent.text
    home = await tap(person, labels(consent)[0])
    assert [label[:1] for label in labels(home)[:3]] == ["🚗", "🩺", "🦠"]
    assert [label[:1] for label in labels(home)[-3:]] == ["➡", "🏠", "🙋"]
    for screen in (consent, home):
        words = LATIN_WORD.findall(" ".join([screen.text, *labels(screen)]))
        assert set(words) <= OUR_NAMES
    ((version, locale, choice),) = stored(house, "SELECT version, locale, choice FROM consent")
    assert (version, locale, choice) == (house.worlds().pack.consent.version, "fa_AF", "full")
    await eventually(lambda: len(telegram.answered) == 2)
    assert telegram.violations == []


async def guide_to_the_end(house: House, telegram: TelegramServer, clock: FakeClock) -> None:
    """D2: steps are counted right, Back keeps the place, and feedback is asked once."""
    person = telegram.person(1002, language_code="en")
    await person.starts()
    await person.hears()
    shown = [await tap(person, label) for label in TO_THE_LAST_STEP]
    headings = [plain(screen.text.splitlines()[0]) for screen in shown]
    numbers = [re.findall(r"step (\d) of (\d)", heading) for heading in headings]
    assert [found[0] for found in numbers if found] == [(str(n), "8") for n in range(1, 9)]
    earlier = await tap(person, "Back")
    assert "step 7 of 8" in plain(earlier.text)
    assert "step 8 of 8" in plain((await tap(person, "Done")).text)
    end = await tap(person, "Done")
    assert "You have reached the end." in end.text
    assert "Was it useful?" in end.text
    thanks = await tap(person, "Useful")
    assert "Thank you." in thanks.text
    clock.forward(timedelta(minutes=1))  # a second press in ten seconds would be a double tap
    await person.presses("👍 Useful", end.id)
    (again,) = await person.hears()
    assert "Was it useful?" not in again.text
    assert stored(house, "SELECT guide, locale, value FROM feedback") == [("driving-licence", "en", "good")]
    assert telegram.violations == []


async def back_after_three_weeks(folder: Path, telegram: TelegramServer, clock: FakeClock, connect: Connect) -> None:
    """D7: the guide has changed meanwhile, the language changes, and an old button is harmless."""
    person = telegram.person(1003, language_code="fa")
    settings = settings_for(folder / "var", telegram)
    async with running(settings, clock, connect=connect):
        step_three = await arrive(person, TO_THE_THIRD_STEP)
        assert "step 3 of 8" in plain(step_three.text)
        old = next(message for message in person.messages if "step 2 of 8" in plain(message.text))
    clock.forward(timedelta(days=21))
    changed = _pack_with_a_change(folder / "content")
    async with running(settings, clock, connect=connect, read=lambda country: changed) as house:
        await person.says("سلام")
        (welcome,) = await person.hears()
        assert "Welcome back" in welcome.text
        assert welcome.id != step_three.id
        assert "step 3 of 8" in plain(welcome.text)
        assert "The fee is new." in welcome.text
        changes = await tap(person, "What changed")
        assert "The fee is new." in changes.text
        await person.says("دری")
        (same,) = await person.hears()
        assert same.id == changes.id
        await person.says("English")
        await person.hears()
        assert "step 3 of 8" in plain((await tap(person, "Continue")).text)
        await person.presses("✅ Done", old)
        (still,) = await person.hears()
        assert "This button is old" in still.text
        assert "step 3 of 8" in plain(still.text)
        assert len(stored(house, "SELECT 1 FROM consent")) == 1
    assert telegram.violations == []


def _pack_with_a_change(folder: Path) -> Pack:
    shutil.copytree(CONTENT, folder)
    guide = folder / "guides" / "serbia" / "driving-licence.yaml"
    change = 'changes:\n  - {date: 2026-12-01, text: "The fee is new."}\n'
    guide.write_text(guide.read_text().replace("changes: []\n", change))
    pack = load_country(folder, "serbia")
    assert pack.broken == ()
    return pack
