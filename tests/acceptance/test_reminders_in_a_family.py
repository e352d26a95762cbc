"""Reminders and a phrase a day on a phone that two people use: each says whose it is, and is stopped by nobody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.house import House
from bot.sandbox.telegram import TelegramServer
from bot.testing import FakeClock
from tests.acceptance.houses import stored
from tests.acceptance.test_event_in_a_family import heard, mother_and_son
from tests.acceptance.test_family import hand_on, says
from tests.acceptance.walks import labels, tap

MORNING = datetime(2026, 11, 24, 8, 0, 1, tzinfo=UTC)


async def test_a_phrase_of_who_does_not_write_now_says_whose_it_is_and_has_no_button_that_stops_another_one(
    house: House, telegram: TelegramServer, clock: FakeClock
) -> None:
    phone = await mother_and_son(telegram)
    await says(phone, "/phrases")
    await tap(phone, "Start")
    await hand_on(phone, "Son")
    clock.moment = MORNING
    said = await heard(phone)
    assert said.startswith("👥 For Mother:\n")
    assert "Dobar dan." in said
    assert labels(phone.messages[-1]) == ["👥 Mother"]
    await tap(phone, "Mother")
    clock.moment = MORNING + timedelta(days=1)
    said = await heard(phone)
    assert said.startswith("👥 For Mother:\n")
    assert any("Stop" in label for label in labels(phone.messages[-1]))
    assert telegram.violations == []


async def test_a_reminder_says_whose_it_is_in_their_language(
    house: House, telegram: TelegramServer, clock: FakeClock
) -> None:
    phone = await mother_and_son(telegram)
    await says(phone, "/reminders")
    clock.forward(timedelta(minutes=1))
    await tap(phone, "My work permit")
    await tap(phone, "Today")
    await hand_on(phone, "Son")
    await says(phone, "Français")
    ((at,),) = stored(house, "SELECT due_at FROM timer WHERE kind = 'remind'")
    clock.moment = datetime.fromisoformat(at).replace(tzinfo=UTC) + timedelta(seconds=1)
    assert await heard(phone) == "👥 For Mother:\n🔔 Reminder from Test bot. Open it to read."
    reminder = phone.messages[-1]
    await tap(phone, "Mother")
    await phone.presses("▶️ Open", reminder)
    assert "My work permit" in (await phone.hears())[-1].text
    assert telegram.violations == []
