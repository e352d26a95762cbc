"""Forum topics: what the bot does with them, and the marks that it puts on messages. Refusals are in Telegram's words.

What is not documented was read in the issues of tdlib/telegram-bot-api: a topic that is gone is "message thread not
found" where something is sent (#854) and TOPIC_ID_INVALID where it is changed; every message in a topic comes with the
message that opened the topic as the one that it answers (#356).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

import telegram
from telegram.constants import ForumIconColor, ForumTopicLimit

from bot.sandbox.chats import Chat, Chats, Topic
from bot.sandbox.refusals import bad_request
from bot.sandbox.shapes import as_json
from bot.sandbox.spec import Json

Params = Mapping[str, Json]

NOT_MODIFIED = "TOPIC_NOT_MODIFIED"


class Forum:
    """The bot's side of the topics of all groups."""

    def __init__(self, chats: Chats, clock: Callable[[], datetime]) -> None:
        """Groups have topics where `telegram.Chat.is_forum` says so."""
        self._chats = chats
        self._clock = clock

    async def create(self, params: Params) -> Json:
        """createForumTopic; the message that opens it stands in the group."""
        chat = self._managed(params)
        name, color = _name(params), params.get("icon_color", int(ForumIconColor.BLUE))
        if color not in list(ForumIconColor):
            raise bad_request("wrong icon color specified")
        opened = telegram.Message(
            self._chats.next_message_id(),
            self._clock(),
            chat.about,
            from_user=self._chats.bot,
            forum_topic_created=telegram.ForumTopicCreated(name, color),
        )
        chat.messages[opened.message_id] = opened
        chat.topics[opened.message_id] = Topic(opened.message_id, name, color)
        return as_json(telegram.ForumTopic(opened.message_id, name, color))

    async def edit(self, params: Params) -> Json:
        """editForumTopic; without a name it keeps the one that it has."""
        topic = self._topic(params)
        name = _name({"name": topic.name, **params})
        if name == topic.name:
            raise bad_request(NOT_MODIFIED)
        topic.name = name
        return True

    async def close(self, params: Params) -> Json:
        """closeForumTopic."""
        return self._turn(params, closed=True)

    async def reopen(self, params: Params) -> Json:
        """reopenForumTopic."""
        return self._turn(params, closed=False)

    async def delete(self, params: Params) -> Json:
        """deleteForumTopic, with its messages."""
        chat, topic = self._managed(params), self._topic(params)
        chat.drop_topic(topic.id)
        return True

    async def react(self, params: Params) -> Json:
        """setMessageReaction; an empty one takes it away."""
        chat = self._chats.reach(params["chat_id"])
        if params["message_id"] not in chat.messages:
            raise bad_request("message to react not found")
        chat.reactions[params["message_id"]] = tuple(kind.get("emoji", "") for kind in params.get("reaction", ()))
        return True

    def _turn(self, params: Params, *, closed: bool) -> Json:
        topic = self._topic(params)
        if topic.closed is closed:
            raise bad_request(NOT_MODIFIED)
        topic.closed = closed
        return True

    def _managed(self, params: Params) -> Chat:
        chat = self._chats.reach(params["chat_id"])
        if not chat.about.is_forum:
            raise bad_request("the chat is not a forum")
        if not chat.manages_topics:
            raise bad_request("not enough rights to create a topic")
        return chat

    def _topic(self, params: Params) -> Topic:
        topic = self._managed(params).topics.get(params["message_thread_id"])
        if topic is None:
            raise bad_request("TOPIC_ID_INVALID")
        return topic


def _name(params: Params) -> str:
    name: str = params["name"]
    if not ForumTopicLimit.MIN_NAME_LENGTH <= len(name.strip()) <= ForumTopicLimit.MAX_NAME_LENGTH:
        raise bad_request("topic name must be 1-128 characters long")
    return name


SERVED: Mapping[str, Callable[[Forum, Params], Awaitable[Json]]] = {
    "createForumTopic": Forum.create,
    "editForumTopic": Forum.edit,
    "closeForumTopic": Forum.close,
    "reopenForumTopic": Forum.reopen,
    "deleteForumTopic": Forum.delete,
    "setMessageReaction": Forum.react,
}
