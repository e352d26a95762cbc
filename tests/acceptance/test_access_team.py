"""The team's page, a member's own page and the log: who comes, who goes, who is there, and what is written down."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial

import httpx
import pytest
from sqlalchemy import update

from bot.house import House
from bot.links import INVITATION
from bot.sandbox.telegram import TelegramServer
from bot.testing import FakeClock
from desk import staff_chat
from storage import audit, members
from storage.desk_tables import Audit
from storage.duty import settle_duty
from storage.members import Member
from tests.acceptance.colleagues import let_in, press, sign_in, walk_in
from tests.acceptance.houses import browser, served, stored
from tests.acceptance.pages import Visitor
from tests.acceptance.walks import TO_THE_FIRST_STEP, plain

LINK = re.compile(r"/desk/login/[A-Za-z0-9_-]{43}")


@pytest.fixture
async def boss(quiet_house: House, site: str) -> AsyncIterator[httpx.AsyncClient]:
    """A browser of an administrator who is a coordinator too."""
    async with sign_in(quiet_house, site, "boss", "admin", "coordinator") as http:
        yield http


@pytest.fixture
async def anna(quiet_house: House, site: str) -> AsyncIterator[httpx.AsyncClient]:
    """Placeholder, nobody's name."""
    async with sign_in(quiet_house, site, "assistant A") as http:
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


async def found(house: House, label: str) -> Member:
    """A member as the store knows them."""
    (one,) = (one for one in await house.database.read(members.members) if one.label == label)
    return one


async def test_an_invitation_is_shown_once_and_brings_its_roles_and_places(
    boss: httpx.AsyncClient, quiet_house: House, site: str, clock: FakeClock
) -> None:
    form = {"label": "new one", "roles": ["assistant", "translator"], "scope_translator": "fa_AF"}
    link = LINK.search((await boss.post("/desk/staff/invite", data=form)).text)
    assert link is not None
    assert link[0] not in (await boss.get("/desk/staff")).text
    async with browser(site) as http:
        await walk_in(http, link[0], clock())
        await http.post("/desk/pledge")
        assert (await http.get("/desk")).status_code == 200
    assert set(map(str, (await found(quiet_house, "new one")).roles)) == {"assistant", "translator:fa_AF"}


@pytest.mark.parametrize(
    "form",
    [
        {"label": "x"},
        {"label": "", "roles": "assistant"},
        {"label": "x" * 61, "roles": "assistant"},
        {"label": "x", "roles": "emperor"},
        {"label": "x", "roles": "coordinator", "scope_coordinator": "a b"},
        {"label": "x", "roles": "assistant", "scope_assistant": "fa"},
    ],
)
async def test_an_invitation_that_does_not_fit_invites_nobody(
    boss: httpx.AsyncClient, quiet_house: House, form: dict[str, str]
) -> None:
    page = await boss.post("/desk/staff/invite", data=form)
    assert (page.status_code, LINK.search(page.text)) == (422, None)
    assert stored(quiet_house, "SELECT count(*) FROM staff_link WHERE used_at IS NULL") == [(0,)]


async def test_other_roles_hold_at_once_and_end_every_session(
    boss: httpx.AsyncClient, anna: httpx.AsyncClient, quiet_house: House
) -> None:
    one = await found(quiet_house, "assistant A")
    assert (await boss.post(f"/desk/staff/{one.id}/roles", data={"roles": "viewer"})).url.path == "/desk/staff"
    assert (await anna.get("/desk")).status_code == 401
    assert set(map(str, (await found(quiet_house, "assistant A")).roles)) == {"viewer"}


async def test_who_leaves_is_out_at_once_and_their_people_wait_for_others(
    boss: httpx.AsyncClient, anna: httpx.AsyncClient, quiet_house: House, visitor: Visitor
) -> None:
    one = await found(quiet_house, "assistant A")
    await anna.post("/desk/requests/1/claim")
    await boss.post(f"/desk/staff/{one.id}/end")
    assert (await anna.get("/desk")).status_code == 401
    assert stored(quiet_house, "SELECT assignee_id, state FROM request") == [(None, "ours")]
    assert "assistant A" not in (await boss.get("/desk/staff")).text
    assert (await boss.post(f"/desk/staff/{one.id}/end")).status_code == 404
    await visitor.opens()
    assert "request 1" in plain(visitor.page.messages[-1])


async def test_the_last_administrator_can_neither_leave_nor_lose_the_role(
    boss: httpx.AsyncClient, quiet_house: House
) -> None:
    one = await found(quiet_house, "boss")
    assert (await boss.post(f"/desk/staff/{one.id}/end")).status_code == 409
    assert (await boss.post(f"/desk/staff/{one.id}/roles", data={"roles": "coordinator"})).status_code == 409
    assert (await boss.get("/desk/staff")).status_code == 200


