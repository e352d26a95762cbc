"""A coordinator writes a notice at the desk: whom it reaches, what stands in the way, who has to agree."""

from __future__ import annotations

import re

import httpx
import pytest

from bot.app import House
from bot.testing import FakeClock
from tests.acceptance.colleagues import sign_in
from tests.acceptance.houses import browser, stored
from tests.acceptance.pages import Visitor


async def come(site: str, language: str) -> None:
    """Somebody in the web chat who agreed to saving."""
    async with browser(site) as http:
        visitor = Visitor(http)
        await visitor.opens()
        await visitor.taps(language)
        (agree, *_) = visitor.page.labels
        await visitor.taps(agree)


async def notice(http: httpx.AsyncClient, category: str = "news") -> str:
    """A fresh notice; the address of its page."""
    begun = await http.post("/desk/notices", data={"category": category})
    return str(begun.url.path)


async def post(http: httpx.AsyncClient, page: str, act: str, status: int = 200, **form: str | list[str]) -> str:
    """Send a form of a notice; the page that follows."""
    answer = await http.post(f"{page}/{act}", data=form)
    assert answer.status_code == status, (act, answer.status_code, answer.text[-3000:])
    return answer.text


@pytest.fixture
async def people(site: str) -> None:
    """Two who speak English, one Arabic, one French."""
    for language in ("English", "English", "العربية", "Français"):
        await come(site, language)


async def test_a_notice_is_written_tested_agreed_to_and_sent_and_nothing_is_left_out(
    site: str, quiet_house: House, people: None, clock: FakeClock
) -> None:
    async with (
        sign_in(quiet_house, site, "author", "coordinator") as http,
        sign_in(quiet_house, site, "second", "coordinator") as other,
    ):
        at = await notice(http)
        page = await post(http, at, "submit", 422)
        for lacking in ("Write it in one language.", "Say until when it is true.", "English: no text."):
            assert lacking in page.replace("⁨", "").replace("⁩", "")
        await post(http, at, "text", locale="en", title="Room moved", body="The class is in room 2.")
        await post(http, at, "text", locale="ar", title="", body="الدرس في الغرفة 2")
        await post(http, at, "about", category="news", valid_until="2026-12-31", tag="T1")
        page = await post(http, at, "choose", locale="fr", choice="fallback")
        assert "<strong>4</strong>" in page
        assert "not tested yet" in page
        for locale in ("en", "ar"):
            page = await post(http, at, "test", locale=locale)
        assert "Nothing stands in the way." in page
        assert "Ask a second person" in page  # it goes to the whole country
        await post(http, at, "submit")
        await post(http, at, "approve", 403)
        await post(other, at, "approve")
        await post(http, at, "send", 422, confirmed="3", when="now")
        await post(http, at, "send", confirmed="4", when="at", at="2026-11-24T10:00")
        assert "It goes on" in (await http.get(at)).text
        # Who changes what is agreed to makes a draft of it again.
        await post(http, at, "text", locale="en", title="Room moved", body="The class is in room 3.")
        assert stored(quiet_house, "SELECT state, approver_id, confirmed FROM broadcast") == [("draft", None, None)]
        assert "English: not tested yet." in re.sub("[⁨⁩]", "", (await http.get(at)).text)
