"""Running the service: logs, the house, the web server, and a graceful end."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI

from bot.app import open_house
from bot.house import House
from bot.logs import log_to
from bot.settings import Settings
from bot.web import create_app
from desk import team
from storage import staff
from storage.members import Role
from storage.unit_of_work import Unit

FIRST_LABEL = "administrator"
GRACE = 5  # seconds that open pages get when we stop
#: Seconds that a connection without a request stays open: longer than the proxy in deploy/ keeps one. If we closed it
#: first, words that are sent at that very moment would find nobody, and a proxy may not send them again by itself.
KEEP_ALIVE = 75


def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT."""
    log_to(sys.stderr)
    try:
        import uvloop
    except ImportError:
        asyncio.run(serve(settings))
    else:
        uvloop.run(serve(settings))


async def serve(settings: Settings, extend: Callable[[FastAPI, House], None] | None = None) -> None:
    """Open the house, start it, serve pages; on the way out nothing that was taken on is dropped.

    extend: adds pages of its own, for instance those of the sandbox.
    """
    async with open_house(settings) as house:
        app = create_app(house)
        if extend is not None:
            extend(app, house)
        config = web_config(app, host=settings.host, port=settings.port, timeout_graceful_shutdown=GRACE)
        await _announce(house)
        _leave_alone_what_stays()
        house.start()
        try:
            await _Server(config).serve()
        finally:
            await house.stop()


def web_config(app: FastAPI, **more: Any) -> uvicorn.Config:
    """How pages are served, wherever they are: no access log, no word on what serves, idle connections kept."""
    return uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, timeout_keep_alive=KEEP_ALIVE, **more
    )


def _leave_alone_what_stays() -> None:
    """Content and code live as long as the process; the collector need not look through them again and again."""
    gc.collect()
    gc.freeze()
    gc.enable()  # `izi serve` begins without it


class _Server(uvicorn.Server):
    """Ends its serving on SIGTERM and SIGINT, and nothing more.

    uvicorn would raise the signal again when it has stopped, which ends the process before the house is closed.
    """

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """See uvicorn.Server."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield


async def _announce(house: House) -> None:
    """Tell the operator where to go. The first administrator's link goes to the terminal alone, never into a log."""
    if not house.settings.receives:
        return
    base = house.settings.base_url
    lines = [f"Chat:  {base}/chat"]
    if not await house.database.read(staff.has_administrator):
        path = await house.database.write(first_invitation)
        lines.append(f"Desk:  {base}{path}   (one time, for the first administrator)")
    else:
        lines.append(f"Desk:  {base}/desk")
    if not house.worlds().confirmed:
        lines.append(
            "TRIAL: emergency numbers or the privacy text are not confirmed: izi record set emergency.confirmed_on ..."
        )
    print("\n".join(lines), file=sys.stdout, flush=True)


def first_invitation(unit: Unit) -> str:
    """The path of an invitation for somebody who may let others in and see all requests."""
    return team.invite(unit, FIRST_LABEL, [Role("admin"), Role("coordinator")], None)
