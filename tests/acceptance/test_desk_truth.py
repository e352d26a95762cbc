"""What the desk says of itself is true: who has a request, how a sending stands, who is there, who may read what."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx
import pytest

from bot.house import House
from bot.sandbox.telegram import TelegramServer
from bot.testing import FakeClock
from storage import contacts, duty, requests
from storage.requests import NewRequest
from storage.take_back import take_back
from storage.unit_of_work import Unit
from tests.acceptance.colleagues import sign_in
from tests.acceptance.desk_browsers import COOKIE, session_of, stuck
from tests.acceptance.houses import browser, eventually, served, stored
from tests.acceptance.test_media import in_request
from tests.acceptance.walks import plain


@asynccontextmanager
async def seated(house: House, site: str, label: str, *roles: str) -> AsyncIterator[httpx.AsyncClient]:
    """The browser of a new colleague on duty."""
    async with browser(site) as http:
        http.cookies.set(COOKIE, await session_of(house, label, *roles))
        yield http


@pytest.fixture
async def anna(quiet_house: House, site: str) -> AsyncIterator[httpx.AsyncClient]:
    """Placeholders, nobody's names."""
    async with seated(quiet_house, site, "assistant A") as http:
        yield http


@pytest.fixture
async def ben(quiet_house: House, site: str) -> AsyncIterator[httpx.AsyncClient]:
    async with seated(quiet_house, site, "assistant B") as http:
        yield http


@pytest.fixture
async def boss(quiet_house: House, site: str) -> AsyncIterator[httpx.AsyncClient]:
    """May also read the log of what staff did, and has just shown a code."""
    async with sign_in(quiet_house, site, "coordinator", "coordinator", "auditor") as http:
        yield http


async def test_a_page_that_stands_open_is_no_sign_of_life(
    anna: httpx.AsyncClient, quiet_house: House, clock: FakeClock
) -> None:
    for _hour in range(11):
        clock.forward(timedelta(hours=1))
        assert (await anna.get("/desk", headers={"X-Fresh": "1"})).status_code == 200
        async with anna.stream("GET", "/desk/live") as live:
            assert live.status_code == 200
        await quiet_house.database.write(duty.settle_duty)
    assert stored(quiet_house, "SELECT on_duty FROM staff") == [(0,)]
    clock.forward(timedelta(hours=1))
    assert (await anna.get("/desk", headers={"X-Fresh": "1"})).status_code == 401


async def test_who_lost_a_request_reads_who_has_it_and_gets_their_words_back(
    anna: httpx.AsyncClient, ben: httpx.AsyncClient, boss: httpx.AsyncClient, site: str, quiet_house: House
) -> None:
    async with stuck(site):
        await anna.post("/desk/requests/1/claim")
        refused = await ben.post("/desk/requests/1/claim")
        assert (refused.status_code, "assistant A has it since 10:00" in plain(refused.text)) == (404, True)
        await anna.post("/desk/requests/1/draft", data={"text": "Dear all"})
        await boss.post("/desk/requests/1/take-over")
        for answer, words in (
            (await anna.post("/desk/requests/1/answer", data={"text": "Come at nine"}), "Come at nine"),
            (await anna.get("/desk/requests/1"), "Dear all"),
        ):
            assert answer.status_code == 404
            assert "coordinator has it since 10:00" in plain(answer.text)
            assert f"{words}</textarea>" in answer.text
        assert stored(quiet_house, "SELECT count(*) FROM message WHERE direction = 'out'") == [(0,)]
        assert "has it" not in (await ben.get("/desk/requests/2")).text


async def test_a_request_goes_only_to_an_institution_that_we_know(
    anna: httpx.AsyncClient, boss: httpx.AsyncClient, site: str, quiet_house: House
) -> None:
    async with stuck(site):
        await anna.post("/desk/requests/1/claim")
        form = {"institution": "a friend of mine", "text": "needs a lawyer", "agreed": "yes"}
        assert (await anna.post("/desk/requests/1/refer", data=form)).status_code == 422
        known = next(iter(quiet_house.worlds().pack.contacts))
        assert (await anna.post("/desk/requests/1/refer", data=form | {"institution": known})).status_code == 200
        for asked in ("request:1", "some name", "request:one"):
            assert (await boss.get("/desk/audit", params={"thing": asked})).status_code == 200
        details = stored(
            quiet_house, "SELECT act, detail FROM audit WHERE act IN ('log_read', 'referred') ORDER BY seq"
        )
        assert details == [("referred", known), ("log_read", "request:1"), ("log_read", ""), ("log_read", "")]


async def test_what_somebody_began_who_gave_it_back_is_gone(
    anna: httpx.AsyncClient, site: str, quiet_house: House
) -> None:
    async with stuck(site):
        await anna.post("/desk/requests/1/claim")
        await anna.post("/desk/requests/1/draft", data={"text": "Dear all"})
        await anna.post("/desk/requests/1/give-back")
        assert stored(quiet_house, "SELECT 1 FROM draft") == []
        assert "Dear all" not in (await anna.post("/desk/requests/1/claim")).text


async def test_a_row_tells_channel_new_words_and_who_has_it_and_turns_amber_before_it_is_late(
    anna: httpx.AsyncClient, boss: httpx.AsyncClient, site: str, clock: FakeClock
) -> None:
    async with stuck(site) as person:
        for words in ("They sent me away", "What now"):
            await person.says(words)
        page = plain((await boss.get("/desk?tab=all")).text)
        assert ("Web chat" in page, "2 new" in page, "Soon late" in page) == (True, True, False)
        clock.forward(timedelta(minutes=91))
        page = plain((await boss.get("/desk?tab=all")).text)
        assert 'class="row soon"' in page
        assert ("Soon late" in page, "◷ Late" in page) == (True, False)
        await anna.post("/desk/requests/1/claim")
        await anna.post("/desk/requests/1/answer", data={"text": "Go to window 3"})
        await person.says("Thank you")
        page = plain((await boss.get("/desk?tab=all")).text)
        assert ("1 new" in page, "assistant A has it" in page, "Soon late" in page) == (True, True, False)


