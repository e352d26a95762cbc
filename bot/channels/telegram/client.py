"""The thin JSON client of the hot path, over aiohttp: getUpdates, sendMessage, editMessageText, answerCallbackQuery.

aiogram's typed objects and client cost about four times as much an update (ruling 41), so they are not on this path.
No error of this module carries the address that was called, because the address contains the bot token.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import aiohttp
import orjson
from multidict import CIMultiDict
from yarl import URL

from bot.channels.base import Uncertain, Unreachable
from bot.channels.telegram.api import CONNECT_TIMEOUT, SEND_TIMEOUT, read_result

JSON_HEADERS = CIMultiDict({"Content-Type": "application/json"})
# A server answers the same without them; each would be written anew for every call.
UNNEEDED_HEADERS = frozenset({"Accept", "Accept-Encoding", "User-Agent"})


def open_session() -> aiohttp.ClientSession:
    """One pool of kept-alive connections, without what Telegram does not use: cookies and headers of browsers."""
    return aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), skip_auto_headers=UNNEEDED_HEADERS)


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
                allow_redirects=False,
            ) as answer:
                raw = await answer.read()
                status = answer.status
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            raise Unreachable("network") from None
        except (TimeoutError, aiohttp.ClientError, OSError):
            raise Uncertain("no_answer") from None
        return read_result(status, raw)
