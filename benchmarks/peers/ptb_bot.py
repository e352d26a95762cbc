"""The peer with python-telegram-bot: a ConversationHandler, persisted after each update into SQLite.

PEER_API: the Telegram server; PEER_DATABASE: a file; PEER_SCREENS: JSON list of what to show, in order.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity, Update
from telegram.ext import (
    Application,
    BasePersistence,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    PersistenceInput,
    TypeHandler,
    filters,
)

SCREENS = json.loads(Path(os.environ["PEER_SCREENS"]).read_text())
TEXTS = [screen["text"] for screen in SCREENS]
ENTITIES = [[MessageEntity(**entity) for entity in screen["entities"]] for screen in SCREENS]
PER_UPDATE = 1e9  # the library's own timer never flushes; `flush` below does after each update

Context = ContextTypes.DEFAULT_TYPE
Step = Callable[[Update, Context], Coroutine[Any, Any, int]]


class SqlitePersistence(BasePersistence[dict[str, Any], dict[str, Any], dict[str, Any]]):
    """One row a conversation and one a person, each on disk when its update is done. (The library's own pickle file
    is written anew as a whole each time, which grows with the number of people.)"""

    def __init__(self, path: str) -> None:
        super().__init__(PersistenceInput(bot_data=False, chat_data=False, callback_data=False), PER_UPDATE)
        self._database = sqlite3.connect(path, isolation_level=None)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=FULL")
        self._database.execute("CREATE TABLE IF NOT EXISTS kept (name TEXT PRIMARY KEY, value TEXT)")

    def _keep(self, name: str, value: object) -> None:
        self._database.execute("INSERT OR REPLACE INTO kept VALUES (?, ?)", (name, json.dumps(value)))

    async def update_conversation(self, name: str, key: Any, new_state: object) -> None:
        self._keep(f"{name}:{key}", new_state)

    async def update_user_data(self, user_id: int, data: dict[str, Any]) -> None:
        self._keep(f"user:{user_id}", data)

    async def get_conversations(self, name: str) -> dict[Any, Any]:
        return {}

    async def get_user_data(self) -> dict[int, dict[str, Any]]:
        return {}

    async def get_bot_data(self) -> dict[str, Any]:
        return {}

    async def get_chat_data(self) -> dict[int, dict[str, Any]]:
        return {}

    async def get_callback_data(self) -> None:
        return None

    async def update_bot_data(self, data: dict[str, Any]) -> None: ...
    async def update_chat_data(self, chat_id: int, data: dict[str, Any]) -> None: ...
    async def update_callback_data(self, data: Any) -> None: ...
    async def drop_chat_data(self, chat_id: int) -> None: ...
    async def drop_user_data(self, user_id: int) -> None: ...
    async def refresh_user_data(self, user_id: int, user_data: dict[str, Any]) -> None: ...
    async def refresh_chat_data(self, chat_id: int, chat_data: dict[str, Any]) -> None: ...
    async def refresh_bot_data(self, bot_data: dict[str, Any]) -> None: ...
    async def flush(self) -> None: ...


def keyboard(position: int) -> InlineKeyboardMarkup:
    """The buttons of a screen."""
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(label, callback_data=f"{position}:{n}:{m}") for m, label in enumerate(row)]
            for n, row in enumerate(SCREENS[position]["rows"])
        ]
    )


async def start(update: Update, context: Context) -> int:
    """The first screen."""
    assert update.message is not None
    await update.message.reply_text(TEXTS[0], entities=ENTITIES[0], reply_markup=keyboard(0))
    return 0


def step(position: int) -> Step:
    """What leads from one screen to the next."""

    async def go_on(update: Update, context: Context) -> int:
        following, query = position + 1, update.callback_query
        assert context.user_data is not None
        what = {"entities": ENTITIES[following], "reply_markup": keyboard(following)}
        if query is not None:
            await query.answer()
            context.user_data[str(position)] = query.data
            await query.edit_message_text(TEXTS[following], **what)
        else:
            assert update.message is not None
            context.user_data[str(position)] = update.message.text
            await update.message.reply_text(TEXTS[following], **what)
        return following

    return go_on


async def flush(update: object, context: Context) -> None:
    """What has changed is on disk before the next update."""
    await context.application.update_persistence()


def main() -> None:
    """Poll until ended."""
    application = (
        Application.builder()
        .token("1:test")
        .base_url(os.environ["PEER_API"] + "/bot")
        .persistence(SqlitePersistence(os.environ["PEER_DATABASE"]))
        .job_queue(None)
        .build()
    )
    states = {
        position: [
            CallbackQueryHandler(step(position), pattern=f"^{position}:"),
            MessageHandler(filters.TEXT & ~filters.COMMAND, step(position)),
        ]
        for position in range(len(SCREENS) - 1)
    }
    states[len(SCREENS) - 1] = []
    talk = ConversationHandler([CommandHandler("start", start)], states, [], name="talk", persistent=True)
    application.add_handler(talk)
    application.add_handler(TypeHandler(Update, flush), group=1)
    application.run_polling()


if __name__ == "__main__":
    import asyncio

    import uvloop

    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    main()
