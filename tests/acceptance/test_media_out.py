"""Files and places that staff send: looked at, cleaned, sealed, sent on every channel with their own delivery (A19)."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import httpx
import pytest

from bot.house import House
from bot.sandbox.faults import Reply, Rule
from bot.sandbox.telegram import TelegramServer
from bot.testing import FakeClock
from storage.file_types import LARGEST
from tests.acceptance.chromium import CHROMIUM, launched
from tests.acceptance.colleagues import sign_in
from tests.acceptance.desk_browsers import seat, session_of, stuck
from tests.acceptance.houses import browser, eventually, served, stored
from tests.acceptance.pages import Visitor
from tests.acceptance.walks import TO_THE_FIRST_STEP, arrive, plain, tap
from tests.acceptance.whatsapp_houses import whatsapp_house
from tests.storage.files import OGG, PLANTED, jpeg, pdf, plain_jpeg

PLACE = "44.8125, 20.4612"


async def attach(http: httpx.AsyncClient, content: bytes, name: str = "IMG_of_somebody.jpg") -> httpx.Response:
    """Choose a file beside the first request's composer, with words in it."""
    files = {"file": (name, content, "image/svg+xml")}  # what a browser claims does not count
    return await http.post("/desk/requests/1/attach", files=files, data={"text": "Look:"})


def lies(house: House) -> list[Path]:
    """What lies in the media folder."""
    return sorted(house.settings.media_folder.iterdir())


async def test_on_telegram_each_arrives_as_what_it_is_without_where_it_was_taken(
    house: House, telegram: TelegramServer
) -> None:
    async with served(house) as site, sign_in(house, site, "assistant A") as helper:
        person = telegram.person(1001, language_code="en")
        await arrive(person, TO_THE_FIRST_STEP)
        await tap(person, "I am stuck")
        assert (await attach(helper, jpeg())).status_code == 409, "nobody has claimed it"
        await helper.post("/desk/requests/1/claim")
        await person.hears()
        for content in (jpeg(), pdf(), OGG):
            page = (await attach(helper, content)).text
        await helper.post("/desk/requests/1/attach", data={"place": PLACE, "text": "Look:"})
        assert stored(house, "SELECT count(*) FROM media WHERE state = 'draft'") == [(4,)]
        assert page.count("✕") == 3
        assert "IMG_of_somebody" not in page
        assert ">Look:</textarea>" in page, "the draft is kept"
        assert not [file for file in lies(house) if PLANTED in file.read_bytes() or b"JFIF" in file.read_bytes()]

        await helper.post("/desk/requests/1/answer", data={"text": "Look:"})
        words, photo, paper, voice, place = await person.hears(5)
        assert plain(words.text) == "Look:"
        _, content = person.opens(photo)
        assert ("photo" in photo.content, content[:3], PLANTED in content) == (True, b"\xff\xd8\xff", False)
        assert content.endswith(plain_jpeg()[2:])
        assert person.opens(paper)[0] == "file.pdf"
        assert PLANTED not in person.opens(paper)[1]
        assert person.opens(voice)[1] == OGG
        assert place.content["location"] == {"latitude": 44.8125, "longitude": 20.4612}

        query = "SELECT state FROM outbox WHERE id IN (SELECT outbox_id FROM media)"
        await eventually(lambda: stored(house, query) == [("sent",)] * 4)
        page = (await helper.get("/desk/requests/1")).text
        assert page.count("sent") >= 5, "each has a delivery of its own"
        ((photo_id,),) = stored(house, "SELECT id FROM media WHERE kind = 'photo'")
        opened = await helper.get(f"/desk/requests/1/media/{photo_id}")
        assert opened.content == content
        assert telegram.violations == []


async def test_a_picture_that_telegram_does_not_show_goes_as_a_file_and_who_blocked_us_is_shown(
    house: House, telegram: TelegramServer
) -> None:
    async with served(house) as site, sign_in(house, site, "assistant A") as helper:
        person = telegram.person(1001, language_code="en")
        await arrive(person, TO_THE_FIRST_STEP)
        await tap(person, "I am stuck")
        await helper.post("/desk/requests/1/claim")
        await person.hears()
        telegram.faults.add(Rule(Reply(400, "Bad Request: PHOTO_INVALID_DIMENSIONS"), method="sendPhoto"))
        await attach(helper, plain_jpeg())
        await helper.post("/desk/requests/1/answer", data={"text": ""})
        (sent,) = await person.hears()
        assert sent.content["document"]["file_name"] == "photo.jpg"
        await person.blocks()
        await attach(helper, pdf())
        await helper.post("/desk/requests/1/answer", data={"text": ""})
        await eventually(lambda: ("failed",) in stored(house, "SELECT state FROM outbox ORDER BY id DESC LIMIT 3"))
        await eventually(lambda: stored(house, "SELECT state FROM request") == [("ours",)])
        assert "failed" in (await helper.get("/desk/requests/1")).text