async def test_a_lost_app_is_replaced_by_an_administrator_and_that_is_logged(
    boss: httpx.AsyncClient, anna: httpx.AsyncClient, quiet_house: House, clock: FakeClock
) -> None:
    one = await found(quiet_house, "assistant A")
    await boss.post(f"/desk/staff/{one.id}/reset")
    assert (await anna.get("/desk")).status_code == 401
    assert "has not set up codes yet" in (await boss.get("/desk/staff")).text
    link = LINK.search((await boss.post(f"/desk/staff/{one.id}/link")).text)
    assert link is not None
    await walk_in(anna, link[0], clock())
    assert (await anna.get("/desk")).status_code == 200
    assert ("code_reset", f"staff:{one.id}") in stored(quiet_house, "SELECT act, thing FROM audit")


async def test_other_browsers_are_signed_out_by_oneself_and_all_by_an_administrator(
    boss: httpx.AsyncClient, quiet_house: House, site: str, clock: FakeClock
) -> None:
    async with browser(site) as first, browser(site) as second:
        one = await let_in(quiet_house, first, "assistant A")
        link = LINK.search((await boss.post(f"/desk/staff/{one.id}/link")).text)
        assert link is not None
        await press(second, link[0])
        assert (await second.get("/desk/code")).status_code == 200
        await first.post("/desk/me/sessions")
        assert ((await first.get("/desk")).status_code, (await second.get("/desk")).status_code) == (200, 401)
        await boss.post(f"/desk/staff/{one.id}/sessions")
        assert (await first.get("/desk")).status_code == 401


async def test_what_newcomers_may_know_is_what_the_member_wrote(
    anna: httpx.AsyncClient, quiet_house: House, visitor: Visitor
) -> None:
    profile = {"alias": "Blue Falcon", "introduction": "I came here in 2015.", "cap": "3", "origin": "AF"}
    profile |= {"gender": "woman"}
    kept = await anna.post("/desk/me/profile", data=profile | {"languages": ["en", "fa_AF"]})
    assert "Saved." in kept.text
    one = await found(quiet_house, "assistant A")
    assert (one.alias, one.cap, one.origin, one.gender) == ("Blue Falcon", 3, "AF", "woman")
    assert one.languages == {"en", "fa_AF"}
    await anna.post("/desk/requests/1/claim")
    await visitor.opens()
    said = plain("\n".join(visitor.page.messages))
    assert "Blue Falcon" in said
    assert "I came here in 2015." in said
    assert "assistant A" not in said


@pytest.mark.parametrize(
    "wrong",
    [{"alias": "x" * 31}, {"introduction": "x" * 201}, {"gender": "x"}, {"origin": "001"}, {"cap": "0"}, {"cap": ""}],
)
async def test_a_profile_that_does_not_fit_changes_nothing(
    anna: httpx.AsyncClient, quiet_house: House, wrong: dict[str, str]
) -> None:
    before = await found(quiet_house, "assistant A")
    assert (await anna.post("/desk/me/profile", data={"cap": "3"} | wrong)).status_code == 422
    assert await found(quiet_house, "assistant A") == before


async def test_a_pause_and_a_break_end_by_themselves(
    anna: httpx.AsyncClient, quiet_house: House, clock: FakeClock
) -> None:
    await anna.post("/desk/me/duty", data={"to": "15"})
    assert "You pause until" in (await anna.get("/desk/me")).text
    clock.forward(timedelta(minutes=15))
    assert "You are on duty." in (await anna.get("/desk/me")).text
    await anna.post("/desk/me/duty", data={"to": "break"})
    assert "You take a break until" in (await anna.get("/desk/me")).text
    assert not (await found(quiet_house, "assistant A")).on_duty
    clock.forward(timedelta(minutes=29))
    await quiet_house.database.write(settle_duty)
    assert not (await found(quiet_house, "assistant A")).on_duty
    clock.forward(timedelta(minutes=1))
    await quiet_house.database.write(settle_duty)
    assert (await found(quiet_house, "assistant A")).on_duty


async def test_colleagues_on_duty_read_that_somebody_takes_a_break_and_not_why(
    house: House, telegram: TelegramServer
) -> None:
    async with (
        served(house) as site,
        sign_in(house, site, "assistant A") as http,
        browser(site) as second,
        browser(site) as third,
    ):
        chats = []
        for number, (label, on_duty, at) in enumerate((("B", True, second), ("C", False, third)), 9001):
            colleague = await let_in(house, at, f"assistant {label}")
            chat = telegram.person(number, language_code="en")
            token = await house.database.write(partial(staff_chat.invite, staff_id=colleague.id, by=colleague.id))
            await chat.starts(INVITATION + token)
            await chat.hears()
            await house.database.write(partial(members.change, staff_id=colleague.id, on_duty=on_duty))
            chats.append(chat)
        there, away = chats
        heard = len(away.messages)
        await http.post("/desk/me/duty", data={"to": "break"})
        (told,) = await there.hears()
        assert plain(told.text).endswith("assistant A takes a short break.")
        assert len(away.messages) == heard, "who is off duty is left in peace"


