"""The Telegram adapter and files, and the clearing of a chat, against the sandbox over real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest

from bot.channels.base import Refused, Stopped, Throttled, TooBig, Unreachable
from bot.channels.outgoing import Document, Outgoing, Paragraph, Style
from bot.channels.telegram.adapter import Telegram
from bot.channels.telegram.client import Api
from bot.channels.telegram.files import Files
from bot.sandbox.faults import LostAnswer, Reply, Rule
from bot.sandbox.people import PHOTO, Person
from bot.sandbox.telegram import TelegramServer
from bot.testing import FakeClock

TOKEN = "1:test"
HELLO = Outgoing((Paragraph(Style.TEXT, "hello"),))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def server(clock: FakeClock) -> AsyncIterator[TelegramServer]:
    async with TelegramServer(token=TOKEN, clock=clock) as server:
        yield server


@pytest.fixture
async def telegram(server: TelegramServer) -> AsyncIterator[Telegram]:
    async with aiohttp.ClientSession() as http:
        yield Telegram(Api(http, server.base_url, TOKEN), Files(http, server.base_url, TOKEN))


@pytest.fixture
async def person(server: TelegramServer) -> Person:
    """Somebody who has started the bot."""
    person = server.person(1)
    await person.starts()
    return person


async def photo_of(person: Person, content: bytes = PHOTO) -> str:
    """The file id of a photo that they send."""
    sent = await person.sends_photo(content=content)
    return sent.photo[-1].file_id


async def test_a_file_that_a_person_sent_is_fetched(telegram: Telegram, person: Person) -> None:
    assert await telegram.fetch(await photo_of(person), 10_000) == PHOTO


async def test_a_file_beyond_the_limit_is_not_read_to_its_end(telegram: Telegram, person: Person) -> None:
    with pytest.raises(TooBig):
        await telegram.fetch(await photo_of(person, PHOTO + bytes(1_000_000)), 100_000)


async def test_a_file_that_telegram_does_not_give_out_is_too_big(
    telegram: Telegram, server: TelegramServer, person: Person
) -> None:
    server.faults.add(Rule(Reply(400, "Bad Request: file is too big"), method="getFile"))
    with pytest.raises(TooBig):
        await telegram.fetch(await photo_of(person), 10_000)


@pytest.mark.parametrize(
    ("method", "fault", "error"),
    [
        ("getFile", Reply(400, "Bad Request: wrong file_id"), Refused),
        ("getFile", Reply(429, retry_after=3), Throttled),
        ("getFile", Reply(502), Unreachable),
        ("getFile", LostAnswer(), Unreachable),
        ("file", Reply(404), Refused),
        ("file", Reply(500), Unreachable),
    ],
)
async def test_each_failure_says_whether_another_try_is_worth_it(
    telegram: Telegram,
    server: TelegramServer,
    person: Person,
    method: str,
    fault: Reply | LostAnswer,
    error: type[Exception],
) -> None:
    server.faults.add(Rule(fault, method=method))
    with pytest.raises(error):
        await telegram.fetch(await photo_of(person), 10_000)


async def test_a_document_arrives_with_its_name_its_content_and_the_line_under_it(
    telegram: Telegram, server: TelegramServer, person: Person
) -> None:
    document = Document("my-data.txt", "text/plain; charset=utf-8", "سلام".encode())
    await telegram.send("1", Outgoing((Paragraph(Style.TITLE, "Your data"),), document=document))
    (heard,) = await person.hears()
    assert person.opens(heard) == ("my-data.txt", "سلام".encode())
    assert (heard.text, heard.entities[0]["type"]) == ("Your data", "bold")
    assert server.violations == []


async def test_a_document_to_somebody_who_blocked_us_ends_as_a_message_would(
    telegram: Telegram, person: Person
) -> None:
    await person.blocks()
    with pytest.raises(Stopped):
        await telegram.send("1", Outgoing((), document=Document("a.txt", "text/plain", b"a")))


async def test_one_message_that_is_too_old_does_not_keep_the_others_from_being_deleted(
    telegram: Telegram, server: TelegramServer, person: Person, clock: FakeClock
) -> None:
    old = await person.says("long ago")
    clock.forward(timedelta(hours=49))
    new = await person.says("just now")
    sent = await telegram.send("1", HELLO)
    await telegram.clear("1", [str(old.message_id), str(new.message_id), str(sent.message_id), "999"])
    assert [message.deleted for message in person.messages] == [True]
    with pytest.raises(LookupError):
        await person.presses("anything", new.message_id)
    assert server.violations == []


async def test_clearing_for_somebody_who_blocked_us_is_given_up(telegram: Telegram, person: Person) -> None:
    await person.blocks()
    with pytest.raises(Stopped):
        await telegram.clear("1", ["1", "2"])


async def test_clearing_that_was_not_answered_counts_as_not_done(
    telegram: Telegram, server: TelegramServer, person: Person
) -> None:
    server.faults.add(Rule(LostAnswer(), method="deleteMessages"))
    with pytest.raises(Unreachable):
        await telegram.clear("1", ["1"])
