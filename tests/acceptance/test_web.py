"""The chat page as plain HTML forms over real HTTP: the dialogues, and what keeps one visitor from another."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot.house import House
from bot.testing import FakeClock
from storage.addresses import read_address
from storage.requests import open_requests
from tests.acceptance.houses import browser, eventually, running, served, settings_for, stored
from tests.acceptance.pages import Page, Visitor
from tests.acceptance.walks import TO_THE_FIRST_STEP, TO_THE_LAST_STEP, plain

OTHER_SITE = {"origin": "https://elsewhere.example", "sec-fetch-site": "cross-site"}


@pytest.fixture
async def visitor(site: str) -> AsyncIterator[Visitor]:
    """A browser that speaks English."""
    async with browser(site, **{"accept-language": "en"}) as http:
        yield Visitor(http)


async def walk(visitor: Visitor, taps: tuple[str, ...]) -> Page:
    await visitor.opens()
    for label in taps:
        await visitor.taps(label)
    return visitor.page


async def test_a_browser_that_speaks_dari_reaches_home_in_three_taps(site: str, quiet_house: House) -> None:
    async with browser(site, **{"accept-language": "fa-AF,fa;q=0.9,en;q=0.5"}) as http:
        visitor = Visitor(http)
        first = await visitor.opens()
        assert first.labels[0] == "دری"
        await visitor.taps("دری")
        assert (visitor.page.language, visitor.page.direction) == ("fa-AF", "rtl")
        assert "⁨Test bot⁩" in visitor.page.messages[-1]
        home = await visitor.taps(visitor.page.labels[0])
        assert home.labels[0].startswith("🚗")
        assert [label[:1] for label in home.labels[-3:]] == ["➡", "🏠", "🙋"]
    assert stored(quiet_house, "SELECT locale, choice FROM consent") == [("fa_AF", "full")]


async def test_the_guide_is_walked_to_its_end_with_right_numbers(visitor: Visitor) -> None:
    await visitor.opens()
    numbers = []
    for label in TO_THE_LAST_STEP:
        page = await visitor.taps(label)
        numbers += re.findall(r"step (\d) of (\d)", page.newest.splitlines()[0])
    assert numbers == [(str(n), "8") for n in range(1, 9)]
    assert "step 7 of 8" in (await visitor.taps("Back")).newest
    assert "step 8 of 8" in (await visitor.taps("Done")).newest
    assert "Was it useful?" in (await visitor.taps("Done")).newest
    assert "Thank you." in (await visitor.taps("Useful")).newest


async def test_every_screen_after_the_picker_has_the_fixed_row(visitor: Visitor) -> None:
    await visitor.opens()
    assert "🏠 Home" not in visitor.page.labels
    for label in (
        *TO_THE_FIRST_STEP,
        "More",
        "Continue",
        "I am stuck",
        "Home",
        "Urgent",
        "Not urgent",
        "Home",
        "My data",
    ):
        page = await visitor.taps(label)
        assert page.labels[-3:] == ["⬅️ Back", "🏠 Home", "🙋 Person"]


async def test_nothing_is_kept_and_no_cookie_is_set_before_the_first_form(visitor: Visitor, quiet_house: House) -> None:
    await visitor.opens()
    await visitor.opens()
    assert not visitor.http.cookies
    assert stored(quiet_house, "SELECT count(*) FROM contact") == [(0,)]


async def test_the_cookie_cannot_be_read_by_a_script_nor_sent_by_another_site(visitor: Visitor) -> None:
    await visitor.opens()
    await visitor.taps("English")
    assert visitor.response is not None
    (posted,) = visitor.response.history
    cookie = posted.headers["set-cookie"].lower()
    assert cookie.startswith("izi-chat=")
    for flag in ("; httponly", "; samesite=lax", "; path=/"):
        assert flag in cookie


async def test_behind_https_the_cookie_is_bound_to_host_and_https(tmp_path: Path, clock: FakeClock) -> None:
    settings = settings_for(tmp_path, public_url="https://chat.example")
    async with running(settings, clock) as house, served(house) as address, browser(address) as http:
        page = Page((await http.get("/chat")).text)
        form, button = page.form_of("English")
        answer = await http.post(form.action, data=form.hidden | {button.name: button.value}, follow_redirects=False)
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("__host-izi-chat=")
    assert "; secure" in cookie
    assert "domain" not in cookie


async def test_a_form_that_is_sent_twice_is_one_arrival(visitor: Visitor, quiet_house: House) -> None:
    await walk(visitor, TO_THE_FIRST_STEP)
    form, button = visitor.page.form_of("I am stuck")
    sent = form.hidden | {button.name: button.value}
    before = stored(quiet_house, "SELECT count(*) FROM inbox")[0][0]
    await asyncio.gather(visitor.http.post("/chat", data=sent), visitor.http.post("/chat", data=sent))
    assert stored(quiet_house, "SELECT count(*) FROM inbox") == [(before + 1,)]
    assert len(await quiet_house.database.read(open_requests)) == 1


@pytest.mark.parametrize(
    "headers",
    [
        OTHER_SITE,
        {"origin": "https://elsewhere.example"},
        {"sec-fetch-site": "same-site"},
        {"origin": "null"},
    ],
    ids=["another site", "another origin, old browser", "a sister site", "no origin to be told"],
)
async def test_a_form_of_another_site_is_refused(visitor: Visitor, quiet_house: House, headers: dict[str, str]) -> None:
    answer = await visitor.http.post("/chat", data={"nonce": "1", "words": "hello"}, headers=headers)
    assert answer.status_code == 403
    assert stored(quiet_house, "SELECT count(*) FROM inbox") == [(0,)]


async def test_our_own_form_passes_from_browsers_old_and_new(visitor: Visitor, site: str) -> None:
    for headers in ({"sec-fetch-site": "same-origin"}, {"origin": site}, {}):
        answer = await visitor.http.post("/chat", data={"nonce": "1", "words": "hello"}, headers=headers)
        assert answer.status_code == 200


async def test_a_body_beyond_64_kib_or_of_unknown_length_is_refused(visitor: Visitor, quiet_house: House) -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}
    large = await visitor.http.post("/chat", content=b"words=" + b"a" * 64 * 1024, headers=form)
    assert large.status_code == 413

    async def drops() -> AsyncIterator[bytes]:
        yield b"words=hello"

    endless = await visitor.http.post("/chat", content=drops(), headers=form)
    assert endless.status_code == 411
    assert stored(quiet_house, "SELECT count(*) FROM inbox") == [(0,)]


async def test_words_that_are_too_long_are_kept_in_the_field(visitor: Visitor, quiet_house: House) -> None:
    await walk(visitor, TO_THE_FIRST_STEP[:2])
    before = stored(quiet_house, "SELECT count(*) FROM inbox")
    page = await visitor.says("ш" * 4097)
    assert visitor.response is not None
    assert visitor.response.status_code == 422
    assert page.words_form.typed["words"] == "ш" * 4097
    assert "4096" in plain(page.notice)
    assert stored(quiet_house, "SELECT count(*) FROM inbox") == before


async def test_urgent_words_bring_the_numbers_first_even_before_a_language(
    visitor: Visitor, quiet_house: House
) -> None:
    await visitor.opens()
    page = await visitor.says("he beats me")
    assert page.newest.splitlines()[1].startswith("📞 192")
    await visitor.taps("Person")
    (row,) = await quiet_house.database.read(open_requests)
    assert (row.type, row.urgent) == ("urgent", True)


async def test_deleting_shows_the_receipt_once_and_takes_the_cookie_away(visitor: Visitor, quiet_house: House) -> None:
    await walk(visitor, (*TO_THE_FIRST_STEP, "Home", "My data", "Delete my data"))
    page = await visitor.taps("Delete")
    assert re.search(r"Code: [A-Z2-9]{8}", page.newest)
    assert len(page.messages) == 1
    assert not page.labels
    assert not visitor.http.cookies
    again = await visitor.opens()
    assert "Code" not in " ".join(again.messages)
    assert again.labels[0] == "English"
    assert stored(quiet_house, "SELECT count(*) FROM message") == [(0,)]


async def test_two_visitors_never_see_each_other(site: str) -> None:
    async with browser(site) as one, browser(site) as other:
        first, second = Visitor(one), Visitor(other)
        for visitor, secret in ((first, "alpha alpha"), (second, "omega omega")):
            await walk(visitor, TO_THE_FIRST_STEP[:2])
            await visitor.says(secret)
        mine, theirs = await first.opens(), await second.opens()
    assert "alpha alpha" in " ".join(mine.messages)
    assert "omega omega" not in " ".join(mine.messages)
    assert "alpha alpha" not in " ".join(theirs.messages)


async def test_the_button_of_another_visitor_changes_nothing(site: str) -> None:
    async with browser(site) as one, browser(site) as other:
        first, second = Visitor(one), Visitor(other)
        await walk(first, TO_THE_FIRST_STEP)
        await walk(second, TO_THE_FIRST_STEP)
        form, button = first.page.form_of("Done")
        nonce = second.page.words_form.hidden
        page = Page((await other.post(form.action, data=nonce | {button.name: button.value})).text)
    assert "This button does not work here." in page.newest
    assert "step 1 of 8" in page.newest


async def test_what_stands_in_a_stolen_database_opens_no_chat(visitor: Visitor, site: str, quiet_house: House) -> None:
    await walk(visitor, TO_THE_FIRST_STEP[:2])
    await visitor.says("alpha alpha")
    token = visitor.http.cookies["izi-chat"]
    for file in quiet_house.settings.data_dir.iterdir():
        assert token.encode() not in file.read_bytes()
    ((address, lookup, sealed),) = stored(quiet_house, "SELECT id, lookup, sealed FROM address")
    # Also with every key at hand, what is found is the token's hash.
    _place, opaque_id = await quiet_house.database.read(lambda unit: read_address(unit, address))
    for stolen in (lookup.hex(), sealed.hex(), opaque_id):
        async with browser(site) as thief:
            thief.cookies.set("izi-chat", stolen)
            page = Page((await thief.get("/chat")).text)
        assert "alpha alpha" not in " ".join(page.messages)
        assert page.labels[0] == "English"


async def test_an_answer_that_takes_long_is_promised_and_comes(visitor: Visitor, quiet_house: House) -> None:
    page = await visitor.opens("/chat?late=1")
    assert "Your message is safe with us." in page.notice
    await eventually(lambda: not quiet_house.failed)


async def test_empty_words_are_no_message(visitor: Visitor, quiet_house: House) -> None:
    await visitor.opens()
    await visitor.says("  \x00 ")
    assert stored(quiet_house, "SELECT count(*) FROM inbox") == [(0,)]


async def test_hostile_words_are_shown_as_words(visitor: Visitor) -> None:
    await walk(visitor, TO_THE_FIRST_STEP[:2])
    hostile = "<script>alert(1)</script> \" onmouseover=x ' {{7*7}} </li></ol>"
    page = await visitor.says(hostile)
    assert hostile in " ".join(page.messages)
    assert "<script>" not in (visitor.response or httpx.Response(200)).text
