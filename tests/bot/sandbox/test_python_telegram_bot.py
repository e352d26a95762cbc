"""python-telegram-bot's own client finds here all that it expects of Telegram."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import telegram
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, error

from bot.sandbox.faults import LostAnswer, Reply, Rule
from bot.sandbox.people import Person
from bot.sandbox.telegram import TelegramServer


@pytest.fixture
async def bot(server: TelegramServer) -> AsyncIterator[telegram.Bot]:
    async with telegram.Bot(server.token, base_url=f"{server.base_url}/bot") as bot:
        yield bot


async def test_the_client_knows_itself(bot: telegram.Bot) -> None:
    assert bot.id == 1
    assert bot.username == "sandbox_bot"


async def test_a_message_a_press_an_edit_and_an_answer_go_to_and_fro(bot: telegram.Bot, server: TelegramServer) -> None:
    person = server.person(1001, language_code="fa")
    await person.starts("driving-licence")
    [started] = await bot.get_updates()
    assert started.message is not None
    assert started.message.text == "/start driving-licence"
    assert started.message.from_user is not None
    assert started.message.from_user.language_code == "fa"

    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="y")]])
    sent = await bot.send_message(1001, "Shall we?", reply_markup=keyboard)
    [question] = await person.hears()
    assert (question.id, question.text, question.buttons) == (sent.message_id, "Shall we?", ((("Yes", "y"),),))

    query_id = await person.presses("Yes")
    [pressed] = await bot.get_updates(offset=started.update_id + 1)
    assert pressed.callback_query is not None
    assert pressed.callback_query.data == "y"
    await pressed.callback_query.answer("Thank you")
    await pressed.callback_query.edit_message_text("We shall.")
    [edited] = await person.hears()
    assert (edited.text, edited.buttons) == ("We shall.", ())
    assert [before.text for before in edited.history] == ["Shall we?"]
    assert server.answered == {query_id: "Thank you"}
    assert server.violations == []


async def test_files_places_and_settings_are_understood(
    bot: telegram.Bot, server: TelegramServer, person: Person
) -> None:
    photo = await bot.send_photo(person.id, b"not really a photo", caption="A photo")
    again = await bot.send_photo(person.id, photo.photo[-1].file_id)
    await bot.send_voice(person.id, b"not really a voice", duration=3)
    await bot.send_document(person.id, b"not really a paper", filename="paper.pdf")
    await bot.send_venue(person.id, 44.8, 20.4, "An office", "A street 1")
    await bot.send_location(person.id, 44.8, 20.4)
    await bot.send_chat_action(person.id, "typing")
    await bot.set_my_commands([("home", "Go home")], language_code="sr")
    await bot.set_my_description("What it is")
    await bot.set_my_short_description("What it is, in short")
    assert again.photo[-1].file_id == photo.photo[-1].file_id
    assert (await bot.get_file(photo.photo[-1].file_id)).file_size == len(b"not really a photo")
    assert [command.command for command in await bot.get_my_commands(language_code="sr")] == ["home"]
    assert await bot.get_my_commands() == ()
    assert (await bot.get_chat(person.id)).first_name == "Test"
    assert [message.text for message in person.messages] == ["A photo", "", "", "", "An office\nA street 1", ""]
    assert server.violations == []


async def test_every_kind_of_thing_that_a_person_sends_arrives(bot: telegram.Bot, person: Person) -> None:
    await person.sends_voice(7)
    await person.sends_photo()
    await person.sends_document()
    await person.sends_sticker()
    await person.sends_location(44.8, 20.4)
    await person.sends_contact(user_id=person.id)
    updates = await bot.get_updates()
    messages = [update.message for update in updates if update.message]
    assert [telegram.helpers.effective_message_type(message) for message in messages] == [
        "voice",
        "photo",
        "document",
        "sticker",
        "location",
        "contact",
    ]
    assert messages[0].voice is not None
    assert (await bot.get_file(messages[0].voice.file_id)).file_unique_id == messages[0].voice.file_unique_id


async def test_blocking_is_told_and_refuses_what_follows(bot: telegram.Bot, person: Person) -> None:
    await person.blocks()
    [update] = await bot.get_updates()
    assert update.my_chat_member is not None
    assert update.my_chat_member.new_chat_member.status == "kicked"
    with pytest.raises(error.Forbidden, match="bot was blocked by the user"):
        await bot.send_message(person.id, "Are you there?")
    with pytest.raises(RuntimeError, match="unblocks"):
        await person.says("hello")
    await person.unblocks()
    await bot.send_message(person.id, "Welcome back")


async def test_faults_are_the_exceptions_that_the_client_has_for_them(
    bot: telegram.Bot, server: TelegramServer, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # else the client warns of its own future
    server.faults.add(Rule(Reply(429, retry_after=7), nth=[1]))
    server.faults.add(Rule(Reply(502), nth=[2]))
    server.faults.add(Rule(LostAnswer(), nth=[3]))
    with pytest.raises(error.RetryAfter) as told:
        await bot.send_message(person.id, "one")
    assert told.value.retry_after == timedelta(seconds=7)
    with pytest.raises(error.NetworkError, match="Bad Gateway"):
        await bot.send_message(person.id, "two")
    with pytest.raises(error.NetworkError, match="disconnected"):
        await bot.send_message(person.id, "three")
    assert [message.text for message in person.messages] == ["three"]


async def test_a_group_that_was_upgraded_names_its_new_id(bot: telegram.Bot, server: TelegramServer) -> None:
    group = server.group(-500)
    await bot.send_message(group, "to the group")
    supergroup = server.upgrade(group)
    with pytest.raises(error.ChatMigrated) as told:
        await bot.send_message(group, "to the group again")
    assert told.value.new_chat_id == supergroup
    await bot.send_message(supergroup, "to the supergroup")


async def test_a_webhook_excludes_polling(bot: telegram.Bot) -> None:
    await bot.set_webhook("https://bot.example/hook", secret_token="a-secret")
    assert (await bot.get_webhook_info()).url == "https://bot.example/hook"
    with pytest.raises(error.Conflict, match="webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


async def test_a_wrong_token_is_refused(server: TelegramServer) -> None:
    bot = telegram.Bot("2:other", base_url=f"{server.base_url}/bot")
    with pytest.raises(error.InvalidToken):
        await bot.initialize()
    await bot.shutdown()
