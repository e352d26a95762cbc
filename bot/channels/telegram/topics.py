"""What is said to us in the staff group.

Only what answers a message of the person, or begins with /r or /undo, is for us. Everything else is talk among
colleagues: it is not taken over. Who speaks is the numeric id of the account; names and forwarded messages count for
nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.channels.arrivals import InTopic, TopicAct, clean

MIRRORED = "🙋"  # every message with words of the person begins with it (content/icons.yaml, person)
LONGEST_TEXT = 4096  # characters, Bot API
NOBODYS = ("forward_origin", "sender_chat", "via_bot")  # written by somebody else, or in the name of the group


def read_topic(update: Mapping[str, Any], account: str) -> tuple[str, InTopic | None]:
    """Who did something in the staff group (their id), and what of it is for us, or None.

    Raises KeyError, TypeError, AttributeError or ValueError for what has not Telegram's form.
    """
    if press := update.get("callback_query"):
        thread = press["message"].get("message_thread_id")
        act = InTopic(int(thread), TopicAct.PRESS, clean(press["data"])) if thread else None
        return str(int(press["from"]["id"])), act
    message = update.get("message")
    if message is None or not message.get("is_topic_message") or any(name in message for name in NOBODYS):
        return "", None
    return str(int(message["from"]["id"])), _act(message, account)


def _act(message: Mapping[str, Any], account: str) -> InTopic | None:
    thread, words = int(message["message_thread_id"]), clean(message.get("text", ""))[:LONGEST_TEXT]
    command, _, rest = words.partition(" ")
    match command.partition("@")[0]:
        case "/r":
            return InTopic(thread, TopicAct.ANSWER, rest.strip())
        case "/undo":
            return InTopic(thread, TopicAct.UNDO)
    return InTopic(thread, TopicAct.ANSWER, words) if _answers_person(message, account) else None


def _answers_person(message: Mapping[str, Any], account: str) -> bool:
    """Whether it explicitly answers words of the person. What answers nothing comes as an answer to the opening of
    the topic, which is a message of ours too."""
    answered = message.get("reply_to_message") or {}
    ours = str((answered.get("from") or {}).get("id")) == account
    return ours and str(answered.get("text", "")).startswith(MIRRORED)
