"""Telegram's limits on what a bot sends; the figures are those of `telegram.constants` where it has them.

Texts are counted in UTF-16 units. Telegram itself has been measured to count characters (8,192 units in 4,096
characters went through: FerroxLabs/wayland#934); the two differ for emoji only and a bot that keeps to units is safe
either way.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence

from telegram.constants import (
    BotCommandLimit,
    BotDescriptionLimit,
    BulkRequestLimit,
    CallbackQueryLimit,
    ChatAction,
    InlineKeyboardButtonLimit,
    InlineKeyboardMarkupLimit,
    MessageLimit,
    WebhookLimit,
)

from bot.sandbox.spec import Json

RAW_TEXT = 32_768
"""Bytes of a text before entities are parsed (Client.cpp)."""

BESIDE_THE_ACTION = frozenset({"text", "style", "icon_custom_emoji_id"})
"""Fields of an inline button that do not say what it does."""

MISSING = ("business_connection_id", "direct_messages_topic_id", "inline_message_id", "parse_mode", "rich_message")
"""Parameters of which the sandbox knows the name only: taking them in silence would test nothing."""


def utf16_length(text: str) -> int:
    """How many UTF-16 units Telegram and its entities count in a text."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def breaches(method: str, params: Mapping[str, Json]) -> Iterator[str]:
    """What of a call goes over a limit, as the reason that stands in the 400."""
    for name in MISSING:
        if name in params:
            yield f"{name} is not available in the sandbox"
    yield from CHECKS.get(method, _nothing)(params)
    if keyboard := params.get("reply_markup", {}).get("inline_keyboard"):
        yield from _in_keyboard(keyboard)


def _nothing(params: Mapping[str, Json]) -> Iterator[str]:
    return iter(())


def _in_text(params: Mapping[str, Json]) -> Iterator[str]:
    text = params.get("text", "")
    if not text.strip():
        yield "message text is empty"
    elif len(text.encode("utf-8", "surrogatepass")) > RAW_TEXT:
        yield "text is too long"
    elif utf16_length(text) > MessageLimit.MAX_TEXT_LENGTH:
        yield "message is too long"
    yield from _in_entities(text, params.get("entities", ()))


def _in_caption(params: Mapping[str, Json]) -> Iterator[str]:
    caption = params.get("caption", "")
    if utf16_length(caption) > MessageLimit.CAPTION_LENGTH:
        yield "message caption is too long"
    yield from _in_entities(caption, params.get("caption_entities", ()))


def _in_entities(text: str, entities: Sequence[Mapping[str, Json]]) -> Iterator[str]:
    if len(entities) > MessageLimit.MESSAGE_ENTITIES:
        yield "too many entities"
    if not entities:
        return
    units = text.encode("utf-16-le", "surrogatepass")
    for entity in entities:
        start, end = entity["offset"], entity["offset"] + entity["length"]
        if start < 0 or end * 2 > len(units):
            yield f"entity {start}+{entity['length']} lies outside the text"
        elif entity["length"] < 1:
            yield f"entity {start}+{entity['length']} is empty"
        elif _inside_a_pair(units, start) or _inside_a_pair(units, end):
            yield f"entity {start}+{entity['length']} cuts a UTF-16 pair"


def _inside_a_pair(units: bytes, at: int) -> bool:
    """Whether unit `at` is the second half of a character."""
    return at * 2 < len(units) and 0xDC <= units[at * 2 + 1] <= 0xDF


def _in_keyboard(rows: Sequence[Sequence[Mapping[str, Json]]]) -> Iterator[str]:
    if any(len(row) > InlineKeyboardMarkupLimit.BUTTONS_PER_ROW for row in rows):
        yield "reply markup is too long: more than 8 buttons in a row"
    if sum(map(len, rows)) > InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER:
        yield "reply markup is too long: more than 100 buttons"
    for row in rows:
        for button in row:
            yield from _in_button(button)


