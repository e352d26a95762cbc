"""The people's side: a person who writes to the bot, presses its buttons and reads what it says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import telegram

from bot.sandbox.chats import BotMessage, Chat, Chats, Press
from bot.sandbox.methods import PRESS_LIFE
from bot.sandbox.spec import Json
from bot.sandbox.updates import UpdateQueue

MESSAGE_LIFE = timedelta(days=1)
"""How long a message or a change of membership waits to be fetched, from its date."""
# The beginnings of files of these types, by which they are known; nothing that could be looked at or played.
PHOTO = b"\xff\xd8\xff\xe0" + bytes(1_000)
VOICE = b"OggS" + bytes(1_000)
PAPER = b"%PDF-1.7" + bytes(1_000)
VIDEO = b"\x00\x00\x00\x18ftypisom" + bytes(1_000)
NEVER = datetime.fromtimestamp(0, UTC)


class Person:
    """One private chat with the bot, seen from the person's end. Every act makes an update for the bot."""

    def __init__(self, user: telegram.User, chats: Chats, updates: UpdateQueue, clock: Callable[[], datetime]) -> None:
        """They are known to Telegram, but the bot cannot write before they have."""
        self.user = user
        self._chats = chats
        self._updates = updates
        self._clock = clock
        self._chat: Chat = chats.add(
            telegram.Chat(
                user.id,
                telegram.Chat.PRIVATE,
                username=user.username,
                first_name=user.first_name,
                last_name=user.last_name,
            )
        )
        self._heard = 0

    @property
    def id(self) -> int:
        """Telegram's user id, which is the chat id too."""
        return self.user.id

    @property
    def messages(self) -> list[BotMessage]:
        """All that the bot has sent, in order, as it looks now; deleted messages are marked."""
        return [message for message in self._chat.messages.values() if isinstance(message, BotMessage)]

    @property
    def talk(self) -> list[BotMessage | telegram.Message]:
        """What both sides have said, in order; what the person deleted is left out."""
        return list(self._chat.messages.values())

    @property
    def changes(self) -> int:
        """Grows with everything that appears or changes in the chat."""
        return len(self._chat.messages) + len(self._chat.shown) + self._chat.deletions

    def knows_the_bot(self) -> None:
        """They have written long ago, so the bot may write to them."""
        self._open()

    async def says(self, text: str) -> telegram.Message:
        """Write a text; a leading /command is marked as Telegram marks it."""
        if not text.startswith("/"):
            return await self._writes(text=text)
        command = telegram.MessageEntity(telegram.MessageEntity.BOT_COMMAND, 0, len(text.split()[0]))
        return await self._writes(text=text, entities=[command])

    async def starts(self, payload: str | None = None) -> telegram.Message:
        """Press Start, or follow a deep link with this payload."""
        return await self.says(f"/start {payload}" if payload else "/start")

    async def answers(self, message: BotMessage, text: str) -> telegram.Message:
        """Write a text as an answer to a message of the bot."""
        return await self._writes(text=text, reply_to_message=self._pressed(message))

    async def sends_voice(self, seconds: int, content: bytes = VOICE) -> telegram.Message:
        """Send a voice note of this length."""
        size = len(content)
        voice = telegram.Voice(*self._file("voice", content), seconds, mime_type="audio/ogg", file_size=size)
        return await self._writes(voice=voice)

    async def sends_photo(self, caption: str | None = None, content: bytes = PHOTO) -> telegram.Message:
        """Send a photo, in two sizes."""
        small = telegram.PhotoSize(*self._file("photo", PHOTO), width=90, height=90)
        large = telegram.PhotoSize(*self._file("photo", content), width=1280, height=1280, file_size=len(content))
        return await self._writes(photo=[small, large], caption=caption)

    async def sends_document(self, content: bytes = PAPER, mime_type: str = "application/pdf") -> telegram.Message:
        """Send a file."""
        size = len(content)
        paper = telegram.Document(*self._file("document", content), mime_type=mime_type, file_size=size)
        return await self._writes(document=paper)

    async def sends_video(self, seconds: int, content: bytes = VIDEO) -> telegram.Message:
        """Send a video of this length."""
        video = telegram.Video(*self._file("video", content), 640, 480, seconds, file_size=len(content))
        return await self._writes(video=video)

    async def sends_sticker(self) -> telegram.Message:
        """Send a sticker."""
        kind = telegram.Sticker.REGULAR
        sticker = telegram.Sticker(
            *self._file("sticker", PHOTO), 512, 512, is_animated=False, is_video=False, type=kind
        )
        return await self._writes(sticker=sticker)

    async def sends_location(self, latitude: float, longitude: float) -> telegram.Message:
        """Send a place on the map, in degrees."""
        return await self._writes(location=telegram.Location(longitude, latitude))

    async def sends_contact(self, phone: str = "+000", user_id: int | None = None) -> telegram.Message:
        """Send a contact; Telegram puts a user id there itself, the person's own where they share themselves."""
        return await self._writes(contact=telegram.Contact(phone, self.user.first_name, user_id=user_id))

    async def forwards(self, text: str, of: Person) -> telegram.Message:
        """Pass on a text that somebody else wrote; Telegram says whose it was, unless they hide it."""
        return await self._writes(text=text, forward_origin=telegram.MessageOriginUser(self._clock(), of.user))

    def opens(self, message: BotMessage) -> tuple[str | None, bytes]:
        """The file in a message of the bot: its name and its content. Raises StopIteration where there is none."""
        given = next(message.content[kind] for kind in ("document", "photo", "voice") if kind in message.content)
        file = given[-1] if isinstance(given, list) else given
        path = self._chats.files[file["file_id"]]["file_path"]
        return file.get("file_name"), self._chats.contents[path]

    async def edits(self, message: telegram.Message, text: str) -> telegram.Message:
        """Change an own message."""
        now = self._clock()
        about, user = self._chat.about, self.user
        edited = telegram.Message(message.message_id, message.date, about, from_user=user, text=text, edit_date=now)
        self._chat.messages[message.message_id] = edited
        await self._updates.add("edited_message", edited, MESSAGE_LIFE)
        return edited

    async def presses(self, label_or_data: str, message: BotMessage | int | None = None) -> str:
        """Press a button by its label or callback data; the id of the callback query.

        Looked for in the given message (or id), else in the newest that has such a button. Raises LookupError, with
        the labels that there are, where there is none.
        """
        looked_in = [self._message(message)] if message is not None else self.messages[::-1]
        for candidate in looked_in:
            for label, data in candidate.pressable:
                if label_or_data in (label, data):
                    return await self.presses_raw(data, candidate)
        labels = [label for candidate in looked_in for label, _ in candidate.pressable]
        raise LookupError(f"no button {label_or_data!r}; there are {labels}")

    async def presses_raw(self, data: str, message: BotMessage | int) -> str:
        """Press with any data, as a forged client can; the id of the callback query."""
        self._open()
        query_id = str(len(self._chats.presses) + 1)
        self._chats.presses[query_id] = Press(self._clock(), self.id)
        query = telegram.CallbackQuery(
            query_id, self.user, chat_instance=str(self.id), message=self._pressed(self._message(message)), data=data
        )
        await self._updates.add("callback_query", query, PRESS_LIFE)
        return query_id

    async def blocks(self) -> None:
        """Block the bot: it learns so and cannot write any more."""
        member, banned = telegram.ChatMemberMember(self._chats.bot), telegram.ChatMemberBanned(self._chats.bot, NEVER)
        self._chat.blocked = True
        await self._changes(member, banned)

    def blocks_silently(self) -> None:
        """Block the bot, and it does not learn so before it writes."""
        self._chat.blocked = True

    async def unblocks(self) -> None:
        """Take the bot back in."""
        member, banned = telegram.ChatMemberMember(self._chats.bot), telegram.ChatMemberBanned(self._chats.bot, NEVER)
        self._chat.blocked = False
        await self._changes(banned, member)

    async def hears(self, n_more: int = 1, timeout: float = 30.0) -> list[BotMessage]:
        """Wait for the next `n_more` sendings or edits since the last call, each as it looked when it appeared.

        More may have come: they are left for the next call. Raises TimeoutError after `timeout` real seconds.
        """
        wanted = self._heard + n_more
        shown = self._chat.shown
        try:
            async with asyncio.timeout(timeout), self._chat.changed:
                await self._chat.changed.wait_for(lambda: len(shown) >= wanted)
        except TimeoutError:
            came = [message.text for message in shown[self._heard :]]
            raise TimeoutError(f"person {self.id} heard {came} instead of {n_more} messages in {timeout} s") from None
        heard = shown[self._heard : wanted]
        self._heard = wanted
        return heard

    async def _writes(self, **content: Json) -> telegram.Message:
        self._open()
        number, now = self._chats.next_message_id(), self._clock()
        message = telegram.Message(number, now, self._chat.about, from_user=self.user, **content)
        self._chat.messages[number] = message
        await self._updates.add("message", message, MESSAGE_LIFE)
        return message

    async def _changes(self, before: telegram.ChatMember, after: telegram.ChatMember) -> None:
        change = telegram.ChatMemberUpdated(self._chat.about, self.user, self._clock(), before, after)
        await self._updates.add("my_chat_member", change, MESSAGE_LIFE)

    def _open(self) -> None:
        if self._chat.blocked:
            raise RuntimeError(f"person {self.id} has blocked the bot; unblocks() comes first")
        self._chat.opened = True

    def _file(self, kind: str, content: bytes) -> tuple[str, str]:
        file_id = self._chats.keep_file(kind, content)
        return file_id, self._chats.files[file_id]["file_unique_id"]

    def _message(self, message: BotMessage | int) -> BotMessage:
        number = message if isinstance(message, int) else message.id
        match self._chat.messages.get(number):
            case BotMessage() as found:
                return found
            case _:
                raise LookupError(f"the bot sent person {self.id} no message {number}")

    def _pressed(self, message: BotMessage) -> telegram.MaybeInaccessibleMessage:
        """The message as it comes with a press; of a deleted one only the id is left."""
        if message.deleted:
            return telegram.InaccessibleMessage(self._chat.about, message.id)
        sent = self._chat.as_telegram(message, self._chats.bot_json)
        return telegram.Message.de_json(sent, None)
