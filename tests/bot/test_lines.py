"""The thin HTTP client against servers that behave as Telegram's, its proxies, and broken ones do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager

import pytest

from bot.channels.telegram.lines import Lines, NoAnswer, NoLine

PATIENCE = 10.0
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def served(serve: Serve) -> AsyncIterator[tuple[Lines, list[int]]]:
    """Lines to a server that treats each connection so; how many connections there were."""
    connections: list[int] = []

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(1)
        try:
            await serve(reader, writer)
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        async with aclosing(Lines(f"http://127.0.0.1:{port}")) as lines:
            yield lines, connections
    finally:
        server.close()
        await server.wait_closed()


async def ask(lines: Lines, timeout: float = PATIENCE) -> tuple[int, bytes]:
    return await lines.post(b"/bot1:test/sendMessage", b"{}", timeout, PATIENCE)


def answering(answer: bytes, *, times: int = 100) -> Serve:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(times):
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"POST /bot1:test/sendMessage HTTP/1.1\r\n")
            assert b"Content-Length: 2" in head
            assert await reader.readexactly(2) == b"{}"
            for byte in range(0, len(answer), 7):  # in pieces, as networks bring it
                writer.write(answer[byte : byte + 7])
                await writer.drain()

    return serve


async def test_one_line_serves_one_request_after_the_other() -> None:
    async with served(answering(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")) as (lines, connections):
        assert [await ask(lines) for _ in range(3)] == [(200, b"hello")] * 3
        assert len(connections) == 1


async def test_requests_at_once_take_a_line_each() -> None:
    async with served(answering(b"HTTP/1.1 429 No\r\nContent-Length: 2\r\n\r\n{}")) as (lines, connections):
        assert list(await asyncio.gather(ask(lines), ask(lines))) == [(429, b"{}")] * 2
        assert len(connections) == 2


async def test_an_answer_in_chunks_is_put_together() -> None:
    chunks = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"
    async with served(answering(chunks)) as (lines, connections):
        assert [await ask(lines), await ask(lines)] == [(200, b"hello world")] * 2
        assert len(connections) == 1


async def test_an_answer_without_a_length_ends_with_its_line() -> None:
    async with served(answering(b"HTTP/1.0 502 Bad\r\n\r\ngateway", times=1)) as (lines, connections):
        assert [await ask(lines), await ask(lines)] == [(502, b"gateway")] * 2
        assert len(connections) == 2


async def test_a_server_that_says_close_is_asked_on_a_new_line() -> None:
    answer = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"
    async with served(answering(answer)) as (lines, connections):
        assert [await ask(lines), await ask(lines)] == [(200, b"{}")] * 2
        assert len(connections) == 2


async def test_a_line_that_breaks_before_the_answer_is_complete_leaves_it_open_what_was_done() -> None:
    async with served(answering(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{}", times=1)) as (lines, _):
        with pytest.raises(NoAnswer):
            await ask(lines)


async def test_a_server_that_stays_silent_is_not_waited_for() -> None:
    async with served(answering(b"")) as (lines, connections):
        for _ in range(2):
            with pytest.raises(NoAnswer):
                await ask(lines, timeout=0.01)
        assert len(connections) == 2


async def test_what_is_no_http_is_no_answer() -> None:
    async with served(answering(b"SSH-2.0-hello\r\n\r\n", times=1)) as (lines, _):
        with pytest.raises(NoAnswer):
            await ask(lines)


async def test_where_nobody_listens_nothing_was_written() -> None:
    async with served(answering(b"")) as (lines, _):
        pass
    async with aclosing(lines):
        with pytest.raises(NoLine):
            await ask(lines)
