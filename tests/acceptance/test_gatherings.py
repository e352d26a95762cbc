"""An event from its plan to the door: two people answer, one waits, it changes, a tick at the door, a file."""

from __future__ import annotations

import csv
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO, StringIO
from zipfile import ZipFile

import httpx

from bot.house import House
from bot.testing import FakeClock
from desk.console.notice_pack import drawn
from desk.export import BOM
from tests.acceptance.colleagues import sign_in
from tests.acceptance.houses import browser, eventually, stored
from tests.acceptance.pages import Visitor
from tests.acceptance.walks import plain

FACTS = {
    "starts": "2026-11-29T10:00", "ends": "2026-11-29T12:00", "place": "=Placeholder street 1", "capacity": "2",
    "municipality": "subotica", "child_care": "yes",
}  # fmt: skip
TAKEN = "SELECT act, detail FROM audit WHERE act = 'exported' ORDER BY seq"
NEWS = "SELECT count(*) FROM outbox WHERE cls = 2 AND speaker = 'system'"
WORDS = {"locale": "en", "title": "Language café", "body": "Come and talk."}


@asynccontextmanager
async def newcomer(site: str) -> AsyncIterator[Visitor]:
    """Somebody in the web chat who agreed to saving."""
    async with browser(site) as http:
        visitor = Visitor(http)
        await visitor.opens()
        for label in ("English", "OK, continue"):
            await visitor.taps(label)
        yield visitor


async def planned(http: httpx.AsyncClient, **more: str) -> str:
    """A published event; the address of its page."""
    made = await http.post("/desk/events", data=WORDS | FACTS | more)
    at = str(made.url.path)
    await http.post(f"{at}/publish")
    return at


def clocks(house: House, what: str) -> int:
    ((count,),) = stored(house, f"SELECT count(*) FROM timer WHERE key LIKE '%:{what}'")
    return int(count)


async def test_an_event_from_its_plan_to_the_door(site: str, quiet_house: House, clock: FakeClock) -> None:
    async with (
        sign_in(quiet_house, site, "planner", "coordinator") as http,
        newcomer(site) as first,
        newcomer(site) as second,
    ):
        at = await planned(http)
        await first.says("/start event.1")
        assert "Placeholder street 1, Subotica" in first.page.newest
        await first.taps("We come as two")
        assert "You come. Your number there: 1." in first.page.newest
        await second.says("/start event.1")
        await second.taps("Waiting list")
        page = plain((await http.get(at)).text)
        assert "2 people come" in page
        assert "1 waits" in page
        await first.taps("I come alone")
        await eventually(lambda: clocks(quiet_house, "moved_up") == 0 and clocks(quiet_house, "soon") == 2)
        await eventually(lambda: stored(quiet_house, NEWS) == [(1,)])
        assert "A place got free. You come now." in (await second.opens()).newest
        await _change_and_tick(http, at, quiet_house)
        await _take_the_list(http, at)
        assert stored(quiet_house, TAKEN) == [("exported", "csv:2"), ("exported", "xlsx:2")]
        await http.post(f"{at}/cancel")
        assert "Cancelled" in (await http.get(at)).text
        assert (await http.post(f"{at}/cancel")).status_code == 409


async def _change_and_tick(http: httpx.AsyncClient, at: str, house: House) -> None:
    changed = await http.post(f"{at}/facts", data=FACTS | {"starts": "2026-11-28T10:00", "ends": "2026-11-28T11:00"})
    assert "Open, was changed" in changed.text
    dues = stored(house, "SELECT DISTINCT due_at FROM timer WHERE key LIKE 'event:%:day'")
    assert [str(due)[:16] for (due,) in dues] == ["2026-11-27 09:00"]
    refused = await http.post(f"{at}/facts", data=FACTS | {"capacity": "1"})
    assert (refused.status_code, "More people than that are coming already." in refused.text) == (422, True)
    ticked = await http.post(f"{at}/attend", data={"number": "2", "people": "1"})
    assert "1 was there" in plain(ticked.text)


async def _take_the_list(http: httpx.AsyncClient, at: str) -> None:
    text = (await http.get(f"{at}/list.csv")).content.decode()
    rows = list(csv.reader(StringIO(text.removeprefix(BOM))))
    assert rows == [
        ["number", "stand", "companions", "language", "attended"],
        ["1", "coming", "0", "en", ""],
        ["2", "coming", "0", "en", "1"],
    ]
    book = ZipFile(BytesIO((await http.get(f"{at}/list.xlsx")).content))
    assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


async def test_who_is_scoped_to_a_town_plans_there_alone_and_sees_no_other(site: str, quiet_house: House) -> None:
    async with (
        sign_in(quiet_house, site, "planner", "coordinator") as http,
        sign_in(quiet_house, site, "local", "coordinator:pirot") as local,
    ):
        at = await planned(http)
        assert (await local.get(at)).status_code == 404
        assert "Language café" not in (await local.get("/desk/events")).text
        refused = await local.post("/desk/events", data=WORDS | FACTS)
        assert refused.status_code == 403
        own = await planned(local, municipality="pirot")
        assert (await http.get(own)).status_code == 200


