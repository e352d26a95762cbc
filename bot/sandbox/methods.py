"""What each served method of the Bot API does. Parameters arrive checked by `spec` and `limits`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

import orjson
import telegram
from telegram.constants import FileSizeLimit

from bot.sandbox.chats import BotMessage, Chat, Chats
from bot.sandbox.forum import SERVED as OF_FORUMS
from bot.sandbox.forum import Forum
from bot.sandbox.hook import Hook
from bot.sandbox.refusals import NOT_MODIFIED, QUERY_TOO_OLD, WEBHOOK_ACTIVE, bad_request, conflict
from bot.sandbox.shapes import as_json, rewritten
from bot.sandbox.spec import Json, Upload
from bot.sandbox.updates import DEFAULT_KINDS, UpdateQueue

Params = Mapping[str, Json]

PRESS_LIFE = timedelta(seconds=150)
"""How long a press is offered and may be answered (Client.cpp; for the answer no figure is documented)."""


class Methods:
    """The bot's side of the chats and of the queue."""

    def __init__(
        self, chats: Chats, updates: UpdateQueue, hook: Hook, clock: Callable[[], datetime], *, strict: bool
    ) -> None:
        """With `strict`, python-telegram-bot writes each message that is answered."""
        self.answered: dict[str, str] = {}
        """Answered presses: callback query id -> text (empty: none); the latest where there were several."""
        self._chats = chats
        self._updates = updates
        self._hook = hook
        self._clock = clock
        self._strict = strict
        self.forum = Forum(chats, clock)
        self._commands: dict[bytes, Json] = {}
        self._words: dict[tuple[str, str], str] = {}
        self._menu: Json = {"type": "default"}

    async def get_me(self, params: Params) -> Json:
        """getMe."""
        return {**self._chats.bot_json, "can_join_groups": True, "can_read_all_group_messages": False}

    async def get_updates(self, params: Params) -> Json:
        """getUpdates; an allowed_updates that is not given keeps the former one, an empty one is the default."""
        if self._hook.params:
            raise conflict(WEBHOOK_ACTIVE)
        self._allow(params)
        return await self._updates.poll(params.get("offset", 0), params.get("limit", 100), params.get("timeout", 0))

    def _allow(self, params: Params) -> None:
        if "allowed_updates" in params:
            self._updates.kinds = frozenset(params["allowed_updates"]) or DEFAULT_KINDS

    async def set_webhook(self, params: Params) -> Json:
        """setWebhook and, without a url, deleteWebhook."""
        if params.get("drop_pending_updates"):
            self._updates.clear()
        if params.get("url"):
            self._allow(params)
            await self._updates.interrupt("terminated by setWebhook request")
        await self._hook.aim(params)
        return True

    async def get_webhook_info(self, params: Params) -> Json:
        """getWebhookInfo."""
        params = self._hook.params
        info: dict[str, Json] = {}
        if self._hook.last_error is not None:
            info["last_error_date"], info["last_error_message"] = self._hook.last_error
        custom = "certificate" in params
        return as_json(telegram.WebhookInfo(params.get("url", ""), custom, len(self._updates))) | info

    async def send_message(self, params: Params) -> Json:
        """sendMessage."""
        return await self._send(params, _words(params, "text", "entities"))

    async def send_location(self, params: Params) -> Json:
        """sendLocation."""
        return await self._send(params, {"location": as_json(_location(params))})

    async def send_venue(self, params: Params) -> Json:
        """sendVenue; as Telegram does, the message carries the location a second time."""
        location = _location(params)
        venue = telegram.Venue(location, params["title"], params["address"])
        return await self._send(params, {"location": as_json(location), "venue": as_json(venue)})

    async def send_photo(self, params: Params) -> Json:
        """sendPhoto; the picture itself is not kept."""
        size = telegram.PhotoSize(*self._file(params, "photo"), width=90, height=90)
        return await self._send(params, {"photo": [as_json(size)], **_words(params, "caption", "caption_entities")})

    async def send_voice(self, params: Params) -> Json:
        """sendVoice; the sound itself is not kept."""
        voice = telegram.Voice(*self._file(params, "voice"), duration=params.get("duration", 0))
        return await self._send(params, {"voice": as_json(voice), **_words(params, "caption", "caption_entities")})

    async def send_document(self, params: Params) -> Json:
        """sendDocument."""
        given = params["document"]
        name = given.name if isinstance(given, Upload) else None
        paper = telegram.Document(*self._file(params, "document"), file_name=name)
        return await self._send(params, {"document": as_json(paper), **_words(params, "caption", "caption_entities")})

    async def edit_text(self, params: Params) -> Json:
        """editMessageText; as in Telegram, an edit without a keyboard takes the keyboard away."""
        return await self._edit(params, _words(params, "text", "entities"))

    async def edit_markup(self, params: Params) -> Json:
        """editMessageReplyMarkup."""
        return await self._edit(params, None)

    async def answer_press(self, params: Params) -> Json:
        """answerCallbackQuery; an unknown id and an old one read the same."""
        query_id = params["callback_query_id"]
        press = self._chats.presses.get(query_id)
        if press is None or self._clock() - press.pressed_at >= PRESS_LIFE:
            raise bad_request(QUERY_TOO_OLD)
        self.answered[query_id] = params.get("text", "")
        return True

    async def show_action(self, params: Params) -> Json:
        """sendChatAction; nothing stays of it but the record of the call."""
        self._chats.reach(params["chat_id"])
        return True

    async def delete_message(self, params: Params) -> Json:
        """deleteMessage, the bot's own and the person's."""
        chat = self._chats.reach(params["chat_id"])
        if not chat.delete(params["message_id"], self._clock()):
            raise bad_request("message to delete not found")
        return True

    async def delete_messages(self, params: Params) -> Json:
        """deleteMessages; ids that are not found are skipped."""
        chat = self._chats.reach(params["chat_id"])
        for message_id in params["message_ids"]:
            chat.delete(message_id, self._clock())
        return True

    async def set_commands(self, params: Params) -> Json:
        """setMyCommands, by scope and language."""
        self._commands[_scope(params)] = params["commands"]
        return True

    async def get_commands(self, params: Params) -> Json:
        """getMyCommands of exactly this scope and language."""
        return self._commands.get(_scope(params), [])

    async def describe(self, params: Params) -> Json:
        """setMyDescription and setMyShortDescription, by language."""
        for name in ("description", "short_description"):
            if name in params:
                self._words[name, params.get("language_code", "")] = params[name]
        return True

    async def get_description(self, params: Params) -> Json:
        """getMyDescription of exactly this language."""
        return {"description": self._words.get(("description", params.get("language_code", "")), "")}

    async def get_short_description(self, params: Params) -> Json:
        """getMyShortDescription of exactly this language."""
        return {"short_description": self._words.get(("short_description", params.get("language_code", "")), "")}

    async def set_menu(self, params: Params) -> Json:
        """setChatMenuButton; the default one only."""
        self._menu = params.get("menu_button", {"type": "default"})
        return True

    async def get_menu(self, params: Params) -> Json:
        """getChatMenuButton; the default one only."""
        return self._menu

    async def leave_chat(self, params: Params) -> Json:
        """leaveChat; the group stays, without the bot."""
        self._chats.reach(params["chat_id"]).opened = False
        return True

    async def ban(self, params: Params) -> Json:
        """banChatMember; also of somebody who is not there, who then cannot come."""
        chat = self._chats.reach(params["chat_id"])
        if not chat.bans:
            raise bad_request("not enough rights to restrict/unrestrict chat member")
        chat.banned.add(params["user_id"])
        return True

    async def get_chat(self, params: Params) -> Json:
        """getChat."""
        about = self._chats.reach(params["chat_id"]).about
        gifts = telegram.AcceptedGiftTypes(True, True, True, True, True)
        full = telegram.ChatFullInfo(
            about.id,
            about.type,
            accent_color_id=0,
            max_reaction_count=11,
            accepted_gift_types=gifts,
            title=about.title,
            first_name=about.first_name,
        )
        return as_json(full)

    async def get_file(self, params: Params) -> Json:
        """getFile; a bot gets no file that is larger than Telegram gives out."""
        if params["file_id"] not in self._chats.files:
            raise bad_request("invalid file_id")
        file = self._chats.files[params["file_id"]]
        if file["file_size"] > FileSizeLimit.FILESIZE_DOWNLOAD:
            raise bad_request("file is too big")
        return file

    async def _send(self, params: Params, content: Mapping[str, Json]) -> Json:
        chat = self._chats.reach(params["chat_id"])
        thread = chat.thread(params.get("message_thread_id"))
        id, now = self._chats.next_message_id(), self._clock()
        message = BotMessage(chat.id, id, now, content, _keyboard(params), thread=thread)
        await chat.show(message)
        return self._written(chat, message)

    async def _edit(self, params: Params, content: Mapping[str, Json] | None) -> Json:
        for needed in ("chat_id", "message_id"):
            if needed not in params:
                raise bad_request("message identifier is not specified")
        chat = self._chats.reach(params["chat_id"])
        message = chat.own(params["message_id"])
        content = message.content if content is None else content
        markup = _keyboard(params)
        if content == message.content and markup == message.markup:
            raise bad_request(NOT_MODIFIED)
        message = message.edited(self._clock(), content, markup)
        await chat.show(message)
        return self._written(chat, message)

    def _written(self, chat: Chat, message: BotMessage) -> dict[str, Json]:
        sent = chat.as_telegram(message, self._chats.bot_json)
        return rewritten(sent) if self._strict else sent

    def _file(self, params: Params, kind: str) -> tuple[str, str]:
        given = params[kind]
        if isinstance(given, Upload):
            given = self._chats.keep_file(kind, given.content)
        elif given.startswith(("http://", "https://")):
            given = self._chats.keep_file(kind, b"")
        if given not in self._chats.files:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return given, self._chats.files[given]["file_unique_id"]


