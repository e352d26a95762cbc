"""Dialogue D11 whole: stop and undo, what we know, the files to take along, the chat cleared, everything deleted."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import timedelta

from bot.house import House
from bot.sandbox.faults import LostAnswer, Rule
from bot.sandbox.people import Person
from bot.sandbox.telegram import TelegramServer
from bot.testing import FakeClock
from storage.forgetting import GOODBYE, finish_forgetting
from storage.unit_of_work import Unit
from tests.acceptance.houses import browser, eventually, served, stored
from tests.acceptance.pages import Visitor
from tests.acceptance.test_media import files, in_request, kept, newest
from tests.acceptance.walks import TO_THE_FIRST_STEP, TO_THE_SECOND_STEP, arrive, labels, plain, tap

OF_PEOPLE = (
    "conversation",
    "address",
    "contact",
    "consent",
    "session",
    "message",
    "request",
    "media",
    "outbox",
    "timer",
)
CANARY = "Placeholder words of a request"


def standing_in(person: Person) -> list[str]:
    """What the bot's messages say that a person still sees."""
    return [plain(message.text) for message in person.messages if not message.deleted]


def cleared(telegram: TelegramServer) -> list[int]:
    """The ids that the bot asked Telegram to delete."""
    calls = [call for call in telegram.calls if call.method == "deleteMessages"]
    return [id for call in calls for id in call.params["message_ids"]]


async def settled(house: House) -> None:
    """Everything that was to be sent has been."""
    waiting = "SELECT count(*) FROM outbox WHERE state IN ('ready', 'sending')"
    await eventually(lambda: stored(house, waiting) == [(0,)])


async def test_d11_stop_and_delete(house: House, telegram: TelegramServer, clock: FakeClock) -> None:
    person = await in_request(telegram)
    await person.says(CANARY)
    await newest(person)
    await person.sends_photo()
    await newest(person)
    await kept(house)

    await person.says("stop")
    stopped = await newest(person)
    assert "No more news or reminders. Guides still work." in stopped.text
    assert stored(house, "SELECT stopped_at IS NOT NULL FROM conversation") == [(1,)]
    await tap(person, "Undo")
    assert stored(house, "SELECT stopped_at IS NOT NULL FROM conversation") == [(0,)]

    await person.says("delete my data")
    asked = plain((await newest(person)).text)
    assert [part in asked for part in ("your language", "2 messages", "1 request", "1 photo or file")] == [True] * 4
    assert "This cannot be undone." in asked
    await tap(person, "Cancel")
    assert len(files(house)) == 1
    await person.says("delete my data")
    await newest(person)
    receipt = await tap(person, "Delete")
    assert "Deleted. Code:" in receipt.text
    await eventually(lambda: files(house) == [])
    await settled(house)
    clock.forward(GOODBYE)
    await asyncio.to_thread(finish_forgetting, house.database)
    assert [table for table in OF_PEOPLE if stored(house, f"SELECT 1 FROM {table}")] == []
    assert stored(house, "SELECT count(*) FROM inbox WHERE provider_sealed IS NOT NULL") == [(0,)]
    assert stored(house, "SELECT count(*) FROM forget WHERE code_hash IS NOT NULL") == [(1,)]
    assert telegram.violations == []


async def test_who_deletes_can_have_the_chat_cleared_in_the_same_tap_and_keeps_the_receipt(
    house: House, telegram: TelegramServer, clock: FakeClock
) -> None:
    person = await in_request(telegram)
    said = await person.says(CANARY)
    await newest(person)
    await person.says("delete my data")
    await newest(person)
    receipt = await tap(person, "Delete and clear")
    await settled(house)
    assert standing_in(person) == [plain(receipt.text)]
    assert said.message_id in cleared(telegram)
    clock.forward(GOODBYE)
    await asyncio.to_thread(finish_forgetting, house.database)
    assert stored(house, "SELECT 1 FROM conversation") == []
    assert telegram.violations == []


