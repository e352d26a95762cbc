"""Updates that nobody's phone sends: what they are, and what must become of each.

Somebody says anything; on the wire the update is replaced. Its number stays: that is Telegram's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

Update = Mapping[str, Any]
Twist = Callable[[Update], Update]

LONE_SURROGATES = "\ud800 \udfff\ud83d"
HUGE = "x" * 1_000_000
FORGED = "a.1.1.no.3~AAAAAAAAAAA"


class Fate(Enum):
    """What must become of an update."""

    ANSWERED = "the person's screen is shown again, with one line why"
    UNKNOWN = "words that mean nothing: that is said, and one word later the person's screen stands there again"
    PARKED = "a dead letter for staff; where it came from cannot be read"
    IGNORED = "not addressed to us: nothing is stored or said"


def _message(**fields: Any) -> Twist:
    """The message with these fields instead of its own."""
    return lambda update: {**update, "message": {**update["message"], **fields}}


def _without(*names: str, **fields: Any) -> Twist:
    """The message without some fields and with others."""

    def twist(update: Update) -> Update:
        kept = {name: value for name, value in update["message"].items() if name not in names}
        return {**update, "message": kept | fields}

    return twist


def _sender(**fields: Any) -> Twist:
    """The message from somebody, in a chat, with these fields."""

    def twist(update: Update) -> Update:
        message = update["message"]
        changed = {name: {**message[name], **fields} for name in ("from", "chat")}
        return {**update, "message": {**message, **changed}}

    return twist


def _chat(**fields: Any) -> Twist:
    return lambda update: {**update, "message": {**update["message"], "chat": fields}}


def _press(*missing: str, **fields: Any) -> Twist:
    """A press of a button below the message, without or with these fields."""

    def twist(update: Update) -> Update:
        message = update["message"]
        press = {"id": "1", "from": message["from"], "chat_instance": "1", "message": message} | fields
        return {
            "update_id": update["update_id"],
            "callback_query": {name: value for name, value in press.items() if name not in missing},
        }

    return twist


def _instead(**kinds: Any) -> Twist:
    """Another kind of update altogether."""
    return lambda update: {"update_id": update["update_id"], **kinds}


CASES: Mapping[str, tuple[Twist, Fate]] = {
    "NUL in the text": (_message(text="\x00he\x00llo"), Fate.UNKNOWN),
    "lone surrogates in the text": (_message(text=LONE_SURROGATES), Fate.UNKNOWN),
    "a huge text": (_message(text=HUGE), Fate.UNKNOWN),
    "an empty text": (_message(text=""), Fate.UNKNOWN),
    "a text of spaces": (_message(text=" \n\t\u200b\u202e"), Fate.UNKNOWN),
    "a text of templates": (_message(text="{0} {x!r} %s %(x)s ${x} <b> &amp; '; DROP TABLE inbox; --"), Fate.UNKNOWN),
    "an endless number": (_message(text="9" * 4_000), Fate.UNKNOWN),
    "entities that fit nothing": (_message(entities=[{"type": "new", "offset": -1, "length": 10**9}]), Fate.ANSWERED),
    "a huge name": (_sender(first_name=HUGE, username=HUGE), Fate.ANSWERED),
    "a name of lone surrogates and NUL": (_sender(first_name=LONE_SURROGATES + "\x00"), Fate.ANSWERED),
    "a huge language": (_sender(language_code=HUGE), Fate.ANSWERED),
    "a language that is a number": (_sender(language_code=5), Fate.ANSWERED),
    "a number beyond 64 bits": (_message(message_id=10**30), Fate.ANSWERED),
    "no sender": (_without("from"), Fate.ANSWERED),
    "no date and no number": (_without("date", "message_id"), Fate.ANSWERED),
    "media of an unknown kind": (_without("text", hologram={"file_id": "1"}), Fate.ANSWERED),
    "a photo with NUL below it": (_without("text", photo=[], caption="\x00" + LONE_SURROGATES), Fate.ANSWERED),
    "nothing but a chat": (_without("from", "date", "message_id", "text"), Fate.ANSWERED),
    "a forged button": (_press(data=FORGED), Fate.ANSWERED),
    "a button of NUL and lone surrogates": (_press(data=f"\x00.{LONE_SURROGATES}~"), Fate.ANSWERED),
    "a huge button": (_press(data=HUGE), Fate.ANSWERED),
    "a press whose id is a number": (_press(id=5, data="b.1~"), Fate.ANSWERED),
    "an empty button": (_press(data=""), Fate.ANSWERED),
    "a button without data": (_press(game_short_name="game"), Fate.PARKED),
    "a button whose data is a number": (_press(data=5), Fate.PARKED),
    "a press from nowhere": (_press("message", inline_message_id="1", data=FORGED), Fate.PARKED),
    "an unknown kind": (_instead(telepathy={"text": "hello"}), Fate.PARKED),
    "nothing at all": (_instead(), Fate.PARKED),
    "no message": (_instead(message=None), Fate.PARKED),
    "a message that is a list": (_instead(message=[1]), Fate.PARKED),
    "a membership without status": (_instead(my_chat_member={"chat": {"id": 1, "type": "private"}}), Fate.PARKED),
    "a text that is a number": (_message(text=5), Fate.PARKED),
    "a text that is null": (_message(text=None), Fate.PARKED),
    "no chat": (_without("chat"), Fate.PARKED),
    "a chat without number": (_chat(type="private"), Fate.PARKED),
    "a chat that is a word": (_message(chat="private"), Fate.PARKED),
    "a group": (_chat(id=-5, type="group", title="Group"), Fate.IGNORED),
    "a group of a new kind": (_chat(id=-6, type="crowd"), Fate.IGNORED),
    "a channel's post": (_instead(channel_post={"chat": {"id": -7, "type": "channel"}, "text": "1"}), Fate.PARKED),
}