def _in_button(button: Mapping[str, Json]) -> Iterator[str]:
    if not button["text"].strip():
        yield "button text is empty"
    if len(button.keys() - BESIDE_THE_ACTION) != 1:
        yield "a button needs exactly one action: text buttons are unallowed in the inline keyboard"
    if (data := button.get("callback_data")) is not None and not (
        InlineKeyboardButtonLimit.MIN_CALLBACK_DATA
        <= len(data.encode("utf-8", "surrogatepass"))
        <= InlineKeyboardButtonLimit.MAX_CALLBACK_DATA
    ):
        yield "BUTTON_DATA_INVALID"
    copied = button.get("copy_text")
    if copied is not None and not 1 <= utf16_length(copied["text"]) <= InlineKeyboardButtonLimit.MAX_COPY_TEXT:
        yield "BUTTON_COPY_TEXT_INVALID"


def _in_answer(params: Mapping[str, Json]) -> Iterator[str]:
    if utf16_length(params.get("text", "")) > CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH:
        yield "MESSAGE_TOO_LONG"


def _in_commands(params: Mapping[str, Json]) -> Iterator[str]:
    if len(params["commands"]) > BotCommandLimit.MAX_COMMAND_NUMBER:
        yield "BOT_COMMANDS_TOO_MUCH"
    for command in params["commands"]:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
            yield "BOT_COMMAND_INVALID"
        if not 1 <= utf16_length(command["description"]) <= BotCommandLimit.MAX_DESCRIPTION:
            yield "BOT_COMMAND_DESCRIPTION_INVALID"


def _in_description(params: Mapping[str, Json]) -> Iterator[str]:
    if utf16_length(params.get("description", "")) > BotDescriptionLimit.MAX_DESCRIPTION_LENGTH:
        yield "description is too long"
    if utf16_length(params.get("short_description", "")) > BotDescriptionLimit.MAX_SHORT_DESCRIPTION_LENGTH:
        yield "short description is too long"


def _in_chat_action(params: Mapping[str, Json]) -> Iterator[str]:
    if params["action"] not in list(ChatAction):
        yield "wrong parameter action in request"


def _in_deletion(params: Mapping[str, Json]) -> Iterator[str]:
    if not BulkRequestLimit.MIN_LIMIT <= len(params["message_ids"]) <= BulkRequestLimit.MAX_LIMIT:
        yield "wrong number of message identifiers specified"


def _in_webhook(params: Mapping[str, Json]) -> Iterator[str]:
    secret = params.get("secret_token", "")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret) or len(secret) > WebhookLimit.MAX_SECRET_TOKEN_LENGTH:
        yield "secret token contains unallowed characters"
    if params["url"] and not params["url"].startswith("https://"):
        yield "bad webhook: An HTTPS URL must be provided for webhook"


CHECKS: Mapping[str, Callable[[Mapping[str, Json]], Iterator[str]]] = {
    "sendMessage": _in_text,
    "editMessageText": _in_text,
    "sendPhoto": _in_caption,
    "sendVoice": _in_caption,
    "sendDocument": _in_caption,
    "answerCallbackQuery": _in_answer,
    "setMyCommands": _in_commands,
    "setMyDescription": _in_description,
    "setMyShortDescription": _in_description,
    "sendChatAction": _in_chat_action,
    "deleteMessages": _in_deletion,
    "setWebhook": _in_webhook,
}


class SlidingSecond:
    """A strict limit on what passes in any second. What is refused does not count."""

    def __init__(self, rate: int | None, ticks: Callable[[], float]) -> None:
        """`rate` events a second, None for no limit; `ticks` are seconds."""
        self._rate = rate
        self._ticks = ticks
        self._passed: deque[float] = deque()

    def refusal(self) -> int:
        """0 where the event passes, else the seconds to wait."""
        if self._rate is None:
            return 0
        now = self._ticks()
        while self._passed and now - self._passed[0] >= 1:
            self._passed.popleft()
        if len(self._passed) >= self._rate:
            return 1
        self._passed.append(now)
        return 0
