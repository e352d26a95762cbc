"""What comes from Telegram never breaks us; what goes to it counts as Telegram counts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.arrivals import Media, MediaKind, Press, Reach, Unreadable, Words
from bot.channels.outgoing import Button, Outgoing, Paragraph, Style
from bot.channels.telegram import render
from bot.channels.telegram.adapter import translate
from bot.channels.telegram.api import Refusal
from bot.channels.telegram.parse import NO_CHAT, parse

NOW = datetime(2026, 11, 23, tzinfo=UTC)
CHAT = {"id": 5, "type": "private"}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["message", "chat", "from", "text", "data", "id", "type", "callback_query", "message_id"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["message", "edited_message", "callback_query", "my_chat_member"]), JSON))
def test_whatever_an_update_says_it_is_read_or_kept_for_staff(update: dict[str, object]) -> None:
    inbound = parse(update | {"update_id": 1}, "1", NOW)
    assert inbound is None or inbound.external_id == "1"


@pytest.mark.parametrize(
    ("update", "content"),
    [
        ({"message": {"chat": CHAT, "text": "a\x00b\ud800c"}}, Words("ab?c")),
        ({"edited_message": {"chat": CHAT, "text": "hi"}}, Words("hi", edited=True)),
        ({"message": {"chat": CHAT, "voice": {}}}, Media(MediaKind.VOICE)),
        ({"message": {"chat": CHAT, "photo": [], "caption": "help"}}, Media(MediaKind.PHOTO, "help")),
        ({"message": {"chat": CHAT, "pinned_message": {}}}, Media(MediaKind.OTHER)),
        ({"callback_query": {"id": "9", "from": {}, "data": "x", "message": {"chat": CHAT}}}, Press("x")),
        ({"my_chat_member": {"chat": CHAT, "from": {}, "new_chat_member": {"status": "kicked"}}}, Reach(open=False)),
        ({"my_chat_member": {"chat": CHAT, "from": {}, "new_chat_member": {"status": "member"}}}, Reach(open=True)),
        ({"poll": {}}, Unreadable()),
        ({"message": "nonsense"}, Unreadable()),
    ],
)
def test_an_update_becomes_what_it_says(update: dict[str, object], content: object) -> None:
    inbound = parse(update | {"update_id": 1}, "1", NOW)
    assert inbound is not None
    assert inbound.content == content
    assert inbound.opaque_id == (NO_CHAT if content == Unreadable() else "5")


def test_what_is_said_in_a_group_is_not_taken_in() -> None:
    group = {"id": -5, "type": "supergroup"}
    assert parse({"update_id": 1, "message": {"chat": group, "text": "my name is"}}, "1", NOW) is None


def test_entities_are_counted_in_utf16_units() -> None:
    paragraphs = (Paragraph(Style.TEXT, "🙋 سلام"), Paragraph(Style.TITLE, "🚗 رخصة"), Paragraph(Style.CARD, "Молим"))
    params = render.message("5", Outgoing(paragraphs, ((Button("a", "b"),),)))
    assert params["entities"] == [
        {"type": "bold", "offset": 8, "length": 7},
        {"type": "blockquote", "offset": 16, "length": 5},
    ]
    raw = params["text"].encode("utf-16-le")
    assert raw[16:30].decode("utf-16-le") == "🚗 رخصة"


@pytest.mark.parametrize(
    ("refusal", "kind"),
    [
        (Refusal(429, "Too Many Requests: retry after 7", {"retry_after": 7}), "Throttled"),
        (Refusal(400, "Bad Request: group chat was upgraded", {"migrate_to_chat_id": -100}), "Moved"),
        (Refusal(403, "Forbidden: bot was blocked by the user"), "Stopped"),
        (Refusal(403, "Forbidden: user is deactivated"), "Stopped"),
        (Refusal(400, "Bad Request: chat not found"), "Refused"),
        (Refusal(401, "Unauthorized"), "Throttled"),
        (Refusal(409, "Conflict: terminated by other getUpdates request"), "Unreachable"),
        (Refusal(400, "Bad Request: message text is empty"), "Refused"),
    ],
)
def test_each_answer_has_its_action(refusal: Refusal, kind: str) -> None:
    assert type(translate(refusal)).__name__ == kind