def _words(params: Params, text: str, entities: str) -> dict[str, Json]:
    return {name: params[name] for name in (text, entities) if params.get(name)}


def _location(params: Params) -> telegram.Location:
    return telegram.Location(params["longitude"], params["latitude"])


def _keyboard(params: Params) -> Json | None:
    """The inline keyboard; a keyboard of the other kinds does not stand in the message."""
    markup = params.get("reply_markup", {})
    return markup if markup.get("inline_keyboard") else None


def _scope(params: Params) -> bytes:
    return orjson.dumps([params.get("scope", {"type": "default"}), params.get("language_code", "")])


def _in_forum(act: Callable[[Forum, Params], Awaitable[Json]]) -> Callable[[Methods, Params], Awaitable[Json]]:
    return lambda methods, params: act(methods.forum, params)


SERVED: Mapping[str, Callable[[Methods, Params], Awaitable[Json]]] = {
    "getMe": Methods.get_me,
    "getUpdates": Methods.get_updates,
    "setWebhook": Methods.set_webhook,
    "deleteWebhook": Methods.set_webhook,
    "getWebhookInfo": Methods.get_webhook_info,
    "sendMessage": Methods.send_message,
    "sendLocation": Methods.send_location,
    "sendVenue": Methods.send_venue,
    "sendPhoto": Methods.send_photo,
    "sendVoice": Methods.send_voice,
    "sendDocument": Methods.send_document,
    "sendChatAction": Methods.show_action,
    "editMessageText": Methods.edit_text,
    "editMessageReplyMarkup": Methods.edit_markup,
    "deleteMessage": Methods.delete_message,
    "deleteMessages": Methods.delete_messages,
    "answerCallbackQuery": Methods.answer_press,
    "setMyCommands": Methods.set_commands,
    "getMyCommands": Methods.get_commands,
    "setMyDescription": Methods.describe,
    "setMyShortDescription": Methods.describe,
    "getMyDescription": Methods.get_description,
    "getMyShortDescription": Methods.get_short_description,
    "setChatMenuButton": Methods.set_menu,
    "getChatMenuButton": Methods.get_menu,
    "leaveChat": Methods.leave_chat,
    "banChatMember": Methods.ban,
    "getChat": Methods.get_chat,
    "getFile": Methods.get_file,
    **{name: _in_forum(act) for name, act in OF_FORUMS.items()},
}
