"""A thin client of the Cloud API over aiohttp (docs/decisions/0007). No error carries the token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import aiohttp
import orjson
from yarl import URL

from bot.channels.base import Refused, TooBig, Uncertain, Unreachable
from bot.channels.outgoing import Document
from bot.channels.whatsapp.api import CONNECT_TIMEOUT, FILE_TIMEOUT, SEND_TIMEOUT, VERSION, message_id, read_answer

CHUNK = 64 * 1024  # bytes
#: Where Meta gives files out (Cloud API, "Media"): "lookaside.fbsbx.com".
MEDIA_HOSTS = (".fbsbx.com",)
NOT_WRITTEN = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
NOT_ANSWERED = (TimeoutError, aiohttp.ClientError, OSError)


def open_session(token: str) -> aiohttp.ClientSession:
    """One pool of kept-alive connections that shows the token."""
    headers = {"Authorization": f"Bearer {token}"}
    return aiohttp.ClientSession(headers=headers, cookie_jar=aiohttp.DummyCookieJar())


class Api:
    """One number at one server. root: the server's address, without the version."""

    def __init__(self, http: aiohttp.ClientSession, root: str, phone_number_id: str) -> None:
        self._http = http
        self._root = f"{root.rstrip('/')}/{VERSION}"
        self._origin = URL(self._root).origin()
        self._number = f"{self._root}/{phone_number_id}"
        self._limits = aiohttp.ClientTimeout(total=SEND_TIMEOUT, connect=CONNECT_TIMEOUT)
        self._file_limits = aiohttp.ClientTimeout(total=FILE_TIMEOUT, connect=CONNECT_TIMEOUT)

    async def send(self, message: Mapping[str, Any]) -> str:
        """Send one message; its wamid.

        Raises Refusal for an answer that says no, Unreachable when the request was surely not written, Uncertain
        when it may have been.
        """
        headers = {"Content-Type": "application/json"}
        url = f"{self._number}/messages"
        return message_id(await self._post(url, self._limits, data=orjson.dumps(message), headers=headers))

    async def upload(self, document: Document) -> str:
        """Give WhatsApp a file to send; its media id. Raises Refusal or Unreachable: nobody has got it yet."""
        form = aiohttp.FormData()
        form.add_field("messaging_product", "whatsapp")
        form.add_field("type", document.type)
        form.add_field("file", document.content, filename=document.name, content_type=document.type)
        try:
            answer = await self._post(f"{self._number}/media", self._file_limits, data=form)
            return str(answer["id"])
        except (Uncertain, KeyError):
            raise Unreachable("upload_unanswered") from None

    async def download(self, media_id: str, limit: int) -> bytes:
        """The content of a file that a person sent. limit: bytes that are too many.

        Its address is asked for anew each time: it is good for five minutes. Raises Refusal, TooBig, Refused where
        the file is there no more or not at Meta's, Unreachable for what is worth another try.
        """
        content = bytearray()
        try:
            asked = f"{self._root}/{quote(media_id, safe='')}"
            async with self._http.get(asked, timeout=self._limits, allow_redirects=False) as answer:
                found = read_answer(answer.status, await answer.read())
            if isinstance(found.get("file_size"), int) and found["file_size"] > limit:
                raise TooBig("too_big")
            address = self._ours(str(found["url"]))
            async with self._http.get(address, timeout=self._file_limits, allow_redirects=False) as answer:
                if answer.status >= 500:
                    raise Unreachable(f"http_{answer.status}")
                if answer.status != 200:
                    raise Refused(f"file_{answer.status}", ours=False)
                async for chunk in answer.content.iter_chunked(CHUNK):
                    content += chunk
                    if len(content) > limit:
                        raise TooBig("too_big")
        except (*NOT_ANSWERED, Uncertain, KeyError):
            raise Unreachable("network") from None
        return bytes(content)

    def _ours(self, address: str) -> URL:
        """Where Meta says that a file lies, if that is Meta's: our token is shown there. Raises Refused."""
        try:
            url = URL(address)
            is_meta = url.scheme == "https" and (url.host or "").endswith(MEDIA_HOSTS) and url.explicit_port is None
            if is_meta or url.origin() == self._origin:
                return url
        except ValueError:  # no address at all
            pass
        raise Refused("file_elsewhere", ours=False)

    async def _post(self, url: str, limits: aiohttp.ClientTimeout, **what: Any) -> Mapping[str, Any]:
        try:
            async with self._http.post(url, timeout=limits, allow_redirects=False, **what) as answer:
                return read_answer(answer.status, await answer.read())
        except NOT_WRITTEN:
            raise Unreachable("network") from None
        except NOT_ANSWERED:
            raise Uncertain("no_answer") from None
