"""Getting in: links, codes, what wrong ones lead to, and what a session is good for (S7, S10 in short)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import httpx
import pytest

from bot.house import House
from bot.testing import FakeClock
from desk import auth
from storage import audit, members, queue
from storage.requests import NewRequest, open_request
from storage.staff import has_administrator
from storage.unit_of_work import Unit
from tests.acceptance.colleagues import COOKIE, PROOF, SECRET, code_of, invitation, let_in, press, sign_in, walk_in
from tests.acceptance.houses import browser, running, served, settings_for, stored
from tests.storage.build import arrival

STEP = timedelta(seconds=30)
OURS = auth.as_text(SECRET)
KEPT = re.compile(r'type="hidden" name="(\w+)" value="([^"]*)"')


@pytest.fixture
async def http(site: str) -> AsyncIterator[httpx.AsyncClient]:
    """A browser at the desk, not signed in."""
    async with browser(site) as http:
        yield http


async def login(house: House, label: str) -> str:
    """The path of a fresh link for a member."""

    def make(unit: Unit) -> str:
        (one,) = (one for one in members.members(unit) if one.label == label)
        return auth.login_link(unit, one.id)

    return await house.database.write(make)


async def test_somebody_new_sets_up_codes_accepts_the_code_of_conduct_and_is_in(
    http: httpx.AsyncClient, quiet_house: House, clock: FakeClock
) -> None:
    page = await press(http, await invitation(quiet_house, "new one"))
    assert page.url.path == "/desk/code"
    assert 'src="data:image/svg+xml' in page.text
    half = http.cookies[COOKIE]
    secret = await walk_in(http, await invitation(quiet_house, "new one"), clock())
    assert http.cookies[COOKIE] != half
    assert (await http.get("/desk")).url.path == "/desk/pledge"
    assert (await http.post("/desk/pledge")).url.path == "/desk"
    assert secret not in (await http.get("/desk/code")).text
    logged = [line.act for line in await quiet_house.database.read(audit.lines)]
    assert logged == ["pledged", "signed_in", "invited", "invited"]


async def test_a_login_link_asks_for_a_code_and_shows_no_secret(
    http: httpx.AsyncClient, quiet_house: House, clock: FakeClock, site: str
) -> None:
    async with sign_in(quiet_house, site, "assistant A"):
        page = await press(http, await login(quiet_house, "assistant A"))
        assert "data:image" not in page.text
        assert OURS[:4] not in page.text
        assert (await http.get("/desk")).url.path == "/desk/code"
        assert (await http.post("/desk/code", data={"code": code_of(OURS, clock())})).url.path == "/desk"


async def test_a_code_works_once_also_in_another_browser(
    http: httpx.AsyncClient, quiet_house: House, clock: FakeClock, site: str
) -> None:
    async with sign_in(quiet_house, site, "assistant A"), browser(site) as other:
        for one in (http, other):
            await press(one, await login(quiet_house, "assistant A"))
        code = code_of(OURS, clock())
        assert (await http.post("/desk/code", data={"code": code})).url.path == "/desk"
        assert (await other.post("/desk/code", data={"code": code})).status_code == 422
        earlier = code_of(OURS, clock() - STEP)
        assert (await other.post("/desk/code", data={"code": earlier})).status_code == 422
        clock.forward(STEP)
        typed = code_of(OURS, clock())
        arabic = typed.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
        assert (await other.post("/desk/code", data={"code": f" {arabic[:3]} {arabic[3:]}"})).url.path == "/desk"


async def test_a_link_is_pressed_only_in_a_browser_that_opened_it(
    http: httpx.AsyncClient, quiet_house: House, site: str
) -> None:
    link = await invitation(quiet_house)
    found = PROOF.search((await http.get(link)).text)
    assert found is not None
    async with browser(site) as other:
        for form in ({"proof": found[1]}, {"proof": ""}, {}):
            assert (await other.post(link, data=form)).status_code == 403
        await other.get(await invitation(quiet_house))
        assert (await other.post(link, data={"proof": found[1]})).status_code == 403
        assert COOKIE not in other.cookies
    assert (await http.post(link, data={"proof": found[1]})).url.path == "/desk/code"
    assert (await http.post(link, data={"proof": found[1]})).status_code == 403


async def test_a_login_link_is_too_old_after_ten_minutes(
    http: httpx.AsyncClient, quiet_house: House, clock: FakeClock, site: str
) -> None:
    async with sign_in(quiet_house, site, "assistant A"):
        link = await login(quiet_house, "assistant A")
        clock.forward(auth.LOGIN)
        assert (await press(http, link)).status_code == 403
        assert (await http.get(link)).status_code == 410


async def test_half_a_session_ends_after_half_an_hour(
    http: httpx.AsyncClient, quiet_house: House, clock: FakeClock
) -> None:
    await press(http, await invitation(quiet_house))
    clock.forward(timedelta(minutes=30))
    assert (await http.get("/desk/code")).status_code == 401


async def test_a_secret_that_was_shown_and_never_confirmed_is_not_shown_again(
    http: httpx.AsyncClient, quiet_house: House, site: str
) -> None:
    first = (await press(http, await invitation(quiet_house, "new one"))).text
    assert (await http.get("/desk/code")).text == first
    async with browser(site) as other:
        second = (await press(other, await login(quiet_house, "new one"))).text
    assert second != first


async def test_of_a_thousand_guesses_five_are_looked_at_and_the_lock_ends(
    http: httpx.AsyncClient, quiet_house: House, clock: FakeClock, site: str
) -> None:
    async with sign_in(quiet_house, site, "assistant A"):
        await press(http, await login(quiet_house, "assistant A"))
        statuses = [(await http.post("/desk/code", data={"code": f"{n:06}"})).status_code for n in range(10)]
        assert statuses == [422] * 5 + [429] * 5
        await quiet_house.database.write(_guess)
        assert (await http.post("/desk/code", data={"code": code_of(OURS, clock())})).status_code == 429
        acts = [row[0] for row in stored(quiet_house, "SELECT act FROM audit ORDER BY seq DESC LIMIT 5")]
        assert acts == ["locked", *["code_wrong"] * 4]
        clock.forward(auth.LOCK)
        assert (await http.post("/desk/code", data={"code": code_of(OURS, clock())})).url.path == "/desk"


async def test_wrong_codes_of_one_address_lock_it_for_everybody_behind_it_and_no_other(
    http: httpx.AsyncClient, quiet_house: House, site: str
) -> None:
    async with sign_in(quiet_house, site, "assistant A"), sign_in(quiet_house, site, "assistant B"):
        await press(http, await login(quiet_house, "assistant A"))
        for _ in range(5):
            await http.post("/desk/code", data={"code": "000000"})
        ids = [row[0] for row in stored(quiet_house, "SELECT id FROM staff WHERE label = 'assistant B'")]
        for place, answer in [("127.0.0.1", auth.Answer.LOCKED), ("192.0.2.1", auth.Answer.WRONG)]:
            found = await quiet_house.database.write(
                partial(auth.check_code, staff_id=ids[0], code="000000", came_from=place)
            )
            assert found is answer


async def test_what_reaches_far_asks_for_a_fresh_code_and_then_works_with_all_that_was_typed(
    http: httpx.AsyncClient, quiet_house: House, clock: FakeClock
) -> None:
    await let_in(quiet_house, http, "boss", "admin", "coordinator")
    form = {"label": "new one", "roles": "assistant"}
    assert "/desk/login/" in (await http.post("/desk/staff/invite", data=form)).text
    clock.forward(auth.FRESH + timedelta(seconds=1))
    asked = await http.post("/desk/staff/invite", data=form)
    for status, page in (
        (403, asked), (422, await http.post("/desk/staff/invite", data=form | {"code": "000000"})),
    ):  # fmt: skip
        assert (page.status_code, dict(KEPT.findall(page.text))) == (status, form)
        assert 'action="/desk/staff/invite"' in page.text
    done = await http.post("/desk/staff/invite", data=form | {"code": code_of(OURS, clock())})
    assert "/desk/login/" in done.text
    clock.forward(auth.FRESH + timedelta(seconds=1))
    asked = await http.get("/desk/log.csv?state=open")
    assert asked.url.params["to"] == "/desk/log.csv?state=open"
    page = await http.post(str(asked.url), data={"code": code_of(OURS, clock())})
    assert page.text.count('"/desk/log.csv?state=open"') + page.text.count("url=/desk/log.csv?state=open") == 2
    assert (await http.get("/desk/log.csv?state=open")).headers["content-type"].startswith("text/csv")


async def test_after_a_code_nobody_is_led_to_another_site(http: httpx.AsyncClient, quiet_house: House) -> None:
    await let_in(quiet_house, http, "boss", "admin")
    for to in (
        "https://elsewhere.example",
        "//elsewhere.example",
        "/chat",
        "/desk\\@elsewhere.example",
        "/desk\r\nx: y",
    ):
        page = await http.get("/desk/confirm", params={"to": to})
        assert 'action="/desk/confirm?to=/desk"' in page.text


async def test_off_loopback_the_cookies_are_tied_to_https_and_this_host(tmp_path: Path, clock: FakeClock) -> None:
    settings = settings_for(tmp_path, public_url="https://help.example.org")
    async with running(settings, clock) as house, served(house) as site, browser(site) as http:
        link = await invitation(house)
        page = await http.get(link)
        said = page.headers["set-cookie"]
        assert said.startswith("__Host-izi-desk-link=")
        assert {"secure", "httponly", "path=/", "samesite=lax"} <= set(said.lower().split("; "))
        found = PROOF.search(page.text)
        assert found is not None
        nonce = said.partition(";")[0]
        entered = await http.post(link, data={"proof": found[1]}, headers={"cookie": nonce}, follow_redirects=False)
        assert entered.headers["set-cookie"].startswith("__Host-izi-desk=")
        assert "domain" not in entered.headers["set-cookie"].lower()


async def test_every_page_of_the_desk_has_strict_headers_and_is_not_kept(
    http: httpx.AsyncClient, quiet_house: House
) -> None:
    link = await invitation(quiet_house)
    await let_in(quiet_house, http, "boss", "admin", "coordinator")
    for path in (link, "/desk", "/desk/staff", "/desk/audit", "/desk/me", "/desk/confirm", "/desk/pledge", "/desk/x"):
        headers = (await http.get(path)).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")


async def test_no_form_of_another_site_changes_anything(http: httpx.AsyncClient, quiet_house: House) -> None:
    await let_in(quiet_house, http, "boss", "admin")
    before = stored(quiet_house, "SELECT * FROM staff")
    for elsewhere in ({"origin": "https://elsewhere.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}):
        for path in ("/desk/staff/invite", "/desk/me/duty", "/desk/me/profile", "/desk/code", "/desk/logout"):
            answer = await http.post(path, data={"to": "on", "label": "x", "roles": "admin"}, headers=elsewhere)
            assert answer.status_code == 403
    assert stored(quiet_house, "SELECT * FROM staff") == before


async def test_nobody_counts_as_administrator_before_they_showed_a_code(
    http: httpx.AsyncClient, quiet_house: House, clock: FakeClock
) -> None:
    await press(http, await invitation(quiet_house, "boss", "admin"))
    assert not await quiet_house.database.read(has_administrator)
    await walk_in(http, await login(quiet_house, "boss"), clock())
    assert await quiet_house.database.read(has_administrator)


async def test_more_than_thirty_opened_answers_in_an_hour_raise_an_alarm_for_the_others(
    http: httpx.AsyncClient, quiet_house: House, clock: FakeClock, site: str
) -> None:
    number = await _request_with_answers(quiet_house)
    await let_in(quiet_house, http, "assistant A")
    await http.post(f"/desk/requests/{number}/claim")
    async with sign_in(quiet_house, site, "boss", "coordinator") as boss:
        for _ in range(30):
            assert (await http.post(f"/desk/requests/{number}/reveal")).status_code == 200
        assert "very many protected answers" not in (await boss.get("/desk")).text
        for _ in range(2):
            await http.post(f"/desk/requests/{number}/reveal")
        assert "very many protected answers" in (await boss.get("/desk")).text
        assert "very many protected answers" not in (await http.get("/desk")).text
        assert len(await quiet_house.database.read(lambda unit: audit.lines(unit, act="alarm"))) == 1
        clock.forward(timedelta(hours=25))
        async with sign_in(quiet_house, site, "other boss", "coordinator") as other:
            assert "very many protected answers" not in (await other.get("/desk")).text


def _guess(unit: Unit) -> None:
    (one,) = members.members(unit)
    answers = {auth.check_code(unit, one.id, f"{n:06}", f"192.0.2.{n % 250}") for n in range(1000)}
    assert answers == {auth.Answer.LOCKED}


async def _request_with_answers(house: House) -> int:
    def make(unit: Unit) -> int:
        queue.accept(unit, [arrival("1")])
        (taken,) = queue.take(unit)
        queue.done(unit, [taken])
        return open_request(unit, taken.standing, NewRequest("question", b"{}", sensitive=b'{"fear": "yes"}'))

    return await house.database.write(make)
