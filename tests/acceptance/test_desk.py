"""The desk over real HTTP: one-time links, sessions that end, and what staff see of a request."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from bot.house import House
from bot.testing import FakeClock
from desk.auth import INVITATION
from storage.requests import open_requests
from tests.acceptance.colleagues import COOKIE, PROOF, invitation, let_in, press
from tests.acceptance.houses import browser, stored
from tests.acceptance.pages import Visitor
from tests.acceptance.walks import TO_THE_FIRST_STEP, plain

INSIDE = [
    ("GET", "/desk"),
    ("GET", "/desk/"),
    ("GET", "/desk/requests/1"),
    ("GET", "/desk/requests/no-number"),
    ("GET", "/desk/requests/99999999999999999999"),
    ("POST", "/desk/requests/1"),
    ("POST", "/desk/logout"),
    ("GET", "/desk/logout"),
    ("GET", "/desk/login"),
    ("GET", "/desk/no-such-page"),
    ("DELETE", "/desk/a/b/c"),
]


@pytest.fixture
async def desk(site: str) -> AsyncIterator[httpx.AsyncClient]:
    """A browser at the desk, not signed in."""
    async with browser(site) as http:
        yield http


@pytest.fixture
async def member(desk: httpx.AsyncClient, quiet_house: House) -> httpx.AsyncClient:
    """A browser of somebody who has signed in."""
    await let_in(quiet_house, desk, "test", "coordinator")
    return desk


async def ask_for_help(site: str, *taps: str) -> None:
    """A newcomer walks to the first step, asks for a person and adds a word."""
    async with browser(site) as http:
        visitor = Visitor(http)
        await visitor.opens()
        for label in (*TO_THE_FIRST_STEP, *taps, "I am stuck"):
            await visitor.taps(label)
        await visitor.says("They sent me <b>away</b> سلام")


async def test_opening_a_link_uses_nothing_up_and_the_button_signs_in_once(
    desk: httpx.AsyncClient, quiet_house: House, site: str
) -> None:
    link = await invitation(quiet_house)
    for _preview in range(3):
        page = await desk.get(link)
        assert page.status_code == 200
        assert f'<form method="post" action="{link}">' in page.text
        assert COOKIE not in desk.cookies
    entered = await press(desk, link)
    assert (entered.status_code, entered.url.path) == (200, "/desk/code")
    cookie = entered.history[0].headers["set-cookie"].lower()
    assert "; httponly" in cookie
    assert "; samesite=lax" in cookie
    async with browser(site) as other:
        assert (await other.get(link)).status_code == 410
        assert (await press(other, link)).status_code == 403
        assert not other.cookies


async def test_a_link_is_too_old_after_two_days(desk: httpx.AsyncClient, quiet_house: House, clock: FakeClock) -> None:
    link = await invitation(quiet_house)
    proof = PROOF.search((await desk.get(link)).text)
    assert proof is not None
    clock.forward(INVITATION)
    assert (await desk.get(link)).status_code == 410
    assert (await desk.post(link, data={"proof": proof[1]})).status_code == 410
    assert COOKIE not in desk.cookies


async def test_neither_links_nor_sessions_stand_in_the_database(member: httpx.AsyncClient, quiet_house: House) -> None:
    link = await invitation(quiet_house)
    secrets = [link.rpartition("/")[2], member.cookies["izi-desk"]]
    for file in quiet_house.settings.data_dir.iterdir():
        written = file.read_bytes()
        assert not [secret for secret in secrets if secret.encode() in written]


async def test_without_a_session_everything_is_answered_with_401(desk: httpx.AsyncClient, site: str) -> None:
    await ask_for_help(site)
    for session in (None, "made-up"):
        if session:
            desk.cookies.set("izi-desk", session)
        answers = [await desk.request(method, path, follow_redirects=False) for method, path in INSIDE]
        assert [answer.status_code for answer in answers] == [401] * len(INSIDE)
        assert not [answer for answer in answers if "away" in answer.text]


async def test_pages_that_do_not_exist_are_404_for_staff(member: httpx.AsyncClient) -> None:
    for path in ("/desk/requests/1", "/desk/requests/no-number", "/desk/requests/99999999999999999999", "/desk/x"):
        assert (await member.get(path)).status_code == 404


async def test_a_waiting_request_is_listed_with_where_the_person_is_and_when_we_promised(
    member: httpx.AsyncClient, site: str, clock: FakeClock
) -> None:
    await ask_for_help(site)
    page = plain((await member.get("/desk?tab=free")).text)
    for part in ('href="/desk/requests/1"', "Stuck at a step", "Driving licence", "Look at your licence", "English"):
        assert part in page
    assert "23 November 2026, 12:00" in page
    assert "Late" not in page
    clock.forward(timedelta(hours=3))
    assert "Late" in (await member.get("/desk?tab=free")).text


async def test_a_request_shows_its_context_and_no_sensitive_answer(
    member: httpx.AsyncClient, site: str, quiet_house: House
) -> None:
    await ask_for_help(site)
    (row,) = await quiet_house.database.read(open_requests)
    page = (await member.get(f"/desk/requests/{row.number}")).text
    assert "They sent me &lt;b&gt;away&lt;/b&gt; سلام" in page
    assert "Web chat" in page
    assert stored(quiet_house, "SELECT sensitive_sealed IS NOT NULL FROM request") == [(1,)]
    for sensitive in ("refugee", "Refugee", "fear</dt>", "status</dt>"):
        assert sensitive not in page


async def test_answers_that_are_not_sensitive_are_shown(member: httpx.AsyncClient, site: str) -> None:
    await ask_for_help(site, "Done", "Yes", "No, a normal one", "Yes", "6 months or more")
    page = (await member.get("/desk/requests/1")).text
    assert "<dt>since</dt><dd>over</dd>" in page


async def test_urgent_requests_stand_first(member: httpx.AsyncClient, site: str) -> None:
    await ask_for_help(site)
    async with browser(site) as http:
        visitor = Visitor(http)
        await visitor.opens()
        await visitor.says("he beats me")
        await visitor.taps("Person")
    page = (await member.get("/desk?tab=free")).text
    assert page.index("/desk/requests/2") < page.index("/desk/requests/1")


async def test_signing_out_ends_the_session_on_our_side(member: httpx.AsyncClient, site: str) -> None:
    token = member.cookies["izi-desk"]
    await member.post("/desk/logout")
    assert "izi-desk" not in member.cookies
    async with browser(site) as other:
        other.cookies.set("izi-desk", token)
        assert (await other.get("/desk")).status_code == 401


async def test_a_session_ends_after_twelve_hours_without_a_request(member: httpx.AsyncClient, clock: FakeClock) -> None:
    clock.forward(timedelta(hours=11))
    assert (await member.get("/desk")).status_code == 200
    clock.forward(timedelta(hours=11))
    assert (await member.get("/desk")).status_code == 200
    clock.forward(timedelta(hours=12))
    assert (await member.get("/desk")).status_code == 401


async def test_a_session_ends_after_seven_days_in_any_case(member: httpx.AsyncClient, clock: FakeClock) -> None:
    for _half_day in range(15):
        clock.forward(timedelta(hours=11))
        assert (await member.get("/desk")).status_code == 200
    clock.forward(timedelta(hours=4))
    assert (await member.get("/desk")).status_code == 401


async def test_a_form_of_another_site_signs_nobody_in_or_out(member: httpx.AsyncClient, quiet_house: House) -> None:
    elsewhere = {"origin": "https://elsewhere.example", "sec-fetch-site": "cross-site"}
    assert (await member.post("/desk/logout", headers=elsewhere)).status_code == 403
    assert (await member.get("/desk")).status_code == 200
    link = await invitation(quiet_house)
    assert (await member.post(link, headers=elsewhere)).status_code == 403
    assert (await member.get(link)).status_code == 200
