"""A coordinator writes a notice at the desk: whom it reaches, what stands in the way, who has to agree."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest

from bot.house import House
from bot.notice_voice import NoticesAsSeen
from bot.testing import FakeClock
from desk import notices
from desk.notice_desk import NoticeDesk, opened
from notices.lifecycle import Refused
from storage.unit_of_work import Unit
from tests.acceptance.colleagues import let_in, sign_in
from tests.acceptance.houses import browser, eventually, stored
from tests.acceptance.pages import Visitor
from tests.acceptance.walks import plain


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
        ways = re.findall(r'<li>✕ (?:<a href="([^"]*)">)?', page)
        assert {"#words", "#valid-until", "#choice", "?lang=ar#choice"} <= set(ways)
        assert [way for way in ways if f'id="{way.rpartition("#")[2]}"' not in page] == [], "nowhere to mend it"
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
        assert "asks you to agree to a notice" not in (await http.get("/desk")).text
        assert "asks you to agree to a notice" in (await other.get("/desk")).text
        await post(other, at, "back")  # sending it back is no change
        await post(http, at, "submit")
        await post(other, at, "approve")
        page = await post(http, at, "send", 422, confirmed="3", when="at", at="2026-11-24T09:00", every="week")
        for kept in ('value="at" checked', 'value="2026-11-24T09:00"', 'value="week" selected', 'value="3"'):
            assert kept in page
        await post(http, at, "send", confirmed="4", when="at", at="2026-11-24T10:00")
        assert "It goes on" in (await http.get(at)).text
        clock.forward(timedelta(minutes=11))
        again = await http.post(f"{at}/send", data={"confirmed": "4", "when": "at", "at": "2026-11-25T10:00"})
        # A code once more, and what was typed waits there.
        assert re.findall(r'type="hidden" name="\w+" value="(.*?)"', again.text) == ["4", "at", "2026-11-25T10:00"]
        # Who changes what is agreed to makes a draft of it again.
        await post(http, at, "text", locale="en", title="Room moved", body="The class is in room 3.")
        assert stored(quiet_house, "SELECT state, approver_id, confirmed FROM broadcast") == [("draft", None, None)]
        assert "English: not tested yet." in plain((await http.get(at)).text)
        # Nobody agrees to what they changed, be it a colleague's.
        await post(other, at, "text", locale="en", title="Room moved", body="The class is in room 4.")
        await post(other, at, "test", locale="en")
        await post(other, at, "submit")
        await post(other, at, "approve", 403)


async def ready(http: httpx.AsyncClient, other: httpx.AsyncClient, at: str) -> None:
    """Write the notice in two languages, test it, and let a second person agree."""
    await post(http, at, "text", locale="en", title="Room moved", body="=The class is in room 2.")
    await post(http, at, "text", locale="ar", title="", body="الدرس في الغرفة 2")
    await post(http, at, "about", category="news", valid_until="2026-12-31", does_0="guide", guide_0="driving-licence")
    await post(http, at, "choose", locale="fr", choice="fallback")
    for locale in ("en", "ar"):
        await post(http, at, "test", locale=locale)
    await post(http, at, "submit")
    await post(other, at, "approve")


async def is_done(house: House, number: int) -> None:
    await eventually(lambda: stored(house, f"SELECT state FROM broadcast WHERE id = {number}") == [("done",)])


async def test_what_went_is_reported_without_names_and_can_be_corrected_followed_up_and_withdrawn(
    site: str, quiet_house: House, people: None
) -> None:
    async with (
        sign_in(quiet_house, site, "author", "coordinator") as http,
        sign_in(quiet_house, site, "second", "coordinator") as other,
    ):
        at = await notice(http)
        assert "rings nobody" not in (await http.get(at)).text
        await ready(http, other, at)
        await post(http, at, "send", confirmed="4", when="now")
        await is_done(quiet_house, 1)
        page = (await http.get(at)).text
        assert "4 of 4 done" in plain(page)
        assert "author" not in page
        table = (await http.get(f"{at}/report.csv")).text
        assert table.count("\r\n") == 5
        assert ("exported", "broadcast:1", "csv:4") in stored(quiet_house, "SELECT act, thing, detail FROM audit")
        # A correction is a draft with the same people; it goes when its text is another one and was tested.
        corrected = str((await http.post(f"{at}/correct")).url.path)
        page = (await http.get(corrected)).text
        assert '<a href="#texts">Nobody would get it yet.' in page
        assert "rings nobody" in page
        assert str((await http.post(f"{at}/correct")).url.path) == corrected, "a second press begins no second one"
        page = await post(http, corrected, "text", locale="en", title="Room moved", body="The class is in room 3.")
        as_before = "nothing was changed. Its readers get no correction."
        assert ("<strong>3</strong>" in page, as_before in plain(page)) == (True, True)
        page = await post(http, corrected, "text", locale="ar", title="", body="الدرس في الغرفة 3")
        assert ("<strong>4</strong>" in page, as_before in plain(page)) == (True, False)
        for locale in ("en", "ar"):
            await post(http, corrected, "test", locale=locale)
        await post(http, corrected, "submit")
        await post(other, corrected, "approve")
        await post(http, corrected, "send", confirmed="4", when="now")
        await is_done(quiet_house, 2)
        assert "withdrawn" not in (await http.get("/desk/notices")).text
        follow_up = await http.post(f"{at}/follow-up")
        assert "Those who got the first message." in follow_up.text
        await post(http, at, "withdraw")
        await is_done(quiet_house, 4)
        page = (await http.get(at)).text
        assert "withdrawn" in page
        assert (await http.get("/desk/notices")).text.count("withdrawn") == 2, "the message and its correction"
        assert f"{at}/correct" not in page, "nobody would read the correction"
        for act in ("correct", "again"):
            await http.post(f"{at}/{act}")  # from a page that was open before
        assert stored(quiet_house, "SELECT max(id) FROM broadcast") == [(4,)]
    async with browser(site) as late:
        await Visitor(late).opens()


async def test_words_leave_for_groups_walls_and_translators_and_come_back(site: str, quiet_house: House) -> None:
    async with sign_in(quiet_house, site, "author", "coordinator") as http:
        at = await notice(http)
        await post(http, at, "text", locale="en", title="Room moved", body="The class is in room 2.")
        await post(
            http, at, "about", category="news", valid_until="2026-12-31", does_0="guide", guide_0="driving-licence"
        )
        pack = (await http.get(f"{at}/pack")).text
        assert "Room moved\n\nThe class is in room 2." in pack
        assert "/chat?start=driving-licence-en" in pack
        assert "Scan this code" in (await http.get(f"{at}/leaflet/en")).text
        assert (await http.get(f"{at}/qr/en")).headers["content-type"] == "image/svg+xml"
        assert (await http.get(f"{at}/leaflet/ar")).status_code == 404
        file = (await http.get(f"{at}/po/ar")).text
        done = re.sub(r'msgid "(Room.*|The class.*)"\nmsgstr ""', r'msgid "\1"\nmsgstr "الدرس"', file)
        answer = await http.post(f"{at}/po", files={"file": ("ar.po", done.encode())})
        assert (answer.status_code, "الدرس" in answer.text) == (200, True)
        other = await notice(http)
        refused = await http.post(f"{other}/po", files={"file": ("ar.po", done.encode())})
        assert (refused.status_code, "Nothing was kept" in refused.text) == (422, True)


async def test_a_coordinator_of_one_town_reaches_and_sees_that_town_alone(site: str, quiet_house: House) -> None:
    async with (
        sign_in(quiet_house, site, "everywhere", "coordinator") as http,
        sign_in(quiet_house, site, "town", "coordinator:kanjiza") as local,
    ):
        national, own = await notice(http), await notice(local)
        assert (await local.get(national)).status_code == 404
        assert (await local.post(f"{national}/text", data={"locale": "en", "body": "x"})).status_code == 404
        assert national not in (await local.get("/desk/notices")).text
        await post(local, own, "audience", 403, places="beograd")
        await post(local, own, "audience", places=["beograd", "kanjiza"])
        assert stored(quiet_house, "SELECT audience FROM broadcast WHERE id = 2") == [('{"places": ["kanjiza"]}',)]
        await post(local, own, "approve", 403)
        assert (await local.get(f"{own}/count", params={"places": "beograd"})).status_code == 404
        assert (await http.get(own)).status_code == 200


async def test_what_is_chosen_and_typed_is_counted_and_shown_before_it_is_kept(
    site: str, quiet_house: House, people: None
) -> None:
    async with sign_in(quiet_house, site, "author", "coordinator") as http:
        at = await notice(http)
        assert "<strong>1</strong>" in (await http.get(f"{at}/count", params={"locales": "ar"})).text
        said = await http.post(f"{at}/preview", data={"locale": "ar", "body": "😀" * 3000})
        assert 'dir="rtl"' in said.text
        assert "characters too many" in plain(said.text)
        link = {"does_0": "link", "to_0": "https://example.org/form"}
        await http.post(f"{at}/about", data={"category": "news", "valid_until": "", **link})
        said = await http.post(f"{at}/preview", data={"locale": "ar", "body": "الدرس", "label_0": "س" * 40})
        assert "a button is" in plain(said.text)
        assert stored(quiet_house, "SELECT count(*) FROM notice_text") == [(0,)]
        for form in ({"does_0": "link", "to_0": "http://x.example"}, {"does_0": "guide"}, {"does_0": "rsvp"}):
            typed = {"part": "about", "category": "safety", "valid_until": "2026-12-30", "tag": "T 9"}
            page = await post(http, at, "about", 422, **typed, **form)
            assert re.search('role="alert"[^>]*>✕ <a href="#about">', page)
            for kept in ('value="safety" selected', 'value="2026-12-30"', 'value="T 9"'):
                assert kept in page
            assert f'value="{form["does_0"]}" selected' in page
            assert 'value="http://x.example"' in page or "to_0" not in form


async def test_the_switches_of_the_whole_service_are_records_and_banners(site: str, quiet_house: House) -> None:
    async with sign_in(quiet_house, site, "boss", "admin") as http:
        said = {"paused": "All notices are stopped.", "reduced": "People are told that answers take longer."}
        for name, words in said.items():
            page = (await http.post("/desk/service", data={"switch": name, "to": "on"})).text
            assert re.search(rf'class="banner"[^>]*>⚠️ {words}', page), "not one page later"
        assert page.count('aria-current="page"') == 1
        assert '<a href="/desk/service" aria-current="page">' in page
        service = quiet_house.worlds
        await eventually(lambda: service().pack.service.paused and service().pack.service.reduced)
        async with browser(site) as chat:
            visitor = Visitor(chat)
            await visitor.opens()
            assert "Answers take longer." in visitor.page.notice
            await visitor.taps("English")
            await visitor.taps("OK, continue")
            assert "Answers take longer." in visitor.page.newest
        page = (await http.post("/desk/service", data={"switch": "paused", "to": "off"})).text
        assert said["paused"] not in page
        await eventually(lambda: not service().pack.service.paused)


async def test_what_was_changed_between_the_count_and_the_press_does_not_go(site: str, quiet_house: House) -> None:
    async with browser(site) as http:
        me = await let_in(quiet_house, http, "author", "coordinator")
        await notice(http)

    def at(unit: Unit) -> NoticeDesk:
        world = quiet_house.worlds()
        return NoticeDesk(unit, NoticesAsSeen(world, ["webchat"]), world.calendar, me, 50)

    counted = await quiet_house.database.read(lambda unit: opened(at(unit), 1))
    await quiet_house.database.write(lambda unit: notices.write_text(at(unit), 1, "en", "", "Something else."))
    with pytest.raises(Refused):
        await quiet_house.database.write(lambda unit: notices.submit(at(unit), counted))
