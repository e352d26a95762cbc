"""The newcomer's side of notices, end to end: who follows a place, a question (D12), stop, reminders."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.house import House
from bot.sandbox.chats import BotMessage
from bot.sandbox.people import Person
from bot.sandbox.telegram import TelegramServer
from bot.testing import FakeClock
from notices.audience import Audience
from notices.lifecycle import Move
from storage import notices
from tests.acceptance.broadcasting import act, ended, fates, ready, sent, written
from tests.acceptance.colleagues import sign_in
from tests.acceptance.houses import eventually, running, served, settings_for, stored
from tests.acceptance.walks import TO_THE_LAST_STEP, arrive, labels, plain, tap

HOME = ("English", "OK, continue")
CAFE = {"en": ("Language café", "We meet at 17:00."), "ar": ("مقهى اللغة", "نلتقي الساعة 17:00.")}


@pytest.fixture
async def desk(house: House) -> AsyncIterator[str]:
    """The address of the house that is on Telegram too."""
    async with served(house) as address:
        yield address


async def hears(person: Person, words: str) -> BotMessage:
    """Write something; the newest message that comes back."""
    await person.says(words)
    return (await person.hears())[-1]


async def says(person: Person, words: str) -> str:
    """Write something; the words that come back."""
    return plain((await hears(person, words)).text)


async def test_who_follows_a_place_hears_its_news_asks_about_them_and_finds_them_again(
    house: House, telegram: TelegramServer, clock: FakeClock, desk: str
) -> None:
    follows, other = (telegram.person(3000 + n, language_code="en") for n in range(2))
    await arrive(other, HOME)
    await arrive(follows, (*HOME, "News and events", "My town"))
    assert "My town: Subotica" in await says(follows, "суботица")
    notice = await written(house, CAFE)
    number = await ready(house, notice, Audience(places=("subotica",)))
    await act(house, number, Move.STARTED)
    await ended(house, number)
    assert await fates(house, number) == {("sent", ""): 1}
    (came,) = await follows.hears()
    assert "Language café" in came.text

    answer = await says(follows, "can i bring children")
    assert "Your question about: Language café" in answer
    assert "Request number 1. We have it." in answer
    async with sign_in(house, desk, "A colleague") as colleague:
        page = plain((await colleague.get("/desk/requests/1")).text)
        assert f"Notice {notice}: Language café" in page
        assert "can i bring children" in page
        assert "subotica" not in page
        assert "Subotica" in page

    clock.forward(timedelta(hours=1))
    await follows.presses("🙋 Ask a question", came)
    assert "Your question about: Language café" in plain((await follows.hears())[-1].text)
    assert "Language café" in await says(follows, "/news")
    assert "There is no news for you now." in await says(other, "новости")
    await house.database.write(lambda unit: notices.set_text(unit, notice, "en", "Café at 18:00", "Later."))
    assert "Café at 18:00" in await says(follows, "/news")
    assert "Later." in (await tap(follows, "Café at 18:00")).text
    await says(follows, "العربية")
    assert "مقهى اللغة" in await says(follows, "أخبار")
    await house.database.write(lambda unit: notices.mark_withdrawn(unit, notice))
    assert "مقهى" not in await says(follows, "/news")
    assert telegram.violations == []


async def test_who_stopped_is_in_no_audience_and_is_still_answered(house: House, telegram: TelegramServer) -> None:
    person = telegram.person(3010, language_code="en")
    await arrive(person, (*HOME, "News and events"))
    await says(person, "قف")
    number = await sent(house, await written(house))
    assert await fates(house, number) == {("skipped", "stopped"): 1}
    assert "Driving licence" in " ".join(labels(await hears(person, "driving licence")))
    await says(person, "/news")
    await tap(person, "Choose my news")
    await tap(person, "Allow notices")
    number = await sent(house, await written(house))
    assert (await fates(house, number))["sent", ""] == 1


async def test_a_reminder_and_a_phrase_come_by_the_clock_of_a_house_that_was_started_anew(
    tmp_path: Path, telegram: TelegramServer, clock: FakeClock
) -> None:
    person = telegram.person(3020, language_code="en")
    settings = settings_for(tmp_path, telegram)
    async with running(settings, clock) as house:
        await arrive(person, TO_THE_LAST_STEP[:16])
        await tap(person, "Tell the date")
        await tap(person, "Today")
        assert "We remind you on Friday 23 April 2027." in plain((await tap(person, "Remind me")).text)
        await says(person, "/phrases")
        await tap(person, "Start")
    clock.moment = datetime(2026, 11, 24, 8, 0, 1, tzinfo=UTC)
    async with running(settings, clock):
        (phrase,) = await person.hears()
        assert "Dobar dan." in phrase.text
        assert "Stopped" not in (await tap(person, "Stop this")).text
    clock.moment = datetime(2027, 4, 23, 7, 0, 1, tzinfo=UTC)
    async with running(settings, clock) as house:
        (reminder,) = await person.hears()
        assert plain(reminder.text) == "🔔 Reminder from Test bot. Open it to read."
        assert "Last day to hand in the certificate: Sunday 23 May 2027." in plain((await tap(person, "Open")).text)
        await eventually(lambda: not stored(house, "SELECT 1 FROM timer"))
    assert telegram.violations == []
