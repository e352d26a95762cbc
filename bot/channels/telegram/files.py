"""Files to and from Telegram, beside the thin client of the hot path. No error carries the address, with its token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import aiohttp
import orjson

from bot.channels.base import Refused, TooBig, Uncertain, Unreachable
from bot.channels.outgoing import Document
from bot.channels.telegram.api import CONNECT_TIMEOUT, read_result

TIMEOUT = 120.0  # seconds for a whole file
CHUNK = 64 * 1024  # bytes


class Files:
    """One bot at one server. root: the server's address without the /bot part."""

    def __init__(self, http: aiohttp.ClientSession, root: str, token: str) -> None:
        self._http = http
        self._methods = f"{root.rstrip('/')}/bot{token}/"
        self._files = f"{root.rstrip('/')}/file/bot{token}/"
        self._limits = aiohttp.ClientTimeout(total=TIMEOUT, connect=CONNECT_TIMEOUT)

    async def upload(self, method: str, params: Mapping[str, Any], document: Document, name: str = "document") -> Any:
        """Call a method with a file as its parameter `name`; the result, and the errors, of Api.call."""
        form = aiohttp.FormData()
        for field, value in params.items():
            form.add_field(field, value if isinstance(value, str) else orjson.dumps(value).decode())
        form.add_field(name, document.content, filename=document.name, content_type=document.type)
        try:
            address = self._methods + method
            async with self._http.post(address, data=form, timeout=self._limits, allow_redirects=False) as answer:
                return read_result(answer.status, await answer.read())
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            raise Unreachable("network") from None
        except (TimeoutError, aiohttp.ClientError, OSError):
            raise Uncertain("no_answer") from None

    async def download(self, path: str, limit: int) -> bytes:
        """The content behind the path that getFile gave. limit: bytes that are too many.

        Raises TooBig, Refused where the server has it no more, Unreachable for what is worth another try.
        """
        content = bytearray()
        try:
            async with self._http.get(self._files + path, timeout=self._limits, allow_redirects=False) as answer:
                if answer.status >= 500:
                    raise Unreachable(f"http_{answer.status}")
                if answer.status != 200:
                    raise Refused(f"file_{answer.status}", ours=False)
                async for chunk in answer.content.iter_chunked(CHUNK):
                    content += chunk
                    if len(content) > limit:
                        raise TooBig("too_big")
        except (TimeoutError, aiohttp.ClientError, OSError):
            raise Unreachable("network") from None
        return bytes(content)
