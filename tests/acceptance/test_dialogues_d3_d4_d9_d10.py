"""Dialogues D3, D4, D9 and D10: a person asks, people of the team answer. Newcomers and staff on the sandbox's Telegram
and on the web chat, the desk in browsers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from bot.house import House
from bot.links import INVITATION
from bot.sandbox.people import Person
from bot.sandbox.telegram import TelegramServer
from bot.testing import FakeClock
from desk import staff_chat
from storage import members
from tests.acceptance.colleagues import let_in
from tests.acceptance.houses import browser, eventually, running, served, settings_for, stored
from tests.acceptance.pages import Visitor
from tests.acceptance.walks import TO_THE_FIRST_STEP, TO_THE_THIRD_STEP, arrive, labels, plain, tap

FRIDAY_EVENING = datetime(2026, 11, 27, 17, 40, tzinfo=UTC)  # 18:40 in Belgrade
MONDAY_ELEVEN = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)  # 11:00 in Belgrade
INTRODUCTION = "speaks English. Came here as a refugee too."  # a placeholder


@pytest.fixture
async def desk(house: House) -> AsyncIterator[str]:
    """The address of the house that is on Telegram too."""
    async with served(house) as address:
        yield address


class Colleague:
    """Somebody of the team with a browser and, once linked, a chat of their own. Placeholders: nobody's names."""

    def __init__(self, house: House, http: httpx.AsyncClient, id: int) -> None:
        self.house, self.http, self.id = house, http, id

    async def does(self, number: int, act: str, **form: str) -> httpx.Response:
        """Press a button of a request."""
        return await self.http.post(f"/desk/requests/{number}/{act}", data=form)

    async def sees(self, number: int) -> str:
        """The page of a request, as text."""
        return plain((await self.http.get(f"/desk/requests/{number}")).text)


async def join(house: House, http: httpx.AsyncClient, label: str, *roles: str, **profile: object) -> Colleague:
    """A colleague on duty whose browser is signed in."""
    member = await let_in(house, http, label, *roles)
    values = {"on_duty": True, "languages": "en"} | profile
    await house.database.write(lambda unit: members.change(unit, member.id, **values))
    return Colleague(house, http, member.id)


async def link(house: House, telegram: TelegramServer, colleague: Colleague, number: int) -> Person:
    """Their own chat, in which alerts arrive."""
    chat = telegram.person(number, language_code="en")
    token = await house.database.write(lambda unit: staff_chat.invite(unit, colleague.id, colleague.id))
    await chat.starts(INVITATION + token)
    await chat.hears()
    return chat


def all_said(person: Person) -> str:
    """Everything that stands in a chat."""
    return plain("\n".join(message.text for message in person.messages))


async def kept(house: House, number: int, count: int) -> None:
    """Wait until so many messages stand with a request."""
    query = f"SELECT count(*) FROM message WHERE request_id = {number}"
    await eventually(lambda: stored(house, query) == [(count,)])


def left(person: Person) -> list[int]:
    """The ids of the messages that were not deleted."""
    return [message.id for message in person.messages if not message.deleted]


async def heard(person: Person, words: str) -> None:
    """Listen until this is said. Raises TimeoutError."""
    while words not in plain((await person.hears())[0].text):
        pass


class Ticking(FakeClock):
    """A clock by which no two things happen at the same time."""

    def __call__(self) -> datetime:
        """The time it is."""
        self.moment += timedelta(milliseconds=1)
        return self.moment


