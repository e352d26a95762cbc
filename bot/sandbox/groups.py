"""A group that people and the bot are in, seen from the people's end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import telegram

from bot.sandbox.chats import BotMessage, Chat, Chats
from bot.sandbox.people import MESSAGE_LIFE, NEVER, Person
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

    async def takes_in(self, by: Person) -> None:
        """Somebody adds the bot."""
        self._chat.opened = True
        await self._changes(by.user, self._away(), telegram.ChatMemberMember(self._chats.bot))

    async def puts_out(self, by: Person) -> None:
        """Somebody removes the bot."""
        self._chat.opened = False
        await self._changes(by.user, telegram.ChatMemberMember(self._chats.bot), self._away())

    async def hears(self, by: Person, text: str, answer_to: BotMessage | None = None) -> telegram.Message:
        """Somebody writes; commands and mentions are marked as Telegram marks them."""
        entities = [
            telegram.MessageEntity(kind, text.index(word), len(word))
            for word in text.split()
            if (kind := {"/": "bot_command", "@": "mention"}.get(word[0]))
        ]
        message = telegram.Message(
            self._chats.next_message_id(),
            self._clock(),
            self._chat.about,
            from_user=by.user,
            text=text,
            entities=entities,
            reply_to_message=None if answer_to is None else self._as_telegram(answer_to),
        )
        self._chat.messages[message.message_id] = message
        await self._updates.add("message", message, MESSAGE_LIFE)
        return message

    def _as_telegram(self, message: BotMessage) -> telegram.Message | None:
        return telegram.Message.de_json(self._chat.as_telegram(message, self._chats.bot_json), None)

    def _away(self) -> telegram.ChatMember:
        return telegram.ChatMemberBanned(self._chats.bot, NEVER)

    async def _changes(self, by: telegram.User, before: telegram.ChatMember, after: telegram.ChatMember) -> None:
        change = telegram.ChatMemberUpdated(self._chat.about, by, self._clock(), before, after)
        await self._updates.add("my_chat_member", change, MESSAGE_LIFE)
