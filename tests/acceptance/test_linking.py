"""One person on two channels: joined by a code, taken over from a lost phone (U33)."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.people import Person
from bot.sandbox.telegram import TelegramServer
from bot.sandbox.whatsapp_people import WhatsAppPerson
from bot.testing import FakeClock
from tests.acceptance.colleagues import sign_in
from tests.acceptance.houses import TOKEN, eventually, stored
from tests.acceptance.walks import TO_THE_SECOND_STEP, arrive, plain, tap
from tests.acceptance.whatsapp_houses import WhatsAppHouse, whatsapp_house

CODE = re.compile(r"[A-Z2-9]{4}(?:-[A-Z2-9]{4})+")


async def code_of(person: Person, words: str) -> str:
    """Ask for a code on Telegram."""
    await person.says(words)
    found = CODE.search((await person.hears())[-1].text)
    assert found is not None
    return found[0]


async def says(person: WhatsAppPerson, words: str) -> str:
    await person.says(words)
    return (await person.hears())[-1].text


def telegram_beside(telegram: TelegramServer) -> dict[str, Any]:
    return {"telegram_token": TOKEN, "telegram_api_url": telegram.base_url}


async def confirm(here: WhatsAppHouse, person: WhatsAppPerson, label: str) -> None:
    await here.tap(person, label)
    await eventually(lambda: not stored(here.house, "SELECT 1 FROM link WHERE agreed_at IS NOT NULL"))


async def test_a_talk_that_began_on_telegram_goes_on_over_whatsapp(
    tmp_path: Path, clock: FakeClock, telegram: TelegramServer
) -> None:
    async with (
        whatsapp_house(tmp_path, clock, **telegram_beside(telegram)) as here,
        sign_in(here.house, here.site, "A") as desk,
    ):
        old = telegram.person(1001, language_code="en")
        step = await arrive(old, TO_THE_SECOND_STEP)
        await tap(old, "Person")
        await old.says("They sent me away")
        await old.hears()
        new = await here.arrives(["English", "OK, continue"])
        assert "wrong, or it is over" in await says(new, "ABCD-EFGH")
        code = await code_of(old, "/link")
        await old.says(code)
        assert "from this chat" in (await old.hears())[-1].text
        assert "Join this chat with your other chat?" in await says(new, code.lower())
        await confirm(here, new, "Join them")
        assert "Your two chats are one now" in (await new.hears())[-1].text
        assert "joined with your chat on ⁨WhatsApp⁩" in (await old.hears())[-1].text
        assert stored(
            here.house, "SELECT count(*) FROM conversation WHERE id IN (SELECT conversation_id FROM request)"
        ) == [(1,)]

        await new.says("/menu")
        await new.hears()
        assert "step 2 of 8" in plain((await here.tap(new, "Continue")).text)
        # A button that Telegram showed before belongs to no question any more.
        await old.presses("✅ Done", step)
        (still,) = await old.hears()
        assert "This button is old" in still.text
        await old.presses("✅ Done", still)
        assert "step 3 of 8" in plain((await old.hears())[-1].text)
        assert "step 3 of 8" in plain(await says(new, "repeat"))

        page = (await desk.get("/desk/requests/1")).text
        assert "The person joined another chat of theirs" in page
        await desk.post("/desk/requests/1/claim")
        await new.hears()
        await desk.post("/desk/requests/1/answer", data={"text": "I look into it."})
        assert (await new.hears())[-1].text == "I look into it."
        await old.says("thank you")  # to the human in the chat
        told = "SELECT 1 FROM message WHERE request_id = 1 AND direction = 'in'"
        await eventually(lambda: len(stored(here.house, told)) == 2)
        await desk.post("/desk/requests/1/answer", data={"text": "You are welcome."})
        assert (await old.hears())[-1].text == "You are welcome."
        for found in (code, code.replace("-", "")):
            assert found.encode() not in (here.house.settings.data_dir / "izi.db").read_bytes()


async def test_a_code_is_over_after_ten_minutes_and_guessing_ends_after_five_tries(
    tmp_path: Path, clock: FakeClock, telegram: TelegramServer
) -> None:
    async with whatsapp_house(tmp_path, clock, **telegram_beside(telegram)) as here:
        old = telegram.person(1001, language_code="en")
        await arrive(old, ["English", "OK, continue"])
        code = await code_of(old, "/link")
        new = await here.arrives(["English", "OK, continue"])
        clock.forward(timedelta(minutes=10))
        for _ in range(5):
            assert "wrong, or it is over" in await says(new, f"/link {code}")
        assert "Too many tries" in await says(new, await code_of(old, "/link"))
        assert len(stored(here.house, "SELECT 1 FROM conversation")) == 2


@pytest.mark.parametrize("urgent", [False, True])
async def test_a_lost_phone_is_left_behind_with_a_code_on_paper_unless_a_person_must_look(
    tmp_path: Path, clock: FakeClock, telegram: TelegramServer, urgent: bool
) -> None:
    async with whatsapp_house(tmp_path, clock, **telegram_beside(telegram)) as here:
        old = telegram.person(1001, language_code="en")
        await arrive(old, TO_THE_SECOND_STEP)
        code = await code_of(old, "/recovery")
        if urgent:
            await old.says("/urgent")
            await old.hears()
            await tap(old, "Person now")
        new = await here.arrives(["English", "Without saving"])
        asked = await says(new, code)
        if urgent:
            assert "We cannot do this by code now" in asked
            assert any(said.endswith("Person") for said, _ in new.messages[-1].buttons)
            return
        assert "Take over your old chat here?" in asked
        await confirm(here, new, "Take it over")
        assert "Your old chat goes on here" in (await new.hears())[-1].text
        assert "took this chat over" in (await old.hears())[-1].text
        await new.says("/menu")
        await new.hears()
        assert "step 2 of 8" in plain((await here.tap(new, "Continue")).text)
        await old.says("/menu")  # whoever has the old phone finds nothing
        assert "step" not in (await old.hears())[-1].text
        assert "Take over" not in await says(new, code)
        assert here.server.violations == []
        assert telegram.violations == []
