"""R44: in a group the bot is silent unless it is called, says one line, and nothing about anybody is kept or shown."""

from __future__ import annotations

from datetime import timedelta

from bot.house import House
from bot.sandbox.groups import Group
from bot.sandbox.telegram import TelegramServer
from bot.testing import FakeClock
from tests.acceptance.houses import eventually, stored
from tests.acceptance.walks import arrive

LINE = "I answer in private only. Write nothing personal in a group."
LINK = "https://t.me/sandbox_bot"
A_DAY = timedelta(days=1)


async def said(group: Group, count: int) -> list[str]:
    """What the bot has said in the group, once it has said so much."""
    await eventually(lambda: len(group.messages) >= count)
    return [message.text for message in group.messages]


async def known(house: House) -> None:
    """Until the bot has learnt its own user name."""
    receiver = house.receiver
    assert receiver is not None
    await eventually(lambda: receiver.username)


async def test_taken_into_a_group_the_bot_says_one_line_with_a_way_to_a_private_chat(
    house: House, telegram: TelegramServer
) -> None:
    person, group = telegram.person(1, language_code="en"), telegram.group_of_people(-5)
    await group.takes_in(person)
    assert await said(group, 1) == [LINE]
    assert group.messages[0].buttons == ((("Write to me privately", LINK),),)
    assert telegram.violations == []


async def test_in_a_group_the_bot_is_silent_unless_called_and_always_says_the_same(
    house: House, telegram: TelegramServer
) -> None:
    person, group = telegram.person(1, language_code="en"), telegram.group_of_people(-5)
    await group.takes_in(person)
    await said(group, 1)
    await known(house)
    for words in ("hello all", "help", "I am in danger", "driving licence", "/start@other_bot", "@other_bot hello"):
        await group.hears(person, words)
    calls = ("/start", "/urgent@sandbox_bot", "@Sandbox_Bot how do I get a licence?")
    for number, words in enumerate(calls, start=2):
        await group.hears(person, words)
        await said(group, number)
    await group.hears(person, "and what now?", answer_to=group.messages[-1])
    assert await said(group, 5) == [LINE] * 5
    assert telegram.violations == []


async def test_nothing_that_is_said_in_a_group_is_kept_and_a_private_talk_is_not_touched(
    house: House, telegram: TelegramServer
) -> None:
    person, group = telegram.person(1, language_code="en"), telegram.group_of_people(-5)
    await arrive(person, ("English", "OK, continue"))
    await group.takes_in(person)
    await said(group, 1)
    before, kept = len(person.messages), stored(house, "SELECT count(*) FROM message")
    await group.hears(person, "/start my case number is placeholder")
    await said(group, 2)
    assert stored(house, "SELECT count(*) FROM message") == kept
    assert stored(house, "SELECT count(*) FROM inbox WHERE sealed IS NOT NULL") == [(0,)]
    assert stored(house, "SELECT count(*) FROM request") == [(0,)]
    assert len(person.messages) == before


async def test_the_bot_leaves_a_group_in_which_nobody_called_it_for_a_week(
    house: House, telegram: TelegramServer, clock: FakeClock
) -> None:
    person, used, unused = (telegram.person(1), telegram.group_of_people(-5), telegram.group_of_people(-6))
    for group in (used, unused):
        await group.takes_in(person)
        await said(group, 1)
    clock.forward(6 * A_DAY)
    await used.hears(person, "/start")
    await said(used, 2)
    clock.forward(1.5 * A_DAY)
    await eventually(lambda: not unused.has_bot)
    assert used.has_bot
    assert len(unused.messages) == 1
    assert telegram.violations == []


async def test_a_group_that_put_the_bot_out_hears_nothing_more(
    house: House, telegram: TelegramServer, clock: FakeClock
) -> None:
    person, group = telegram.person(1), telegram.group_of_people(-5)
    await group.takes_in(person)
    await said(group, 1)
    await group.puts_out(person)
    await eventually(lambda: stored(house, "SELECT count(*) FROM timer") == [(0,)])
    assert stored(house, "SELECT state FROM address") == [("blocked",)]