async def test_who_gives_no_sign_of_life_for_two_hours_is_off_duty(
    anna: httpx.AsyncClient, quiet_house: House, clock: FakeClock
) -> None:
    await anna.post("/desk/me/duty", data={"to": "on"})
    clock.forward(timedelta(minutes=119))
    await anna.get("/desk")
    clock.forward(timedelta(minutes=119))
    await quiet_house.database.write(settle_duty)
    assert (await found(quiet_house, "assistant A")).on_duty
    clock.forward(timedelta(minutes=1))
    await quiet_house.database.write(settle_duty)
    assert not (await found(quiet_house, "assistant A")).on_duty
    assert "You are off duty." in (await anna.get("/desk/me")).text


async def test_a_word_in_their_own_chat_is_a_sign_of_life(quiet_house: House, site: str, clock: FakeClock) -> None:
    async with browser(site) as chat, sign_in(quiet_house, site, "assistant A"):
        own = Visitor(chat)
        await own.opens()
        await own.taps("English")
        ((chat_id,),) = stored(quiet_house, "SELECT id FROM conversation")
        one = await found(quiet_house, "assistant A")
        await quiet_house.database.write(
            lambda unit: members.change(unit, one.id, on_duty=True, conversation_id=chat_id)
        )
        clock.forward(timedelta(minutes=119))
        await own.says("hello")
        clock.forward(timedelta(minutes=119))
        await quiet_house.database.write(settle_duty)
        assert (await found(quiet_house, "assistant A")).on_duty


async def test_a_coordinator_learns_who_would_like_to_talk_and_not_why(
    anna: httpx.AsyncClient, boss: httpx.AsyncClient, quiet_house: House, site: str
) -> None:
    async with browser(site) as chat:
        own = Visitor(chat)
        await own.opens()
        await own.taps("English")
        ((chat_id,),) = stored(quiet_house, "SELECT id FROM conversation")
        one = await found(quiet_house, "boss")
        await quiet_house.database.write(lambda unit: members.change(unit, one.id, conversation_id=chat_id))
        assert "Your coordinator was told." in (await anna.post("/desk/me/talk")).text
        await own.opens()
        assert "assistant A would like to talk with you" in plain(own.page.messages[-1])


async def test_the_own_page_shows_own_figures_and_the_code_of_conduct_with_its_day(
    anna: httpx.AsyncClient, visitor: Visitor
) -> None:
    await anna.post("/desk/requests/1/claim")
    await anna.post("/desk/requests/1/answer", data={"text": "Go to window 3"})
    await anna.post("/desk/requests/1/close", data={"outcome": "informed"})
    page = plain((await anna.get("/desk/me")).text)
    assert "Requests that I closed</dt><dd>1</dd>" in page
    assert "I tell nobody outside of the team." in page
    assert re.search("You agreed: [^<]*23 November 2026", page)


async def test_the_log_says_who_did_what_without_words_and_a_changed_line_is_found(
    anna: httpx.AsyncClient, boss: httpx.AsyncClient, quiet_house: House, visitor: Visitor
) -> None:
    await visitor.says("They sent me away")
    await anna.get("/desk/requests/1")
    await anna.post("/desk/requests/1/claim")
    await anna.post("/desk/requests/1/answer", data={"text": "Go to window 3"})
    await anna.get("/desk/staff")
    page = plain((await boss.get("/desk/audit?thing=request:1")).text)
    for act in ("opened", "claimed", "answered"):
        assert f">{act}</td>" in page
    assert "The log is whole." in page
    assert "window 3" not in page
    assert "sent me away" not in page
    refused = plain((await boss.get("/desk/audit?act=refused&since=2026-11-23&until=2026-11-23")).text)
    assert "/desk/staff" in refused
    assert "<td" not in (await boss.get("/desk/audit?since=2026-11-24")).text
    spoil = update(Audit).where(Audit.act == "opened").values(staff_id=1)
    await quiet_house.database.write(lambda unit: unit.connection.execute(spoil) and None)
    assert "Somebody changed the log" in (await boss.get("/desk/audit")).text
    assert (await quiet_house.database.read(audit.lines))[0].act == "log_read"


async def test_an_export_without_the_permission_is_refused_and_logged(
    anna: httpx.AsyncClient, quiet_house: House
) -> None:
    assert (await anna.get("/desk/log.csv")).status_code == 403
    assert ("refused", "/desk/log.csv") in stored(quiet_house, "SELECT act, thing FROM audit")
