"""A group with topics: python-telegram-bot's client finds what it expects, and faults come in Telegram's words."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import telegram
from telegram import ReactionTypeEmoji, error

from bot.sandbox.groups import Group
from bot.sandbox.people import Person
from bot.sandbox.telegram import TelegramServer

ROOM = -1_000_000_000_007


@pytest.fixture
async def bot(server: TelegramServer) -> AsyncIterator[telegram.Bot]:
    async with telegram.Bot(server.token, base_url=f"{server.base_url}/bot") as bot:
        yield bot


@pytest.fixture
async def group(server: TelegramServer, person: Person) -> Group:
    group = server.group_of_people(ROOM, forum=True)
    await group.takes_in(person)
    return group


async def test_a_topic_is_made_named_closed_and_opened_again(bot: telegram.Bot, group: Group) -> None:
    made = await bot.create_forum_topic(ROOM, "No. 1")
    await bot.edit_forum_topic(ROOM, made.message_thread_id, name="No. 1 · fa")
    await bot.close_forum_topic(ROOM, made.message_thread_id)
    (topic,) = group.topics
    assert (topic.id, topic.name, topic.closed) == (made.message_thread_id, "No. 1 · fa", True)
    await bot.reopen_forum_topic(ROOM, topic.id)
    assert not topic.closed
    with pytest.raises(error.BadRequest, match="Topic_not_modified"):
        await bot.reopen_forum_topic(ROOM, topic.id)


async def test_what_is_said_in_a_topic_carries_it_and_every_message_answers_something(
    bot: telegram.Bot, group: Group, person: Person
) -> None:
    made = await bot.create_forum_topic(ROOM, "No. 1")
    (topic,) = group.topics
    sent = await bot.send_message(ROOM, "Words", message_thread_id=made.message_thread_id)
    assert (sent.message_thread_id, sent.is_topic_message) == (topic.id, True)
    (shown,) = group.in_topic(topic)
    plain = await group.hears(person, "among us", topic=topic)
    reply = await group.hears(person, "to you", shown, topic=topic)
    assert plain.reply_to_message is not None
    assert plain.reply_to_message.forum_topic_created is not None
    assert reply.reply_to_message is not None
    assert reply.reply_to_message.text == "Words"
    await bot.set_message_reaction(ROOM, reply.message_id, ReactionTypeEmoji("👍"))
    assert group.reactions(reply) == ("👍",)


async def test_a_topic_that_is_gone_takes_no_words_and_no_name(bot: telegram.Bot, group: Group) -> None:
    made = await bot.create_forum_topic(ROOM, "No. 1")
    await group.deletes_topic(group.topics[0])
    with pytest.raises(error.BadRequest, match="Message thread not found"):
        await bot.send_message(ROOM, "Words", message_thread_id=made.message_thread_id)
    with pytest.raises(error.BadRequest, match="Topic_id_invalid"):
        await bot.edit_forum_topic(ROOM, made.message_thread_id, name="No. 2")


async def test_without_the_right_or_without_topics_none_is_made(
    bot: telegram.Bot, server: TelegramServer, group: Group, person: Person
) -> None:
    await group.lets_manage_topics(False)
    with pytest.raises(error.BadRequest, match="Not enough rights"):
        await bot.create_forum_topic(ROOM, "No. 1")
    with pytest.raises(error.BadRequest, match="The chat is not a forum"):
        await bot.create_forum_topic(server.group(-5), "No. 1")
    await group.puts_out(person)
    with pytest.raises(error.Forbidden, match="kicked"):
        await bot.send_message(ROOM, "Words")
