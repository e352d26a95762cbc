"""What is said to each thing that can be sent, without storage."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from bot.channels.arrivals import Attachment, Media, MediaKind, Words
from bot.channels.outgoing import Outgoing
from bot.files_in import length
from bot.loading import build_world, read_pack
from bot.settings import Settings
from bot.testing import FakeClock, Talk
from bot.world import World
from storage.file_types import LARGEST, type_of

VOICE = Media(MediaKind.VOICE, seconds=24, file=Attachment("f", 1_000, "audio/ogg"))
PLACE = Media(MediaKind.PLACE, place=(44.8, 20.4))


@cache
def shipped() -> World:
    """The content as it is, without a server."""
    return build_world(Settings(), read_pack("serbia"), {}, b"test")


@pytest.fixture
def talk() -> Talk:
    """Somebody in a guide, in English."""
    talk = Talk(shipped(), FakeClock())
    talk.opens("driving-licence", "en")
    talk.presses("Start")
    return talk


def said(answers: list[Outgoing]) -> str:
    """All that the bot says."""
    return "\n".join(paragraph.text for answer in answers for paragraph in answer.paragraphs)


@pytest.mark.parametrize("kind", MediaKind)
def test_every_kind_has_an_answer_with_the_way_to_a_person(talk: Talk, kind: MediaKind) -> None:
    answers = talk.says(Media(kind))
    assert len(answers) == 1
    assert answers[0].rows[-1][-1].label.endswith("Person")
    assert talk.memory.media == []


def test_in_a_request_a_voice_note_is_taken_with_its_length(talk: Talk) -> None:
    talk.presses("Person")
    assert "0:24" in said(talk.says(VOICE))
    assert talk.memory.media == [(1, VOICE)]


def test_a_place_is_taken_in_a_request_and_nowhere_else(talk: Talk) -> None:
    talk.says(PLACE)
    assert talk.memory.media == []
    talk.presses("Person")
    talk.says(PLACE)
    assert talk.memory.media == [(1, PLACE)]


def test_while_a_human_is_there_a_voice_note_goes_to_them_without_a_word_of_ours(talk: Talk) -> None:
    talk.person = replace(talk.person, attached=7)
    assert talk.says(Media(MediaKind.VOICE, "listen", 24, VOICE.file)) == []
    assert [number for number, _ in talk.memory.media] == [7]
    assert talk.team.told == [(7, "listen")]


def test_contact_cards_are_not_taken_even_in_a_request(talk: Talk) -> None:
    talk.presses("Person")
    assert "I do not store contact cards" in said(talk.says(Media(MediaKind.CONTACT)))
    assert talk.memory.media == []


def test_words_under_what_is_not_taken_join_the_request(talk: Talk) -> None:
    talk.presses("Person")
    talk.says(Media(MediaKind.STICKER, "and one more thing"))
    assert talk.memory.joined == [(1, "and one more thing")]


def test_a_place_that_is_shared_live_and_moves_is_answered_once(talk: Talk) -> None:
    talk.presses("Person")
    talk.says(PLACE)
    assert talk.says(Media(MediaKind.PLACE, place=(44.9, 20.4), edited=True)) == []
    assert len(talk.memory.media) == 1


def test_urgent_words_under_a_photo_bring_the_numbers(talk: Talk) -> None:
    answer = said(talk.says(Media(MediaKind.PHOTO, "somebody wants to kill me", edited=True)))
    assert "192" in answer


@pytest.mark.parametrize(
    ("file", "key"),
    [
        (Attachment("f", LARGEST + 1, "application/pdf"), "too big"),
        (Attachment("f", 10, "application/zip"), "We cannot open this kind of file"),
        (None, "We cannot open this kind of file"),
    ],
)
def test_what_cannot_be_taken_is_said_at_once_and_not_written_down(
    talk: Talk, file: Attachment | None, key: str
) -> None:
    talk.presses("Person")
    assert key in said(talk.says(Media(MediaKind.FILE, file=file)))
    assert talk.memory.media == []


def test_before_a_language_was_chosen_files_bring_the_picker() -> None:
    talk = Talk(shipped(), FakeClock())
    assert any(button.label == "English" for row in talk.says(VOICE)[0].rows for button in row)


def test_after_a_cry_for_help_without_a_language_a_voice_note_joins_the_urgent_request() -> None:
    talk = Talk(shipped(), FakeClock())
    talk.says(Words("help"))
    talk.presses("Person")
    talk.says(VOICE)
    assert talk.memory.media == [(1, VOICE)]


@pytest.mark.parametrize(("seconds", "shown"), [(0, "0:00"), (24, "0:24"), (61, "1:01"), (3600, "60:00")])
def test_a_length_is_shown_as_phones_do(seconds: int, shown: str) -> None:
    assert length(seconds) == shown


@pytest.mark.parametrize(
    ("content", "type"),
    [
        (b"\xff\xd8\xff\xe1rest", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\nrest", "image/png"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"%PDF-1.4", "application/pdf"),
        (b"OggS\0\x02", "audio/ogg"),
        (b"ID3\x03", "audio/mpeg"),
        (b"\0\0\0\x20ftypM4A rest", "audio/mp4"),
        (b"\0\0\0\x20ftypmp42rest", "video/mp4"),
        (b"RIFF\0\0\0\0WAVEfmt ", None),
        (b"\0\0\0\x20ftypheicrest", None),
        (b"PK\x03\x04", None),
        (b"MZ\x90", None),
        (b"<svg xmlns=", None),
        (b"", None),
    ],
)
def test_a_file_is_known_by_its_first_bytes(content: bytes, type: str | None) -> None:
    assert type_of(content) == type
