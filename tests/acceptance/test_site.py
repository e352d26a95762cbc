"""What every page has in common, and the addresses that machines ask."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app import House
from bot.sandbox.telegram import TelegramServer
from bot.testing import FakeClock
from tests.acceptance.houses import browser, eventually, running, served, settings_for

PAGES = ["/chat", "/chat?late=1", "/desk", "/desk/login/no-such-link", "/desk/requests/1", "/healthz", "/openapi.json"]
STYLES = ["/static/chat/chat.css", "/static/desk/desk.css"]


@pytest.mark.parametrize("path", [*PAGES, *STYLES, "/no-such-page"])
async def test_every_answer_has_strict_headers(site: str, path: str) -> None:
    async with browser(site) as http:
        headers = (await http.get(path)).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert "server" not in headers


@pytest.mark.parametrize("path", PAGES)
async def test_no_page_is_kept_by_the_browser(site: str, path: str) -> None:
    async with browser(site) as http:
        assert (await http.get(path)).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/chat", "/desk"])
async def test_a_page_asks_no_other_site_for_anything(site: str, path: str) -> None:
    async with browser(site) as http:
        html = (await http.get(path)).text
    assert "<script" not in html
    assert 'src="' not in html
    assert html.count('href="http') == html.count('rel="noreferrer"')


async def test_the_front_leads_to_the_chat(site: str) -> None:
    async with browser(site) as http:
        answer = await http.get("/")
    assert [step.status_code for step in answer.history] == [307]
    assert answer.url.path == "/chat"


async def test_a_house_that_works_says_so(site: str, quiet_house: House) -> None:
    async with browser(site) as http:
        assert (await http.get("/healthz")).text == "ok"
        ready = await http.get("/readyz")
    assert (ready.status_code, ready.text) == (200, "ready")


async def test_a_loop_that_ended_is_named_by_readiness_and_does_not_end_health(site: str, quiet_house: House) -> None:
    quiet_house.loops["timers"].cancel()
    await eventually(lambda: quiet_house.failed)
    async with browser(site) as http:
        ready = await http.get("/readyz")
        assert (ready.status_code, ready.text) == (503, "timers")
        assert (await http.get("/healthz")).status_code == 200


async def test_a_telegram_that_refuses_us_is_named_by_readiness(
    tmp_path: Path, telegram: TelegramServer, clock: FakeClock
) -> None:
    settings = settings_for(tmp_path, telegram, telegram_token="1:wrong")
    async with running(settings, clock) as house, served(house) as address, browser(address) as http:
        await eventually(lambda: telegram.calls)
        ready = await http.get("/readyz")
    assert (ready.status_code, ready.text) == (503, "telegram_unreachable")


async def test_figures_are_counts_in_prometheus_form(site: str, quiet_house: House) -> None:
    async with browser(site) as http:
        await http.post("/chat", data={"nonce": "1", "words": "English"})
        answer = await http.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    figures = dict(line.rsplit(" ", 1) for line in answer.text.splitlines() if not line.startswith("#"))
    assert figures["izi_inbox_waiting"] == "0"
    assert figures["izi_requests_open"] == "0"
    assert figures["izi_uncertain_total"] == "0"
    assert all(value.replace(".", "").isdecimal() for value in figures.values())


async def test_figures_are_told_to_this_machine_alone(site: str) -> None:
    async with browser(site, **{"x-forwarded-for": "203.0.113.7"}) as http:
        assert (await http.get("/metrics")).status_code == 403


async def test_the_description_of_the_interface_names_what_machines_ask(site: str) -> None:
    async with browser(site) as http:
        described = (await http.get("/openapi.json")).json()
    assert set(described["paths"]) == {"/healthz", "/readyz", "/metrics"}