async def test_what_cannot_be_is_refused_and_nothing_is_kept(site: str, quiet_house: House) -> None:
    async with sign_in(quiet_house, site, "planner", "coordinator") as http:
        for wrong in ({"ends": FACTS["starts"]}, {"starts": "2020-01-01T10:00"}, {"place": " "}, {"capacity": "-1"},
                      {"title": ""}, {"starts": "soon"}, {"locale": "xx"}):  # fmt: skip
            assert (await http.post("/desk/events", data=WORDS | FACTS | wrong)).status_code == 422, wrong
        assert stored(quiet_house, "SELECT count(*) FROM event") == [(0,)]


async def test_its_pack_leads_who_scans_it_to_the_event_in_the_language_of_the_paper(
    site: str, quiet_house: House
) -> None:
    async with (
        sign_in(quiet_house, site, "planner", "coordinator") as http,
        sign_in(quiet_house, site, "local", "coordinator:pirot") as local,
        browser(site) as passing,
    ):
        at = await planned(http)
        await http.post(f"{at}/text", data={"locale": "fr", "title": "Café des langues", "body": "Venez."})
        assert f'href="{at}/pack"' in (await http.get(at)).text
        pack = plain((await http.get(f"{at}/pack")).text)
        assert "Language café" in pack
        assert "Placeholder street 1, Subotica" in pack
        leaflet = (await http.get(f"{at}/leaflet/fr")).text
        assert 'lang="fr"' in leaflet
        (address,) = re.findall(r'class="address">([^<]+)<', leaflet)
        assert (await http.get(f"{at}/qr/fr")).content == drawn(address).body
        notice = await http.post(f"{at}/notice", data={"to": "town"})
        assert address in (await http.get(f"{notice.url.path}/leaflet/fr")).text, "a notice about it leads there too"
        visitor = Visitor(passing)
        await visitor.opens(address.removeprefix(quiet_house.settings.base_url))
        buttons = [button for form in visitor.page.forms for button in form.buttons]
        (opening,) = (button.label for button in buttons if button.value == "/start event-1-fr")
        await visitor.taps(opening)
        assert visitor.page.language == "fr"
        await visitor.taps(visitor.page.labels[0])
        assert "Café des langues" in visitor.page.newest
        for page in ("pack", "leaflet/fr", "qr/fr"):
            assert (await local.get(f"{at}/{page}")).status_code == 404, page
        assert (await http.get(f"{at}/leaflet/ar")).status_code == 404, "no words in it"


async def test_a_notice_about_an_event_begins_with_its_words_and_is_for_its_town_or_its_list(
    site: str, quiet_house: House
) -> None:
    async with sign_in(quiet_house, site, "planner", "coordinator") as http:
        at = await planned(http)
        for to, asked in (("town", '{"places": ["subotica"]}'), ("list", '{"event": 1}')):
            page = await http.post(f"{at}/notice", data={"to": to})
            assert "Language café" in page.text
            assert stored(quiet_house, "SELECT audience FROM broadcast ORDER BY id DESC LIMIT 1") == [(asked,)]
        assert stored(quiet_house, "SELECT event_id, valid_until FROM notice") == [(1, "2026-11-29")] * 2


#: How the page shows what was typed, by the field.
KEPT = {
    "locale": 'value="ar" selected', "starts": 'name="starts" value="2026-11-30T10:00"', "capacity": 'value="3"',
    "place": 'value="=Placeholder street 1"', "municipality": 'value="subotica" selected',
    "child_care": 'name="child_care" value="yes" checked', "body": ">Kommt</textarea>",
}  # fmt: skip
#: What is typed wrong, the field beside which that stands, and in which words.
WRONG = (
    ({"ends": "2026-11-30T09:00"}, "ends", "later than the beginning"),
    ({"place": " "}, "place", "Write the place"),
    ({"capacity": "none"}, "capacity", "a number, or empty"),
    ({"starts": "2026-11-01T10:00"}, "starts", "in the past"),
    ({"title": "x" * 61}, "title", "at most 60 characters"),
)


def beside(page: str, field: str) -> str:
    """What stands beside a field that was filled in wrong."""
    found = re.search(rf'name="{field}"[^>]* aria-invalid="true"[^>]*><span id="wrong"[^>]*>✕ ([^<]*)</span>', page)
    return found[1] if found is not None else ""


async def test_a_refused_event_is_handed_back_as_it_was_typed_with_the_reason_beside_its_field(
    site: str, quiet_house: House
) -> None:
    async with sign_in(quiet_house, site, "planner", "coordinator") as http:
        page = (await http.get("/desk/events")).text
        for proposed in ('name="starts" value="2026-11-24T10:00"', 'name="ends" value="2026-11-24T12:00"'):
            assert proposed in page
        typed = {"locale": "ar", "title": "Café", "body": "Kommt"} | FACTS
        typed |= {"starts": "2026-11-30T10:00", "ends": "2026-11-30T12:00", "capacity": "3"}
        for wrong, field, why in WRONG:
            answer = await http.post("/desk/events", data=typed | wrong)
            assert (answer.status_code, why in beside(answer.text, field)) == (422, True), wrong
            assert [name for name, shown in KEPT.items() if shown not in answer.text] == [*({field} & {*KEPT})]
        at = await planned(http)
        answer = await http.post(f"{at}/facts", data=typed | {"ends": "2026-11-30T09:00"})
        assert "later" in beside(answer.text, "ends")
        assert 'name="starts" value="2026-11-30T10:00"' in answer.text
        answer = await http.post(f"{at}/text", data={"locale": "ar", "title": "x" * 61, "body": "Kommt"})
        assert beside(answer.text, "title")
        assert ">Kommt</textarea>" in answer.text
