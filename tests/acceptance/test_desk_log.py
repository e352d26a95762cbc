"""Approved replies, search, the log of requests and its files, over real HTTP."""

from __future__ import annotations

import csv
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from html import unescape
from io import BytesIO, StringIO
from xml.etree import ElementTree
from zipfile import ZipFile

import httpx
import pytest

from bot.house import House
from bot.testing import FakeClock
from desk.export import BOM, COLUMNS
from tests.acceptance.desk_browsers import COOKIE, ask_in, session_of, stuck
from tests.acceptance.houses import browser, stored
from tests.acceptance.pages import Visitor
from tests.acceptance.walks import plain


@asynccontextmanager
async def at_the_desk(house: House, site: str, *roles: str, **headers: str) -> AsyncIterator[httpx.AsyncClient]:
    """The browser of a new colleague who is signed in."""
    async with browser(site, **headers) as http:
        http.cookies.set(COOKIE, await session_of(house, " ".join(roles) or "assistant", *roles))
        yield http


@pytest.fixture
async def anna(quiet_house: House, site: str) -> AsyncIterator[httpx.AsyncClient]:
    """Placeholder, nobody's name."""
    async with at_the_desk(quiet_house, site, "assistant") as http:
        yield http


@pytest.fixture
async def boss(quiet_house: House, site: str) -> AsyncIterator[httpx.AsyncClient]:
    async with at_the_desk(quiet_house, site, "coordinator") as http:
        yield http


def lines_of(answer: httpx.Response) -> list[list[str]]:
    """The cells of a CSV answer."""
    text = answer.content.decode()
    assert text.startswith(BOM)
    return list(csv.reader(StringIO(text.removeprefix(BOM))))


async def test_approved_words_go_behind_what_is_written_and_nothing_is_sent(
    anna: httpx.AsyncClient, site: str, quiet_house: House
) -> None:
    async with stuck(site):
        await anna.post("/desk/requests/1/claim")
        before = stored(quiet_house, "SELECT count(*) FROM outbox")
        form = {"text": "Hello", "canned": "reply:boundary.number"}
        page = await anna.post("/desk/requests/1/insert", data=form)
        assert ">Hello\nI cannot give you my own number." in page.text
        form = {"text": "Look:", "from": "step", "step": "step:driving-licence.look-at-licence", "place": ""}
        steps = plain((await anna.get("/desk/requests/1")).text)
        key = steps[steps.index('value="step:driving-licence.') :].split('"')[1]
        page = await anna.post("/desk/requests/1/insert", data=form | {"step": key})
        assert ">Look:\n" in page.text
        assert "Driving licence" in plain(page.text)
        assert stored(quiet_house, "SELECT count(*) FROM outbox") == before
        assert (await anna.post("/desk/requests/1/insert", data={"canned": "reply:no.such"})).status_code == 404


async def test_papers_and_an_office_are_put_into_the_draft_in_the_person_s_language(
    anna: httpx.AsyncClient, site: str, quiet_house: House
) -> None:
    async with browser(site) as http:
        await ask_in(Visitor(http), "دری", (0, 0, -3))
        await anna.post("/desk/requests/1/claim")
        page = plain((await anna.get("/desk/requests/1")).text)
        assert '<option value="papers:driving-licence">Driving licence' in page
        form = {"text": "", "from": "papers", "papers": "papers:driving-licence"}
        draft = draft_of((await anna.post("/desk/requests/1/insert", data=form)).text)
        guide = quiet_house.worlds().guide("driving-licence")
        assert guide is not None
        assert [line[:2] for line in draft.splitlines() if line[:1].isdigit()] == [
            f"{number}." for number in range(1, len(guide.papers) + 1)
        ]
        assert all(paper.local in draft for paper in guide.papers if paper.local)
        assert quiet_house.worlds().catalog.text("fa_AF", "bot.intro.papers_title").string in draft
        office = re.findall(r'<option value="(place:[^"]+)">([^<]+)', page)
        assert office
        form = {"text": draft, "from": "office", "office": office[0][0]}
        both = draft_of((await anna.post("/desk/requests/1/insert", data=form)).text)
        assert both.startswith(draft)
        assert office[0][1] in plain(both)
        assert (await anna.post("/desk/requests/1/insert", data={"canned": "papers:no-such"})).status_code == 404


def draft_of(page: str) -> str:
    """What stands in the field of the answer."""
    found = re.search(r'<textarea id="answer"[^>]*>([^<]*)</textarea>', page)
    assert found is not None
    return unescape(found[1])


async def test_only_who_has_the_request_inserts_something(anna: httpx.AsyncClient, site: str) -> None:
    async with stuck(site):
        assert (await anna.post("/desk/requests/1/insert", data={"text": "x"})).status_code == 409


async def test_a_step_is_shown_as_the_person_sees_it(anna: httpx.AsyncClient, site: str) -> None:
    async with stuck(site):
        page = plain((await anna.get("/desk/requests/1/step")).text)
        assert "Look at your licence" in page
        assert "I am stuck" in page  # a button of the step


@pytest.mark.parametrize("words", ["1", "sent", "SENT me", "licence", "english"])
async def test_search_finds_a_request_by_its_number_its_words_and_what_is_known_of_it(
    anna: httpx.AsyncClient, site: str, words: str
) -> None:
    async with stuck(site) as person:
        await person.says("They sent me away")
        page = await anna.post("/desk/find", data={"words": words})
        assert 'href="/desk/requests/1"' in page.text


