"""A thin JSON client for the hot path: getUpdates, sendMessage, editMessageText, answerCallbackQuery.

aiogram's typed objects and client cost about four times as much an update (ruling 41), so they are not on this path.
No error of this module carries the address that was called, because the address contains the bot token.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Protocol

import aiohttp
import orjson
from multidict import CIMultiDict
from yarl import URL

from bot.channels.base import Uncertain, Unreachable

SEND_TIMEOUT = 30.0  # seconds until an unanswered request counts as uncertain
CONNECT_TIMEOUT = 10.0  # seconds
NOTHING: Mapping[str, Any] = MappingProxyType({})
JSON_HEADERS = CIMultiDict({"Content-Type": "application/json"})
# A server answers the same without them; each would be written anew for every call.
UNNEEDED_HEADERS = frozenset({"Accept", "Accept-Encoding", "User-Agent"})


def open_session() -> aiohttp.ClientSession:
    """One pool of kept-alive connections, without what Telegram does not use: cookies and headers of browsers."""
    return aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), skip_auto_headers=UNNEEDED_HEADERS)


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

    def __init__(self, http: aiohttp.ClientSession, root: str, token: str) -> None:
        self._http = http
        self._base = f"{root.rstrip('/')}/bot{token}/"
        # What is the same for every call is made once: parsing an address costs more than writing a request.
        self._address = functools.cache(lambda method: URL(self._base + method))
        self._limits = functools.cache(lambda seconds: aiohttp.ClientTimeout(total=seconds, connect=CONNECT_TIMEOUT))

    async def call(self, method: str, params: Mapping[str, Any], timeout: float = SEND_TIMEOUT) -> Any:
        """The `result` of a method, as plain JSON values.

        Raises Refusal for an answer that says no, Unreachable when the request was surely not written, Uncertain
        when it may have been.
        """
        try:
            async with self._http.post(
                self._address(method),
                data=orjson.dumps(params),
                headers=JSON_HEADERS,
                timeout=self._limits(timeout),
            ) as answer:
                raw = await answer.read()
                status = answer.status
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            raise Unreachable("network") from None
        except (TimeoutError, aiohttp.ClientError, OSError):
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
