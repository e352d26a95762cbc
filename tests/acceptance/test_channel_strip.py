"""A coordinator reads how the channels are doing: on the page of the service and beside a notice that is written."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import httpx

from bot.sandbox.faults import Reply, Rule
from bot.sandbox.whatsapp_errors import Code
from bot.testing import FakeClock
from storage.records import set_record
from storage.unit_of_work import Unit
from tests.acceptance.colleagues import sign_in
from tests.acceptance.houses import eventually, stored
from tests.acceptance.test_notice_console import notice
from tests.acceptance.walks import plain
from tests.acceptance.whatsapp_houses import whatsapp_house


async def read(http: httpx.AsyncClient, path: str = "/desk/service") -> str:
    """The part of the page that tells it, as words."""
    page = (await http.get(path)).text
    strip = page[page.index('<section id="channels"') : page.index("</section>", page.index('id="channels"'))]
    return " ".join(plain(re.sub(r"<[^>]+>", " ", strip)).split())


def as_meta_said(unit: Unit) -> None:
    """As `izi templates --sync` writes it down."""
    said = {"quality": "red", "limit": "250", "asked_on": "2026-11-23"}
    for name, value in said.items():
        set_record(unit, f"whatsapp.{name}", value, "meta")
    for name, state in (("en", "approved"), ("ar", "rejected")):
        set_record(unit, f"template.news.{name}", state, "meta")


async def test_what_waits_what_went_what_is_wrong_and_what_meta_thinks_is_said_in_plain_words(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with (
        whatsapp_house(tmp_path, clock) as here,
        sign_in(here.house, here.site, "coordinator", "coordinator") as http,
        sign_in(here.house, here.site, "local", "coordinator:subotica") as local,
    ):
        fresh = await read(http)
        assert "WhatsApp ✓ works · nothing waits · nothing was sent lately" in fresh
        assert "Quality: not known." in fresh
        assert "Nobody has asked Meta yet." in fresh
        assert "Telegram" not in fresh, "it is off"
        person = await here.arrives()
        await eventually(lambda: stored(here.house, "SELECT state FROM outbox") == [("sent",)])
        assert "nothing waits · last one sent: 10:0" in await read(http)
        here.server.faults.add(Rule(Reply(Code.NUMBER_RATE), nth=[1]))
        await person.says("hello")
        await eventually(lambda: stored(here.house, "SELECT 1 FROM address WHERE not_before IS NOT NULL"))
        assert "1 chat must wait: the channel asks us to go slower." in await read(http)
        here.server.faults.add(Rule(Reply(Code.TOKEN), nth=[1]))
        clock.forward(timedelta(seconds=6))
        await eventually(lambda: here.house.troubles)
        wrong = await read(http)
        assert "WhatsApp ✕ does not work as it should · 1 message waits to be sent" in wrong
        assert "✕ WhatsApp refuses our token." in wrong
        assert "go slower" not in wrong
        await here.house.database.write(as_meta_said)
        await eventually(lambda: here.house.worlds().pack.templates.account.quality == "red")
        for who, path in ((http, "/desk/service"), (local, await notice(local))):
            said = await read(who, path)
            assert "✕ Quality: low." in said
            assert "We may write first to 250 people within 24 hours." in said
            assert "“We have news for you”: approved in 1 of 7 languages · Srpski" in said
            assert "العربية (Meta said no)" in said
            assert "Français (not handed in)" in said
