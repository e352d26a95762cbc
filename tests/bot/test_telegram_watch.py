"""The bot's account at Telegram: what is told there, and that a stolen token or a deaf bot is noticed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path

import aiohttp
import pytest

from bot.channels.telegram import describe, webhook
from bot.channels.telegram.adapter import Telegram
from bot.channels.telegram.client import Api
from bot.channels.telegram.receiving import Receiver
from bot.channels.telegram.troubles import Trouble, of_webhook
from bot.channels.telegram.watch import Watch
from bot.loading import build_world, read_pack
from bot.sandbox.faults import LostCall, Reply, Rule
from bot.sandbox.telegram import TelegramServer
from bot.settings import Settings
from bot.testing import FakeClock
from bot.world import World

OURS = "https://bot.example/telegram/webhook"
FOREIGN = "https://elsewhere.example/hook"
SECRET = "a-secret-of-no-real-bot_0123"


@cache
def world() -> World:
    return build_world(Settings(data_dir=Path("unused")), read_pack("serbia"), {}, b"key")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def server(clock: FakeClock) -> AsyncIterator[TelegramServer]:
    async with TelegramServer(clock=clock) as server:
        yield server


@pytest.fixture
async def api(server: TelegramServer) -> AsyncIterator[Api]:
    async with aiohttp.ClientSession() as http:
        yield Api(http, server.base_url, server.token)


def watch(api: Api, ours: str, clock: FakeClock) -> Watch:
    async def accept(_inbounds: object) -> int:
        return 0

    return Watch(api, Receiver(Telegram(api, None), "1", accept, clock), ours, (), clock)  # type: ignore[arg-type]


async def test_nothing_is_wrong_while_our_webhook_or_no_webhook_stands(api: Api, clock: FakeClock) -> None:
    polling, hooked = watch(api, "", clock), watch(api, OURS, clock)
    await polling.look()
    await webhook.register(api, OURS, SECRET)
    await hooked.look()
    assert polling.troubles == hooked.troubles == frozenset()


@pytest.mark.parametrize("ours", ["", OURS])
async def test_a_foreign_webhook_is_noticed_however_we_receive(api: Api, clock: FakeClock, ours: str) -> None:
    await webhook.register(api, FOREIGN, SECRET)
    looking = watch(api, ours, clock)
    await looking.look()
    assert looking.troubles == {Trouble.FOREIGN_WEBHOOK}


async def test_a_webhook_that_was_taken_away_is_noticed(api: Api, clock: FakeClock) -> None:
    looking = watch(api, OURS, clock)
    await looking.look()
    assert looking.troubles == {Trouble.FOREIGN_WEBHOOK}


async def test_a_refused_token_and_a_telegram_that_is_away_are_told_apart(
    api: Api, server: TelegramServer, clock: FakeClock
) -> None:
    looking = watch(api, "", clock)
    server.faults.add(Rule(Reply(401), method="getMe", nth=[1]))
    await looking.look()
    assert looking.troubles == {Trouble.TOKEN}
    server.faults.add(Rule(LostCall(), method="getMe", nth=[1]))
    await looking.look()
    assert looking.troubles == {Trouble.AWAY}
    await looking.look()
    assert looking.troubles == frozenset()


def test_only_an_error_since_the_last_look_counts() -> None:
    info = {"url": OURS, "last_error_date": 100}
    assert of_webhook(info, OURS, 99, []) == {Trouble.ERRORS}
    assert of_webhook(info, OURS, 100, []) == frozenset()


@pytest.mark.parametrize(
    ("pending", "grows"),
    [([], False), ([5], False), ([0, 1, 2], False), ([0, 1, 2, 3], True), ([9, 1, 2, 2], False), ([9, 1, 2, 3], False)],
)
def test_updates_pile_up_when_three_looks_in_a_row_found_more(pending: list[int], grows: bool) -> None:
    assert (Trouble.PILING_UP in of_webhook({"url": ""}, "", 0, pending)) is grows


async def test_every_phone_language_reads_commands_and_descriptions_of_its_own(
    api: Api, server: TelegramServer
) -> None:
    await describe.describe(api, world())
    commands = await api.call("getMyCommands", {"scope": describe.PRIVATE})
    assert {command["command"] for command in commands} == set(describe.COMMANDS)
    codes = {code for code, _ in describe.audiences(world().pickable)}
    assert {"", "sr", "fa", "ar"} <= codes
    for code in codes:
        assert (await api.call("getMyDescription", {"language_code": code}))["description"]
        assert (await api.call("getMyShortDescription", {"language_code": code}))["short_description"]
    assert server.violations == []


async def test_what_stands_there_already_is_not_set_again(api: Api, server: TelegramServer) -> None:
    await describe.describe(api, world())
    before = len(server.calls)
    await describe.describe(api, world())
    assert [call.method for call in server.calls[before:] if call.method.startswith("set")] == []


def test_a_phone_is_spoken_to_in_the_nearest_language_that_can_be_picked() -> None:
    pickable = ("en", "sr_Latn", "sr_Cyrl", "fa_AF", "ar")
    assert dict(describe.audiences(pickable)) == {"": "en", "sr": "sr_Latn", "fa": "fa_AF", "ar": "ar"}
    assert dict(describe.audiences((*pickable, "fa")))["fa"] == "fa"


def test_every_command_of_the_menu_is_a_word_that_works_and_none_is_missing() -> None:
    told = {world().commands.find(f"/{name}") for name in describe.COMMANDS}
    assert None not in told
    slashed = {
        command for command, words in world().pack.commands.root.items() if any(word.startswith("/") for word in words)
    }
    assert slashed - told == {"start"}, "Telegram has a button of its own for it"