async def test_d3_stuck_in_working_hours(house: House, telegram: TelegramServer, desk: str, clock: FakeClock) -> None:
    async with browser(desk) as http:
        helper = await join(house, http, "assistant A", alias="Helper A", introduction=INTRODUCTION)
        alerts = await link(house, telegram, helper, 9001)
        person = telegram.person(1001, language_code="en")
        step = await arrive(person, TO_THE_THIRD_STEP)
        born = await tap(person, "I am stuck")
        for part in ("Request number 1. We have it.", "Test organisation", "Monday 23 November 2026, 12:00"):
            assert part in plain(born.text)
        assert len(born.text.splitlines()) <= 4
        assert labels(born)[:5] == [
            "They refused me", "I lack a paper", "I cannot go there", "I do not understand", "Something else"
        ]  # fmt: skip
        await heard(alerts, "New request 1")
        joined = await tap(person, "They refused me")
        assert "Added to request number 1" in plain(joined.text)
        await person.sends_voice(18)
        assert "Got it (0:18)" in plain((await person.hears())[-1].text)
        await eventually(lambda: stored(house, "SELECT state FROM media") == [("kept",)])

        page = await helper.sees(1)
        for part in ("Driving licence", "Reason: they refused", "English", "Telegram", "0:18"):
            assert part in page, part
        ((media,),) = stored(house, "SELECT id FROM media")
        played = await helper.http.get(f"/desk/requests/1/media/{media}")
        assert (played.status_code, played.headers["content-type"]) == (200, "audio/ogg")
        assert played.headers["content-disposition"].startswith("attachment")
        assert played.content.startswith(b"OggS")
        assert ("opened_file",) in stored(house, "SELECT act FROM audit")

        clock.forward(timedelta(minutes=20))
        await helper.does(1, "claim")
        await heard(person, "Helper A reads your request 1 now")
        assert INTRODUCTION in all_said(person)
        await helper.does(1, "answer", text="I listened. Take the paper to window 3.")
        await heard(person, "Take the paper to window 3.")
        before = len(person.messages)
        await person.says("Which paper?")
        await eventually(lambda: stored(house, "SELECT state FROM request") == [("ours",)])
        assert "Which paper?" in await helper.sees(1)
        await helper.does(1, "answer", text="The old licence.")
        await heard(person, "The old licence.")
        assert len(person.messages) == before + 1, "the bot spoke between the two people"

        await helper.does(1, "close", outcome="accompanied")
        await heard(person, "Is it solved?")
        thanks = await tap(person, "Yes")
        assert "How was our help?" in thanks.text
        await person.says("You were kind")
        assert "Thank you" in (await person.hears())[-1].text
        resumed = await tap(person, "Continue")
        assert "step 3 of 8" in plain(resumed.text)
        assert plain(resumed.text) == plain(step.text)
        ((state, answered, outcome),) = stored(house, "SELECT state, answered_at, outcome FROM request")
        assert (state, outcome) == ("done", "accompanied")
        assert answered is not None
        assert stored(
            house, "SELECT kind FROM request_event WHERE kind IN ('solved_yes', 'commented') ORDER BY at, kind DESC"
        ) == [("solved_yes",), ("commented",)]
        assert telegram.violations == []


async def test_d4_out_of_hours_and_a_broken_promise(
    house: House, telegram: TelegramServer, desk: str, clock: FakeClock
) -> None:
    clock.forward(FRIDAY_EVENING - clock.moment)
    async with browser(desk) as http:
        boss = await join(house, http, "coordinator", "coordinator")
        alerts = await link(house, telegram, boss, 9002)
        person = telegram.person(1002, language_code="en")
        await arrive(person, ("English", "OK, continue"))
        await person.says("I need help with the bank")
        await person.hears()
        born = await tap(person, "Person")
        for part in (
            "Now we are closed. We work Monday to Friday 09:00 to 17:00.",
            "Monday 30 November 2026, 11:00",
            "In danger call 192 or 194.",
        ):
            assert part in plain(born.text), part
        clock.forward(MONDAY_ELEVEN - clock.moment)
        await eventually(lambda: stored(house, "SELECT late FROM request") == [(1,)])
        await heard(person, "We are late with request 1. Sorry.")
        assert "You can also call" in all_said(person)
        await heard(alerts, "Request 1 is late")
        clock.forward(timedelta(hours=3))
        await person.says("my requests")
        await person.hears()
        assert all_said(person).count("We are late with request 1") == 1
        assert stored(house, "SELECT count(*) FROM request_event WHERE kind = 'late'") == [(1,)]
        await let_in(house, boss.http, "coordinator on Monday", "coordinator")
        assert "Late" in (await boss.http.get("/desk?tab=free")).text
        assert telegram.violations == []


