"""Dialogues D3, D9 and the window half of D12 on WhatsApp: the same talk, within its rules."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.sandbox.telegram import TelegramServer
from bot.sandbox.whatsapp import WhatsAppServer
from bot.sandbox.whatsapp_people import WhatsAppPerson
from bot.testing import FakeClock
from storage.records import set_record
from tests.acceptance.houses import TOKEN, browser, eventually, stored
from tests.acceptance.test_dialogues_d3_d4_d9_d10 import INTRODUCTION, heard, join, link
from tests.acceptance.walks import TO_THE_THIRD_STEP, plain
from tests.acceptance.whatsapp_houses import whatsapp_house

VOICE = b"OggS" + bytes(64)


async def hears(person: WhatsAppPerson, words: str) -> str:
    """Listen until this is said. Raises TimeoutError."""
    while words not in (said := plain((await person.hears())[0].text)):
        pass
    return said


def buttons(person: WhatsAppPerson) -> str:
    """What stands on the buttons of the newest message."""
    return " ".join(label for label, _ in person.messages[-1].buttons)


async def test_d3_stuck_in_working_hours_on_whatsapp(tmp_path: Path, clock: FakeClock) -> None:
    async with whatsapp_house(tmp_path, clock) as here, browser(here.site) as http:
        house, server = here.house, here.server
        helper = await join(house, http, "assistant A", alias="Helper A", introduction=INTRODUCTION)
        person = await here.arrives(TO_THE_THIRD_STEP)
        step = plain(person.messages[-1].text)
        born = plain((await here.tap(person, "I am stuck")).text)
        for part in ("Request number 1. We have it.", "Test organisation", "Monday 23 November 2026, 12:00"):
            assert part in born
        assert "Added to request number 1" in plain((await here.tap(person, "They refused me")).text)
        await person.sends("audio", {"id": server.keep_file(VOICE), "mime_type": "audio/ogg", "voice": True})
        assert "Got it" in plain((await person.hears())[-1].text)
        await eventually(lambda: stored(house, "SELECT state FROM media") == [("kept",)])
        page = await helper.sees(1)
        for part in ("Driving licence", "Reason: they refused", "English", "WhatsApp"):
            assert part in page, part

        clock.forward(timedelta(minutes=20))
        await helper.does(1, "claim")
        assert INTRODUCTION in await hears(person, "Helper A reads your request 1 now")
        await helper.does(1, "answer", text="I listened. Take the paper to window 3.")
        await hears(person, "Take the paper to window 3.")
        before = len(person.messages)
        await person.says("Which paper?")
        await eventually(lambda: stored(house, "SELECT state FROM request") == [("ours",)])
        await helper.does(1, "answer", text="The old licence.")
        await hears(person, "The old licence.")
        assert len(person.messages) == before + 1, "the bot spoke between the two people"
        await helper.does(1, "close", outcome="accompanied")
        await hears(person, "Is it solved?")
        assert "How was our help?" in (await here.tap(person, "Yes")).text
        await person.says("You were kind")
        await hears(person, "Thank you")
        assert plain((await here.tap(person, "Continue")).text) == step
        assert stored(house, "SELECT state, outcome FROM request") == [("done", "accompanied")]
        assert server.violations == []


async def test_d9_violence_on_a_shared_phone_on_whatsapp(
    tmp_path: Path, clock: FakeClock, telegram: TelegramServer
) -> None:
    beside: dict[str, Any] = {"telegram_token": TOKEN, "telegram_api_url": telegram.base_url}
    async with (
        whatsapp_house(tmp_path, clock, **beside) as here,
        browser(here.site) as first,
        browser(here.site) as second,
    ):
        carer = await join(here.house, first, "protection", "protection", languages="ar en", gender="woman")
        plain_one = await join(here.house, second, "assistant B")
        alerts = await link(here.house, telegram, carer, 9003)
        person = here.server.person("38160000001")
        await person.says("زوجي يضربني")
        card = (await person.hears())[0]
        assert "192" in plain(card.text).splitlines()[1], "the numbers stand first, before a language or a menu"
        await person.says("1")  # the first button: a person, now
        assert "192" in plain((await person.hears())[0].text).splitlines()[0]
        await heard(alerts, "URGENT request 1")
        clock.forward(timedelta(minutes=5))
        await heard(alerts, "URGENT request 1")
        assert (await plain_one.http.get("/desk/requests/1")).status_code == 404
        await carer.does(1, "claim")
        await person.hears()
        await person.says("/clear")
        assert "192" not in plain((await person.hears())[0].text), "what is left says nothing of it"
        assert stored(here.house, "SELECT count(*) FROM request") == [(1,)], "the case is kept"
        heard_so_far = len(person.messages)
        await carer.does(1, "close", outcome="referred")
        clock.forward(timedelta(hours=1))
        await carer.http.get("/desk")
        assert len(person.messages) == heard_so_far, "no survey after an urgent case"
        assert here.server.violations == []


async def test_d12_a_case_outside_of_the_24_hours(tmp_path: Path, clock: FakeClock) -> None:
    server = WhatsAppServer(clock=clock, templates=(("izi_answer_waiting", "en"),))
    async with whatsapp_house(tmp_path, clock, server=server) as here, browser(here.site) as http:
        await here.house.database.write(lambda unit: set_record(unit, "template.en", "approved", "test"))
        await eventually(lambda: here.house.worlds().answer_waiting("en"))
        helper = await join(here.house, http, "assistant A")
        person = await here.arrives(["English", "OK, continue", "Person"])
        await person.says("Can I bring my children?")
        await person.hears()
        await helper.does(1, "claim")
        await helper.does(1, "answer", text="I look into it.")  # who never answers loses the request
        await hears(person, "I look into it.")
        for _ in range(4):
            clock.forward(timedelta(hours=6, minutes=30))
            await helper.http.get("/desk")
        assert "Send: we have an answer for you" in await helper.sees(1), "26 hours are over"
        await helper.does(1, "knock", text="Yes, bring them.")
        (knock,) = await person.hears()
        assert knock.sent["template"]["language"]["code"] == "en"
        assert "Yes, bring them." in await helper.sees(1), "the draft stays"
        heard_so_far = len(person.messages)
        await person.answers_template(knock)
        came = "SELECT 1 FROM message WHERE request_id = 1 AND direction = 'in'"
        await eventually(lambda: len(stored(here.house, came)) == 2)
        await helper.does(1, "answer", text="Yes, bring them.")
        await hears(person, "Yes, bring them.")
        assert len(person.messages) == heard_so_far + 1, "the bot spoke between the two people"
        assert server.violations == []
