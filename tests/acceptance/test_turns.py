"""Files, dates and blocked chats while a human is in the chat: the person on the sandbox's Telegram, the desk in a
browser, alerts in the helper's own chat."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.exchange import JOIN_MINUTES
from bot.house import House
from bot.sandbox.people import Person
from bot.sandbox.telegram import TelegramServer
from bot.testing import FakeClock
from tests.acceptance.houses import browser, eventually, served, stored
from tests.acceptance.test_dialogues_d3_d4_d9_d10 import Colleague, all_said, heard, join, link
from tests.acceptance.walks import TO_THE_FIRST_STEP, arrive

AFTER_JOINING = timedelta(minutes=JOIN_MINUTES + 1)


@pytest.fixture
async def desk(house: House) -> AsyncIterator[str]:
    """The address of the house that is on Telegram too."""
    async with served(house) as address:
        yield address


def count(person: Person, words: str) -> int:
    """How often this was said in a chat."""
    return all_said(person).count(words)


async def files_reach(house: House, clock: FakeClock, helper: Colleague, alerts: Person, person: Person) -> None:
    """While a human is in the chat, and after the end, a file is heard as words are."""
    await helper.does(1, "answer", text="Show me the paper.")
    await heard(person, "Show me the paper.")
    assert stored(house, "SELECT state FROM request") == [("theirs",)]
    await person.sends_photo()
    await heard(alerts, "New words in your request 1")
    assert stored(house, "SELECT state FROM request") == [("ours",)]
    await eventually(lambda: stored(house, "SELECT detail FROM request_event WHERE kind = 'file'") == [("kept",)])
    assert "event." not in await helper.sees(1)
    await helper.does(1, "answer", text="It is good.")
    await helper.does(1, "close", outcome="informed")
    await heard(person, "Is it solved?")
    clock.forward(AFTER_JOINING)
    await person.sends_voice(5)
    await heard(person, "It is now with request number 1")
    await eventually(lambda: count(alerts, "New words in your request 1") == 2)
    assert stored(house, "SELECT state, reopened FROM request") == [("ours", 1)]


async def a_date_is_said(helper: Colleague, person: Person) -> None:
    """What waits for us is not said to lie with an office."""
    await helper.does(1, "put-off", days="3")
    await person.says("/requests")
    await heard(person, "Your requests")
    assert "we come back to it on" in all_said(person)
    await helper.does(1, "refer", institution="crpc", text="needs a lawyer", agreed="yes", days="3")
    await person.says("/requests")
    await heard(person, "an office has it")


async def blocked(house: House, helper: Colleague, alerts: Person, person: Person) -> None:
    """What does not arrive is no answer, and who wrote it learns so."""
    await helper.does(1, "mark")
    await person.blocks()
    await eventually(lambda: ("blocked",) in stored(house, "SELECT state FROM address"))
    await helper.does(1, "answer", text="Are you there?")
    await heard(alerts, "your words did not reach the person")
    assert stored(house, "SELECT state FROM request") == [("ours",)]
    assert "Our words did not reach the person" in await helper.sees(1)


async def test_files_dates_and_a_blocked_chat(
    house: House, telegram: TelegramServer, desk: str, clock: FakeClock
) -> None:
    async with browser(desk) as http:
        helper = await join(house, http, "assistant A")
        alerts = await link(house, telegram, helper, 9001)
        person = telegram.person(1001, language_code="en")
        await arrive(person, (*TO_THE_FIRST_STEP, "I am stuck"))
        await helper.does(1, "claim")
        await heard(person, "reads your request 1 now")
        await files_reach(house, clock, helper, alerts, person)
        await a_date_is_said(helper, person)
        await blocked(house, helper, alerts, person)
        assert telegram.violations == []
