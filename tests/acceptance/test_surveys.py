"""A survey from its draft to the counts, over real HTTP; and the shortlist beside it."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO

from sqlalchemy import update

from bot.house import House
from bot.testing import FakeClock
from desk.export import BOM
from storage import shortlist, surveys
from storage.desk_tables import Staff
from storage.unit_of_work import Unit
from tests.acceptance.colleagues import sign_in
from tests.acceptance.houses import eventually, stored
from tests.acceptance.test_gatherings import newcomer
from tests.acceptance.walks import plain

A_MINUTE = timedelta(minutes=1)  # a second press in ten seconds would be a double tap
FORM = {
    "locale": "en", "title": "Our class", "intro": "Help us.", "question_0": "When?", "choices_0": "Morning\nEvening",
    "question_1": "What else?", "kind": "anonymous", "invites": "yes",
}  # fmt: skip
FRENCH = {
    "locale": "fr", "title": "Le cours", "question_0": "Quand ?", "choices_0": "Matin\nSoir", "question_1": "Quoi ?",
}  # fmt: skip


async def test_a_survey_from_its_draft_to_counts_and_an_invitation(
    site: str, quiet_house: House, clock: FakeClock
) -> None:
    async with sign_in(quiet_house, site, "asks", "coordinator") as http, newcomer(site) as person:
        alone = await http.post("/desk/surveys", data=FORM | {"choices_0": "<b>Morning", "kind": "linked"})
        assert alone.status_code == 422
        for typed in (">&lt;b&gt;Morning<", 'value="linked" checked', 'value="What else?"', 'value="yes" checked'):
            assert typed in alone.text
        made = await http.post("/desk/surveys", data=FORM)
        at = str(made.url.path)
        shape = await http.post(f"{at}/text", data=FRENCH | {"choices_0": "Matin\nSoir\nNuit"})
        assert "Matin\nSoir\nNuit<" in shape.text
        assert "data-part data-refused" in shape.text
        assert (shape.status_code, (await http.post(f"{at}/text", data=FRENCH)).status_code) == (422, 200)
        assert (await http.post(f"{at}/close")).status_code == 409
        assert "Answers" not in (await http.get(at)).text
        await http.post(f"{at}/open")
        assert (await http.post(f"{at}/text", data=FRENCH)).status_code == 409
        assert "this text stays as it is" in (await http.get(at)).text
        notice = await http.post(f"{at}/notice", data={"to": "many"})
        assert "Our class" in notice.text
        assert '"does": "survey"' in stored(quiet_house, "SELECT buttons FROM notice")[0][0]
        await _answers(quiet_house)
        page = plain((await http.get(at)).text)
        assert "6 people answered" in page
        assert page.count("not shown</span>") == 2
        assert "More tea" in page
        text = (await http.get(f"{at}/counts.csv")).content.decode()
        counts = {row[2] for row in csv.reader(StringIO(text.removeprefix(BOM)))}
        assert counts == {"people", "<10", "not shown"}
        invited = await http.post(f"{at}/choose", data={"locale": "en", "place": "", "chosen": "yes"})
        assert "One less" in invited.text
        await http.post(f"{at}/notice", data={"to": "chosen"})
        assert stored(quiet_house, "SELECT audience FROM broadcast ORDER BY id DESC LIMIT 1") == [('{"group": 1}',)]
        assert person.page.labels


async def _answers(house: House) -> None:
    """Five in the evening, one in the morning; the only person there may be invited."""
    ((contact,),) = stored(house, "SELECT contact_id FROM consent")

    def answer(unit: Unit) -> None:
        survey = surveys.read(unit, 1)
        for n in range(6):
            surveys.finish(unit, survey, contact, [int(n > 0), "More tea"])
        shortlist.agree(unit, 1, contact)

    await house.database.write(answer)


async def test_a_survey_of_the_team_reaches_linked_chats_and_no_newcomer(
    site: str, quiet_house: House, clock: FakeClock
) -> None:
    async with sign_in(quiet_house, site, "asks", "coordinator") as http, newcomer(site) as member:
        ((chat,),) = stored(quiet_house, "SELECT conversation_id FROM contact")
        made = await http.post("/desk/surveys", data=FORM | {"for_staff": "yes", "invites": ""})
        at = str(made.url.path)
        await http.post(f"{at}/open")
        await quiet_house.database.write(lambda unit: _link(unit, chat))
        await http.post(f"{at}/team")
        await eventually(lambda: stored(quiet_house, "SELECT count(*) FROM outbox WHERE cls = 2") == [(1,)])
        assert "Some questions to our team." in (await member.opens()).newest
        await member.taps("Answer questions")
        for label in ("Begin", "Evening", "Skip"):
            clock.forward(A_MINUTE)
            await member.taps(label)
        assert "Thank you for your answers." in member.page.newest
        assert stored(quiet_house, "SELECT count(*), count(contact_id) FROM survey_answer") == [(2, 0)]


def _link(unit: Unit, chat: int) -> None:
    """From now on this is the coordinator's own chat."""
    unit.connection.execute(update(Staff).values(conversation_id=chat))
