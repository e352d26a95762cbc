"""`izi sandbox`: the local servers of Telegram and WhatsApp, a house, and a page with a phone beside the desk."""

from __future__ import annotations

import asyncio
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot import serving
from bot.channels.whatsapp import webhook
from bot.loading import read_pack
from bot.logs import log_to
from bot.sandbox.phone import add_phone
from bot.sandbox.telegram import TelegramServer
from bot.sandbox.whatsapp import WhatsAppServer
from bot.settings import Settings

TOKEN = "1:sandbox"  # noqa: S105 - a token of no real bot
VERIFY_TOKEN = "sandbox-verify-token"  # noqa: S105 - Meta never asks here


def run(settings: Settings, folder: Path | None, port: int) -> None:
    """Serve until the process is interrupted. folder: where data is kept, None = thrown away at the end."""
    log_to(sys.stderr)
    with TemporaryDirectory(prefix="izi-sandbox-") as temporary:
        asyncio.run(_serve(settings, folder or Path(temporary), port))


async def _serve(settings: Settings, folder: Path, port: int) -> None:
    templates = [(text.name, text.code) for text in read_pack(settings.country).templates.answer_waiting.values()]
    async with TelegramServer(TOKEN) as telegram, WhatsAppServer(templates=templates) as whatsapp:
        whatsapp.hook.address = f"http://127.0.0.1:{port}{webhook.PATH}"
        print(f"Try:   http://127.0.0.1:{port}/sandbox", flush=True)
        used = sandboxed(settings, folder, port, telegram.base_url, whatsapp)
        await serving.serve(used, partial(add_phone, server=telegram, whatsapp=whatsapp))


def sandboxed(
    settings: Settings, folder: Path, port: int, telegram_url: str, whatsapp: WhatsAppServer | None = None
) -> Settings:
    """The operator's country and names; nothing else of a real installation is touched or reached."""
    on_whatsapp = {} if whatsapp is None else _whatsapp(whatsapp)
    return Settings(
        **on_whatsapp,
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


def _whatsapp(server: WhatsAppServer) -> dict[str, Any]:
    return {
        "whatsapp_token": server.token,
        "whatsapp_phone_number_id": server.phone_number_id,
        "whatsapp_app_secret": server.app_secret,
        "whatsapp_verify_token": VERIFY_TOKEN,
        "whatsapp_api_url": server.base_url,
        "whatsapp_pair_seconds": 0.1,
    }
