"""The peer that broadcasts with aiogram: a loop over everybody that waits as long as Telegram says and tries again.

PEER_API: the Telegram server; PEER_PEOPLE: JSON list of chats; PEER_GO: a file; when it is there, the loop begins.
"""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramRetryAfter
from aiogram.filters import CommandStart
from aiogram.types import Message

dispatcher = Dispatcher()


async def send(bot: Bot, chat: int, text: str) -> None:
    """Until it was taken."""
    while True:
        try:
            await bot.send_message(chat, text)
            return
        except TelegramRetryAfter as error:
            await asyncio.sleep(error.retry_after)


@dispatcher.message(CommandStart())
async def start(message: Message, bot: Bot) -> None:
    """Somebody writes while the loop runs."""
    await send(bot, message.chat.id, "Hello")


async def broadcast(bot: Bot) -> None:
    """One after the other."""
    go = Path(os.environ["PEER_GO"])
    while not go.exists():
        await asyncio.sleep(0.05)
    for chat in json.loads(Path(os.environ["PEER_PEOPLE"]).read_text()):
        await send(bot, chat, "the office is closed")


async def main() -> None:
    """Poll until ended."""
    bot = Bot("1:test", session=AiohttpSession(api=TelegramAPIServer.from_base(os.environ["PEER_API"])))
    sending = asyncio.create_task(broadcast(bot))
    await dispatcher.start_polling(bot, handle_signals=False)
    await sending


if __name__ == "__main__":
    import uvloop

    uvloop.install()
    asyncio.run(main())
