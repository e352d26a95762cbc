"""`izi sandbox`: the local Telegram server and a house in one process, and a page with a phone beside the desk."""

from __future__ import annotations

import asyncio
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bot import serving
from bot.logs import log_to
from bot.sandbox.phone import add_phone
from bot.sandbox.telegram import TelegramServer
from bot.settings import Settings

TOKEN = "1:sandbox"  # noqa: S105 - a token of no real bot


def run(settings: Settings, folder: Path | None, port: int) -> None:
    """Serve until the process is interrupted. folder: where data is kept, None = thrown away at the end."""
    log_to(sys.stderr)
    with TemporaryDirectory(prefix="izi-sandbox-") as temporary:
        asyncio.run(_serve(settings, folder or Path(temporary), port))


async def _serve(settings: Settings, folder: Path, port: int) -> None:
    async with TelegramServer(TOKEN) as telegram:
        print(f"Try:   http://127.0.0.1:{port}/sandbox", flush=True)
        await serving.serve(sandboxed(settings, folder, port, telegram.base_url), partial(add_phone, server=telegram))


def sandboxed(settings: Settings, folder: Path, port: int, telegram_url: str) -> Settings:
    """The operator's country and names; nothing else of a real installation is touched or reached."""
    return Settings(
        country=settings.country,
        organisation=settings.organisation,
        bot_name=settings.bot_name,
        host="127.0.0.1",
        port=port,
        data_dir=folder,
        database_url=None,
        keys_url=None,
        redis_url=None,
        secret_key=None,
        public_url=None,
        role="all",
        telegram_mode="polling",
        telegram_token=TOKEN,
        telegram_api_url=telegram_url,
    )