async def test_clearing_removes_both_sides_of_two_days_and_leaves_one_neutral_line(
    house: House, telegram: TelegramServer, clock: FakeClock
) -> None:
    person = telegram.person(1, language_code="en")
    await arrive(person, TO_THE_FIRST_STEP)
    await person.says("an old word")
    old = await newest(person)
    await settled(house)
    clock.forward(timedelta(hours=49))
    await person.says("/urgent")
    await newest(person)
    mine = await person.says("help")
    await newest(person)
    await settled(house)  # by then it is written down that the cards have arrived, which takes nobody's thumb so short
    neutral = await tap(person, "Clear this chat")
    await settled(house)
    assert plain(neutral.text) == "I am Test bot. How can I help?"
    assert labels(neutral) == ["⬅️ Back", "🏠 Home", "🙋 Person"]
    recent = [text for message in person.messages if message.id > old.id for text in [message] if not message.deleted]
    assert [plain(message.text) for message in recent] == [plain(neutral.text)]
    assert mine.message_id in cleared(telegram)
    assert old.id not in cleared(telegram)
    assert stored(house, "SELECT count(*) FROM inbox WHERE provider_sealed IS NOT NULL") == [(0,)]
    assert telegram.violations == []


async def test_after_clearing_words_start_neutral_and_join_no_request(house: House, telegram: TelegramServer) -> None:
    person = await in_request(telegram)
    await person.says("my data")
    await newest(person)
    await tap(person, "Clear this chat")
    await person.says("is somebody there")
    answer = plain((await newest(person)).text)
    assert "request" not in answer
    assert "Driving licence — step" not in answer


async def test_who_cried_for_help_without_a_language_can_clear_the_chat(house: House, telegram: TelegramServer) -> None:
    person = telegram.person(1, language_code="en")
    await person.says("help")
    await newest(person)
    left = await tap(person, "Clear this chat")
    await settled(house)
    assert "English" in labels(left)[0]
    assert len(standing_in(person)) == 1


async def test_more_than_a_hundred_messages_are_cleared_in_batches(house: House, telegram: TelegramServer) -> None:
    person = telegram.person(1, language_code="en")
    await arrive(person, TO_THE_FIRST_STEP[:2])
    for number in range(60):
        await person.says(f"word {number}")
    await person.hears(60, timeout=60)
    await person.says("clear this chat")
    await eventually(lambda: len(standing_in(person)) == 1)
    batches = [call.params["message_ids"] for call in telegram.calls if call.method == "deleteMessages"]
    assert [len(batch) <= 100 for batch in batches] == [True, True]
    assert telegram.violations == []


async def test_a_clearing_whose_answer_was_lost_is_repeated(
    house: House, telegram: TelegramServer, clock: FakeClock
) -> None:
    telegram.faults.add(Rule(LostAnswer(), method="deleteMessages", nth=[1]))
    person = telegram.person(1, language_code="en")
    await arrive(person, TO_THE_FIRST_STEP[:2])
    await person.says("clear this chat")
    await eventually(lambda: cleared(telegram))
    await eventually(lambda: stored(house, "SELECT state FROM outbox WHERE kind = 'clear'") == [("ready",)])
    clock.forward(timedelta(minutes=5))
    await newest(person)
    await settled(house)
    assert len(standing_in(person)) == 1
    assert stored(house, "SELECT state, uncertain FROM outbox WHERE kind = 'clear'") == [("sent", 0)]


async def test_clearing_empties_the_page_too(quiet_house: House) -> None:
    async with served(quiet_house) as address, browser(address) as http:
        visitor = Visitor(http)
        await visitor.opens()
        for label in TO_THE_FIRST_STEP:
            await visitor.taps(label)
        page = await visitor.says("clear this chat")
        assert len(page.messages) == 1
        assert page.newest.strip() == "I am Test bot. How can I help?"


