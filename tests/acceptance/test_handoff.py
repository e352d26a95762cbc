"""A person and the team, end to end: the web chat on one side, two browsers at the desk on the other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial

import httpx
import pytest

from bot.house import House
from bot.testing import FakeClock
from storage import members
from storage.unit_of_work import Unit
from tests.acceptance.colleagues import sign_in
from tests.acceptance.houses import browser, eventually, stored
from tests.acceptance.pages import Visitor
from tests.acceptance.walks import TO_THE_FIRST_STEP, plain


def _put_on_duty(unit: Unit, conversation: int) -> None:
    for one in members.members(unit):
        members.change(unit, one.id, conversation_id=conversation, on_duty=True, languages="en")


@pytest.fixture
async def anna(quiet_house: House, site: str) -> AsyncIterator[httpx.AsyncClient]:
    """Placeholder, nobody's name."""
    async with sign_in(quiet_house, site, "assistant A") as http:
        yield http


@pytest.fixture
async def ben(quiet_house: House, site: str) -> AsyncIterator[httpx.AsyncClient]:
    async with sign_in(quiet_house, site, "assistant B") as http:
        yield http


@pytest.fixture
async def visitor(site: str) -> AsyncIterator[Visitor]:
    """A newcomer who is stuck at the first step."""
    async with browser(site) as http:
        visitor = Visitor(http)
        await visitor.opens()
        for label in (*TO_THE_FIRST_STEP, "I am stuck"):
            await visitor.taps(label)
        yield visitor


def said(visitor: Visitor) -> str:
    """All messages of the page, oldest first."""
    return plain("\n".join(visitor.page.messages))


async def test_before_the_code_of_conduct_is_accepted_no_request_is_shown(
    quiet_house: House, site: str, visitor: Visitor
) -> None:
    async with sign_in(quiet_house, site, "new", pledged=False) as http:
        for path in ("/desk", "/desk/requests/1", "/desk/live"):
            page = await http.get(path)
            assert page.url.path == "/desk/pledge"
            assert "Stuck" not in page.text


async def test_a_person_is_answered_by_a_human_and_the_bot_is_silent(
    anna: httpx.AsyncClient, visitor: Visitor, quiet_house: House
) -> None:
    assert "Request 1" in plain((await anna.get("/desk?tab=free")).text)
    await anna.post("/desk/requests/1/claim")
    await visitor.opens()
    assert "reads your request 1 now" in said(visitor)
    await visitor.says("They sent me away")
    before = stored(quiet_house, "SELECT count(*) FROM outbox")
    await visitor.says("home")
    assert stored(quiet_house, "SELECT count(*) FROM outbox") == before, "the bot answered words for the human"
    _list, _, page = plain((await anna.get("/desk/requests/1")).text).partition('role="log"')
    assert page.index("They sent me away") < page.index("home")
    await anna.post("/desk/requests/1/answer", data={"text": "Go to <window> 3. سلام"})
    await visitor.opens()
    assert "Go to <window> 3. سلام" in said(visitor)
    assert stored(quiet_house, "SELECT state FROM request") == [("theirs",)]


async def test_of_two_who_claim_one_wins_and_the_other_is_told(
    anna: httpx.AsyncClient, ben: httpx.AsyncClient, visitor: Visitor, quiet_house: House
) -> None:
    assert (await anna.post("/desk/requests/1/claim")).status_code == 200
    refused = await ben.post("/desk/requests/1/claim")
    assert refused.status_code in {404, 409}
    assert (await ben.post("/desk/requests/1/answer", data={"text": "me too"})).status_code in {404, 409}
    await visitor.opens()
    assert "me too" not in said(visitor)


async def test_an_internal_note_is_seen_by_colleagues_and_never_by_the_person(
    anna: httpx.AsyncClient, visitor: Visitor
) -> None:
    await anna.post("/desk/requests/1/claim")
    await anna.post("/desk/requests/1/note", data={"text": "speaks little English"})
    assert "speaks little English" in (await anna.get("/desk/requests/1")).text
    await visitor.opens()
    assert "speaks little English" not in said(visitor)


async def test_urgent_words_and_buttons_work_while_a_human_is_there(anna: httpx.AsyncClient, visitor: Visitor) -> None:
    await anna.post("/desk/requests/1/claim")
    await visitor.says("he beats me")
    assert "192" in said(visitor)


