"""What a group says to us: whether it called us, and nothing else. Words and senders in a group are not taken over.

Telegram shows most bots only commands and answers to their own messages there. Where a group made us administrator we
see everything, so whether we are meant is decided here and not left to Telegram.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.channels.arrivals import Content, Group, Reach, clean

KINDS = frozenset({"group", "supergroup"})
INSIDE = frozenset({"member", "administrator", "restricted"})
LONGEST_NAME = 32  # characters of a user name


def read_group(update: Mapping[str, Any], account: str, username: str) -> Content | None:
    """Group where we were taken in or called, Reach(open=False) where we are out, None for all that is not for us.

    account: the bot's own number. username: its name without the @, "" while it is not known. Raises KeyError,
    TypeError, AttributeError or ValueError for what has not Telegram's form.
    """
    if change := update.get("my_chat_member"):
        return _change(change)
    message = update.get("message")
    if message is None or not any(_calls(message, account, username)):
        return None
    return Group(username or _name((message.get("reply_to_message") or {}).get("from")))


def _change(change: Mapping[str, Any]) -> Content | None:
    was, now = change["old_chat_member"]["status"] in INSIDE, change["new_chat_member"]["status"] in INSIDE
    if not now:
        return Reach(open=False)
    return None if was else Group(_name(change["new_chat_member"].get("user")))


def _calls(message: Mapping[str, Any], account: str, username: str) -> Iterator[bool]:
    """Ways of calling us: an answer to a message of ours, a command, our name."""
    answered = (message.get("reply_to_message") or {}).get("from") or {}
    yield str(answered.get("id")) == account
    words = message.get("text") or message.get("caption") or ""
    for entity in message.get("entities") or message.get("caption_entities") or ():
        part = _part(words, entity["offset"], entity["length"])
        ours = f"@{username}".lower()
        match entity["type"]:
            case "bot_command":
                _, at, name = part.partition("@")
                yield not at or f"@{name}".lower() == ours
            case "mention":
                yield part.lower() == ours
            case "text_mention":
                yield str(entity["user"]["id"]) == account


def _part(words: str, offset: int, length: int) -> str:
    """Offsets count UTF-16 units."""
    return words.encode("utf-16-le", "surrogatepass")[offset * 2 : (offset + length) * 2].decode("utf-16-le", "replace")


def _name(user: Mapping[str, Any] | None) -> str:
    return clean((user or {}).get("username") or "")[:LONGEST_NAME]
