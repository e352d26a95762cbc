"""Surveys on Telegram and WhatsApp: left and gone on with, answered by voice, heard at the desk, taken back."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path

import httpx

from bot.house import House
from bot.sandbox.faults import Reply, Rule
from bot.sandbox.people import Person
from bot.sandbox.telegram import TelegramServer
from bot.testing import FakeClock
from notices.buttons import Does, NoticeButton, dump
from notices.lifecycle import Category
from notices.surveys import INSIDE, Question, State, Words
from storage import notices, surveys
from storage.surveys import SurveyRow
from storage.unit_of_work import Unit
from tests.acceptance.broadcasting import sent, written
from tests.acceptance.colleagues import sign_in
from tests.acceptance.houses import eventually, served, stored
from tests.acceptance.test_media import files, newest
from tests.acceptance.walks import arrive, labels, plain, tap
from tests.acceptance.whatsapp_houses import whatsapp_house

A_MINUTE = timedelta(minutes=1)
MANY = ("Morning", "Noon", "Afternoon", "Evening", "Night")
CLASS = Words("Our class", "Help us.", (Question("When?", MANY), Question("What else?")))


async def test_a_voice_note_is_an_answer_that_the_desk_can_play_until_the_person_takes_it_back(
    house: House, telegram: TelegramServer, clock: FakeClock
) -> None:
    person = await _asked(house, telegram, anonymous=False)
    for label in ("Answer questions", "Begin", "Morning", "Home"):
        shown = await tap(person, label)
    assert labels(shown)[0] == "📄 Go on with questions"
    assert "Our team can listen to it." in (await tap(person, "Go on with questions")).text
    await person.sends_voice(24)
    assert "Your voice note is your answer." in plain((await newest(person)).text)
    await eventually(lambda: stored(house, "SELECT state, request_id FROM media") == [("kept", None)])
    ((voice,),) = stored(house, "SELECT id FROM media")
    assert stored(house, "SELECT question, media_id FROM survey_answer WHERE media_id IS NOT NULL") == [(1, voice)]
    async with served(house) as site:
        await _is_heard_by_who_may(house, site, voice)
    clock.forward(A_MINUTE)
    await person.says("/privacy")
    await person.hears()
    await tap(person, "Without saving")
    await eventually(lambda: files(house) == [])
    assert stored(house, "SELECT count(*) FROM media") == [(0,)]
    assert stored(house, "SELECT count(*) FROM survey_answer WHERE media_id IS NOT NULL") == [(0,)]
    assert telegram.violations == []


async def test_of_an_anonymous_answer_nothing_is_left_in_the_chat_not_even_when_it_is_spoken_or_corrected(
    house: House, telegram: TelegramServer, clock: FakeClock
) -> None:
    person = await _asked(house, telegram, anonymous=True)
    ((before,),) = stored(house, "SELECT count(*) FROM message")
    for label in ("Answer questions", "Begin", "Skip"):
        await tap(person, label)
    await person.sends_voice(24)
    assert "A voice can tell who you are." in plain((await newest(person)).text)
    said = await person.says("More tea")
    assert "Thank you for your answers." in plain((await newest(person)).text)
    await person.edits(said, "More green tea")
    await person.says("/home")
    await person.hears()
    assert stored(house, "SELECT count(*) FROM message") == [(before + 1,)]  # "/home" alone
    assert stored(house, "SELECT count(*), count(contact_id) FROM survey_answer") == [(2, 0)]
    assert (stored(house, "SELECT 1 FROM media"), files(house)) == ([], [])
    assert not any(call.method == "getFile" for call in telegram.calls)


async def test_whose_voice_note_cannot_be_fetched_is_told_that_this_answer_stays_empty(
    house: House, telegram: TelegramServer
) -> None:
    person = await _asked(house, telegram, anonymous=False)
    for label in ("Answer questions", "Begin", "Skip"):
        await tap(person, label)
    telegram.faults.add(Rule(Reply(400, "Bad Request: wrong file_id"), method="getFile", nth=[1]))
    await person.sends_voice(24)
    said = ""
    while "That answer stays empty." not in said:
        said = plain((await newest(person)).text)
    assert stored(house, "SELECT state FROM media") == [("lost",)]


async def test_on_whatsapp_the_longest_question_fits_one_list_and_a_voice_note_is_an_answer(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with whatsapp_house(tmp_path, clock) as here:
        person = await here.arrives(("English", "OK, continue"))
        notice = await _written(here.house, anonymous=False)
        await sent(here.house, notice)
        await person.hears()
        for label in ("Answer questions", "Begin"):
            shown = await here.tap(person, label)
        assert [label for label, _ in shown.buttons][:5] == list(MANY)
        assert len(shown.buttons) == 10
        await here.tap(person, "Home")
        await here.tap(person, "Go on with questions")
        spoken = await here.tap(person, MANY[4])
        assert "Our team can listen to it." in plain(spoken.text)
        note = here.server.keep_file(b"OggS" + bytes(64))
        await person.sends("audio", {"id": note, "mime_type": "audio/ogg", "voice": True})
        assert "Your voice note is your answer." in plain((await person.hears())[-1].text)
        await eventually(lambda: stored(here.house, "SELECT state, request_id FROM media") == [("kept", None)])
        assert stored(here.house, "SELECT choice FROM survey_answer WHERE question = 0") == [(4,)]
        assert here.server.violations == []


async def _asked(house: House, telegram: TelegramServer, *, anonymous: bool) -> Person:
    """Somebody who has just got a notice with the survey."""
    person = telegram.person(1001, language_code="en")
    await arrive(person, ("English", "OK, continue"))
    await sent(house, await _written(house, anonymous=anonymous))
    await person.hears()
    return person


async def _written(house: House, *, anonymous: bool) -> int:
    """A notice with the survey's button."""
    await house.database.write(partial(_opened, anonymous=anonymous))
    notice = await written(house, {"en": ("Our class", "Help us.")}, Category.NEWS)
    await house.database.write(lambda unit: notices.set_buttons(unit, notice, dump([NoticeButton(Does.SURVEY, "1")])))
    return notice