async def test_the_first_screen_is_our_turn_and_an_empty_list_says_what_to_do_next(anna: httpx.AsyncClient) -> None:
    page = await anna.get("/desk")
    assert '<a href="/desk?tab=ours" aria-current="page">Our turn</a>' in " ".join(page.text.split())
    assert 'Nothing waits for you. Look under "Free to take".' in page.text.replace("&#34;", '"')
    assert 'class="button" href="/desk?tab=free"' in page.text


async def test_a_complaint_is_neither_in_the_log_nor_in_the_files_of_whom_it_is_about(
    boss: httpx.AsyncClient, site: str, quiet_house: House
) -> None:
    async with sign_in(quiet_house, site, "protection", "protection", "coordinator") as other, stuck(site):
        await boss.post("/desk/requests/1/claim")
        await quiet_house.database.write(complain)
        for http, count in ((boss, 1), (other, 2)):
            page = plain((await http.get("/desk/log")).text)
            assert ("Complaint about us" in page.partition("<tbody")[2], f"{count} request" in page) == (
                count == 2,
                True,
            )
            assert len((await http.get("/desk/log.csv")).text.splitlines()) == 1 + count
        assert "Complaint" not in (await boss.get("/desk/requests/1")).text
        assert "Complaint" in (await other.get("/desk/requests/1")).text


def complain(unit: Unit) -> None:
    """The person of the first request complains about who had it."""
    row = requests.request(unit, 1)
    standing = contacts.standing(unit, row.conversation_id)
    requests.open_request(unit, standing, NewRequest("complaint", b'{"channel": "webchat"}', protected=True))


async def test_after_an_urgent_request_a_break_is_one_tap_away(
    anna: httpx.AsyncClient, site: str, quiet_house: House
) -> None:
    async with seated(quiet_house, site, "protection", "protection") as carer, stuck(site), stuck(site) as person:
        await person.says("he beats me")
        await person.taps("Person")
        await anna.post("/desk/requests/1/claim")
        await carer.post("/desk/requests/3/claim")
        for http, number, offered in ((anna, 1, False), (carer, 3, True)):
            page = await http.post(f"/desk/requests/{number}/close", data={"outcome": "informed"})
            assert ("Undo closing" in page.text, "I need a break" in page.text) == (True, offered), number
        await carer.post("/desk/me/duty", data={"to": "break"})
        assert stored(quiet_house, "SELECT on_duty FROM staff WHERE label = 'protection'") == [(0,)]


async def test_words_that_were_taken_back_are_said_to_be_so(
    anna: httpx.AsyncClient, site: str, quiet_house: House
) -> None:
    async with stuck(site):
        await anna.post("/desk/requests/1/claim")
        await anna.post("/desk/requests/1/answer", data={"text": "Go to window 3"})
        await eventually(lambda: stored(quiet_house, "SELECT 1 FROM request_event WHERE kind = 'settled'"))
        assert "✓ sent" in (await anna.get("/desk/requests/1")).text
        ((me,),) = stored(quiet_house, "SELECT assignee_id FROM request")
        await quiet_house.database.write(lambda unit: take_back(unit, 1, me))
        page = (await anna.get("/desk/requests/1")).text
        assert ("✓ sent" in page, "↶ deleted in the person" in page) == (False, True)
        wait = "UPDATE outbox SET state = 'ready', sealed = x'00', reason = NULL"
        await quiet_house.database.write(lambda unit: unit.connection.exec_driver_sql(wait) and take_back(unit, 1, me))
        page = (await anna.get("/desk/requests/1")).text
        assert ("cannot be reached" in page, "↶ taken back before it was sent" in page) == (False, True)


async def test_who_blocked_us_is_shown_red_on_an_open_page_and_a_file_is_given_in_parts(
    house: House, telegram: TelegramServer
) -> None:
    async with served(house) as site, seated(house, site, "assistant A") as http:
        person = await in_request(telegram)
        await person.sends_voice(24)
        await eventually(lambda: stored(house, "SELECT state FROM media") == [("kept",)])
        ((id,),) = stored(house, "SELECT id FROM media")
        whole = (await http.get(file := f"/desk/requests/1/media/{id}")).content
        size = len(whole)
        for asked, first, last in (("0-1", 0, 1), (f"{size - 3}-", size - 3, size - 1), ("-2", size - 2, size - 1)):
            part = await http.get(file, headers={"Range": f"bytes={asked}"})
            assert (part.status_code, part.content) == (206, whole[first : last + 1])
            assert part.headers["content-range"] == f"bytes {first}-{last}/{size}"
        assert (await http.get(file, headers={"Range": f"bytes={size}-"})).status_code == 416
        assert stored(house, "SELECT count(*) FROM audit WHERE act = 'opened_file'") == [(1,)]
        assert 'aria-label="Voice note"' in (await http.get("/desk?tab=free")).text
        await http.post("/desk/requests/1/claim")
        await person.hears()
        await person.blocks()
        async with http.stream("GET", "/desk/live?at=1") as live:
            lines = live.aiter_lines()
            await http.post("/desk/requests/1/answer", data={"text": "Go to window 3"})
            async for line in lines:
                if line == "event: change" and "has blocked us" in (await http.get("/desk/requests/1")).text:
                    break
