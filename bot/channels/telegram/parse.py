"""One Telegram update -> one Inbound. Names, user names and phone numbers are not taken over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.channels.base import Content, Inbound, Media, Press, Reach, Unreadable, Words, clean

SCHEME = "telegram"
NO_CHAT = "?"  # where the chat cannot be read, the row is kept under this address for staff
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
MEDIA = (
    "voice", "audio", "video", "video_note", "animation", "photo", "document", "sticker", "location", "venue",
    "contact", "poll", "dice", "story",
)  # fmt: skip
LONGEST_TEXT = 4096  # characters, Bot API: text of a message
REACHABLE = frozenset({"member", "administrator", "creator"})


def parse(update: Mapping[str, Any], account: str, now: datetime) -> Inbound | None:
    """The arrival in an update, or None for what is not ours to read (groups, channels). Raises nothing."""
    try:
        chat, content, language = _read(update)
        kind, chat_id = chat["type"], str(int(chat["id"]))
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError):
        kind, chat_id, content, language = "private", NO_CHAT, Unreadable(), None
    if kind != "private":
        return None
    return Inbound(
        channel=SCHEME,
        account=account,
        external_id=str(update["update_id"]),
        opaque_id=chat_id,
        content=content,
        received_at=now,
        language=clean(language)[:35] if isinstance(language, str) else None,
    )


def _read(update: Mapping[str, Any]) -> tuple[Mapping[str, Any], Content, object]:
    if press := update.get("callback_query"):
        carrier = press["message"]
        return carrier["chat"], Press(clean(press["data"])), press["from"].get("language_code")
    if member := update.get("my_chat_member"):
        reach = Reach(open=member["new_chat_member"]["status"] in REACHABLE)
        return member["chat"], reach, member["from"].get("language_code")
    message = update.get("message") or update["edited_message"]
    sender = message.get("from") or {}
    return message["chat"], _content(message, edited="edited_message" in update), sender.get("language_code")


def _content(message: Mapping[str, Any], *, edited: bool) -> Content:
    if "text" in message:
        return Words(clean(message["text"])[:LONGEST_TEXT], edited)
    kind = next((kind for kind in MEDIA if kind in message), "other")
    return Media(kind, clean(message.get("caption", ""))[:LONGEST_TEXT])
