"""Reading Telegram's updates: nothing raises, groups are not read, and names are not taken over."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import inbox
from bot.channels.arrivals import Attachment, Content, Inbound, Media, MediaKind, Press, Reach, Unreadable, Words
from bot.channels.telegram.parse import FETCHED, LONGEST_TEXT, MEDIA, NO_CHAT, parse
from storage.quoting import Origin

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
CHAT = {"id": 5, "type": "private", "first_name": "Placeholderfirst", "username": "placeholder_user"}
PERSON = {"id": 5, "is_bot": False, "first_name": "Placeholderfirst", "language_code": "fa"}

FIELDS = (
    "message", "edited_message", "callback_query", "my_chat_member", "chat", "from", "id", "type", "text", "data",
    "caption", "new_chat_member", "status", "language_code", "message_id", "date", "file_id", "file_size", "duration",
    "latitude", "longitude", *MEDIA,
)  # fmt: skip
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(st.characters())
    | st.sampled_from(["private", "group", "kicked", "member"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=5),
    max_leaves=25,
)
updates = st.dictionaries(st.sampled_from(FIELDS), json_values, max_size=4)


def read(**update: Any) -> Inbound | None:
    """The arrival in an update with this content."""
    return parse({"update_id": 1, **update}, "1", NOW)


def content(**message: Any) -> Content:
    """What a private message with these fields says."""
    found = read(message={"message_id": 1, "date": 0, "chat": CHAT, "from": PERSON, **message})
    assert found is not None
    return found.content


@given(updates, st.integers(0, 2**31))
def test_no_update_whatsoever_raises_and_all_can_be_stored(update: dict[str, Any], number: int) -> None:
    found = parse(update | {"update_id": number}, "1", NOW)
    if found is not None:
        assert found.external_id == str(number)
        row = inbox.to_arrival(found)
        assert row.body.decode()
        assert row.opaque_id == NO_CHAT or int(row.opaque_id) is not None


@given(st.dictionaries(st.sampled_from([name for name in FIELDS if name != "text"]), json_values, max_size=6))
def test_whatever_is_in_a_message_its_chat_is_found(message: dict[str, Any]) -> None:
    found = read(message=message | {"chat": CHAT})
    assert found is not None
    assert found.opaque_id in {"5", NO_CHAT}


def test_words_are_read_with_the_language_of_the_phone() -> None:
    found = read(message={"message_id": 1, "date": 0, "chat": CHAT, "from": PERSON, "text": "سلام"})
    assert found == Inbound("telegram", "1", "1", "5", Words("سلام"), NOW, "fa", "1", Origin("1"))


def test_an_edit_is_told_from_a_first_writing() -> None:
    found = read(edited_message={"message_id": 1, "date": 0, "chat": CHAT, "from": PERSON, "text": "x"})
    assert found is not None
    assert found.content == Words("x", edited=True)


def test_nul_and_half_characters_do_not_reach_the_database() -> None:
    assert content(text="a\x00b\ud800c") == Words("ab?c")


def test_a_text_beyond_telegrams_limit_is_cut() -> None:
    assert content(text="x" * 10_000) == Words("x" * LONGEST_TEXT)


@pytest.mark.parametrize("name", MEDIA)
def test_media_are_named_by_their_kind_and_of_a_file_only_its_id_is_taken_over(name: str) -> None:
    found = content(**{name: {"file_id": "f1", "file_name": "Placeholder.pdf"}, "caption": "look"})
    file = Attachment("f1") if MEDIA[name] in FETCHED else None
    assert found == Media(MEDIA[name], "look", file=file)


def test_what_is_claimed_of_a_file_is_read() -> None:
    voice = {"file_id": "f1", "duration": 24, "mime_type": "audio/ogg", "file_size": 999}
    assert content(voice=voice) == Media(MediaKind.VOICE, "", 24, Attachment("f1", 999, "audio/ogg"))


def test_of_a_photo_the_largest_size_counts() -> None:
    sizes = [{"file_id": "small"}, {"file_id": "large"}]
    assert content(photo=sizes) == Media(MediaKind.PHOTO, file=Attachment("large"))


def test_a_place_is_read_and_one_that_is_nowhere_is_not() -> None:
    assert content(location={"latitude": 44.8, "longitude": 20}) == Media(MediaKind.PLACE, place=(44.8, 20.0))
    assert content(location={"latitude": 444.8, "longitude": 20}) == Media(MediaKind.PLACE)


def test_a_place_that_moves_is_told_from_one_that_was_sent() -> None:
    moved = {"message_id": 1, "date": 0, "chat": CHAT, "from": PERSON, "location": {"latitude": 1, "longitude": 2}}
    found = read(edited_message=moved)
    assert found is not None
    assert found.content == Media(MediaKind.PLACE, place=(1.0, 2.0), edited=True)


def test_what_telegram_adds_one_day_is_other_media() -> None:
    assert content(hologram={}) == Media(MediaKind.OTHER)


def test_media_are_stored_and_read_back_as_they_came() -> None:
    voice = Media(MediaKind.VOICE, "look", 24, Attachment("f1", 999, "audio/ogg"))
    for sent in (voice, Media(MediaKind.PLACE, place=(44.8, 20.5))):
        row = inbox.to_arrival(Inbound("telegram", "1", "1", "5", sent, NOW))
        assert inbox.read_body(row.kind, row.body) == (sent, None)


@pytest.mark.parametrize(("status", "open"), [("kicked", False), ("left", False), ("member", True)])
def test_blocking_and_coming_back_are_read(status: str, open: bool) -> None:
    found = read(my_chat_member={"chat": CHAT, "from": PERSON, "new_chat_member": {"status": status}})
    assert found is not None
    assert found.content == Reach(open=open)


def test_a_press_is_read_also_where_its_message_is_gone() -> None:
    gone = {"chat": CHAT, "message_id": 1, "date": 0}
    found = read(callback_query={"id": "1", "from": PERSON, "message": gone, "data": "h.1~x"})
    assert found is not None
    assert (found.opaque_id, found.content) == ("5", Press("h.1~x"))


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
def test_groups_are_not_read(kind: str) -> None:
    chat = CHAT | {"type": kind}
    assert read(message={"message_id": 1, "date": 0, "chat": chat, "from": PERSON, "text": "x"}) is None


@pytest.mark.parametrize(
    "update",
    [
        {},
        {"message": None},
        {"message": {"chat": 5}},
        {"message": {"chat": {"type": "private"}}},
        {"message": {"chat": {"id": None, "type": "private"}}},
        {"message": {"chat": {"id": 5}, "text": "x"}},
        {"message": {"chat": {"id": float("inf"), "type": "private"}}},
        {"callback_query": {"id": "1", "from": PERSON, "data": "x"}},
        {"callback_query": {"id": "1", "message": {"chat": CHAT}, "data": None}},
        {"hologram": {"chat": CHAT}},
    ],
)
def test_what_cannot_be_read_is_kept_for_staff(update: dict[str, Any]) -> None:
    found = read(**update)
    assert found is not None
    assert (found.opaque_id, found.content) == (NO_CHAT, Unreadable())


def test_neither_names_nor_numbers_are_taken_over() -> None:
    found = read(
        message={
            "message_id": 1,
            "date": 0,
            "chat": CHAT,
            "from": PERSON,
            "contact": {"phone_number": "+381000550100", "first_name": "Placeholderfirst"},
        }
    )
    assert "Placeholder" not in repr(found)
    assert "placeholder" not in repr(found)
    assert "00055" not in repr(found)
