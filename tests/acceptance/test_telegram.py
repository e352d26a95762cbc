"""Dialogues D1, D2 and D7 over Telegram, as a person taps them."""

from __future__ import annotations

from datetime import timedelta

from bot.app import House
from bot.sandbox.telegram import TelegramServer
from bot.testing import FakeClock
from storage.requests import open_requests

ENGLISH = [
    "English", "OK, continue", "Driving licence", "Start", "No", "Refugee status", "Yes", "Done", "Yes",
    "No, a normal one", "Yes", "6 months or more", "Done", "Done", "A or B", "No", "Done", "Done", "Done", "Done",
]  # fmt: skip


def labels(message) -> list[str]:
    return [label for row in message.buttons for label, _ in row]


async def tap(person, label: str):
    shown = person.messages[-1]
    await person.presses(next(item for item in labels(shown) if item.endswith(label)))
    return (await person.hears())[-1]


async def test_a_person_whose_phone_speaks_farsi_reaches_home_in_three_taps(
    house: House, telegram: TelegramServer
) -> None:
    person = telegram.person(1001, language_code="fa")
    await person.starts()
    (picker,) = await person.hears()
    assert labels(picker)[0] == "دری"
    consent = await tap(person, "دری")
    assert "⁨Test bot⁩" in consent.text
    home = await tap(person, labels(consent)[0])
    assert len([label for label in labels(home) if label.startswith("🚗")]) == 1
    assert len(telegram.answered) == 2
    assert telegram.violations == []


async def test_the_guide_is_walked_to_its_end_with_right_numbers(house: House, telegram: TelegramServer) -> None:
    person = telegram.person(1002, language_code="en")
    await person.starts()
    await person.hears()
    numbers = []
    for label in ENGLISH:
        shown = await tap(person, label)
        first = shown.text.splitlines()[0]
        if "step" in first:
            numbers.append(first.split("step ")[1].split(" ●")[0].replace("⁨", "").replace("⁩", ""))
    assert numbers == [f"{n} of 8" for n in range(1, 9)]
    end = await tap(person, "Done")
    assert "You have reached the end." in end.text
    thanks = await tap(person, "Useful")
    assert "Thank you." in thanks.text
    assert telegram.violations == []


async def test_after_three_weeks_a_person_continues_and_an_old_button_is_harmless(
    house: House, telegram: TelegramServer, clock: FakeClock
) -> None:
    person = telegram.person(1003, language_code="en")
    await person.starts()
    await person.hears()
    for label in ENGLISH[:14]:
        shown = await tap(person, label)
    assert "step ⁨4⁩" not in shown.text
    old = next(message for message in person.messages if "Collect the papers" in message.text)
    clock.forward(timedelta(days=21))
    await person.says("سلام")
    (welcome,) = await person.hears()
    assert "Welcome back" in welcome.text
    await person.presses("✅ Done", old)
    (still,) = await person.hears()
    assert "This button is old" in still.text


async def test_a_request_stands_in_the_log_with_its_place(house: House, telegram: TelegramServer) -> None:
    person = telegram.person(1004, language_code="en")
    await person.starts()
    await person.hears()
    for label in ENGLISH[:7]:
        await tap(person, label)
    confirmed = await tap(person, "I am stuck")
    assert "Request number ⁨1⁩" in confirmed.text
    assert "nobody can answer in this chat yet" in confirmed.text
    (row,) = await house.database.read(open_requests)
    assert (row.number, row.type, row.guide, row.step) == (1, "step_help", "driving-licence", "look")
