"""A group that people and the bot are in, seen from the people's end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import telegram

from bot.sandbox.chats import BotMessage, Chat, Chats, Press, Topic
from bot.sandbox.methods import PRESS_LIFE
from bot.sandbox.people import MESSAGE_LIFE, NEVER, Person
from bot.sandbox.spec import Json
from bot.sandbox.updates import UpdateQueue


class Group:
    """One group. Every act makes an update, as for a bot that sees all messages (an administrator)."""

    def __init__(self, chat: Chat, chats: Chats, updates: UpdateQueue, clock: Callable[[], datetime]) -> None:
        """The bot is not in it yet."""
        self._chat = chat
        self._chats = chats
        self._updates = updates
        self._clock = clock

    @property
    def id(self) -> int:
        """Telegram's chat id, which is negative."""
        return self._chat.id

    @property
    def messages(self) -> list[BotMessage]:
        """All that the bot has said here."""
        return [message for message in self._chat.messages.values() if isinstance(message, BotMessage)]

    @property
    def has_bot(self) -> bool:
        """Whether the bot is in the group."""
        return self._chat.opened

    @property
    def topics(self) -> list[Topic]:
        """The topics that there are, the oldest first."""
        return list(self._chat.topics.values())

    def in_topic(self, topic: Topic) -> list[BotMessage]:
        """What the bot has said in a topic."""
        return [message for message in self.messages if message.thread == topic.id]

    def reactions(self, message: telegram.Message) -> tuple[str, ...]:
        """How the bot has marked a message."""
        return self._chat.reactions.get(message.message_id, ())

    async def takes_in(self, by: Person) -> None:
        """Somebody adds the bot."""
        self._chat.opened, self._chat.blocked = True, False
        await self._changes(by.user, self._away(), telegram.ChatMemberMember(self._chats.bot))

    async def puts_out(self, by: Person) -> None:
        """Somebody removes the bot."""
        self._chat.opened, self._chat.blocked = False, True
        await self._changes(by.user, telegram.ChatMemberMember(self._chats.bot), self._away())

    async def lets_manage_topics(self, may: bool) -> None:
        """The bot gets or loses the right to make, name and close topics. Telegram tells bots so; here nobody does."""
        self._chat.manages_topics = may

    async def lets_ban(self, may: bool) -> None:
        """The bot gets or loses the right to remove people."""
        self._chat.bans = may

    @property
    def banned(self) -> frozenset[int]:
        """Ids of those whom the bot has removed."""
        return frozenset(self._chat.banned)

    async def deletes_topic(self, topic: Topic) -> None:
        """Somebody deletes a topic; no bot is told."""
        self._chat.drop_topic(topic.id)

    async def closes_topic(self, topic: Topic, by: Person) -> None:
        """Somebody closes a topic."""
        topic.closed = True
        await self._writes(by, topic, forum_topic_closed=telegram.ForumTopicClosed())

    async def hears(
        self,
        by: Person,
        text: str,
        answer_to: BotMessage | None = None,
        *,
        topic: Topic | None = None,
        written_by: Person | None = None,
    ) -> telegram.Message:
        """Somebody writes; commands and mentions are marked as Telegram marks them.

        In a topic, what answers nothing comes as an answer to the message that opened the topic. written_by: it is
        passed on, somebody else wrote it.
        """
        entities = [
            telegram.MessageEntity(kind, text.index(word), len(word))
            for word in text.split()
            if (kind := {"/": "bot_command", "@": "mention"}.get(word[0]))
        ]
        origin = None if written_by is None else telegram.MessageOriginUser(self._clock(), written_by.user)
        return await self._writes(by, topic, answer_to, text=text, entities=entities, forward_origin=origin)

    async def presses(self, by: Person, data: str, message: BotMessage) -> str:
        """Somebody presses a button by its data, which may be forged; the id of the callback query."""
        query_id = str(len(self._chats.presses) + 1)
        self._chats.presses[query_id] = Press(self._clock(), self.id)
        carrier = self._as_telegram(message)
        query = telegram.CallbackQuery(query_id, by.user, chat_instance=str(self.id), message=carrier, data=data)
        await self._updates.add("callback_query", query, PRESS_LIFE)
        return query_id

    async def _writes(
        self, by: Person, topic: Topic | None, answer_to: BotMessage | None = None, **content: Json
    ) -> telegram.Message:
        answered = None if topic is None else self._chat.messages[topic.id]
        message = telegram.Message(
            self._chats.next_message_id(),
            self._clock(),
            self._chat.about,
            from_user=by.user,
            reply_to_message=self._as_telegram(answer_to or answered),
            message_thread_id=None if topic is None else topic.id,
            is_topic_message=None if topic is None else True,
            **content,
        )
        self._chat.messages[message.message_id] = message
        await self._updates.add("message", message, MESSAGE_LIFE)
        return message

    def _as_telegram(self, message: BotMessage | telegram.Message | None) -> telegram.Message | None:
        if not isinstance(message, BotMessage):
            return message
        return telegram.Message.de_json(self._chat.as_telegram(message, self._chats.bot_json), None)

    def _away(self) -> telegram.ChatMember:
        return telegram.ChatMemberBanned(self._chats.bot, NEVER)

    async def _changes(self, by: telegram.User, before: telegram.ChatMember, after: telegram.ChatMember) -> None:
        change = telegram.ChatMemberUpdated(self._chat.about, by, self._clock(), before, after)
        await self._updates.add("my_chat_member", change, MESSAGE_LIFE)
