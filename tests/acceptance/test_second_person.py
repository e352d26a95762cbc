"""What one person alone does not do: take out a large file (S10)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.house import House
from bot.testing import FakeClock
from tests.acceptance.broadcasting import sent, written
from tests.acceptance.colleagues import sign_in
from tests.acceptance.desk_browsers import stuck
from tests.acceptance.houses import running, served, settings_for, stored
from tests.acceptance.test_gatherings import newcomer, planned
from tests.acceptance.walks import plain


@pytest.fixture
async def strict_house(tmp_path: Path, clock: FakeClock) -> AsyncIterator[House]:
    """A house in which no file of the log leaves by one person's will."""
    async with running(settings_for(tmp_path, exports_alone=0), clock) as house:
        yield house


async def test_a_large_file_of_the_log_needs_a_second_person_each_time(strict_house: House) -> None:
    house = strict_house
    async with (
        served(house) as site,
        sign_in(house, site, "coordinator", "coordinator") as boss,
        sign_in(house, site, "administrator", "admin") as admin,
        sign_in(house, site, "assistant A") as anna,
        stuck(site),
    ):
        file = "/desk/log.csv?state=open&type="
        refused = await boss.get(file)
        assert (refused.status_code, "This file has 1 rows" in plain(refused.text)) == (409, True)
        asked = dict(re.findall(r'name="(kind|query|count)" value="([^"]*)"', refused.text))
        assert asked == {"kind": "csv", "query": "state=open", "count": "1"}
        assert "waits for a second person" in (await boss.post("/desk/log/permits", data=asked)).text
        asked_for = "A colleague asks you to agree to a large file"
        assert asked_for in (await admin.get("/desk/me")).text
        assert asked_for not in (await boss.get("/desk/me")).text + (await anna.get("/desk/me")).text
        ((id,),) = stored(house, "SELECT id FROM permit")
        assert (await boss.post(f"/desk/log/permits/{id}", data={"act": "allow"})).status_code == 409, "one's own"
        assert (await anna.post(f"/desk/log/permits/{id}", data={"act": "allow"})).status_code == 403
        assert (await boss.get(file)).status_code == 409
        assert (await admin.get(file)).status_code == 403, "who allows a file gets none"
        await admin.post(f"/desk/log/permits/{id}", data={"act": "allow"})
        assert asked_for not in (await admin.get("/desk/me")).text
        assert 'href="/desk/log.csv?state=open"' in (await boss.get("/desk/log/permits")).text
        assert (await boss.get("/desk/log.xlsx?state=open")).status_code == 409, "another file"
        assert (await boss.get("/desk/log.csv")).status_code == 409, "a wider filter"
        assert (await boss.get(file)).headers["content-type"].startswith("text/csv")
        assert (await boss.get(file)).status_code == 409, "it is given once"
        logged = [act for (act,) in stored(house, "SELECT act FROM audit WHERE act LIKE 'export%' ORDER BY seq")]
        assert logged == ["export_asked", "export_allowed", "exported"]
        for wrong in ({"kind": "exe"}, {"count": "-1"}, {"query": "x=" + "y" * 600}):
            assert (await boss.post("/desk/log/permits", data=asked | wrong)).status_code == 404


async def test_a_long_list_of_an_event_and_a_long_report_of_a_notice_need_one_too(strict_house: House) -> None:
    house = strict_house
    async with (
        served(house) as site,
        sign_in(house, site, "coordinator", "coordinator") as boss,
        sign_in(house, site, "local", "coordinator:subotica") as local,
        sign_in(house, site, "administrator", "admin") as admin,
        newcomer(site) as guest,
    ):
        await planned(boss)
        await guest.says("/start event.1")
        await guest.taps("We come as two")
        number = await sent(house, await written(house))
        files = ((local, "/desk/events/1/list.xlsx"), (boss, f"/desk/notices/{number}/report.csv"))
        for id, (who, file) in enumerate(files, 1):
            refused = await who.get(file)
            assert (refused.status_code, "This file has 1 rows" in plain(refused.text)) == (409, True), file
            asked = dict(re.findall(r'name="(kind|query|count)" value="([^"]*)"', refused.text))
            await who.post("/desk/log/permits", data=asked)
            page = plain((await admin.get("/desk/log/permits")).text)
            assert ("Who comes to event 1" if id == 1 else f"What became of notice {number}") in page
            ((permit,),) = stored(house, "SELECT id FROM permit WHERE state = 'asked'")
            await admin.post(f"/desk/log/permits/{permit}", data={"act": "allow"})
            assert f'href="{file}"' in (await who.get("/desk/log/permits")).text
            assert (await who.get(file)).headers["content-disposition"].startswith("attachment")
            assert (await who.get(file)).status_code == 409, "it is given once"
            theirs = (await local.get("/desk/log/permits")).text
            assert ("What became of notice" in plain(theirs), 'value="allow"' in theirs) == (False, False)
        assert (await local.post("/desk/log/permits/2", data={"act": "allow"})).status_code == 403, "reaches all places"
        of_log = {"kind": "csv", "query": "", "count": "1"}
        assert (await local.post("/desk/log/permits", data=of_log)).status_code == 403, "they may not take it either"
        for wrong in ({"kind": "event_csv", "query": "1/../2"}, {"kind": "notice_csv", "query": ""}):
            assert (await boss.post("/desk/log/permits", data=of_log | wrong)).status_code == 404, wrong


async def test_a_file_with_more_rows_than_the_second_person_read_of_is_not_given(strict_house: House) -> None:
    house = strict_house
    async with (
        served(house) as site,
        sign_in(house, site, "coordinator", "coordinator") as boss,
        sign_in(house, site, "administrator", "admin") as admin,
        stuck(site),
    ):
        await boss.post("/desk/log/permits", data={"kind": "csv", "query": "state=open", "count": "0"})
        ((id,),) = stored(house, "SELECT id FROM permit")
        await admin.post(f"/desk/log/permits/{id}", data={"act": "allow"})
        assert (await boss.get("/desk/log.csv?state=open")).status_code == 409
