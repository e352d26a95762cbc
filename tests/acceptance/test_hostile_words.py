"""2,000 strings that are meant to be taken for something else stay words wherever they come to: threads, lists, search,
files, chats (S6)."""

from __future__ import annotations

import asyncio
import csv
import re
import shutil
from collections.abc import Iterable
from datetime import UTC, datetime
from html.parser import HTMLParser
from io import BytesIO, StringIO
from xml.etree import ElementTree
from zipfile import ZipFile

import httpx

from bot.house import House
from bot.sandbox.telegram import TelegramServer
from desk.export import COLUMNS, FORMULA_SIGNS, as_csv, as_xlsx
from storage.requests import RequestRow
from tests.acceptance.chromium import CHROMIUM, launched
from tests.acceptance.colleagues import COOKIE, sign_in
from tests.acceptance.hostile import FORMULAS, MARKUP, hostile
from tests.acceptance.houses import browser, eventually, served, stored
from tests.acceptance.test_browser import page_of
from tests.acceptance.walks import TO_THE_FIRST_STEP, arrive, tap

MANY = 2000
AT_ONCE = 8
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
#: What the templates of the desk are made of. An attribute that is none of them came from somebody's words.
EVENT = re.compile("^on", re.IGNORECASE)
FORBIDDEN = {"iframe", "svg", "math", "object", "embed", "base", "plaintext", "style", "mglyph", "img"}
INVISIBLE = re.compile("[\u2066-\u2069\x00\r]")


class Shown(HTMLParser):
    """What stands in a page: the words of the person, and whatever could run."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.wrong: list[str] = []
        self._depth, self._bubble = 0, ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what begins."""
        given = dict(attrs)
        runs = [name for name, value in attrs if EVENT.match(name) or (value or "").lower().startswith("javascript:")]
        ours = (given.get("src") or "").startswith("/static/desk/")
        if tag in FORBIDDEN or runs or (tag == "script" and not ours) or "http-equiv" in given:
            self.wrong.append(f"<{tag} {attrs}>"[:200])
        self._bubble = given.get("class") or "" if tag == "li" else self._bubble
        if self._depth:
            self._depth += tag not in {"br", "img", "input"}
        elif given.get("class") == "words" and self._bubble == "bubble in":
            self._depth = 1
            self.words.append("")

    def handle_endtag(self, tag: str) -> None:
        """Note what ends."""
        self._depth = max(self._depth - 1, 0)
        self._bubble = "" if tag == "li" else self._bubble

    def handle_data(self, data: str) -> None:
        """Words where they stand."""
        if self._depth:
            self.words[-1] += data


def as_said(words: str) -> str:
    """A string as it can be compared: without NUL, what isolates directions, and what forms and pages do to lines."""
    return INVISIBLE.sub("", words).strip()


def row_of(words: str) -> RequestRow:
    """A request in whose free columns this stands."""
    nothing = (None,) * 6
    told = (words, words, False, words, words, words, None, NOON)
    return RequestRow(1, 1, 1, *told, *nothing, words, 0, late=False, protected=False, tag=words)