async def test_d9_violence_on_a_shared_phone(
    house: House, telegram: TelegramServer, desk: str, clock: FakeClock
) -> None:
    async with browser(desk) as first, browser(desk) as second, browser(desk) as third:
        carer = await join(house, first, "protection", "protection", languages="ar en", gender="woman")
        boss = await join(house, second, "coordinator", "coordinator", on_duty=False)
        plain_one = await join(house, third, "assistant B")
        alerts = await link(house, telegram, carer, 9003)
        boss_alerts = await link(house, telegram, boss, 9004)
        quiet = await link(house, telegram, plain_one, 9005)
        before = len(quiet.messages)
        person = telegram.person(1003, language_code="ar")
        await arrive(person, ("العربية",))
        await person.says("زوجي يضربني")
        (card,) = await person.hears()
        assert "192" in plain(card.text).splitlines()[1]
        urgent = await tap(person, labels(card)[0].split(" ", 1)[1])
        assert "192" in plain(urgent.text).splitlines()[0], "the numbers stand first again"
        await heard(alerts, "URGENT request 1")
        await heard(boss_alerts, "URGENT request 1")
        clock.forward(timedelta(minutes=5))
        await heard(alerts, "URGENT request 1")
        assert (await plain_one.http.get("/desk/requests/1")).status_code == 404
        assert len(quiet.messages) == before, "an assistant outside of the protection group was told"
        await carer.does(1, "claim")
        await heard(boss_alerts, "protection has it")
        await person.hears()
        await person.presses(next(label for label in labels(card) if label.startswith("🧹")), card)
        (neutral,) = await person.hears()
        await eventually(lambda: left(person) == [neutral.id])
        assert "1" not in plain(neutral.text)
        assert stored(house, "SELECT count(*) FROM request") == [(1,)], "the case is kept though the chat is cleared"
        await carer.does(1, "close", outcome="referred")
        clock.forward(timedelta(hours=1))
        await carer.http.get("/desk")
        assert left(person) == [neutral.id], "no survey after an urgent case"
        assert telegram.violations == []


async def test_d10_a_child_alone_at_night(house: House, telegram: TelegramServer, desk: str, clock: FakeClock) -> None:
    clock.forward(FRIDAY_EVENING + timedelta(hours=6) - clock.moment)
    async with browser(desk) as http:
        boss = await join(house, http, "coordinator", "coordinator", on_duty=False)
        alerts = await link(house, telegram, boss, 9006)
        person = telegram.person(1004, language_code="en")
        await person.says("i am 15 i am alone in belgrade bus station")
        (card,) = await person.hears()
        assert "192" in plain(card.text)
        assert "116 111" in plain(card.text)
        urgent = await tap(person, "Person now")
        assert "Nobody of our team is on duty now. We sent them an alarm." in plain(urgent.text)
        assert "being called now" not in urgent.text
        await heard(alerts, "URGENT request 1")
        await person.sends_location(44.8, 20.46)
        assert "Your place is now with request number 1" in plain((await person.hears())[-1].text)
        assert stored(house, "SELECT count(*) FROM consent") == [(0,)], "a form stood before the help"
        page = await boss.sees(1)
        assert "A child alone" in page
        assert "Place on the map" in page
        ((media,),) = stored(house, "SELECT id FROM media")
        assert (await boss.http.get(f"/desk/requests/1/media/{media}")).text == "geo:44.80000,20.46000"
        assert telegram.violations == []


async def test_a_file_that_is_refused_is_said_while_a_human_is_in_the_chat(
    house: House, telegram: TelegramServer, desk: str
) -> None:
    async with browser(desk) as http:
        helper = await join(house, http, "assistant A")
        person = telegram.person(1005, language_code="en")
        await arrive(person, (*TO_THE_FIRST_STEP, "I am stuck"))
        await helper.does(1, "claim")
        await heard(person, "reads your request 1 now")
        await person.sends_contact()
        await heard(person, "I do not store contact cards")
        await person.sends_photo()
        await eventually(lambda: stored(house, "SELECT state FROM media") == [("kept",)])
        ((media,),) = stored(house, "SELECT id FROM media")
        page = (await helper.http.get("/desk/requests/1")).text
        assert '<details class="hidden-picture">' in page, "the picture is shown without a click"
        async with browser(desk) as other:
            await join(house, other, "assistant B")
            assert (await other.get(f"/desk/requests/1/media/{media}")).status_code == 404
        assert telegram.violations == []


