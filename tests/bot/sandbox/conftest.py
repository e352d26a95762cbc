"""A server on a virtual clock, a bare client for its calls, and a person who has pressed Start."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from bot.sandbox.people import Person
from bot.sandbox.telegram import TelegramServer


class VirtualClock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 12, tzinfo=UTC)

    def ticks(self) -> float:
        return self.now.timestamp()


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def passes(clock: VirtualClock) -> Callable[[timedelta], None]:
    """`passes(timedelta(hours=24))`: the server's time moves on."""

    def pass_by(span: timedelta) -> None:
        clock.now += span

    return pass_by


@pytest.fixture
async def server(clock: VirtualClock) -> AsyncIterator[TelegramServer]:
    async with TelegramServer(clock=lambda: clock.now, ticks=clock.ticks) as server:
        yield server


@pytest.fixture
async def call(server: TelegramServer) -> AsyncIterator[Callable[..., Coroutine[Any, Any, dict[str, Any]]]]:
    """`await call("sendMessage", chat_id=1, text="hello")`: Telegram's envelope."""
    async with aiohttp.ClientSession() as session:

        async def post(method: str, **params: object) -> dict[str, Any]:
            async with session.post(f"{server.base_url}/bot{server.token}/{method}", json=params) as answer:
                envelope: dict[str, Any] = await answer.json()
                assert answer.status == envelope.get("error_code", 200)
                return envelope

        yield post


@pytest.fixture
async def person(server: TelegramServer, call: Callable[..., Coroutine[Any, Any, dict[str, Any]]]) -> Person:
    """Has pressed Start, and the bot has confirmed the update."""
    person = server.person(1001, language_code="fa")
    await person.starts()
    fetched = await call("getUpdates")
    await call("getUpdates", offset=fetched["result"][-1]["update_id"] + 1)
    return person
