"""WhatsApp's 24 hours: what may be said after them, what staff see, what waits for the person (W2, W7, A21, C12)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from bot.sandbox.whatsapp import WhatsAppServer
from bot.sandbox.whatsapp_people import WhatsAppPerson
from bot.testing import FakeClock
from storage.records import set_record
from tests.acceptance.colleagues import sign_in
from tests.acceptance.houses import eventually, stored
from tests.acceptance.walks import plain
from tests.acceptance.whatsapp_houses import NUMBER, WhatsAppHouse, whatsapp_house

DAY = timedelta(hours=24)
APPROVED = ("izi_answer_waiting", "en")
NEW_NUMBER = "38160000009"
ANSWER = "/desk/requests/1/answer"


@asynccontextmanager
async def asked(
    folder: Path, clock: FakeClock, templates: tuple[tuple[str, str], ...] = ()
) -> AsyncIterator[tuple[WhatsAppHouse, WhatsAppPerson, httpx.AsyncClient]]:
    """Somebody asked for a person, and a colleague has taken the request."""
    server = WhatsAppServer(clock=clock, templates=templates)
    async with whatsapp_house(folder, clock, server=server) as here, sign_in(here.house, here.site, "A") as desk:
        if templates:
            await here.house.database.write(lambda unit: set_record(unit, "template.en", "approved", "test"))
            await eventually(lambda: here.house.worlds().answer_waiting("en"))
        person = await here.arrives(["English", "OK, continue", "Person"])
        await person.says("They sent me away")
        await person.hears()
        await desk.post("/desk/requests/1/claim")
        await desk.post(ANSWER, data={"text": "I look into it."})  # who never answers loses the request
        await person.hears(2)
        yield here, person, desk


async def stays_signed_in(desk: httpx.AsyncClient, clock: FakeClock, hours: int) -> None:
    """Hours pass in which the colleague looks at the page now and then."""
    for _ in range(0, hours, 6):
        clock.forward(timedelta(hours=6))
        await desk.get("/desk")


@pytest.mark.parametrize(("passed", "goes"), [(DAY - timedelta(seconds=1), True), (DAY + timedelta(seconds=1), False)])
async def test_w2_one_second_before_the_end_of_24_hours_words_go_and_one_after_it_they_wait(
    tmp_path: Path, clock: FakeClock, passed: timedelta, goes: bool
) -> None:
    async with asked(tmp_path, clock) as (here, person, desk):
        await stays_signed_in(desk, clock, 18)
        clock.forward(passed - timedelta(hours=18))
        page = (await desk.get("/desk/requests/1")).text
        assert ("WhatsApp lets nobody write freely" in page) != goes
        assert ("↪ Send" in page) == goes
        await desk.post(ANSWER, data={"text": "Please go to room 5."})
        if goes:
            assert [message.text for message in await person.hears()] == ["Please go to room 5."]
        else:
            assert await held(here)
            thread = (await desk.get("/desk/requests/1")).text
            assert "it goes when the person writes" in thread
            heard = len(person.messages)
            await person.says("hello?")
            assert (await person.hears())[0].text == "Please go to room 5."
            assert len(person.messages) == heard + 1
        assert here.server.violations == []


async def held(here: WhatsAppHouse) -> bool:
    await eventually(lambda: stored(here.house, "SELECT 1 FROM outbox WHERE state = 'held'"))
    return stored(here.house, "SELECT reason FROM outbox WHERE state = 'held'") == [("needs_template",)]


async def test_the_desk_says_how_long_the_time_lasts_and_that_a_language_has_no_text(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with asked(tmp_path, clock) as (_, _, desk):
        clock.forward(timedelta(hours=4, minutes=30))
        page = (await desk.get("/desk/requests/1")).text
        assert "19 h left" in plain(page)
        assert "Meta has approved no text in" in page
        await stays_signed_in(desk, clock, 24)
        page = (await desk.get("/desk/requests/1")).text
        assert "We can only wait until the person writes" in page
        assert "we have an answer for you" not in page
        assert (await desk.post("/desk/requests/1/knock", data={"text": "x"})).status_code == 409


async def test_after_24_hours_an_approved_text_knocks_and_the_draft_stays(tmp_path: Path, clock: FakeClock) -> None:
    async with asked(tmp_path, clock, (APPROVED,)) as (here, person, desk):
        assert "Meta has approved no text" not in (await desk.get("/desk/requests/1")).text
        assert (await desk.post("/desk/requests/1/knock", data={"text": ""})).status_code == 409
        await stays_signed_in(desk, clock, 24)
        clock.forward(timedelta(minutes=1))
        page = (await desk.get("/desk/requests/1")).text
        assert "Send: we have an answer for you" in page
        after = (await desk.post("/desk/requests/1/knock", data={"text": "Room 5, on"})).text
        (knock,) = await person.hears()
        assert knock.text == "[izi_answer_waiting]"
        assert "Room 5, on" in after
        assert "the person was told that an answer waits" in after
        assert (await desk.post("/desk/requests/1/knock", data={"text": ""})).status_code == 409
        await person.answers_template(knock)
        await eventually(lambda: not stored(here.house, "SELECT 1 FROM inbox WHERE state = 'new'"))
        page = (await desk.get("/desk/requests/1")).text
        assert "↪ Send" in page
        assert "Room 5, on" in page
        assert here.server.violations == []


async def test_where_whatsapp_itself_says_that_the_time_is_over_the_words_wait_too(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with asked(tmp_path, clock) as (here, person, desk):
        person.wrote_at = clock() - DAY - timedelta(minutes=1)  # as WhatsApp counts
        await desk.post(ANSWER, data={"text": "Please go to room 5."})
        assert await held(here)
        await person.says("hello?")
        assert [message.text for message in await person.hears()] == ["Please go to room 5."]


@pytest.mark.parametrize("kind", ["user_changed_number", "customer_identity_changed"])
async def test_w7_a_changed_number_or_phone_locks_the_case_until_staff_made_sure(
    tmp_path: Path, clock: FakeClock, kind: str
) -> None:
    async with asked(tmp_path, clock) as (here, old, desk):
        moves = kind == "user_changed_number"
        person = here.server.person(NEW_NUMBER) if moves else old
        person.wrote_at = old.wrote_at
        told = {"body": "changed", "type": kind} | ({"wa_id": NEW_NUMBER} if moves else {})
        message = {"id": "wamid.s", "from": NUMBER, "timestamp": "1", "type": "system", "system": told}
        await here.server.hook.offer({"messages": [message]})
        await eventually(lambda: stored(here.house, "SELECT 1 FROM address WHERE changed_at IS NOT NULL"))
        page = (await desk.get("/desk/requests/1")).text
        assert "has changed" in page
        await desk.post(ANSWER, data={"text": "Your case number is placeholder."})
        await eventually(lambda: stored(here.house, "SELECT 1 FROM outbox WHERE reason = 'changed_who'"))
        assert "it goes when you have made sure who is there" in (await desk.get("/desk/requests/1")).text
        heard = len(person.messages)
        await person.says("/requests")
        assert "must first make sure who you are" in (await person.hears())[0].text
        await desk.post("/desk/requests/1/trust")
        assert [message.text for message in await person.hears()] == ["Your case number is placeholder."]
        assert len(person.messages) == heard + 2
        if moves:
            await old.says("hello")  # the number belongs to somebody else now
            assert "English" in str((await old.hears())[0].buttons)
