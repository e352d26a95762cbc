"""Who there is, and what stands in their chats with the bot."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import telegram

from bot.sandbox.refusals import bad_request, forbidden, moved
from bot.sandbox.shapes import as_json
from bot.sandbox.spec import Json

DELETABLE = timedelta(hours=48)
"""After a message's date; of the bot's own messages and of those of people in a private chat."""

Buttons = tuple[tuple[tuple[str, str], ...], ...]
"""Rows of (label, data); data is the callback data, else the address or the text to copy."""


@dataclass(frozen=True, slots=True)
class BotMessage:
    """A message of the bot as a person sees it at one moment; an edit makes another one, with this in its history.

    `content` holds the fields of Telegram's Message that say something (text, entities, venue, photo ...). `thread` is
    the topic of a forum in which it stands.
    """

    chat_id: int
    id: int
    date: datetime
    content: Mapping[str, Json]
    markup: Mapping[str, Json] | None = None
    edited_at: datetime | None = None
    history: tuple[BotMessage, ...] = ()
    deleted: bool = False
    thread: int | None = None

    @property
    def text(self) -> str:
        """Text, caption, or title and address of a venue; empty where there are no words."""
        venue = self.content.get("venue")
        words = f"{venue['title']}\n{venue['address']}" if venue else self.content.get("text")
        return words or self.content.get("caption") or ""

    @property
    def entities(self) -> list[Json]:
        """Telegram's MessageEntity objects of the text or caption."""
        found: list[Json] = self.content.get("entities") or self.content.get("caption_entities") or []
        return found

    @property
    def buttons(self) -> Buttons:
        """The inline keyboard, top to bottom."""
        rows = (self.markup or {}).get("inline_keyboard", ())
        return tuple(tuple((button["text"], _data(button)) for button in row) for row in rows)

    @property
    def pressable(self) -> list[tuple[str, str]]:
        """(label, callback data) of the buttons that tell the bot of a press; none where the message is deleted."""
        rows = () if self.deleted else (self.markup or {}).get("inline_keyboard", ())
        told = [button for row in rows for button in row if "callback_data" in button]
        return [(button["text"], button["callback_data"]) for button in told]

    def edited(self, at: datetime, content: Mapping[str, Json], markup: Mapping[str, Json] | None) -> BotMessage:
        """The message after an edit; `history` grows by what was seen until now, oldest first."""
        before = replace(self, history=())
        return replace(self, content=content, markup=markup, edited_at=at, history=(*self.history, before))


def _data(button: Mapping[str, Json]) -> str:
    copied = button.get("copy_text", {}).get("text")
    return button.get("callback_data") or button.get("url") or copied or ""


@dataclass(slots=True)
class Topic:
    """One topic of a forum; its id is that of the message which opened it."""

    id: int
    name: str
    color: int
    closed: bool = False