async def test_on_the_page_a_file_is_a_download_of_this_browser_alone(quiet_house: House, site: str) -> None:
    async with (
        browser(site) as chat,
        browser(site) as stranger,
        sign_in(quiet_house, site, "assistant A") as helper,
        sign_in(quiet_house, site, "assistant B") as other,
    ):
        visitor = Visitor(chat)
        await visitor.opens()
        for label in ("English", "OK, continue", "Person"):
            await visitor.taps(label)
        await helper.post("/desk/requests/1/claim")
        for wrong in (b"<html>", b"GIF89a", b"\x00" * 20):
            assert (await attach(helper, wrong)).status_code == 422
        assert (await attach(helper, plain_jpeg() + bytes(LARGEST))).status_code == 422
        assert (await attach(helper, bytes(LARGEST + 100_000))).status_code == 413
        for place in ("91, 0", "here", "https://maps.example/44.8,20.4", "44.8"):
            assert (await helper.post("/desk/requests/1/attach", data={"place": place})).status_code == 422
        assert (await attach(other, jpeg())).status_code in {404, 409}
        assert stored(quiet_house, "SELECT 1 FROM media") == []

        for left in ({"file": "photo.jpg"}, {"place": PLACE}):
            said = await helper.post("/desk/requests/1/answer", data={"text": "Look"} | left)
            assert (said.status_code, "did not attach it" in said.text) == (422, True), "it would stay behind unseen"

        page = (await attach(helper, jpeg())).text
        (id,) = re.findall(r'name="attached" value="(\d+)"', page)
        assert "✕" not in (await other.get("/desk/requests/1")).text, "what is not sent is seen by nobody else"
        assert (await helper.get(f"/desk/requests/1/media/{id}")).status_code == 404
        await helper.post("/desk/requests/1/detach", data={"attached": id})
        assert (await helper.post("/desk/requests/1/answer", data={"text": ""})).status_code == 422
        for _ in range(5):
            await attach(helper, jpeg())
        assert (await attach(helper, jpeg())).status_code == 422, "five go with one answer"
        await helper.post("/desk/requests/1/answer", data={"text": "", "once": "a"})
        await helper.post("/desk/requests/1/answer", data={"text": "", "once": "a"})
        assert stored(quiet_house, "SELECT count(*) FROM message WHERE direction = 'out'") == [(5,)]

        await visitor.opens()
        assert visitor.response is not None
        links = re.findall(r'<a href="(/chat/files/\d+)" download="photo.jpg"', visitor.response.text)
        assert len(links) == 5
        given = await chat.get(links[0])
        assert given.content[:3] == b"\xff\xd8\xff"
        assert PLANTED not in given.content
        assert given.headers["content-disposition"].startswith("attachment")
        assert (given.headers["x-content-type-options"], "sandbox" in given.headers["content-security-policy"]) == (
            "nosniff", True,
        )  # fmt: skip
        assert (await stranger.get(links[0])).status_code == 404
        for file in lies(quiet_house):
            file.unlink()
        assert (await chat.get(links[0])).status_code == 404


@pytest.mark.skipif(
    shutil.which(CHROMIUM) is None,
    reason=f"LEFT OUT: there is no {CHROMIUM}: nobody knows whether a file can be chosen (apt-get install chromium)",
)
async def test_in_a_browser_a_file_is_chosen_attached_and_goes_with_the_words(
    quiet_house: House, site: str, tmp_path: Path
) -> None:
    photo = tmp_path / "a photo.jpg"
    photo.write_bytes(jpeg())
    async with stuck(site) as person, launched() as chromium:
        async with seat(chromium, site, await session_of(quiet_house, "assistant A")) as page:
            await page.goto("/desk/requests/1")
            await page.get_by_role("button", name="Claim").first.click()
            await page.locator("#answer").fill("Look at this")
            await page.locator("details.attach summary").click()
            await page.locator("#file").set_input_files(photo)
            await page.get_by_role("button", name="Attach it").click()
            await page.locator("ul.attached li").wait_for()
            assert await page.locator("#answer").input_value() == "Look at this"
            await page.get_by_role("button", name="Send").click()
            await page.locator(".bubble.out.media").wait_for()
            await page.locator(".bubble.out details summary").click()
            shown = page.locator(".bubble.out img")
            await shown.wait_for()
            await page.wait_for_function("one => one.complete", arg=await shown.element_handle())
            assert await shown.evaluate("one => one.naturalWidth") == 1, "what was cleaned is still a picture"
        await person.opens()
        assert person.response is not None
        assert "Look at this" in person.response.text
        assert 'download="photo.jpg"' in person.response.text


async def test_on_whatsapp_each_arrives_as_what_it_is(tmp_path: Path, clock: FakeClock) -> None:
    async with whatsapp_house(tmp_path, clock) as at, sign_in(at.house, at.site, "assistant A") as helper:
        person = await at.arrives(("English", "OK, continue", "Person"))
        await helper.post("/desk/requests/1/claim")
        await person.hears()
        for content in (jpeg(), pdf(), OGG):
            await attach(helper, content)
        await helper.post("/desk/requests/1/attach", data={"place": PLACE})
        await helper.post("/desk/requests/1/answer", data={"text": ""})
        heard = await person.hears(4)
        assert [message.sent["type"] for message in heard] == ["image", "document", "audio", "location"]
        assert not [content for content in at.server.files.values() if PLANTED in content]
