"""What every page has in common, and the addresses that machines ask."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any

import pytest

from bot.house import House
from bot.sandbox.faults import LostAnswer, Rule
from bot.sandbox.telegram import TelegramServer
from bot.testing import FakeClock
from bot.web import create_app
from tests.acceptance.houses import browser, eventually, running, served, settings_for

PAGES = ["/chat", "/chat?late=1", "/desk", "/desk/login/no-such-link", "/desk/requests/1", "/healthz", "/openapi.json"]
HELLO = b'{"id": "12345678", "words": "hello"}'
GUIDES = ["/g/en", "/g/ar/driving-licence", "/g/en/driving-licence/qr.svg", "/g/en/no-such-guide"]
STATIC = ["/static/chat/chat.css", "/static/chat/chat.js", "/static/guides/guide.css", "/static/desk/desk.css"]


@pytest.mark.parametrize("path", [*PAGES, *GUIDES, *STATIC, "/api/chat/messages", "/no-such-page"])
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


async def test_a_connection_that_was_idle_longer_than_servers_commonly_allow_takes_words_still(site: str) -> None:
    """What is sent into one that is just being closed is lost on the way (bot/serving.py, KEEP_ALIVE)."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(site.rpartition(":")[2]))
    for pause in (0, 6):  # seconds; uvicorn's own limit is 5
        await asyncio.sleep(pause)
        writer.write(b"HEAD /healthz HTTP/1.1\r\nHost: test\r\n\r\n")
        assert (await reader.readline()).startswith(b"HTTP/1.1 "), "the connection was closed"
        await reader.readuntil(b"\r\n\r\n")
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize("path", PAGES)
async def test_no_page_is_kept_by_the_browser(site: str, path: str) -> None:
    async with browser(site) as http:
        assert (await http.get(path)).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/chat", "/desk"])
async def test_a_page_asks_no_other_site_for_anything(site: str, path: str) -> None:
    async with browser(site) as http:
        html = (await http.get(path)).text
    assert "<script>" not in html
    assert all(address.startswith("/static/") for address in re.findall(r' src="([^"]*)"', html))
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
    assert (ready.status_code, ready.text) == (503, "telegram_token_refused")


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


async def test_figures_are_told_elsewhere_to_who_has_the_token(tmp_path: Path, clock: FakeClock) -> None:
    settings = settings_for(tmp_path, metrics_token="PLACEHOLDER-of-a-token")
    passed_on = {"x-forwarded-for": "203.0.113.7"}
    async with running(settings, clock) as house, served(house) as address:
        for token, status in (("PLACEHOLDER-of-a-token", 200), ("another", 403), ("\u00e9", 403), ("none", 403)):
            sent = {b"authorization": f"Bearer {token}".encode("latin-1")}
            sent |= {name.encode(): value.encode() for name, value in passed_on.items()}
            async with browser(address) as http:
                assert (await http.get("/metrics", headers=sent)).status_code == status


async def test_sends_are_counted_by_how_they_ended_and_updates_by_how_long_they_took(
    tmp_path: Path, telegram: TelegramServer, clock: FakeClock
) -> None:
    telegram.faults.add(Rule(LostAnswer(), method="sendMessage", nth={1}))
    settings = settings_for(tmp_path, telegram)
    async with running(settings, clock) as house, served(house) as address, browser(address) as http:
        await telegram.person(1001, language_code="en").starts()
        await eventually(lambda: house.meter.exposition()[2:3] == ['izi_sends_total{result="answer_lost"} 1'])
        lines = (await http.get("/metrics")).text.splitlines()
    assert "izi_update_seconds_count 1" in lines
    assert 'izi_update_seconds_bucket{le="+Inf"} 1' in lines
    assert 'izi_outbox_rows{state="dead"} 0' in lines


async def test_the_description_of_the_interface_names_what_machines_ask(site: str) -> None:
    async with browser(site) as http:
        described = (await http.get("/openapi.json")).json()
    assert set(described["paths"]) == {
        f"/api/chat/{name}" for name in ("start", "words", "press", "clear", "code", "resume", "messages", "events")
    }


@pytest.mark.parametrize(
    ("path", "body", "headers", "status", "error"),
    [
        ("words", b'{"id": "12345678"}', {}, 422, "not_understood"),
        ("words", b"not json", {}, 422, "not_understood"),
        ("words", b'{"id": "12345678", "words": "\\ud800"}', {}, 422, "not_understood"),
        ("words", HELLO, {"origin": "https://elsewhere.example"}, 403, "form_of_another_site"),
        ("words", HELLO, {"origin": "https://["}, 403, "form_of_another_site"),
        ("words", b" " * 65_537, {}, 413, "too_large"),
        ("resume", b'{"code": "AAAA"}', {}, 404, "wrong_code"),
        ("code", b"", {}, 404, "no_chat"),
        ("clear", b'{"id": "12345678"}', {}, 404, "no_chat"),
        ("nothing", b"{}", {}, 404, "not_found"),
    ],
)
async def test_what_the_api_refuses_it_refuses_with_a_code_in_json(
    site: str, path: str, body: bytes, headers: dict[str, str], status: int, error: str
) -> None:
    async with browser(site, **{"content-type": "application/json"}) as http:
        answer = await http.post(f"/api/chat/{path}", content=body, headers=headers)
    assert answer.status_code == status
    assert answer.json()["error"] == error
    assert set(answer.json()) == {"error", "fields"}


async def test_who_tries_codes_too_fast_has_to_wait(site: str) -> None:
    async with browser(site) as http:
        answers = [await http.post("/api/chat/resume", json={"code": f"GUESS{number}"}) for number in range(11)]
    assert [answer.status_code for answer in answers] == [404] * 10 + [429]
    assert answers[-1].json()["error"] == "too_many_tries"


async def test_a_page_that_is_closed_while_it_sends_is_no_fault_of_ours(quiet_house: House) -> None:
    """Its form never arrives whole. Raised as it is, every phone that loses its network would be an error in a log."""
    statuses: list[int] = []
    arriving: Iterator[dict[str, object]] = iter(
        [{"type": "http.request", "body": b"nonce=1", "more_body": True}, {"type": "http.disconnect"}]
    )

    async def receive() -> dict[str, object]:
        return next(arriving)

    async def send(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    headers = [(b"host", b"127.0.0.1"), (b"content-type", b"application/x-www-form-urlencoded")]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": "/chat", "raw_path": b"/chat", "query_string": b"", "root_path": "", "headers": headers,
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
    }  # fmt: skip
    await create_app(quiet_house)(scope, receive, send)
    assert statuses == [400]