async def test_what_we_know_is_said_in_plain_words(house: House, telegram: TelegramServer) -> None:
    person = await in_request(telegram)
    await person.says(CANARY)
    await newest(person)
    await person.says("my data")
    await newest(person)
    known = await tap(person, "What you know of me")
    lines = plain(known.text)
    for part in ("Language: English", "You agreed to saving", "Driving licence", "Refugee status", "Request number 1"):
        assert part in lines
    assert "2 messages" in lines
    assert CANARY not in lines


async def test_who_said_that_they_are_not_sure_never_reads_that_they_said_yes(
    telegram: TelegramServer, house: House
) -> None:
    person = telegram.person(1, language_code="en")
    await arrive(person, (*TO_THE_FIRST_STEP[:4], "I am not sure", "Home", "My data"))
    assert "where you are? Yes / I am not sure" in plain((await tap(person, "What you know of me")).text)


async def test_everything_that_is_stored_is_in_the_two_files(house: House, telegram: TelegramServer) -> None:
    person = telegram.person(1, language_code="en")
    await arrive(person, TO_THE_SECOND_STEP)
    await tap(person, "I am stuck")
    await person.says(CANARY)
    await newest(person)
    await person.sends_location(44.8, 20.46)
    await newest(person)
    await person.says("my data")
    await newest(person)
    await person.presses("📄 Send me a file")
    readable, machine, done = await person.hears(3)
    assert labels(readable) == []
    assert "These two files hold everything" in done.text
    name, text = person.opens(readable)
    assert name == "my-data.txt"
    assert CANARY in plain(text.decode("utf-8-sig"))
    assert "geo:44.8" in text.decode()
    name, raw = person.opens(machine)
    held = json.loads(raw)
    assert name == "my-data.json"
    assert held["stored"]["language"] == "en"
    assert held["stored"]["addresses"] == [["telegram", "1"]]
    assert {one["text"] for one in held["stored"]["messages"]} == {CANARY, "my data"}
    assert held["stored"]["requests"][0]["context"]["answers"]
    assert held["standing"]["session"]["runs"][0]["flow"] == "driving-licence"
    assert stored(house, "SELECT count(*) FROM outbox WHERE state = 'sent' AND sealed IS NOT NULL") == [(0,)]
    assert telegram.violations == []


async def test_the_files_hold_nothing_of_what_staff_wrote_for_each_other(
    house: House, telegram: TelegramServer
) -> None:
    person = await in_request(telegram)

    def label_it(unit: Unit) -> None:
        unit.connection.exec_driver_sql("UPDATE request SET tag = 'placeholder-project', outcome = 'placeholder'")

    await house.database.write(label_it)
    await person.says("my data")
    await newest(person)
    await person.presses("📄 Send me a file")
    readable, machine, _ = await person.hears(3)
    assert b"placeholder-project" not in person.opens(machine)[1] + person.opens(readable)[1]


async def test_on_the_page_the_files_open_for_the_browser_of_the_chat_alone(quiet_house: House) -> None:
    async with served(quiet_house) as address, browser(address) as http, browser(address) as other:
        visitor = Visitor(http)
        await visitor.opens()
        for label in TO_THE_FIRST_STEP:
            await visitor.taps(label)
        await visitor.says("my data")
        await visitor.taps("Send me a file")
        assert visitor.response is not None
        links = re.findall(r'href="(/chat/files/\d+)" download="([^"]+)"', visitor.response.text)
        assert [name for _, name in links] == ["my-data.txt", "my-data.json"]
        readable, machine = [await http.get(link) for link, _ in links]
        assert "Language: English" in plain(readable.text)
        assert machine.json()["stored"]["consents"][0]["choice"] == "full"
        assert machine.headers["content-disposition"] == 'attachment; filename="my-data.json"'
        await other.get("/chat")
        assert [(await other.get(link)).status_code for link, _ in links] == [404, 404]
        await visitor.says("clear this chat")
        assert [(await http.get(link)).status_code for link, _ in links] == [404, 404]
