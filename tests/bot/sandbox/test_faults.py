"""Faults strike by rule, and what a lost answer was about is done all the same."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from random import Random
from typing import Any

import aiohttp
import pytest

from bot.sandbox.faults import Delay, Faults, LostAnswer, LostCall, Reply, Rule
from bot.sandbox.people import Person
from bot.sandbox.telegram import TelegramServer

Calling = Callable[..., Coroutine[Any, Any, dict[str, Any]]]


def struck(faults: Faults, calls: int, method: str = "sendMessage", chat: int | None = 1) -> list[int]:
    return [n for n in range(1, calls + 1) if faults.strike(method, chat)]


def test_a_rule_strikes_the_calls_that_it_names() -> None:
    faults = Faults(Random(0))
    faults.add(Rule(Reply(429, retry_after=3), method="send*", chat=1, nth=range(2, 1000, 2)))
    assert struck(faults, 3, method="editMessageText") == []
    assert struck(faults, 3, chat=2) == []
    assert struck(faults, 6) == [2, 4, 6]


def test_the_first_rule_that_strikes_decides_and_all_count() -> None:
    faults = Faults(Random(0))
    faults.add(Rule(Reply(500), nth=[1, 2]))
    faults.add(Rule(Reply(502), nth=[2, 3]))
    assert [faults.strike("getMe", None) for _ in range(4)] == [Reply(500), Reply(500), Reply(502), None]
    faults.clear()
    assert struck(faults, 3) == []


def test_chance_is_a_share_and_comes_again_with_its_seed() -> None:
    runs = []
    for _ in range(2):
        faults = Faults(Random(7))
        faults.add(Rule(LostAnswer(), chance=0.1))
        runs.append(struck(faults, 1000))
    assert runs[0] == runs[1]
    assert 70 <= len(runs[0]) <= 130


@pytest.mark.parametrize(
    ("reply", "description", "parameters"),
    [
        (Reply(429, retry_after=3), "Too Many Requests: retry after 3", {"retry_after": 3}),
        (Reply(500), "Internal Server Error", None),
        (Reply(502), "Bad Gateway", None),
        (Reply(403, "Forbidden: user is deactivated"), "Forbidden: user is deactivated", None),
    ],
)
async def test_a_reply_is_given_and_nothing_is_done(
    call: Calling,
    server: TelegramServer,
    person: Person,
    reply: Reply,
    description: str,
    parameters: dict[str, int] | None,
) -> None:
    server.faults.add(Rule(reply, method="sendMessage"))
    answer = await call("sendMessage", chat_id=person.id, text="hello")
    assert (answer["error_code"], answer["description"]) == (reply.status, description)
    assert answer.get("parameters") == parameters
    assert person.messages == []
    assert server.violations == []
    assert server.calls[-1].outcome == f"{reply.status} {description}"


async def test_a_lost_answer_leaves_one_message(call: Calling, server: TelegramServer, person: Person) -> None:
    server.faults.add(Rule(LostAnswer(), method="sendMessage", nth=[1]))
    with pytest.raises(aiohttp.ClientConnectionError):
        await call("sendMessage", chat_id=person.id, text="hello")
    assert [message.text for message in person.messages] == ["hello"]
    assert server.calls[-1].outcome == "answer lost"
    assert (await call("sendMessage", chat_id=person.id, text="again"))["ok"]


async def test_a_lost_call_leaves_none(call: Calling, server: TelegramServer, person: Person) -> None:
    server.faults.add(Rule(LostCall(), method="sendMessage", nth=[1]))
    with pytest.raises(aiohttp.ClientConnectionError):
        await call("sendMessage", chat_id=person.id, text="hello")
    assert person.messages == []
    assert server.calls[-1].outcome == "call lost"


async def test_a_slow_call_is_done_in_the_end(call: Calling, server: TelegramServer, person: Person) -> None:
    server.faults.add(Rule(Delay(0.01), method="sendMessage"))
    assert (await call("sendMessage", chat_id=person.id, text="hello"))["ok"]


async def test_a_slow_call_does_not_hold_up_the_end(call: Calling, server: TelegramServer, person: Person) -> None:
    server.faults.add(Rule(Delay(3600), method="sendMessage"))
    sending = asyncio.create_task(call("sendMessage", chat_id=person.id, text="hello"))
    async with asyncio.timeout(10):
        while server.calls[-1].method != "sendMessage":
            await asyncio.sleep(0)
    await server.stop()
    assert (await sending)["ok"]
