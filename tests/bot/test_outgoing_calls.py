"""The house calls two platforms and nobody else, whatever address somebody writes, sends or has us told (S8)."""

from __future__ import annotations

import ast
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.channels.base import Refused, SendError, Unreachable
from bot.channels.telegram.files import Files
from bot.channels.whatsapp.client import Api, open_session

ROOT = Path(__file__).parent.parent.parent
ROOMS = ("bot", "content", "desk", "flows", "i18n", "notices", "storage")
#: What can reach another machine.
REACHING = {"aiohttp", "httpx", "requests", "urllib.request", "http.client", "ftplib", "smtplib", "socket", "telnetlib"}
#: The clients of the two platforms. Redis and PostgreSQL are reached by libraries of their own, by our settings alone.
CLIENTS = {
    "bot/channels/telegram/client.py",
    "bot/channels/telegram/files.py",
    "bot/channels/whatsapp/client.py",
    "bot/channels/whatsapp/approvals.py",  # Meta's own server too: the address is a setting
}
ELSEWHERE = [
    "file:///etc/passwd",
    "http://169.254.169.254/latest/meta-data/",
    "http://[::ffff:169.254.169.254]/",
    "http://127.0.0.1:{canary}/",
    "http://localhost:{canary}/",
    "http://127.1:{canary}/",
    "http://0x7f000001:{canary}/",
    "http://user@127.0.0.1:{canary}/",
    "http://lookaside.fbsbx.com@127.0.0.1:{canary}/",
    "http://127.0.0.1:{canary}/#.fbsbx.com",
    "https://fbsbx.com.attacker.example/",
    "https://notfbsbx.com/",
    "http://lookaside.fbsbx.com/unsealed",
    "https://lookaside.fbsbx.com:{canary}/",
    "gopher://127.0.0.1:{canary}/",
    "//127.0.0.1:{canary}/",
    "/etc/passwd",
    "http://[",
    "",
]


def imported(file: Path) -> set[str]:
    """What a module imports at run time, by its whole name."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


def test_nothing_but_the_platforms_clients_can_call_anybody() -> None:
    calling = {
        file.relative_to(ROOT).as_posix()
        for room in ROOMS
        for file in (ROOT / room).rglob("*.py")
        if any(name in REACHING or name.split(".")[0] in REACHING - {"urllib.request"} for name in imported(file))
    }
    types_alone = {"bot/app.py"}  # under TYPE_CHECKING
    assert {path for path in calling if not path.startswith("bot/sandbox/")} - types_alone == CLIENTS


class Hits:
    """A server that must not be called, and one that stands for a platform. calls: what reached the first."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.told = ""

    async def canary(self, request: web.Request) -> web.Response:
        """Somebody came."""
        self.calls.append(str(request.url))
        return web.Response(body=b"secret")

    async def platform(self, request: web.Request) -> web.StreamResponse:
        """Tells where a file lies; a file itself is a way to elsewhere."""
        if request.path.endswith("/redirected"):
            raise web.HTTPFound(self.told)
        return web.json_response({"id": "1", "url": self.told})


@asynccontextmanager
async def listening(answer: Any) -> AsyncIterator[int]:
    """A server on a free port."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def test_a_file_that_is_said_to_lie_elsewhere_is_not_fetched_from_there() -> None:
    hits = Hits()
    async with listening(hits.canary) as canary, listening(hits.platform) as platform, open_session("t") as http:
        root = f"http://127.0.0.1:{platform}"
        api = Api(http, root, "1")
        for address in ELSEWHERE:
            hits.told = address.format(canary=canary)
            with pytest.raises(Refused) as refused:
                await api.download("1", 100)
            assert refused.value.reason == "file_elsewhere", address
        hits.told = f"http://127.0.0.1:{canary}/"
        with pytest.raises(SendError):
            await api.download("redirected", 100)  # the answer itself leads elsewhere
    assert hits.calls == []


async def test_a_platform_s_answer_that_leads_elsewhere_is_not_followed() -> None:
    hits = Hits()
    async with listening(hits.canary) as canary, aiohttp.ClientSession() as http:

        async def leads_away(request: web.Request) -> web.StreamResponse:
            raise web.HTTPTemporaryRedirect(f"http://127.0.0.1:{canary}/{request.path}")

        async with listening(leads_away) as platform:
            files = Files(http, f"http://127.0.0.1:{platform}", "1:t")
            for path in ("photo/1", "../../../etc/passwd", "//127.0.0.1/x", "@127.0.0.1/x", "http://127.0.0.1/x"):
                with pytest.raises((Refused, Unreachable)):
                    await files.download(path, 100)
    assert hits.calls == []
