"""Which message words are, and which one they answer to: read from what channels bring, and kept with the arrival."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot import inbox
from bot.channels.telegram.parse import parse
from bot.channels.whatsapp.parse import parse as parse_whatsapp
from storage.quoting import Origin

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
CHAT = {"id": 5, "type": "private"}


def message(number: int = 11, chat: dict[str, Any] = CHAT, **more: Any) -> dict[str, Any]:
    return {"message_id": number, "date": 0, "chat": chat, "text": "x", **more}


@pytest.mark.parametrize(
    ("update", "origin"),
    [
        ({"message": message()}, Origin("11")),
        ({"edited_message": message()}, Origin("11")),
        ({"message": message(12, reply_to_message=message(11))}, Origin("12", "11")),
        ({"message": message(12, external_reply={"message_id": 11})}, Origin("12")),
        ({"message": message(12, reply_to_message="nobody can read this")}, Origin("12")),
    ],
)
def test_telegram_says_which_message_it_is_and_what_it_answers_to(update: dict[str, Any], origin: Origin) -> None:
    arrival = parse({"update_id": 1, **update}, "1", NOW, "bot")
    assert arrival is not None
    assert arrival.origin == origin


@pytest.mark.parametrize(
    ("context", "answers"),
    [({"id": "wamid.0"}, "wamid.0"), ({"forwarded": True}, ""), ({"id": "x" * 10_000}, ""), ({"id": 7}, ""), ([], "")],
)
def test_whatsapp_says_which_message_it_is_and_what_it_answers_to(context: Any, answers: str) -> None:
    said = {"id": "wamid.1", "from": "100", "type": "text", "text": {"body": "x"}, "context": context}
    value = {"metadata": {"phone_number_id": "1"}, "messages": [said]}
    (arrival,) = parse_whatsapp({"entry": [{"changes": [{"value": value}]}]}, "1", NOW, "d").arrivals
    assert arrival.origin == Origin("wamid.1", answers)
    assert '"origin":["wamid.1"' in inbox.to_arrival(arrival).body.decode()
