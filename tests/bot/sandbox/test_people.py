"""A person finds the buttons that they see, hears what is new and can send what a forger can."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from bot.sandbox.people import Person
from bot.sandbox.telegram import TelegramServer

Calling = Callable[..., Coroutine[Any, Any, dict[str, Any]]]


async def sends(call: Calling, text: str, **labels: str) -> int:
    """A message with one button a row; its id."""
    rows = [[{"text": label, "callback_data": data}] for label, data in labels.items()]
    sent = await call("sendMessage", chat_id=1001, text=text, reply_markup={"inline_keyboard": rows})
    number: int = sent["result"]["message_id"]
    return number


async def pressed(call: Calling) -> tuple[int, str]:
    """Message and data of the press that waits alone."""
    [update] = (await call("getUpdates", offset=-1))["result"]
    return update["callback_query"]["message"]["message_id"], update["callback_query"]["data"]


async def test_a_label_is_looked_for_in_the_newest_message_that_has_it(call: Calling, person: Person) -> None:
    old = await sends(call, "old", Yes="yes:1", No="no:1")
    new = await sends(call, "new", Yes="yes:2")
    await person.presses("Yes")
    assert await pressed(call) == (new, "yes:2")
    await person.presses("No")
    assert await pressed(call) == (old, "no:1")
    await person.presses("Yes", old)
    assert await pressed(call) == (old, "yes:1")
    await person.presses("yes:1")
    assert await pressed(call) == (old, "yes:1")


async def test_a_button_that_is_not_there_cannot_be_pressed(call: Calling, person: Person) -> None:
    number = await sends(call, "question", Yes="y", No="n")
    with pytest.raises(LookupError, match=r"'Perhaps'; there are \['Yes', 'No'\]"):
        await person.presses("Perhaps")
    await call("deleteMessage", chat_id=1001, message_id=number)
    with pytest.raises(LookupError):
        await person.presses("Yes")


async def test_a_button_that_opens_a_page_tells_the_bot_nothing(call: Calling, person: Person) -> None:
    rows = [[{"text": "Open", "url": "https://page.example/"}, {"text": "Copy", "copy_text": {"text": "A street 1"}}]]
    await call("sendMessage", chat_id=1001, text="links", reply_markup={"inline_keyboard": rows})
    assert person.messages[-1].buttons == ((("Open", "https://page.example/"), ("Copy", "A street 1")),)
    with pytest.raises(LookupError):
        await person.presses("Open")


async def test_a_forged_press_carries_what_no_button_had(call: Calling, person: Person) -> None:
    number = await sends(call, "question", Yes="y")
    await person.presses_raw("forged", number)
    assert await pressed(call) == (number, "forged")


async def test_a_press_on_a_deleted_message_shows_the_id_alone(call: Calling, person: Person) -> None:
    number = await sends(call, "question", Yes="y")
    await call("deleteMessage", chat_id=1001, message_id=number)
    await person.presses_raw("y", number)
    [update] = (await call("getUpdates"))["result"]
    assert update["callback_query"]["message"]["date"] == 0
    assert update["callback_query"]["message"]["message_id"] == number


async def test_what_is_heard_is_how_it_looked_when_it_came(call: Calling, person: Person) -> None:
    number = await sends(call, "first", Yes="y")
    await call("editMessageText", chat_id=1001, message_id=number, text="second")
    await call("editMessageText", chat_id=1001, message_id=number, text="third")
    assert [message.text for message in await person.hears(2)] == ["first", "second"]
    [last] = await person.hears()
    assert [before.text for before in last.history] == ["first", "second"]
    assert [message.text for message in person.messages] == ["third"]


async def test_hearing_waits_for_what_is_to_come(call: Calling, person: Person) -> None:
    listening = asyncio.create_task(person.hears(2))
    await sends(call, "one")
    await sends(call, "two")
    assert [message.text for message in await listening] == ["one", "two"]


async def test_hearing_nothing_says_what_came_instead(call: Calling, person: Person) -> None:
    await sends(call, "one")
    with pytest.raises(TimeoutError, match=r"heard \['one'\] instead of 2 messages"):
        await person.hears(2, timeout=0.01)
    assert [message.text for message in await person.hears()] == ["one"]


async def test_people_do_not_see_each_others_messages(call: Calling, server: TelegramServer, person: Person) -> None:
    other = server.person(2002)
    await other.starts()
    await sends(call, "for the first")
    assert len(person.messages) == 1
    assert other.messages == []
    assert server.person(2002) is other


async def test_an_edited_message_keeps_its_id(call: Calling, person: Person) -> None:
    written = await person.says("helo")
    await person.edits(written, "hello")
    [first, second] = (await call("getUpdates"))["result"]
    assert second["edited_message"]["message_id"] == first["message"]["message_id"] == written.message_id
    assert second["edited_message"]["text"] == "hello"


async def test_a_command_is_marked_as_telegram_marks_it(call: Calling, person: Person) -> None:
    await person.starts("driving-licence")
    await person.says("hello /start")
    [start, words] = (await call("getUpdates"))["result"]
    assert start["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert "entities" not in words["message"]


async def test_telegram_leaves_false_service_marks_out(call: Calling, person: Person) -> None:
    await person.says("hello")
    [update] = (await call("getUpdates"))["result"]
    assert set(update["message"]) == {"message_id", "from", "chat", "date", "text"}