@dataclass(slots=True)
class Chat:
    """One chat: private with a person, or a group. A private one is open from the person's first act."""

    about: telegram.Chat
    json: Mapping[str, Json]
    """`about` as it stands in every message."""
    opened: bool = False
    blocked: bool = False
    moved_to: int | None = None
    messages: dict[int, BotMessage | telegram.Message] = field(default_factory=dict)
    """By id: the bot's own and, as python-telegram-bot's objects, those of people."""
    deletions: int = 0
    shown: list[BotMessage] = field(default_factory=list)
    """Every sending and edit, in the order in which they appeared."""
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    topics: dict[int, Topic] = field(default_factory=dict)
    manages_topics: bool = True
    bans: bool = True
    """Whether the bot may remove people, and whom it has removed."""
    banned: set[int] = field(default_factory=set)
    reactions: dict[int, tuple[str, ...]] = field(default_factory=dict)
    """The bot's own, by message id."""

    @property
    def id(self) -> int:
        """Telegram's chat id; in a private chat the person's."""
        return self.about.id

    async def show(self, message: BotMessage) -> None:
        """The message appears, or changes, before the person's eyes."""
        self.messages[message.id] = message
        self.shown.append(message)
        async with self.changed:
            self.changed.notify_all()

    def as_telegram(self, message: BotMessage, bot: Mapping[str, Json]) -> dict[str, Json]:
        """The message as Telegram's Message object; `bot` is who sent it."""
        sent: dict[str, Json] = {
            "message_id": message.id,
            "from": bot,
            "chat": self.json,
            "date": int(message.date.timestamp()),
            **message.content,
        }
        if message.edited_at is not None:
            sent["edit_date"] = int(message.edited_at.timestamp())
        if message.markup is not None:
            sent["reply_markup"] = message.markup
        if message.thread is not None:
            sent |= {"message_thread_id": message.thread, "is_topic_message": True}
        return sent

    def thread(self, topic_id: int | None) -> int | None:
        """The topic in which a message is to stand; Refused where it is gone. None: the group itself."""
        if topic_id is not None and topic_id not in self.topics:
            raise bad_request("message thread not found")
        return topic_id

    def drop_topic(self, topic_id: int) -> None:
        """A topic is gone, with all that stood in it."""
        del self.topics[topic_id]
        for id, message in list(self.messages.items()):
            stands_in = message.thread if isinstance(message, BotMessage) else message.message_thread_id
            if topic_id in (id, stands_in):
                del self.messages[id]

    def own(self, message_id: int) -> BotMessage:
        """The bot's message of this id, to be edited; Refused where there is none."""
        match self.messages.get(message_id):
            case BotMessage(deleted=False) as message:
                return message
            case telegram.Message():
                raise bad_request("message can't be edited")
            case _:
                raise bad_request("message to edit not found")

    def delete(self, message_id: int, now: datetime) -> bool:
        """Whether there was such a message, which is gone now; Refused where it is too old."""
        message = self.messages.get(message_id)
        if message is None or (isinstance(message, BotMessage) and message.deleted):
            return False
        if now - message.date >= DELETABLE:
            raise bad_request("message can't be deleted for everyone")
        if isinstance(message, BotMessage):
            self.messages[message_id] = replace(message, deleted=True)
        else:
            del self.messages[message_id]
        self.deletions += 2  # one more than the message that may be missing now
        return True


@dataclass(frozen=True, slots=True)
class Press:
    """A callback query that may be answered until it is too old."""

    pressed_at: datetime
    chat_id: int


class Chats:
    """All chats of the bot, its message ids, its presses and the files that it may name."""

    def __init__(self, bot: telegram.User) -> None:
        """None yet; `bot` is the sender of all that the bot sends."""
        self.bot = bot
        self.bot_json = as_json(bot)
        self.presses: dict[str, Press] = {}
        self.files: dict[str, Json] = {}
        self.contents: dict[str, bytes] = {}
        """What lies behind the paths that getFile gives."""
        self._chats: dict[int, Chat] = {}
        self._message_ids = itertools.count(1)
        self._file_ids = itertools.count(1)

    def add(self, about: telegram.Chat) -> Chat:
        """The chat of this id, made when it is new."""
        if about.id not in self._chats:
            self._chats[about.id] = Chat(about, as_json(about))
        return self._chats[about.id]

    def next_message_id(self) -> int:
        """Ids grow over all chats, as those of private chats and basic groups do."""
        return next(self._message_ids)

    def reach(self, chat_id: int | str) -> Chat:
        """The chat to which the bot may write; Refused where it is unknown, has moved or does not want it."""
        chat = self._chats.get(chat_id) if isinstance(chat_id, int) else None
        if chat is not None and chat.blocked:
            private = chat.about.type == telegram.Chat.PRIVATE
            raise forbidden(
                "bot was blocked by the user" if private else f"bot was kicked from the {chat.about.type} chat"
            )
        if chat is None or not chat.opened:
            raise bad_request("chat not found")
        if chat.moved_to is not None:
            raise moved(chat.moved_to)
        return chat

    def keep_file(self, kind: str, content: bytes) -> str:
        """A new file id; `kind` is the folder of its path (photo, voice, document, sticker)."""
        number = next(self._file_ids)
        file_id = f"sandbox-{kind}-{number}"
        file = telegram.File(file_id, f"unique-{number}", len(content), f"{kind}/file_{number}")
        self.files[file_id] = as_json(file)
        self.contents[f"{kind}/file_{number}"] = content
        return file_id
