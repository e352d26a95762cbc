"""A family on one phone: each has guides, consent, requests; one is forgotten, the others stay (U34)."""

from __future__ import annotations

from pathlib import Path

from bot.sandbox.people import Person
from bot.sandbox.telegram import TelegramServer
from bot.testing import FakeClock
from tests.acceptance.colleagues import sign_in
from tests.acceptance.houses import eventually, running, served, settings_for, stored, stored_in
from tests.acceptance.walks import TO_THE_SECOND_STEP, arrive, labels, plain, tap

PEOPLE = "/people"


async def says(person: Person, words: str) -> str:
    await person.says(words)
    return plain((await person.hears())[-1].text)


async def hand_on(person: Person, label: str) -> str:
    """Say that somebody else writes; what is shown to them."""
    await says(person, PEOPLE)
    return plain((await tap(person, label)).text)


async def test_two_people_on_one_phone_have_everything_of_their_own(
    tmp_path: Path, clock: FakeClock, telegram: TelegramServer
) -> None:
    async with (
        running(settings_for(tmp_path, telegram), clock) as house,
        served(house) as site,
        sign_in(house, site, "A") as desk,
    ):
        phone = telegram.person(1001, language_code="en")
        first_step = await arrive(phone, TO_THE_SECOND_STEP)
        await says(phone, PEOPLE)
        await tap(phone, "How to call me")
        assert "Now writes: Mother" in await says(phone, "Mother")
        await tap(phone, "Person")
        await says(phone, "They sent the first of us away")

        await hand_on(phone, "Somebody new")
        assert "English" in labels(phone.messages[-1])
        await tap(phone, "English")
        await tap(phone, "Without saving")
        assert "Continue" not in str(labels(phone.messages[-1]))
        await phone.presses("✅ Done", first_step)  # a button of the first one is not the second one's
        assert "This button is old" in plain((await phone.hears())[-1].text)
        assert "You have no open request." in await says(phone, "/requests")
        await tap(phone, "Person")
        await says(phone, "And the second of us")

        await desk.post("/desk/requests/1/claim")
        assert plain((await phone.hears())[-1].text).startswith("👥 For Mother:")
        await desk.post("/desk/requests/1/answer", data={"text": "Dear mother."})
        assert plain((await phone.hears())[-1].text) == "👥 For Mother:\nDear mother."
        assert "Mother (1 of 2 on this phone)" in plain((await desk.get("/desk/requests/1")).text)
        assert "Person 2 (2 of 2 on this phone)" in plain((await desk.get("/desk/requests/2")).text)
        # What the second writes is not for the human who is there for the first.
        await says(phone, "what is this")

        shown = await hand_on(phone, "Mother")
        assert "Now writes: Mother" in shown
        await phone.says("I thank you")
        told = "SELECT 1 FROM message WHERE request_id = 1 AND direction = 'in'"
        await eventually(lambda: len(stored(house, told)) == 2)
        page = (await desk.get("/desk/requests/1")).text
        assert "I thank you" in page
        assert "what is this" not in page

        await says(phone, "/delete")
        assert "Only what is yours is deleted" in plain(phone.messages[-1].text)
        assert "still there" in plain((await tap(phone, "Delete")).text)
        assert stored(house, "SELECT id FROM request") == [(2,)]
        assert "1 of 1" not in (await desk.get("/desk/requests/2")).text
        assert "Number 2" in await says(phone, "/requests")
        # The human who was there for the first is gone with that request: words are heard again.
        assert "Added to request number 2" in await says(phone, "And something else")
        await eventually(lambda: stored(house, "SELECT state FROM forget") == [("settled",)])
        people, chats = (len(stored(house, f"SELECT id FROM {table}")) for table in ("contact", "conversation"))
        assert len(stored_in(tmp_path, "SELECT id FROM person_key", "keys.db")) == people + chats
