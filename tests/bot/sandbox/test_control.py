"""The server runs as a process of its own and is driven over its control paths."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.sandbox.control import Control
from bot.sandbox.telegram import TelegramServer


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    server = TelegramServer()
    Control(server)
    async with server, aiohttp.ClientSession(server.base_url) as session:
        yield session


async def post(session: aiohttp.ClientSession, path: str, body: object = None) -> tuple[int, Any]:
    async with session.post(path, json=body or {}) as answer:
        return answer.status, await (answer.json() if answer.status == 200 else answer.text())


async def read(session: aiohttp.ClientSession, path: str) -> Any:
    async with session.get(path) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.json()


async def test_a_talk_can_be_driven_from_outside(session: aiohttp.ClientSession) -> None:
    assert await post(session, "/control/person", {"id": 7, "language_code": "fa"}) == (200, {"id": 7})
    _, written = await post(session, "/control/person/7/says", {"text": "hello"})
    assert written["result"]["text"] == "hello"
    button = {"text": "Yes", "callback_data": "y"}
    question = {"chat_id": 7, "text": "Shall we?", "reply_markup": {"inline_keyboard": [[button]]}}
    await post(session, "/bot1:test/sendMessage", question)
    assert await post(session, "/control/person/7/presses", {"label_or_data": "Yes"}) == (200, {"result": "1"})
    [message] = await read(session, "/control/person/7/messages")
    assert (message["text"], message["buttons"]) == ("Shall we?", [[["Yes", "y"]]])
    _, updates = await post(session, "/bot1:test/getUpdates")
    assert [update.get("message", {}).get("text") for update in updates["result"]] == ["hello", None]


async def test_faults_and_redelivery_are_set_from_outside(session: aiohttp.ClientSession) -> None:
    await post(session, "/control/person/7/starts")
    await post(session, "/bot1:test/getUpdates")
    await post(session, "/bot1:test/getUpdates", {"offset": -100})
    rules = [{"fault": "reply", "status": 429, "retry_after": 3, "method": "send*", "nth": [1]}]
    assert await post(session, "/control/faults", rules) == (200, {"rules": 1})
    refused, _ = await post(session, "/bot1:test/sendMessage", {"chat_id": 7, "text": "hello"})
    assert refused == 429
    await post(session, "/bot1:test/getUpdates", {"offset": 500_000_001})
    assert await post(session, "/control/redeliver", {"share": 1}) == (200, {"offered": 1})
    stats = await read(session, "/control/stats")
    assert stats["calls"]["sendMessage: 429 Too Many Requests: retry after 3"] == 1
    assert stats["waiting_updates"] == 1
    assert stats["violations"] == []
    await post(session, "/bot1:test/sendTelepathy")
    [violation] = (await read(session, "/control/stats"))["violations"]
    assert violation["method"] == "sendTelepathy"


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/control/person/7/dances", {}, 404),
        ("/control/person/7/says", {"words": "hello"}, 400),
        ("/control/person/7/presses", {"label_or_data": "Yes"}, 400),
        ("/control/faults", [{"fault": "earthquake"}], 400),
        ("/control/faults", [{"fault": "reply"}], 400),
    ],
)
async def test_what_makes_no_sense_is_told(
    session: aiohttp.ClientSession, path: str, body: object, status: int
) -> None:
    assert (await post(session, path, body))[0] == status


async def test_it_runs_as_a_process_of_its_own() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.sandbox", "--token", "5:other", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    base_url = (await process.stdout.readline()).decode().strip()
    async with aiohttp.ClientSession() as session:
        _, me = await post(session, f"{base_url}/bot5:other/getMe")
    assert me["result"]["id"] == 5
    process.terminate()
    await process.wait()
