"""Dialogues D1, D2 and D7 over Telegram with our own client, and what else a person does there."""

from __future__ import annotations

from pathlib import Path

from bot.channels.telegram.client import Api
from bot.house import House
from bot.sandbox.telegram import TelegramServer
from bot.testing import FakeClock
from storage import messages
from storage.requests import open_requests
from tests.acceptance import walks
from tests.acceptance.walks import LATIN_WORD, TO_THE_FIRST_STEP, arrive, labels, plain, tap


async def test_a_person_whose_phone_speaks_pashto_reaches_home_in_three_taps(
    house: House, telegram: TelegramServer
) -> None:
    await walks.first_contact(house, telegram)


async def test_the_guide_is_walked_to_its_end_with_right_numbers(
    house: House, telegram: TelegramServer, clock: FakeClock
) -> None:
    await walks.guide_to_the_end(house, telegram, clock)


async def test_after_three_weeks_a_person_continues_and_an_old_button_is_harmless(
    tmp_path: Path, telegram: TelegramServer, clock: FakeClock
) -> None:
    await walks.back_after_three_weeks(tmp_path, telegram, clock, Api)


async def test_a_request_stands_in_the_log_with_its_place(house: House, telegram: TelegramServer) -> None:
    person = telegram.person(1004, language_code="en")
    await arrive(person, TO_THE_FIRST_STEP)
    confirmed = await tap(person, "I am stuck")
    assert "Request number 1" in plain(confirmed.text)
    assert "answers here by" in plain(confirmed.text)
    (row,) = await house.database.read(open_requests)
    assert (row.number, row.type, row.guide, row.step) == (1, "step_help", "driving-licence", "look")


async def test_things_that_nobody_looks_at_get_a_line_of_their_own_and_the_person_button(
    house: House, telegram: TelegramServer
) -> None:
    person = telegram.person(1005, language_code="en")
    home = await arrive(person, TO_THE_FIRST_STEP[:2])
    sends = (person.sends_voice(18), person.sends_photo(), person.sends_document(), person.sends_sticker())
    said = ("Got it (0:18)", "I cannot look at photos", "I cannot open files", "Good to hear from you")
    for send, line in zip(sends, said, strict=True):
        await send
        (answer,) = await person.hears()
        assert line in plain(answer.text)
        assert labels(answer)[-3:] == labels(home)[-3:] == ["⬅️ Back", "🏠 Home", "🙋 Person"]


async def test_a_cry_for_help_reaches_a_person_before_a_language_was_chosen(
    house: House, telegram: TelegramServer
) -> None:
    person = telegram.person(1006, language_code="ar")
    await person.says("زوجي يضربني")
    (card,) = await person.hears()
    assert plain(card.text).splitlines()[1].startswith("📞 192")
    confirmed = await tap(person, labels(card)[0])
    assert plain(confirmed.text).splitlines()[0].startswith("📞 192")
    assert not LATIN_WORD.search(confirmed.text.replace("Test organisation", ""))
    await person.says("أنا في البيت")
    (joined,) = await person.hears()
    (row,) = await house.database.read(open_requests)
    assert (row.type, row.urgent, row.locale) == ("urgent", True, "ar")
    (said,) = await house.database.read(lambda unit: messages.of_request(unit, row.number))
    assert said.text == "أنا في البيت"
    assert str(row.number) in joined.text
    assert telegram.violations == []