async def _is_heard_by_who_may(house: House, site: str, voice: int) -> None:
    path = f"/desk/surveys/1/voice/{voice}"
    async with sign_in(house, site, "asks", "coordinator") as http:
        alone = await http.get("/desk/surveys/1")
        assert "Fewer than 5 people answered." in plain(alone.text)
        assert '<td class="number">0</td>' not in alone.text  # that nobody said "Evening" would tell what they said
        assert (await http.get(path)).status_code == 404
        await house.database.write(_four_others)
        page = await http.get("/desk/surveys/1")
        assert f'<audio controls preload="none" src="{path}">' in page.text
        played = [await http.get(path) for _ in range(2)]
        assert [(one.status_code, one.headers["content-type"]) for one in played] == [(200, "audio/ogg")] * 2
        assert stored(house, "SELECT thing, detail FROM audit WHERE act = 'opened_file'") == [
            ("survey:1", f"voice:{voice}")
        ]
        assert str(voice) not in (await http.get("/desk/surveys/1/counts.csv")).text
        assert (await http.get("/desk/surveys/1/voice/7")).status_code == 404
    async with sign_in(house, site, "of one town", "coordinator:subotica") as http:
        await _hears_nothing(http, path)


async def _hears_nothing(http: httpx.AsyncClient, path: str) -> None:
    page = await http.get("/desk/surveys/1")
    assert "1 voice note" in plain(page.text)
    assert "<audio" not in page.text
    assert (await http.get(path)).status_code == 404


def _opened(unit: Unit, *, anonymous: bool) -> None:
    texts = {"en": (CLASS.title, CLASS.intro, CLASS.dump())}
    id = surveys.create(
        unit, SurveyRow(0, State.DRAFT, anonymous=anonymous, for_staff=False, invites=False, texts=texts), 1
    )
    surveys.hold(unit, id)
    surveys.set_state(unit, id, State.OPEN)


def _four_others(unit: Unit) -> None:
    """Answers of others, as far as counting goes: with fewer, nothing spoken or written is shown."""
    ((contact,),) = unit.connection.exec_driver_sql("SELECT DISTINCT contact_id FROM survey_answer").all()
    for _ in range(INSIDE - 1):
        surveys.finish(unit, surveys.read(unit, 1), contact, [0, None])
