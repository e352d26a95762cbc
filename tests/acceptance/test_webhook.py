"""Receiving by webhook: the secret, what is stored before it is confirmed, and that nothing is done twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import aiohttp
import httpx
import orjson
import pytest
from fastapi import FastAPI

from bot.app import open_house
from bot.channels.arrivals import Inbound
from bot.channels.telegram import webhook
from bot.channels.telegram.adapter import Telegram
from bot.channels.telegram.receiving import Receiver
from bot.house import House
from bot.sandbox.telegram import TelegramServer
from bot.settings import Settings
from bot.testing import FakeClock
from storage.db import Unavailable
from tests.acceptance.houses import PATIENCE, SHIPPED, eventually, served, settings_for, stored, with_schema
from tests.acceptance.walks import arrive, labels, tap

SECRET = "a-secret-of-no-real-bot_0123"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
OURS = "https://bot.example/telegram/webhook"
UPDATE: dict[str, Any] = {
    "update_id": 7,
    "message": {
        "message_id": 1,
        "date": 0,
        "chat": {"id": 5, "type": "private", "first_name": "Placeholder"},
        "from": {"id": 5, "is_bot": False, "first_name": "Placeholder", "language_code": "en"},
        "text": "hello",
    },
}


def webhook_settings(folder: Path, server: TelegramServer) -> Settings:
    return settings_for(
        folder,
        server,
        telegram_mode="webhook",
        telegram_webhook_secret=SECRET,
        public_url="https://bot.example",
    )


@asynccontextmanager
async def listening(folder: Path, telegram: TelegramServer, clock: FakeClock) -> AsyncIterator[tuple[House, str]]:
    """A house that receives by webhook and whose pages are served; for Telegram they are the webhook's host."""
    settings = with_schema(webhook_settings(folder, telegram))
    async with open_house(settings, clock, read=SHIPPED) as house, served(house) as address:
        telegram.hook.forward = address
        house.start()
        try:
            yield house, address
        finally:
            await telegram.hook.stop()
            await house.stop()


async def post(address: str, body: bytes, headers: list[tuple[bytes, bytes]]) -> httpx.Response:
    async with httpx.AsyncClient(timeout=PATIENCE, verify=False) as http:
        return await http.post(address + webhook.PATH, content=body, headers=headers)


def secret(value: bytes) -> tuple[bytes, bytes]:
    return HEADER.encode(), value


KNOWN = [secret(SECRET.encode())]


async def test_a_person_walks_over_a_webhook_that_the_house_has_set_itself(
    tmp_path: Path, telegram: TelegramServer, clock: FakeClock
) -> None:
    person = telegram.person(1, language_code="en")
    async with listening(tmp_path, telegram, clock) as (house, _):
        await eventually(lambda: telegram.hook.params)
        assert telegram.hook.params["url"] == OURS
        assert set(telegram.hook.params["allowed_updates"]) == {
            "message", "edited_message", "callback_query", "my_chat_member",
        }  # fmt: skip
        await arrive(person)
        await tap(person, "English")
        home = await tap(person, "OK, continue")
        assert any("Driving licence" in label for label in labels(home))
        await eventually(lambda: len(telegram.answered) == 2)
        assert house.troubles == frozenset()
    assert not any(call.params.get("drop_pending_updates") for call in telegram.calls)
    assert telegram.violations == []


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [secret(b"")],
        [secret(SECRET.upper().encode())],
        [secret(SECRET.encode() + b"x")],
        [secret("šifra".encode())],
        [secret(b"\xff\xfe")],
        [secret(SECRET.encode()), secret(SECRET.encode())],
        [secret(SECRET.encode()), secret(b"other")],
    ],
    ids=["none", "empty", "wrong", "longer", "not ASCII", "not UTF-8", "twice", "right and wrong"],
)
async def test_without_the_one_right_secret_nothing_is_stored(
    tmp_path: Path, telegram: TelegramServer, clock: FakeClock, headers: list[tuple[bytes, bytes]]
) -> None:
    async with listening(tmp_path, telegram, clock) as (house, address):
        answer = await post(address, orjson.dumps(UPDATE), headers)
        assert answer.status_code in {401, 403}
        assert stored(house, "SELECT count(*) FROM inbox") == [(0,)]


async def test_there_is_no_webhook_while_the_house_polls(house: House) -> None:
    async with served(house) as address:
        assert (await post(address, orjson.dumps(UPDATE), KNOWN)).status_code in {404, 405}


