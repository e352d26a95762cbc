"""`python -m bot.sandbox`: the Telegram server as a process of its own, driven over `/control/*` (see `control`)."""

from __future__ import annotations

import argparse
import asyncio
from contextlib import suppress

from bot.sandbox.control import Control
from bot.sandbox.telegram import TelegramServer


async def serve(port: int, token: str, *, strict: bool) -> None:
    """Until the process is interrupted; the first line of output is the API root."""
    server = TelegramServer(token, port=port, strict=strict)
    Control(server)
    async with server:
        print(server.base_url, flush=True)
        await asyncio.Event().wait()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox", description="A local Telegram Bot API server.")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--token", default="1:test", help="the bot's token, <number>:<anything>")
    parser.add_argument("--fast", action="store_true", help="do not ask python-telegram-bot about what the bot sends")
    arguments = parser.parse_args()
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(arguments.port, arguments.token, strict=not arguments.fast))


if __name__ == "__main__":
    main()
