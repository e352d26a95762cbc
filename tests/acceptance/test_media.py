"""What becomes of voice notes, photos, files, places, cards and stickers (R23-R25, U20): an answer for each, and a
request that takes them in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.house import House
from bot.sandbox.chats import BotMessage
from bot.sandbox.faults import Reply, Rule
from bot.sandbox.people import PAPER, Person
from bot.sandbox.telegram import TelegramServer
from bot.testing import FakeClock
from storage import media
from storage.file_types import LARGEST
from storage.media import MediaRow
from storage.media_folder import Folder
from tests.acceptance.houses import eventually, stored
from tests.acceptance.walks import TO_THE_FIRST_STEP, arrive, labels, plain, tap

Sends = Callable[[Person], Awaitable[object]]
WORDS_DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

SENDS: dict[str, tuple[Sends, str]] = {
    "voice": (lambda person: person.sends_voice(24), "Got it (0:24)"),
    "photo": (lambda person: person.sends_photo(), "cover numbers"),
    "PDF": (lambda person: person.sends_document(), "cover numbers"),
    "video": (lambda person: person.sends_video(5), "cover numbers"),
    "place": (lambda person: person.sends_location(44.8, 20.46), "I do not store your place"),
    "contact": (lambda person: person.sends_contact(), "I do not store contact cards"),
    "sticker": (lambda person: person.sends_sticker(), "This is what I can do"),
}


async def newest(person: Person) -> BotMessage:
    """What the bot says next."""
    return (await person.hears())[-1]


async def in_request(telegram: TelegramServer, number: int = 1) -> Person:
    """Somebody who has just asked for a person."""
    person = telegram.person(number, language_code="en")
    await arrive(person, TO_THE_FIRST_STEP)
    await tap(person, "I am stuck")
    return person


def rows_of(house: House, request: int = 1) -> list[MediaRow]:
    """What was sent with a request."""
    return house.database.read_now(lambda unit: media.of_request(unit, request))


def files(house: House) -> list[Path]:
    """What lies in the media folder."""
    folder = house.settings.media_folder
    return sorted(folder.iterdir()) if folder.exists() else []


async def kept(house: House, count: int = 1) -> list[MediaRow]:
    """What was sent with the first request, once all of it has been fetched."""
    await eventually(lambda: [state for (state,) in stored(house, "SELECT state FROM media")] == ["kept"] * count)
    return rows_of(house)


@pytest.mark.parametrize("kind", SENDS)
async def test_outside_a_request_each_gets_an_answer_of_its_own_and_nothing_is_stored(
    house: House, telegram: TelegramServer, kind: str
) -> None:
    person = telegram.person(1, language_code="en")
    step = await arrive(person, TO_THE_FIRST_STEP)
    sends, said = SENDS[kind]
    await sends(person)
    answer = await newest(person)
    assert said in plain(answer.text)
    assert step.text in answer.text
    assert labels(answer)[-1].endswith("Person")
    assert (stored(house, "SELECT 1 FROM media"), files(house)) == ([], [])
    assert not any(call.method == "getFile" for call in telegram.calls)
    assert telegram.violations == []


@pytest.mark.parametrize(
    ("kind", "said", "type"),
    [
        ("voice", "Got it (0:24). It is now with request number 1.", "audio/ogg"),
        ("photo", "Please cover numbers", "image/jpeg"),
        ("PDF", "Please cover numbers", "application/pdf"),
        ("video", "It is now with request number 1", "video/mp4"),
    ],
)
async def test_inside_a_request_a_file_is_fetched_and_lies_encrypted_on_the_disk(
    house: House, telegram: TelegramServer, kind: str, said: str, type: str
) -> None:
    person = await in_request(telegram)
    await SENDS[kind][0](person)
    assert said in plain((await newest(person)).text)
    (row,) = await kept(house)
    (file,) = files(house)
    content = Folder(house.settings.media_folder).read(house.database.keys, row.contact_id, row.id)
    assert (row.type, row.size) == (type, len(content))
    assert content[:8] not in file.read_bytes()
    assert bytes(500) not in file.read_bytes()
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert stored(house, "SELECT count(*) FROM media WHERE sealed IS NOT NULL") == [(0,)]


async def test_a_place_sent_to_a_person_is_kept_with_the_request_and_makes_no_file(
    house: House, telegram: TelegramServer
) -> None:
    person = await in_request(telegram)
    await person.sends_location(44.8125, 20.4612)
    assert "Your place is now with request number 1" in plain((await newest(person)).text)
    (row,) = await kept(house)
    assert house.database.read_now(lambda unit: media.place(unit, row.id)) == "geo:44.81250,20.46120"
    assert files(house) == []
    assert not any(b"44.81" in path.read_bytes() for path in house.settings.data_dir.glob("*.db*"))


async def test_words_under_a_photo_join_the_request_too(house: House, telegram: TelegramServer) -> None:
    person = await in_request(telegram)
    await person.sends_photo("this is the paper")
    await newest(person)
    await kept(house)
    assert stored(house, "SELECT request_id, speaker FROM message") == [(1, "person")]


async def test_ten_minutes_after_the_request_a_voice_note_is_not_taken_in(
    house: House, telegram: TelegramServer, clock: FakeClock
) -> None:
    person = await in_request(telegram)
    clock.forward(timedelta(minutes=11))
    await person.sends_voice(5)
    assert "Press Person, then send it again" in (await newest(person)).text
    assert stored(house, "SELECT 1 FROM media") == []


async def test_a_file_that_says_it_is_too_big_is_refused_at_once(house: House, telegram: TelegramServer) -> None:
    person = await in_request(telegram)
    await person.sends_document(PAPER + bytes(LARGEST))
    assert "This file is too big. At most 10 MB." in (await newest(person)).text
    assert not any(call.method == "getFile" for call in telegram.calls)


async def test_a_kind_of_file_that_we_do_not_take_is_refused_at_once(house: House, telegram: TelegramServer) -> None:
    person = await in_request(telegram)
    await person.sends_document(b"PK\x03\x04" + bytes(100), WORDS_DOCUMENT)
    assert "Send a photo, a PDF or a voice note." in (await newest(person)).text
    assert stored(house, "SELECT 1 FROM media") == []


async def test_a_file_that_is_not_what_it_says_is_dropped_and_the_person_told(
    house: House, telegram: TelegramServer
) -> None:
    person = await in_request(telegram)
    await person.sends_document(b"MZ" + bytes(100), "application/pdf")
    taken, told = await person.hears(2)
    assert "Got it." in taken.text
    assert "We cannot open this kind of file" in told.text
    assert stored(house, "SELECT state, reason FROM media") == [("refused", "unsupported")]
    assert files(house) == []


async def test_the_twenty_first_file_of_a_day_is_refused_and_the_next_day_is_another(
    house: House, telegram: TelegramServer, clock: FakeClock
) -> None:
    person = await in_request(telegram)
    for _ in range(media.A_DAY):
        await person.sends_voice(1)
        assert "Got it" in (await newest(person)).text
    await person.sends_voice(1)
    assert "20th file" in (await newest(person)).text
    await kept(house, media.A_DAY)
    clock.forward(timedelta(days=1, minutes=1))
    await tap(person, "Person")
    await person.sends_voice(1)
    # Beside it they may be told that the answer to their request is late.
    await eventually(lambda: sum("Got it" in message.text for message in person.messages) == media.A_DAY + 1)


async def test_a_file_that_cannot_be_fetched_now_is_fetched_later(
    house: House, telegram: TelegramServer, clock: FakeClock
) -> None:
    telegram.faults.add(Rule(Reply(502), method="getFile", nth=[1]))
    telegram.faults.add(Rule(Reply(503), method="file", nth=[1]))
    person = await in_request(telegram)
    await person.sends_photo()
    await newest(person)
    await eventually(lambda: stored(house, "SELECT tries FROM media") == [(1,)])
    clock.forward(timedelta(minutes=1))
    await eventually(lambda: stored(house, "SELECT tries FROM media") == [(2,)])
    clock.forward(timedelta(minutes=1))
    await kept(house)


async def test_a_file_that_telegram_has_no_more_is_given_up_and_the_person_told(
    house: House, telegram: TelegramServer
) -> None:
    telegram.faults.add(Rule(Reply(400, "Bad Request: wrong file_id"), method="getFile", nth=[1]))
    person = await in_request(telegram)
    await person.sends_photo()
    _, told = await person.hears(2)
    assert "Please send it again" in told.text
    assert stored(house, "SELECT state FROM media") == [("lost",)]


async def test_after_thirty_days_the_file_is_gone_from_the_disk(
    house: House, telegram: TelegramServer, clock: FakeClock
) -> None:
    person = await in_request(telegram)
    await person.sends_voice(3)
    await newest(person)
    await kept(house)
    clock.forward(timedelta(days=31))
    await house.tidy()
    assert (rows_of(house), files(house)) == ([], [])


async def test_a_file_without_a_row_is_swept_and_one_with_a_row_is_left(house: House, telegram: TelegramServer) -> None:
    person = await in_request(telegram)
    await person.sends_voice(3)
    await newest(person)
    await kept(house)
    (mine,) = files(house)
    stray = mine.with_name(f"{12345:016x}")
    stray.write_bytes(b"left behind")
    assert Folder(house.settings.media_folder).sweep(house.database) == 1
    assert files(house) == [mine]
