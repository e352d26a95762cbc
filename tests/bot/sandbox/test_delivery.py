"""Updates are handed out, confirmed, forgotten and offered again as Telegram does it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from bot.sandbox.faults import LostAnswer, Rule
from bot.sandbox.people import Person
from bot.sandbox.telegram import TelegramServer

Calling = Callable[..., Coroutine[Any, Any, dict[str, Any]]]
Passing = Callable[[timedelta], None]

SECOND = timedelta(seconds=1)


def texts(envelope: dict[str, Any]) -> list[str]:
    assert envelope["ok"], envelope
    return [update["message"]["text"] for update in envelope["result"]]


def last_id(envelope: dict[str, Any]) -> int:
    number: int = envelope["result"][-1]["update_id"]
    return number


async def poll_waits(server: TelegramServer) -> None:
    """Until a getUpdates call waits at the server."""
    async with asyncio.timeout(10):
        while not server.updates.waiting:
            await asyncio.sleep(0)


async def test_an_update_comes_until_a_later_offset_confirms_it(call: Calling, person: Person, passes: Passing) -> None:
    await person.says("one")
    await person.says("two")
    first = await call("getUpdates", limit=1)
    assert texts(first) == ["one"]
    passes(SECOND)
    assert texts(await call("getUpdates")) == ["one", "two"]
    assert texts(await call("getUpdates", offset=last_id(first) + 1)) == ["two"]
    passes(SECOND)
    assert texts(await call("getUpdates")) == ["two"]


async def test_ids_grow_by_one(call: Calling, person: Person) -> None:
    for text in ("one", "two", "three"):
        await person.says(text)
    ids = [update["update_id"] for update in (await call("getUpdates"))["result"]]
    assert ids == [ids[0], ids[0] + 1, ids[0] + 2]


async def test_a_negative_offset_counts_from_the_end_and_forgets_the_rest(
    call: Calling, person: Person, passes: Passing
) -> None:
    for text in ("one", "two", "three"):
        await person.says(text)
    assert texts(await call("getUpdates", offset=-1)) == ["three"]
    passes(SECOND)
    assert texts(await call("getUpdates")) == ["three"]


async def test_a_batch_holds_at_most_a_hundred(call: Calling, person: Person) -> None:
    for number in range(101):
        await person.says(str(number))
    assert len(texts(await call("getUpdates", limit=1000))) == 100


async def test_the_same_offset_again_within_half_a_second_gets_one_update(
    call: Calling, person: Person, passes: Passing
) -> None:
    for text in ("one", "two"):
        await person.says(text)
    passes(SECOND)
    assert texts(await call("getUpdates")) == ["one", "two"]
    assert texts(await call("getUpdates")) == ["one"]
    passes(SECOND)
    assert texts(await call("getUpdates")) == ["one", "two"]


async def test_a_long_poll_ends_with_the_first_update(call: Calling, server: TelegramServer, person: Person) -> None:
    poll = asyncio.create_task(call("getUpdates", timeout=50))
    await poll_waits(server)
    await person.says("at last")
    assert texts(await poll) == ["at last"]


async def test_a_second_poller_ends_the_first(call: Calling, server: TelegramServer, person: Person) -> None:
    first = asyncio.create_task(call("getUpdates", timeout=50))
    await poll_waits(server)
    second = asyncio.create_task(call("getUpdates", timeout=50))
    ended = await first
    assert ended["error_code"] == 409
    assert ended["description"].startswith("Conflict: terminated by other getUpdates request")
    await person.says("hello")
    assert texts(await second) == ["hello"]


async def test_what_was_handed_to_a_poller_that_is_gone_is_not_lost(
    call: Calling, server: TelegramServer, person: Person
) -> None:
    gone = asyncio.create_task(call("getUpdates", timeout=50))
    await poll_waits(server)
    gone.cancel()
    await person.says("hello")
    assert texts(await call("getUpdates", offset=1)) == ["hello"]


async def test_setting_a_webhook_ends_the_poll(call: Calling, server: TelegramServer) -> None:
    poll = asyncio.create_task(call("getUpdates", timeout=50))
    await poll_waits(server)
    await call("setWebhook", url="https://bot.example/hook")
    assert (await poll)["description"] == "Conflict: terminated by setWebhook request"


async def test_a_poller_that_waits_does_not_hold_up_the_end(call: Calling, server: TelegramServer) -> None:
    poll = asyncio.create_task(call("getUpdates", timeout=50))
    await poll_waits(server)
    await server.stop()
    assert texts(await poll) == []


@pytest.mark.parametrize(("waited", "kept"), [(86_399, True), (86_400, False)])
async def test_a_message_waits_a_day(call: Calling, person: Person, passes: Passing, waited: int, kept: bool) -> None:
    await person.says("hello")
    passes(timedelta(seconds=waited))
    assert texts(await call("getUpdates")) == (["hello"] if kept else [])


@pytest.mark.parametrize(("waited", "kept"), [(149, True), (150, False)])
async def test_a_press_is_offered_and_answered_for_150_seconds(
    call: Calling, person: Person, passes: Passing, waited: int, kept: bool
) -> None:
    sent = await call("sendMessage", chat_id=person.id, text="hello")
    query_id = await person.presses_raw("anything", sent["result"]["message_id"])
    passes(timedelta(seconds=waited))
    assert len((await call("getUpdates"))["result"]) == int(kept)
    answer = await call("answerCallbackQuery", callback_query_id=query_id)
    if kept:
        assert answer["result"] is True
    else:
        assert answer["error_code"] == 400
        assert "query is too old and response timeout expired or query ID is invalid" in answer["description"]


async def test_only_the_wanted_kinds_come(call: Calling, person: Person) -> None:
    await call("getUpdates", allowed_updates=["my_chat_member"])
    await person.says("hello")
    await person.blocks()
    assert [set(update) for update in (await call("getUpdates", offset=-5))["result"]] == [
        {"update_id", "my_chat_member"}
    ]
    await call("getUpdates", offset=1, allowed_updates=[])
    await person.unblocks()
    await person.says("hello")
    assert len((await call("getUpdates", offset=2))["result"]) == 3


async def test_confirmed_updates_come_again_under_their_ids(
    call: Calling, server: TelegramServer, person: Person, passes: Passing
) -> None:
    for number in range(9):
        await person.says(str(number))
    offset = last_id(await call("getUpdates")) + 1
    assert texts(await call("getUpdates", offset=offset)) == []
    passes(SECOND)
    assert await server.redeliver(0.5) == 5, "of ten, with the /start of the fixture"
    await person.says("new")
    offered = await call("getUpdates", offset=offset)
    ids = [update["update_id"] for update in offered["result"]]
    assert ids == sorted(ids)
    assert set(ids[:5]) < set(range(offset - 10, offset))
    assert ids[5:] == [offset]
    assert texts(await call("getUpdates", offset=offset + 1)) == []


async def test_a_lost_answer_to_a_poll_confirms_nothing(call: Calling, server: TelegramServer, person: Person) -> None:
    await person.says("hello")
    server.faults.add(Rule(LostAnswer(), method="getUpdates", nth=[1]))
    with pytest.raises(aiohttp.ClientConnectionError):
        await call("getUpdates")
    assert texts(await call("getUpdates", offset=1)) == ["hello"]


@pytest.mark.parametrize("by_itself", [True, False])
async def test_after_a_week_of_silence_the_next_id_is_another(
    call: Calling, server: TelegramServer, person: Person, passes: Passing, by_itself: bool
) -> None:
    await person.says("before")
    before = last_id(await call("getUpdates"))
    await call("getUpdates", offset=before + 1)
    if by_itself:
        passes(timedelta(days=7))
    else:
        server.updates.jump()
    await person.says("after")
    fetched = await call("getUpdates", offset=before + 1)
    assert texts(fetched) == ["after"], "an offset far above all ids is not believed"
    assert abs(last_id(fetched) - before) > 1000


async def test_dropping_what_waits_forgets_it(call: Calling, person: Person) -> None:
    await person.says("hello")
    await call("deleteWebhook", drop_pending_updates=True)
    assert (await call("getUpdates"))["result"] == []