async def test_closing_gives_the_floor_back_and_not_yet_opens_it_again_for_the_same_assistant(
    anna: httpx.AsyncClient, ben: httpx.AsyncClient, visitor: Visitor, quiet_house: House
) -> None:
    await anna.post("/desk/requests/1/claim")
    await anna.post("/desk/requests/1/answer", data={"text": "Go to window 3"})
    await anna.post("/desk/requests/1/close", data={"outcome": "informed"})
    await visitor.opens()
    assert "Is it solved?" in said(visitor)
    await visitor.taps("Not yet")
    ((state, assignee, again),) = stored(quiet_house, "SELECT state, assignee_id, reopened FROM request")
    assert (state, again) == ("ours", 1)
    assert assignee == stored(quiet_house, "SELECT id FROM staff WHERE label = 'assistant A'")[0][0]
    assert (await ben.get("/desk/requests/1")).status_code == 404


async def test_a_broken_promise_is_said_to_the_person_once(
    visitor: Visitor, quiet_house: House, clock: FakeClock
) -> None:
    clock.forward(timedelta(hours=3))
    await eventually(lambda: stored(quiet_house, "SELECT late FROM request") == [(1,)])
    await visitor.opens()
    assert said(visitor).count("We are late with request 1") == 1


async def test_answers_on_fear_are_shown_to_who_has_the_request_and_that_is_logged(
    anna: httpx.AsyncClient, visitor: Visitor, quiet_house: House
) -> None:
    assert (await anna.post("/desk/requests/1/reveal")).status_code == 403
    await anna.post("/desk/requests/1/claim")
    page = await anna.post("/desk/requests/1/reveal")
    assert "refugee" in page.text
    assert ("revealed",) in stored(quiet_house, "SELECT act FROM audit")


async def test_a_draft_survives_and_a_colleague_sees_that_somebody_writes(
    anna: httpx.AsyncClient, quiet_house: House, site: str, visitor: Visitor
) -> None:
    await anna.post("/desk/requests/1/claim")
    await anna.post("/desk/requests/1/draft", data={"text": "Dear"})
    assert ">Dear</textarea>" in (await anna.get("/desk/requests/1")).text
    async with sign_in(quiet_house, site, "coordinator", "coordinator") as boss:
        assert "Writing now: assistant A" in plain((await boss.get("/desk/requests/1")).text)


async def test_a_form_that_lacks_something_says_what_and_sends_nothing(
    anna: httpx.AsyncClient, visitor: Visitor, quiet_house: House
) -> None:
    await anna.post("/desk/requests/1/claim")
    before = stored(quiet_house, "SELECT count(*) FROM outbox")
    for act, form in [
        ("answer", {"text": " "}),
        ("answer", {"text": "x" * 3501}),
        ("close", {"outcome": "nonsense"}),
        ("refer", {"institution": "crpc", "text": "needs a lawyer"}),
        ("put-off", {"days": "-1"}),
        ("offer", {"to": "x", "text": "y"}),
    ]:
        assert (await anna.post(f"/desk/requests/1/{act}", data=form)).status_code == 422, (act, form)
    assert stored(quiet_house, "SELECT count(*) FROM outbox") == before
    assert stored(quiet_house, "SELECT state FROM request") == [("ours",)]


async def test_alerts_reach_staff_in_their_own_chat_without_words_of_the_person(quiet_house: House, site: str) -> None:
    async with browser(site) as chat:
        helper = Visitor(chat)
        await helper.opens()
        for label in TO_THE_FIRST_STEP[:2]:
            await helper.taps(label)
        ((conversation,),) = stored(quiet_house, "SELECT id FROM conversation")
        async with sign_in(quiet_house, site, "assistant A"):
            await quiet_house.database.write(partial(_put_on_duty, conversation=conversation))
            async with browser(site) as other:
                person = Visitor(other)
                await person.opens()
                for label in (*TO_THE_FIRST_STEP, "I am stuck"):
                    await person.taps(label)
                await person.says("They sent me away")
            await helper.opens()
            assert "New request 1" in said(helper)
            assert "sent me away" not in said(helper)
            await helper.taps("Claim")
            assert "Request 1 is yours" in said(helper)
            await eventually(
                lambda: stored(quiet_house, "SELECT attached_request_id FROM conversation") != [(None,), (None,)]
            )
