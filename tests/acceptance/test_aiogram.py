"""The same dialogues with aiogram's client in the place of ours: its types and its transport are by another hand.

aiogram's import takes seconds, so it stands in this module alone.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiogram import Bot, methods
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import TelegramMethod
from aiogram.types import TelegramObject

from bot.app import Connect
from bot.channels.base import Uncertain, Unreachable
from bot.channels.telegram.api import SEND_TIMEOUT, Calls, Refusal
from bot.house import House
from bot.sandbox.faults import Reply, Rule
from bot.sandbox.telegram import TelegramServer
from bot.testing import FakeClock
from tests.acceptance import walks
from tests.acceptance.houses import eventually, running, settings_for, stored

CODES: Mapping[type[TelegramAPIError], int] = {
    TelegramBadRequest: 400,
    TelegramUnauthorizedError: 401,
    TelegramForbiddenError: 403,
    TelegramNotFound: 404,
    TelegramConflictError: 409,
}


class AiogramCalls:
    """aiogram's Bot behind the two words that the adapter and the poller know: call and Refusal."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def call(self, method: str, params: Mapping[str, Any], timeout: float = SEND_TIMEOUT) -> Any:
        asked: TelegramMethod[Any] = getattr(methods, method[0].upper() + method[1:])(**params)
        try:
            return _json(await self._bot(asked, request_timeout=int(timeout)))
        except TelegramRetryAfter as error:
            raise Refusal(429, error.message, {"retry_after": error.retry_after}) from None
        except TelegramMigrateToChat as error:
            raise Refusal(400, error.message, {"migrate_to_chat_id": error.migrate_to_chat_id}) from None
        except TelegramServerError:
            raise Uncertain("http_5xx") from None
        except TelegramNetworkError as error:
            lost = Unreachable if isinstance(error.__cause__, aiohttp.ClientConnectorError) else Uncertain
            raise lost("network") from None
        except TelegramAPIError as error:
            raise Refusal(CODES[type(error)], error.message) from None


def _json(result: Any) -> Any:
    if isinstance(result, TelegramObject):
        return result.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return [_json(item) for item in result] if isinstance(result, list) else result


@pytest.fixture
async def connect(telegram: TelegramServer) -> AsyncIterator[Connect]:
    """Gives every house the same aiogram client."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(telegram.base_url))
    async with Bot(telegram.token, session=session) as bot:

        def made(_http: aiohttp.ClientSession, _root: str, _token: str) -> Calls:
            return AiogramCalls(bot)

        yield made


@pytest.fixture
async def house(tmp_path: Path, telegram: TelegramServer, clock: FakeClock, connect: Connect) -> AsyncIterator[House]:
    """A house with Telegram through aiogram."""
    async with running(settings_for(tmp_path, telegram), clock, connect=connect) as house:
        yield house


async def test_a_person_whose_phone_speaks_pashto_reaches_home_in_three_taps(
    house: House, telegram: TelegramServer
) -> None:
    await walks.first_contact(house, telegram)


async def test_the_guide_is_walked_to_its_end_with_right_numbers(
    house: House, telegram: TelegramServer, clock: FakeClock
) -> None:
    await walks.guide_to_the_end(house, telegram, clock)


async def test_after_three_weeks_a_person_continues_and_an_old_button_is_harmless(
    tmp_path: Path, telegram: TelegramServer, clock: FakeClock, connect: Connect
) -> None:
    await walks.back_after_three_weeks(tmp_path, telegram, clock, connect)


async def test_refusals_mean_the_same_through_another_client(house: House, telegram: TelegramServer) -> None:
    person = telegram.person(1, language_code="en")
    telegram.faults.add(Rule(Reply(429, retry_after=30), method="sendMessage", nth=[1]))
    await person.starts()
    await eventually(
        lambda: stored(house, "SELECT state, tries, not_before IS NOT NULL FROM outbox") == [("ready", 0, 1)]
    )
    await person.blocks()
    await eventually(lambda: stored(house, "SELECT state FROM address") == [("blocked",)])
