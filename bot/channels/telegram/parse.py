"""One Telegram update -> one Inbound. Names, user names, file names and phone numbers are not taken over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.channels.arrivals import Attachment, Content, Inbound, Media, MediaKind, Press, Reach, Unreadable, Words, clean
from bot.channels.telegram import groups, topics
from storage.messages import NOT_KNOWN
from storage.quoting import Origin

SCHEME = "telegram"
NO_CHAT = "?"  # where the chat cannot be read, the row is kept under this address for staff
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
# The first that fits counts: an animation comes as a document too, and a venue as a location.
MEDIA: Mapping[str, MediaKind] = {
    "voice": MediaKind.VOICE,
    "audio": MediaKind.VOICE,
    "video": MediaKind.VIDEO,
    "video_note": MediaKind.VIDEO,
    "animation": MediaKind.STICKER,
    "photo": MediaKind.PHOTO,
    "document": MediaKind.FILE,
    "sticker": MediaKind.STICKER,
    "location": MediaKind.PLACE,
    "contact": MediaKind.CONTACT,
    "dice": MediaKind.STICKER,
}
FETCHED = frozenset({MediaKind.VOICE, MediaKind.VIDEO, MediaKind.PHOTO, MediaKind.FILE})
LONGEST_TEXT = 4096  # characters, Bot API: text of a message
LONGEST_REF = 512  # characters; the file ids that Telegram gives out have about 80
LONGEST_TYPE = 100  # characters
MOST = 2**53  # what JSON carries exactly
REACHABLE = frozenset({"member", "administrator", "creator"})


def parse(
    update: Mapping[str, Any], account: str, now: datetime, username: str = "", room: int | None = None
) -> Inbound | None:
    """The arrival in an update, or None for what is not ours to read (channels, what groups say). Raises nothing.

    username: the bot's own, by which a group may call it; "" while it is not known. room: the staff group; what is
    for us there counts as said by who said it, in their own conversation.
    """
    content: Content | None
    try:
        chat, content, language = _read(update)
        kind, chat_id = chat["type"], str(int(chat["id"]))
        if kind in groups.KINDS and int(chat_id) == room:
            chat_id, content = topics.read_topic(update, account)
            language = None
        elif kind in groups.KINDS:
            content = groups.read_group(update, account, username)
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError):
        kind, chat_id, content, language = "private", NO_CHAT, Unreadable(), None
    if content is None or kind not in {"private", *groups.KINDS}:
        return None
    return Inbound(
        channel=SCHEME,
        account=account,
        external_id=str(update["update_id"]),
        opaque_id=chat_id,
        content=content,
        received_at=now,
        language=clean(language)[:35] if isinstance(language, str) else None,
        message_id=_message_id(update.get("message")) if kind == "private" else None,
        origin=_origin(update) if kind == "private" else NOT_KNOWN,
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
        return Words(clean(message["text"])[:LONGEST_TEXT], edited, forwarded="forward_origin" in message)
    name = next((name for name in MEDIA if name in message), "")
    kind, part = MEDIA.get(name, MediaKind.OTHER), _part(message.get(name))
    return Media(
        kind,
        clean(message.get("caption", ""))[:LONGEST_TEXT],
        seconds=_count(part.get("duration")),
        file=_file(part) if kind in FETCHED else None,
        place=_place(part) if kind is MediaKind.PLACE else None,
        edited=edited,
    )


def _part(value: object) -> Mapping[str, Any]:
    """What describes the file; of a photo's sizes the last one, which is the largest."""
    if isinstance(value, list):
        value = value[-1] if value else None
    return value if isinstance(value, dict) else {}


def _file(part: Mapping[str, Any]) -> Attachment | None:
    ref, type = part.get("file_id"), part.get("mime_type")
    if not isinstance(ref, str) or not ref or len(ref) > LONGEST_REF:
        return None
    claimed = clean(type)[:LONGEST_TYPE] if isinstance(type, str) else None
    return Attachment(clean(ref), _count(part.get("file_size")), claimed)


def _place(part: Mapping[str, Any]) -> tuple[float, float] | None:
    latitude, longitude = part.get("latitude"), part.get("longitude")
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return None
    there = -90 <= latitude <= 90 and -180 <= longitude <= 180
    return (float(latitude), float(longitude)) if there else None


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and 0 <= value < MOST else None


def _origin(update: Mapping[str, Any]) -> Origin:
    """Of words and files. An answer to something in another chat answers nothing of ours."""
    message = update.get("message") or update.get("edited_message")
    answered = message.get("reply_to_message") if isinstance(message, dict) else None
    return Origin(_message_id(message) or "", _message_id(answered) or "")


def _message_id(message: object) -> str | None:
    """Of what the person sent; a pressed button's message is one of ours, so its id is known."""
    number = _count(message.get("message_id")) if isinstance(message, dict) else None
    return str(number) if number else None
