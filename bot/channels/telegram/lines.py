"""Kept-alive HTTP/1.1 lines to one server, for the hot path: POST a body, read the answer, nothing else.

A general client costs 200 to 300 microseconds a call, more than all else that an update needs of us; this one costs a
fifth of it. It knows what Telegram's servers and their proxies send: a length, chunks, or an end of the line.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from typing import cast
from urllib.parse import urlsplit

import aiohappyeyeballs

MOST_IDLE = 100  # lines that are kept for later
LONGEST_IDLE = 15.0  # seconds; a server hangs up at some time, and a request that crosses this counts as unanswered
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_CLOSE = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
LONGEST_ANSWER = 64 * 1024 * 1024  # bytes
STAGGER = 0.25  # seconds until the next address of a server is tried beside the first


class NoLine(Exception):
    """The server cannot be reached: nothing was written."""


class NoAnswer(Exception):
    """The request was written and the line broke, or fell silent."""


class Lines:
    """The lines to one server. root: its address, https or http."""

    def __init__(self, root: str) -> None:
        parts = urlsplit(root)
        self._secure = parts.scheme == "https"
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if self._secure else 80)
        self._at = parts.netloc.rpartition("@")[2].encode()
        self._idle: list[tuple[float, _Line]] = []  # since when (time of the loop); the newest last
        self._open: set[_Line] = set()
        self._context: ssl.SSLContext | None = None

    async def post(self, path: bytes, body: bytes, timeout: float, connect_timeout: float) -> tuple[int, bytes]:
        """Status and body of the answer. Raises NoLine or NoAnswer."""
        line = self._waiting() or await self._connect(connect_timeout)
        head = b"POST %b HTTP/1.1\r\nHost: %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        try:
            status, answer = await line.ask(head % (path, self._at, len(body)) + body, timeout)
        except BaseException:
            line.end()
            raise
        if line.reusable and len(self._idle) < MOST_IDLE:
            self._idle.append((asyncio.get_running_loop().time(), line))
        else:
            line.end()
        return status, answer

    async def aclose(self) -> None:
        """Let go of every line."""
        for line in list(self._open):
            line.end()
        self._idle.clear()
        await asyncio.sleep(0)  # the loop closes them in its next turn

    def _waiting(self) -> _Line | None:
        oldest = asyncio.get_running_loop().time() - LONGEST_IDLE
        while self._idle:
            since, line = self._idle.pop()
            if line.reusable and since >= oldest:
                return line
            line.end()
        return None

    async def _connect(self, timeout: float) -> _Line:
        loop = asyncio.get_running_loop()
        if self._secure and self._context is None:
            self._context = ssl.create_default_context()
        try:
            async with asyncio.timeout(timeout):
                found = await loop.getaddrinfo(self._host, self._port, type=1)
                connected = await aiohappyeyeballs.start_connection(found, happy_eyeballs_delay=STAGGER)
                _, line = await loop.create_connection(
                    lambda: _Line(self._open),
                    sock=connected,
                    ssl=self._context,
                    server_hostname=self._host if self._secure else None,
                )
        except (OSError, TimeoutError):
            raise NoLine from None
        return line


class _Line(asyncio.Protocol):
    """One connection; one request at a time."""

    def __init__(self, siblings: set[_Line]) -> None:
        self._siblings = siblings
        self._transport: asyncio.WriteTransport | None = None
        self._got = b""
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._ends = False

    @property
    def reusable(self) -> bool:
        """Whether another request may go over it."""
        return self._transport is not None and not self._ends and not self._transport.is_closing()

    async def ask(self, request: bytes, timeout: float) -> tuple[int, bytes]:
        """Write a request, wait for its answer. Raises NoAnswer."""
        assert self._transport is not None
        loop = asyncio.get_running_loop()
        self._got = b""
        self._answer = loop.create_future()
        timer = loop.call_later(timeout, self._break)
        self._transport.write(request)
        try:
            return await self._answer
        finally:
            timer.cancel()
            self._answer = None

    def end(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio.Protocol."""
        self._transport = cast(asyncio.WriteTransport, transport)
        self._siblings.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio.Protocol. An answer without a length ends with its line."""
        self._siblings.discard(self)
        self._ends = True
        head, found, body = self._got.partition(b"\r\n\r\n")
        if exc is None and found and not _LENGTH.search(head) and not _CHUNKED.search(head):
            self._settle(head, body)
        self._break()

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        self._got = self._got + data if self._got else data
        head, found, body = self._got.partition(b"\r\n\r\n")
        if not found:
            return
        if length := _LENGTH.search(head):
            if len(body) >= int(length[1]):
                self._settle(head, body)
        elif _CHUNKED.search(head) and (whole := _joined(body)) is not None:
            self._settle(head, whole)
        if len(self._got) > LONGEST_ANSWER:
            self._break()

    def _settle(self, head: bytes, body: bytes) -> None:
        self._ends = self._ends or _CLOSE.search(head) is not None
        if self._answer is not None and not self._answer.done():
            try:
                self._answer.set_result((int(head[9:12]), body))
            except ValueError:
                self._break()

    def _break(self) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(NoAnswer())


def _joined(chunks: bytes) -> bytes | None:
    """The body, None while chunks are missing. Raises nothing: what is no chunk waits for the timeout."""
    parts: list[bytes] = []
    at = 0
    while (end := chunks.find(b"\r\n", at)) >= 0:
        try:
            size = int(chunks[at:end].partition(b";")[0], 16)
        except ValueError:
            return None
        if size == 0:
            return b"".join(parts)
        parts.append(chunks[end + 2 : end + 2 + size])
        at = end + 2 + size + 2
    return None
