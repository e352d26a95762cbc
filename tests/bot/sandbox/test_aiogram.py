"""aiogram's client, of which a third hand wrote the types, finds here all that it expects of Telegram."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.types import BotCommand, BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity

from bot.sandbox.faults import LostAnswer, LostCall, Reply, Rule
from bot.sandbox.people import Person
from bot.sandbox.telegram import TelegramServer


@pytest.fixture
async def bot(server: TelegramServer) -> AsyncIterator[Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(server.base_url))
    async with Bot(server.token, session=session) as bot:
        yield bot


async def test_a_message_a_press_an_edit_and_an_answer_go_to_and_fro(bot: Bot, server: TelegramServer) -> None:
    assert (await bot.me()).username == "sandbox_bot"
    person = server.person(1001, language_code="fa")
    await person.says("hello")
    [written] = await bot.get_updates()
    assert written.message is not None
    assert written.message.text == "hello"

    keyboard = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Yes", callback_data="y")]])
    bold = MessageEntity(type="bold", offset=0, length=5)
    sent = await bot.send_message(1001, "Shall we?", entities=[bold], reply_markup=keyboard)
    [question] = await person.hears()
    assert (question.id, question.buttons) == (sent.message_id, ((("Yes", "y"),),))
    assert question.entities == [{"type": "bold", "offset": 0, "length": 5}]

    query_id = await person.presses("y")
    [pressed] = await bot.get_updates(offset=written.update_id + 1)
    assert pressed.callback_query is not None
    await bot.answer_callback_query(pressed.callback_query.id)
    await bot.edit_message_text("We shall.", chat_id=1001, message_id=sent.message_id)
    assert [message.text for message in await person.hears()] == ["We shall."]
    assert server.answered == {query_id: ""}
    assert server.violations == []


async def test_every_kind_of_thing_that_a_person_sends_arrives(bot: Bot, person: Person) -> None:
    first = await person.says("hello")
    await person.edits(first, "hello!")
    await person.sends_voice(7)
    await person.sends_photo()
    await person.sends_document()
    await person.sends_sticker()
    await person.sends_location(44.8, 20.4)
    await person.sends_contact()
    await person.blocks()
    updates = await bot.get_updates()
    assert [update.event_type for update in updates] == [
        "message",
        "edited_message",
        *["message"] * 6,
        "my_chat_member",
    ]
    assert [update.message.content_type for update in updates if update.message] == [
        "text",
        "voice",
        "photo",
        "document",
        "sticker",
        "location",
        "contact",
    ]


async def test_files_places_and_settings_are_understood(bot: Bot, server: TelegramServer, person: Person) -> None:
    photo = await bot.send_photo(person.id, BufferedInputFile(b"not really a photo", "photo.jpg"), caption="A photo")
    assert photo.photo
    await bot.send_voice(person.id, BufferedInputFile(b"not really a voice", "voice.ogg"))
    await bot.send_document(person.id, "https://files.example/paper.pdf")
    venue = await bot.send_venue(person.id, 44.8, 20.4, "An office", "A street 1")
    await bot.set_my_commands([BotCommand(command="home", description="Go home")])
    await bot.delete_message(person.id, venue.message_id)
    assert (await bot.get_chat(person.id)).first_name == "Test"
    assert (await bot.get_file(photo.photo[-1].file_id)).file_size == len(b"not really a photo")
    assert [command.command for command in await bot.get_my_commands()] == ["home"]
    assert [message.deleted for message in person.messages] == [False, False, False, True]
    assert server.violations == []


async def test_refusals_and_faults_are_the_exceptions_that_the_client_has_for_them(
    bot: Bot, server: TelegramServer, person: Person
) -> None:
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.send_message(999, "Is anybody there?")
    server.faults.add(Rule(Reply(429, retry_after=7), nth=[1]))
    server.faults.add(Rule(Reply(500), nth=[2]))
    server.faults.add(Rule(LostAnswer(), nth=[3]))
    server.faults.add(Rule(LostCall(), nth=[4]))
    with pytest.raises(TelegramRetryAfter) as told:
        await bot.send_message(person.id, "one")
    assert told.value.retry_after == 7
    with pytest.raises(TelegramServerError):
        await bot.send_message(person.id, "two")
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(person.id, "three")
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(person.id, "four")
    assert [message.text for message in person.messages] == ["three"]
    await person.blocks()
    with pytest.raises(TelegramForbiddenError, match="blocked"):
        await bot.send_message(person.id, "five")
