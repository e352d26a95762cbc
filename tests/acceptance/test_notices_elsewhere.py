"""Notices on the page and on WhatsApp: what is edited in place there, what waits for the person, what knocks."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.house import House
from bot.sandbox.whatsapp import WhatsAppServer
from bot.testing import FakeClock
from notices.lifecycle import Kind
from storage import notices
from storage.records import set_record
from tests.acceptance.broadcasting import fates, sent, written
from tests.acceptance.houses import browser, eventually
from tests.acceptance.pages import Visitor
from tests.acceptance.walks import plain
from tests.acceptance.whatsapp_houses import whatsapp_house

HOME = ("English", "OK, continue")


async def test_on_the_page_a_notice_stands_is_corrected_in_its_place_and_goes(quiet_house: House, site: str) -> None:
    house = quiet_house
    async with browser(site) as http:
        visitor = Visitor(http)
        await visitor.opens()
        for label in HOME:
            await visitor.taps(label)
        notice = await written(house)
        number = await sent(house, notice)
        await visitor.opens()
        assert "The office is closed on Friday." in visitor.page.newest
        many = len(visitor.page.messages)
        assert [label[2:].strip() for label in visitor.page.labels] == ["Ask a question", "Stop news", "Home"]
        await house.database.write(lambda unit: notices.set_text(unit, notice, "en", "Office", "Closed on Monday."))
        again = await sent(house, notice, Kind.CORRECT, of=number)
        assert await fates(house, again) == {("sent", ""): 1}
        await visitor.opens()
        assert len(visitor.page.messages) == many
        assert "Closed on Monday." in visitor.page.newest
        assert "Friday" not in plain("\n".join(visitor.page.messages))
        await sent(house, notice, Kind.WITHDRAW, of=number)
        await visitor.opens()
        assert len(visitor.page.messages) == many - 1
        assert "Monday" not in plain("\n".join(visitor.page.messages))


async def test_outside_the_window_an_approved_text_goes_first_and_the_notice_when_the_person_writes(
    tmp_path: Path, clock: FakeClock
) -> None:
    server = WhatsAppServer(clock=clock, templates=(("izi_news", "en"),))
    async with whatsapp_house(tmp_path, clock, server=server) as here:
        person = await here.arrives(HOME)
        await sent(here.house, await written(here.house))
        assert "The office is closed on Friday." in (await person.hears())[-1].text
        clock.forward(timedelta(hours=25))
        unknown = await sent(here.house, await written(here.house))
        assert await fates(here.house, unknown) == {("skipped", "shut"): 1}
        await here.house.database.write(lambda unit: set_record(unit, "template.news.en", "approved", "test"))
        await eventually(lambda: here.house.worlds().news("en"))
        notice = await written(here.house)
        number = await sent(here.house, notice)
        (knock,) = await person.hears()
        assert knock.text == "[izi_news]"
        assert await fates(here.house, number) == {("held", "needs_template"): 1}
        await person.says("what is it?")
        heard = [message.text for message in await person.hears(2)]
        assert any("The office is closed on Friday." in plain(text) for text in heard)
        await here.house.database.write(lambda unit: notices.set_text(unit, notice, "en", "Office", "Open on Friday."))
        again = await sent(here.house, notice, Kind.CORRECT, of=number)
        (anew,) = await person.hears()  # WhatsApp edits nothing
        assert "We corrected this message." in anew.text
        assert "Open on Friday." in anew.text
        assert sum((await fates(here.house, again)).values()) == 1
        assert here.server.violations == []
