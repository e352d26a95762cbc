"""The same talk on WhatsApp: a guide walked to its end, a person asked for and answered from the desk."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import text

from bot.testing import FakeClock
from flows.limits import utf16
from storage import follows
from storage.unit_of_work import Unit
from tests.acceptance.colleagues import sign_in
from tests.acceptance.houses import eventually, stored
from tests.acceptance.walks import TO_THE_FIRST_STEP, TO_THE_LAST_STEP, plain
from tests.acceptance.whatsapp_houses import whatsapp_house


async def test_a_guide_is_walked_from_the_first_word_to_its_end(tmp_path: Path, clock: FakeClock) -> None:
    async with whatsapp_house(tmp_path, clock) as here:
        person = await here.arrives()
        shown = [await here.tap(person, label) for label in TO_THE_LAST_STEP]
        assert "the system of our office sees your phone number" in plain(shown[0].text)
        headings = [plain(screen.text.splitlines()[0]) for screen in shown]
        numbers = [re.findall(r"step (\d) of (\d)", heading) for heading in headings]
        assert [found[0] for found in numbers if found] == [(str(n), "8") for n in range(1, 9)]
        end = await here.tap(person, "Done")
        assert "You have reached the end." in end.text
        await eventually(lambda: not stored(here.house, "SELECT 1 FROM outbox WHERE delivery < 2"))
        assert stored(here.house, "SELECT count(*) FROM outbox WHERE state != 'sent'") == [(0,)]
        # One card is one message, whatever it holds.
        assert len(person.messages) == person.written
        assert here.server.violations == []


async def test_a_person_who_is_stuck_is_answered_from_the_desk(tmp_path: Path, clock: FakeClock) -> None:
    async with whatsapp_house(tmp_path, clock) as here, sign_in(here.house, here.site, "Placeholder A") as desk:
        person = await here.arrives([*TO_THE_FIRST_STEP, "I am stuck"])
        await person.says("They sent me away")
        await person.hears()
        assert (await desk.post("/desk/requests/1/claim")).status_code == 200
        await person.hears()
        thread = (await desk.post("/desk/requests/1/answer", data={"text": "Please go to room 5."})).text
        assert "They sent me away" in thread
        (answer,) = await person.hears()
        assert answer.text == "Please go to room 5."
        await person.says("Thank you, it worked")
        await eventually(lambda: stored(here.house, "SELECT 1 FROM inbox WHERE state = 'new'") == [])
        assert "Thank you, it worked" in (await desk.get("/desk/requests/1")).text
        await eventually(
            lambda: stored(here.house, "SELECT 1 FROM outbox WHERE delivery = 2 AND speaker = 'assistant'")
        )
        assert "delivered" in (await desk.get("/desk/requests/1")).text
        await desk.post("/desk/requests/1/close", data={"outcome": "informed"})
        (solved,) = await person.hears()
        assert [label.split()[-1] for label, _ in solved.buttons[:1]] == ["Yes"]
        await here.tap(person, "Yes")
        assert here.server.violations == []


async def test_what_we_know_is_read_in_parts_that_all_have_buttons(tmp_path: Path, clock: FakeClock) -> None:
    async with whatsapp_house(tmp_path, clock) as here:
        person = await here.arrives(["English", "OK, continue"])
        towns = [town.latin for town in here.house.worlds().pack.places.municipalities]

        def follow_all(unit: Unit) -> None:
            ((contact,),) = unit.connection.execute(text("SELECT id FROM contact")).all()
            for town in here.house.worlds().pack.places.municipalities:
                follows.follow(unit, contact, follows.place(town.id), on=True)
            for topic in here.house.worlds().pack.news_topics.topics:
                follows.follow(unit, contact, follows.topic(topic.id), on=True)

        await here.house.database.write(follow_all)
        await person.says("my data")
        await person.hears()
        read = [await here.tap(person, "What you know of me")]
        while any(label.endswith("Read on") for label, _ in read[-1].buttons):
            read.append(await here.tap(person, "Read on"))
        assert len(read) > 1, "it is more than one message with buttons holds"
        for message in read:
            assert utf16(message.text) <= 1024
            assert "Send me a file" in " ".join(label for label, _ in message.buttons)
        words = plain("\n".join(message.text for message in read))
        assert [words.count(town) for town in towns] == [1] * len(towns)
        assert here.server.violations == []