async def test_search_finds_words_in_another_script(anna: httpx.AsyncClient, site: str) -> None:
    async with stuck(site) as person:
        await person.says("Шалтер у општини")
        page = await anna.post("/desk/find", data={"words": "salter opstini"})
        assert 'href="/desk/requests/1"' in page.text


async def test_search_finds_nothing_in_what_one_may_not_see(
    anna: httpx.AsyncClient, boss: httpx.AsyncClient, site: str
) -> None:
    async with stuck(site) as person:
        await boss.post("/desk/requests/1/claim")
        await person.says("They sent me away")
        for words in ("1", "sent", "licence"):
            page = await anna.post("/desk/find", data={"words": words})
            assert "/desk/requests/1" not in page.text
            assert "sent me away" not in page.text


async def test_the_log_is_filtered_by_its_address(
    boss: httpx.AsyncClient, anna: httpx.AsyncClient, site: str, clock: FakeClock
) -> None:
    async with stuck(site), stuck(site):
        await anna.post("/desk/requests/1/claim")
        await anna.post("/desk/requests/1/answer", data={"text": "Go to window 3"})
        await anna.post("/desk/requests/1/tag", data={"tag": "Project 7"})
        for asked, numbers in {
            "": {1, 2},
            "state=theirs": {1},
            "state=open": {1, 2},
            "state=done": set[int](),
            "tag=Project%207": {1},
            "language=en&guide=driving-licence&type=step_help": {1, 2},
            "urgent=yes": set[int](),
            "since=2026-11-23&until=2026-11-23": {1, 2},
            "since=2026-11-24": set[int](),
            "until=2026-11-22": set[int](),
            "since=nonsense": {1, 2},
        }.items():
            page = (await boss.get(f"/desk/log?{asked}")).text
            assert {n for n in (1, 2) if f'href="/desk/requests/{n}"' in page} == numbers, asked


async def test_the_files_name_nobody_hold_no_words_and_are_written_in_the_log(
    boss: httpx.AsyncClient, site: str, quiet_house: House
) -> None:
    async with stuck(site) as person:
        await person.says("They sent me away")
        answer = await boss.get("/desk/log.csv?state=open")
        head, row = lines_of(answer)
        assert head == list(COLUMNS)
        assert dict(zip(head, row, strict=True)) | {"opened_at": "", "promised_by": ""} == dict.fromkeys(head, "") | {
            "number": "1", "type": "step_help", "state": "ours", "urgent": "0", "language": "en",
            "guide": "driving-licence", "step": dict(zip(head, row, strict=True))["step"], "late": "0", "reopened": "0",
        }  # fmt: skip
        assert "attachment" in answer.headers["content-disposition"]
        assert "sent me away" not in answer.text
        assert ("exported", "csv:1") in stored(quiet_house, "SELECT act, detail FROM audit")
        ((contact,),) = stored(quiet_house, "SELECT contact_id FROM request")
        assert str(contact) not in answer.text


async def test_a_spreadsheet_computes_nothing_of_what_it_opens(
    boss: httpx.AsyncClient, site: str, quiet_house: House
) -> None:
    """Signs at the beginning that a spreadsheet would take for a formula."""
    async with stuck(site):
        await boss.post("/desk/requests/1/tag", data={"tag": "-1"})
        assert lines_of(await boss.get("/desk/log.csv"))[1][-1] == "'-1"
        answer = await boss.get("/desk/log.xlsx")
        with ZipFile(BytesIO(answer.content)) as book:
            sheets = {name: ElementTree.fromstring(book.read(name)) for name in book.namelist() if "/sheet" in name}
            texts = book.read("xl/sharedStrings.xml").decode()
        assert len(sheets) == 2
        assert "<t>-1</t>" in texts
        assert not [cell for sheet in sheets.values() for cell in sheet.iter() if cell.tag.endswith("}f")]
        assert "Id of the guide in which they asked." in texts
        assert (await boss.post("/desk/requests/1/tag", data={"tag": "=cmd|x"})).status_code == 422


async def test_who_may_not_export_gets_no_file_and_a_stale_code_is_asked_for_again(
    anna: httpx.AsyncClient, boss: httpx.AsyncClient, site: str, clock: FakeClock
) -> None:
    assert (await anna.get("/desk/log.csv")).status_code == 403
    clock.forward(timedelta(minutes=6))
    assert (await boss.get("/desk/log.csv")).headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    ("asked", "tag"),
    [("sr-Latn", "sr-Latn"), ("hr", "sr-Latn"), ("sr-Cyrl", "sr-Cyrl"), ("lv-LV,en", "lv"), ("xx", "en")],
)
async def test_the_desk_speaks_the_language_of_the_browser_until_one_is_chosen(
    quiet_house: House, site: str, asked: str, tag: str
) -> None:
    async with at_the_desk(quiet_house, site, "assistant", **{"accept-language": asked}) as http:
        assert f'<html lang="{tag}"' in (await http.get("/desk")).text
        await http.post("/desk/view", data={"language": "lv", "theme": "dark"})
        page = (await http.get("/desk")).text
        assert '<html lang="lv" dir="ltr" data-theme="dark"' in page
        assert "data-keys" not in page.partition("<main")[0]
