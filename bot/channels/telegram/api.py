"""A thin JSON client for the hot path: getUpdates, sendMessage, editMessageText, answerCallbackQuery.

aiogram's typed objects and client cost about four times as much an update (ruling 41), so they are not on this path.
No error of this module carries the address that was called, because the address contains the bot token.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Protocol
from urllib.parse import urlsplit

import aiohttp
import orjson

from bot.channels.base import Uncertain, Unreachable
from bot.channels.telegram.lines import Lines, NoAnswer, NoLine

SEND_TIMEOUT = 30.0  # seconds until an unanswered request counts as uncertain
CONNECT_TIMEOUT = 10.0  # seconds
NOTHING: Mapping[str, Any] = MappingProxyType({})


class Refusal(Exception):
    """Telegram answered no. description: its own prose, for classifying only; parameters as in ResponseParameters."""

    def __init__(self, code: int, description: str, parameters: Mapping[str, Any] = NOTHING) -> None:
        super().__init__(code)
        self.code = code
        self.description = description
        self.parameters = parameters


class Calls(Protocol):
    """What the adapter and the poller need of a client. Api is ours; the tests bring aiogram's."""

    async def call(self, method: str, params: Mapping[str, Any], timeout: float = SEND_TIMEOUT) -> Any:
        """See Api.call."""
        ...


class Api:
    """One bot at one server. `root` is the server's address without the /bot part."""

    def __init__(self, _http: aiohttp.ClientSession, root: str, token: str) -> None:
        """Make it. _http: what other clients of this place use (app.Connect); this one has lines of its own."""
        self._lines = Lines(root)
        self._path = f"{urlsplit(root).path.rstrip('/')}/bot{token}/".encode()

    async def aclose(self) -> None:
        """Let go of all connections."""
        await self._lines.aclose()

    async def call(self, method: str, params: Mapping[str, Any], timeout: float = SEND_TIMEOUT) -> Any:
        """The `result` of a method, as plain JSON values.

        Raises Refusal for an answer that says no, Unreachable when the request was surely not written, Uncertain
        when it may have been.
        """
        try:
            status, raw = await self._lines.post(
                self._path + method.encode(), orjson.dumps(params), timeout, CONNECT_TIMEOUT
            )
        except NoLine:
            raise Unreachable("network") from None
        except NoAnswer:
            raise Uncertain("no_answer") from None
        return read_result(status, raw)


def read_result(status: int, raw: bytes) -> Any:
    """What stands in an answer. Raises Refusal where it says no, Uncertain where it is none of Telegram's."""
    answer = read_json(raw)
    if isinstance(answer, dict) and answer.get("ok") is True and "result" in answer:
        return answer["result"]
    if isinstance(answer, dict) and isinstance(answer.get("error_code"), int):
        status = answer["error_code"]
    else:
        answer = {}
    if status >= 500 or status < 400:
        # A gateway in between may answer for a server that has already done what was asked.
        raise Uncertain(f"http_{status}")
    parameters = answer.get("parameters")
    raise Refusal(status, str(answer.get("description", "")), parameters if isinstance(parameters, dict) else NOTHING)


def read_json(raw: bytes) -> Any:
    """The value, None where it is no JSON or nested too deeply (orjson: 1024 levels)."""
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        pass
    try:
        # orjson refuses lone surrogates, which one person's message could use to block everybody's updates.
        return json.loads(raw.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