@pytest.mark.parametrize(
    "body",
    [
        orjson.dumps({"update_id": 8, "poll": {"id": "1"}}),
        orjson.dumps({"update_id": 8, "message": {"text": "no chat"}}),
        orjson.dumps({"update_id": True}),
        orjson.dumps({"no": "update"}),
        b"[1, 2]",
        b'"words"',
    ],
)
async def test_json_that_is_no_known_update_is_confirmed_and_parked_for_staff(
    tmp_path: Path, telegram: TelegramServer, clock: FakeClock, body: bytes
) -> None:
    async with listening(tmp_path, telegram, clock) as (house, address):
        for _ in range(2):
            assert (await post(address, body, KNOWN)).status_code == 200
        await eventually(lambda: stored(house, "SELECT state FROM inbox") == [("poison",)])


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b'{"a":' * 40_000, 400),
        (b" " * (webhook.LARGEST_BODY + 1), 413),
    ],
    ids=["empty", "torn", "not UTF-8", "deep list", "deep object", "too large"],
)
async def test_what_is_no_json_or_too_large_is_refused_and_not_stored(
    tmp_path: Path, telegram: TelegramServer, clock: FakeClock, body: bytes, status: int
) -> None:
    async with listening(tmp_path, telegram, clock) as (house, address):
        assert (await post(address, body, KNOWN)).status_code == status
        assert stored(house, "SELECT count(*) FROM inbox") == [(0,)]


async def test_the_largest_update_is_taken(tmp_path: Path, telegram: TelegramServer, clock: FakeClock) -> None:
    long = UPDATE | {"message": UPDATE["message"] | {"text": "x" * 200_000}}
    async with listening(tmp_path, telegram, clock) as (_, address):
        assert (await post(address, orjson.dumps(long), KNOWN)).status_code == 200


async def test_while_the_database_is_away_telegram_is_asked_to_come_again() -> None:
    async def away(_inbounds: object) -> int:
        raise Unavailable

    class NoCalls:
        async def call(self, *_: object) -> None: ...

    app = FastAPI()
    receiver = Receiver(Telegram(NoCalls(), None), "1", away, lambda: datetime(2026, 11, 23, tzinfo=UTC))  # type: ignore[arg-type]
    app.include_router(webhook.router(receiver, SECRET))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot.example") as http:
        answer = await http.post(webhook.PATH, content=orjson.dumps(UPDATE), headers=KNOWN)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"


async def test_each_update_delivered_three_times_over_forty_connections_is_done_once(
    tmp_path: Path, telegram: TelegramServer, clock: FakeClock
) -> None:
    """R3 in a short form."""
    people, each = 40, 10
    for turn in range(each):
        for number in range(people):
            await telegram.person(1000 + number, language_code="en").says(f"words {turn}")
    updates: list[Any] = []
    while batch := await telegram.updates.poll(updates[-1]["update_id"] + 1 if updates else 0, 100, 0):
        updates += batch
    assert len(updates) == people * each
    deliveries = [orjson.dumps(update) for update in updates] * 3
    Random(3).shuffle(deliveries)
    async with listening(tmp_path, telegram, clock) as (house, address):
        await deliver(address, deliveries, connections=40)
        await eventually(lambda: stored(house, "SELECT count(*) FROM inbox WHERE state = 'new'") == [(0,)])
        await eventually(lambda: stored(house, "SELECT count(*) FROM outbox WHERE state != 'sent'") == [(0,)])
        assert stored(house, "SELECT count(*) FROM inbox WHERE state = 'done'") == [(len(updates),)]
        assert stored(house, "SELECT count(*) FROM outbox") == [(len(updates),)]
        assert stored(house, "SELECT DISTINCT version FROM session") == [(each,)]
    replies = [len(telegram.person(1000 + number).messages) for number in range(people)]
    assert replies == [each] * people


async def deliver(address: str, bodies: list[bytes], connections: int) -> None:
    """Post all of them, so many at once; every one is confirmed."""
    waiting = iter(bodies)
    connector = aiohttp.TCPConnector(limit=connections)
    async with aiohttp.ClientSession(connector=connector, headers={HEADER: SECRET}) as http:

        async def connection() -> None:
            for body in waiting:
                async with http.post(address + webhook.PATH, data=body) as answer:
                    assert answer.status == 200

        await asyncio.gather(*(connection() for _ in range(connections)))


async def test_an_arrival_that_is_no_update_is_the_same_each_time_it_comes(clock: FakeClock) -> None:
    kept: list[Inbound] = []

    async def keep(inbounds: Any) -> int:
        kept.extend(inbounds)
        return len(inbounds)

    receiver = Receiver(Telegram(None, None), "1", keep, clock)  # type: ignore[arg-type]
    for body in (b"[1]", b"[1]", b"[2]"):
        await receiver.accept(receiver.read_strange(body))
    assert len({inbound.external_id for inbound in kept}) == 2
