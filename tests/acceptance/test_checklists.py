"""D2 and R15 over Telegram: the checklist is one message, its ticks outlive the house, and they go with the person."""

from __future__ import annotations

from pathlib import Path

from bot.house import House
from bot.sandbox.telegram import TelegramServer
from bot.testing import FakeClock
from tests.acceptance.houses import eventually, running, settings_for, stored
from tests.acceptance.walks import TO_THE_FIRST_STEP, arrive, labels, plain, tap

TO_THE_EXAM = (
    *TO_THE_FIRST_STEP, "Done", "Yes", "No, a normal one", "Yes", "6 months or more", "Done", "Done", "A or B", "No",
)  # fmt: skip
LAST_DAY = "Last day to hand in the certificate: Thursday 20 May 2027."
TO_THE_LIST = ("English", "OK, continue", "Driving licence", "What do I need?")


async def test_ticks_are_edited_into_one_message_and_stand_after_a_restart(
    tmp_path: Path, telegram: TelegramServer, clock: FakeClock
) -> None:
    person = telegram.person(1201, language_code="en")
    settings = settings_for(tmp_path, telegram)
    async with running(settings, clock):
        message = (await arrive(person, TO_THE_LIST)).id
        assert "0 of 7 ready" in plain(person.messages[-1].text)
        for count, paper in enumerate(("Foreign licence", "Translation"), 1):
            shown = await tap(person, paper)
            assert (shown.id, f"{count} of 7 ready" in plain(shown.text)) == (message, True)
    async with running(settings, clock) as house:
        shown = await tap(person, "Proof of residence")
        assert shown.id == message
        assert "3 of 7 ready" in plain(shown.text)
        assert [label[:1] for label in labels(shown)[:7]] == ["✅", "✅", "☐", "✅", "☐", "☐", "☐"]
        await person.says("العربية")
        (again,) = await person.hears()
        assert again.text.count("✅") == 3
        await person.says("English")
        await person.hears()
        step = await tap(person, "Start")
        assert "Are you afraid" in step.text
        old = next(message for message in person.messages if message.id == again.id)
        await person.presses("✅ Translation", old)
        (below,) = await person.hears()
        assert below.id > step.id
        assert "2 of 7 ready" in plain(below.text)
        assert stored(house, "SELECT guide, paper FROM tick ORDER BY paper") == [
            ("driving-licence", "licence"),
            ("driving-licence", "residence"),
        ]
    assert telegram.violations == []


async def test_typed_numbers_tick_and_a_list_that_is_full_leads_into_the_guide(
    house: House, telegram: TelegramServer
) -> None:
    person = telegram.person(1202, language_code="en")
    await arrive(person, TO_THE_LIST)
    await person.says("1 2 3 4 5 6 7")
    (shown,) = await person.hears()
    assert "You have everything." in shown.text
    assert "Are you afraid" in (await tap(person, "Start")).text
    assert telegram.violations == []


async def test_ticks_go_when_saving_is_taken_back_and_are_counted_before_they_are_deleted(
    house: House, telegram: TelegramServer
) -> None:
    person = telegram.person(1203, language_code="en")
    await arrive(person, TO_THE_LIST)
    await tap(person, "Foreign licence")
    await tap(person, "Medical certificate")
    await person.says("delete my data")
    (asked,) = await person.hears()
    assert "2 ticked papers" in plain(asked.text)
    for label in ("Cancel", "What we keep", "Without saving"):
        await tap(person, label)
    assert stored(house, "SELECT 1 FROM tick") == []
    assert telegram.violations == []


async def test_forgetting_a_person_deletes_their_ticks(house: House, telegram: TelegramServer) -> None:
    person = telegram.person(1204, language_code="en")
    await arrive(person, TO_THE_LIST)
    await tap(person, "Foreign licence")
    await person.says("delete my data")
    await person.hears()
    await tap(person, "Delete")
    assert stored(house, "SELECT 1 FROM tick") == []


async def test_who_uses_us_without_saving_has_a_list_without_boxes_until_they_agree(
    house: House, telegram: TelegramServer
) -> None:
    person = telegram.person(1205, language_code="en")
    shown = await arrive(person, ("English", "Without saving", "Driving licence", "What do I need?"))
    assert "You can tick papers when we may remember them." in shown.text
    assert not any("☐" in label for label in labels(shown))
    shown = await tap(person, "OK, remember them")
    assert "0 of 7 ready" in plain(shown.text)
    assert "1 of 7 ready" in plain((await tap(person, "Photo 50 × 50 mm")).text)
    assert telegram.violations == []


async def test_a_day_is_told_once_survives_a_restart_and_shows_the_last_day_at_home(
    tmp_path: Path, telegram: TelegramServer, clock: FakeClock
) -> None:
    person = telegram.person(1206, language_code="en")
    settings = settings_for(tmp_path, telegram)
    async with running(settings, clock) as house:
        step = await arrive(person, TO_THE_EXAM)
        asked = await tap(person, "Tell the date")
        assert asked.id == step.id
        await tap(person, "Another day")
        await person.says("۲۰/۱۱/۲۰۲۶")
        (shown,) = await person.hears()
        assert LAST_DAY in plain(shown.text)
        assert not any(b"2026" in sealed for (sealed,) in stored(house, "SELECT sealed FROM own_day"))
    async with running(settings, clock) as house:
        home = await tap(person, "Home")
        assert LAST_DAY in plain(home.text)
        await person.says("delete my data")
        (asked,) = await person.hears()
        assert "1 date that you told us" in plain(asked.text)
        await tap(person, "Delete")
        assert stored(house, "SELECT 1 FROM own_day") == []
    assert telegram.violations == []


async def test_a_step_is_shared_by_a_link_into_the_bot_once_telegram_has_told_its_name(
    house: House, telegram: TelegramServer
) -> None:
    await eventually(lambda: house.worlds().telegram_name)
    person = telegram.person(1207, language_code="en")
    await arrive(person, TO_THE_FIRST_STEP)
    shared = await tap(person, "Share this step")
    assert "https://t.me/sandbox_bot?start=driving-licence-look" in plain(shared.text)
    friend = telegram.person(1208, language_code="ar")
    await friend.says("/start driving-licence-look")
    await friend.hears()
    consent = await tap(friend, "العربية")
    read = await tap(friend, labels(consent)[0])
    assert house.worlds().catalog.text("ar", "driving-licence.look.title").string in read.text
    assert telegram.violations == []