async def say_all(http: httpx.AsyncClient, words: Iterable[str]) -> None:
    """Say them on the page, several at a time; none is refused."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def say(number: int, text: str) -> None:
        async with gate:
            said = {"id": f"hostile-{number:06}", "words": text}
            answer = await http.post("/api/chat/words", json=said)
            assert answer.status_code == 200, (text, answer.text)

    await asyncio.gather(*(say(number, text) for number, text in enumerate(words)))


async def ask_on_the_page(http: httpx.AsyncClient) -> None:
    """Somebody in the web chat who asks for a person."""
    await http.post("/api/chat/start", json={})
    for number, words in enumerate(("English", "OK, continue", "person")):
        await http.post("/api/chat/words", json={"id": f"beginning-{number}", "words": words})


async def test_two_thousand_hostile_strings_stay_words_everywhere(house: House, telegram: TelegramServer) -> None:
    nasty = hostile(MANY)
    on_page, on_telegram = nasty[::2], nasty[1::2]
    async with served(house) as site, browser(site) as http, sign_in(house, site, "boss", "coordinator") as boss:
        await ask_on_the_page(http)
        person = telegram.person(1001, language_code="en")
        await arrive(person, TO_THE_FIRST_STEP)
        await tap(person, "I am stuck")
        for number in (1, 2):
            await boss.post(f"/desk/requests/{number}/claim")
        await person.hears()
        for words in on_telegram:
            await person.says(words)
        await say_all(http, on_page)
        query = "SELECT count(*) FROM message WHERE direction = 'in' AND request_id = {}"
        for number, said in ((1, on_page), (2, on_telegram)):
            await eventually(lambda: stored(house, query.format(number)) == [(len(said),)])  # noqa: B023 - awaited here
            shown = Shown((await boss.get(f"/desk/requests/{number}")).text)
            assert shown.wrong == []
            assert sorted(map(as_said, shown.words)) == sorted(map(as_said, said))
        assert stored(house, "SELECT count(*) FROM inbox WHERE state = 'poison'") == [(0,)]
        await the_desk_shows_them_as_words(boss, nasty)
        await an_answer_is_the_same_on_the_other_side(boss, house, person, nasty[:: MANY // 40])
        if shutil.which(CHROMIUM) is not None:
            await a_browser_runs_nothing(site, boss)
        assert telegram.violations == []


async def the_desk_shows_them_as_words(boss: httpx.AsyncClient, nasty: list[str]) -> None:
    """List, search, log, files, and the log of access."""
    for path in ("/desk?tab=all", "/desk/log?tag=" + MARKUP[0], "/desk/log?since=" + MARKUP[3], "/desk/log?type='--"):
        page = await boss.get(path)
        assert (page.status_code, Shown(page.text).wrong) == (200, [])
    for words in nasty[:: MANY // 20]:
        found = await boss.post("/desk/find", data={"words": words[-60:]})
        assert (found.status_code, Shown(found.text).wrong) == (200, [])
    for path in ("/desk/log.csv", "/desk/log.xlsx"):
        given = (await boss.get(path)).content
        assert not [words for words in nasty if words[-6:].encode() in given]


async def an_answer_is_the_same_on_the_other_side(
    boss: httpx.AsyncClient, house: House, person: object, nasty: list[str]
) -> None:
    """Staff's own words, with every sign that a channel could take for its own."""
    for words in nasty:
        said = await boss.post("/desk/requests/2/answer", data={"text": words}, follow_redirects=False)
        assert said.status_code == 303, words
    sent = "SELECT count(*) FROM message WHERE direction = 'out' AND request_id = 2"
    assert stored(house, sent) == [(len(nasty),)]
    await eventually(lambda: {as_said(words) for words in nasty} <= {as_said(one.text) for one in person.messages})  # type: ignore[attr-defined]


async def a_browser_runs_nothing(site: str, boss: httpx.AsyncClient) -> None:
    """A real browser with all of them on one page."""
    wrong: list[str] = []
    async with launched() as chromium, page_of(chromium, site) as page:
        await page.context.add_cookies([{"name": COOKIE, "value": boss.cookies[COOKIE], "url": site}])
        page.on("dialog", lambda dialog: wrong.append(dialog.message))
        page.on("request", lambda request: wrong.append(request.url) if not request.url.startswith(site) else None)
        for path in ("/desk/requests/1", "/desk/requests/2", "/desk?tab=all"):
            await page.goto(path)
            assert await page.evaluate("window.izi === undefined && !document.querySelector('iframe, math, svg')")
    assert wrong == []


def test_in_a_table_none_of_them_is_a_formula() -> None:
    rows = [row_of(words) for words in (*FORMULAS, *hostile(MANY))]
    lines = list(csv.reader(StringIO(as_csv(rows, lambda at: at).decode("utf-8-sig"), newline="")))
    assert len(lines) == len(rows) + 1
    assert not [cell for line in lines for cell in line if cell.startswith(FORMULA_SIGNS)]
    with ZipFile(BytesIO(as_xlsx(rows, lambda at: at, dict.fromkeys(COLUMNS, ""), NOON))) as book:
        sheets = [ElementTree.fromstring(book.read(name)) for name in book.namelist() if "/sheet" in name]
        links = [name for name in book.namelist() if "externalLink" in name or "hyperlink" in book.read(name).decode()]
    assert not [cell for sheet in sheets for cell in sheet.iter() if cell.tag.endswith("}f")]
    assert links == []