async def test_wishes_and_subjects_on_the_page(quiet_house: House, site: str) -> None:
    async with browser(site) as one, browser(site) as two, browser(site) as chat:
        helper = await join(quiet_house, one, "assistant A", origin="SY")
        boss = await join(quiet_house, two, "coordinator", "coordinator")
        visitor = Visitor(chat)
        await visitor.opens()
        for label in ("English", "OK, continue", "Person", "Choose who helps", "Not from my country", "Syria"):
            await visitor.taps(label)
        assert (await helper.http.get("/desk/requests/1")).status_code == 404
        assert "Request 1" in await boss.sees(1)
        await visitor.taps("From my country")
        assert "Nobody from there gets to see" not in visitor.page.newest
        await visitor.taps("Syria")
        assert (await helper.http.get("/desk/requests/1")).status_code == 200, "the newer wish counts"
        await visitor.taps("Home")
        await visitor.taps("Person")
        await visitor.taps("Things or money")
        assert "Only few of us read this." in visitor.page.newest
        assert (await helper.http.get("/desk/requests/1")).status_code == 404
        await visitor.says("my requests")
        assert "Number 1: waits for us. We answer by" in visitor.page.newest
        await visitor.taps(": more")
        await visitor.says("Shoes for two children")
        assert "Shoes for two children" in await boss.sees(1)


async def test_nobody_speaks_the_language_and_the_person_chooses(quiet_house: House, site: str) -> None:
    async with browser(site) as one, browser(site) as chat:
        helper = await join(quiet_house, one, "assistant A", languages="fr")
        visitor = Visitor(chat)
        await visitor.opens()
        for label in ("English", "OK, continue", "Person"):
            await visitor.taps(label)
        assert "Nobody who speaks English is here now." in visitor.page.newest
        await visitor.taps("Français")
        await visitor.taps("That is all")
        assert "Nobody who speaks" not in visitor.page.newest
        assert stored(quiet_house, "SELECT detail FROM request_event WHERE kind = 'unmet'") == [("language",)]
        assert helper.id


async def test_nothing_is_lost_or_out_of_order_when_newcomers_and_staff_write_at_once(
    tmp_path: Path, telegram: TelegramServer
) -> None:
    """R4 in a short form: four people, each with a human in the chat; both sides write without waiting."""
    words, numbers = "abcdefgh", range(1, 5)
    async with (
        running(settings_for(tmp_path, telegram), Ticking()) as house,
        served(house) as desk,
        browser(desk) as http,
    ):
        helper = await join(house, http, "assistant A")
        people = [telegram.person(2000 + number, language_code="en") for number in numbers]
        for person in people:
            await arrive(person, (*TO_THE_FIRST_STEP, "I am stuck"))
        for number in numbers:
            await helper.does(number, "claim")

        async def newcomer(person: Person) -> None:
            for letter in words:
                await person.says(f"newcomer {letter}")

        async def staff(number: int) -> None:
            for letter in words:
                assert (await helper.does(number, "answer", text=f"helper {letter}")).status_code == 200

        await asyncio.gather(*map(newcomer, people), *map(staff, numbers))
        for person, number in zip(people, numbers, strict=True):
            await heard(person, f"helper {words[-1]}")
            got = [message.text for message in person.messages if message.text.startswith("helper ")]
            assert got == [f"helper {letter}" for letter in words]
            await kept(house, number, 2 * len(words))
            page = await helper.sees(number)
            for side in ("newcomer", "helper"):
                places = [page.index(f"{side} {letter}<") for letter in words]
                assert places == sorted(places)
        assert stored(house, "SELECT count(*) FROM request") == [(len(numbers),)], "one open case for each person"
        assert telegram.violations == []
