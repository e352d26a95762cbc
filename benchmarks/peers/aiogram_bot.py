"""The peer with aiogram: one FSM state a question, kept in Redis. Written as its documentation does it.

PEER_API: the Telegram server; PEER_REDIS: the Redis; PEER_SCREENS: JSON list of what to show, in order.
"""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.redis import RedisStorage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message, MessageEntity

SCREENS = json.loads(Path(os.environ["PEER_SCREENS"]).read_text())
TEXTS = [screen["text"] for screen in SCREENS]
ENTITIES = [[MessageEntity(**entity) for entity in screen["entities"]] for screen in SCREENS]


class Talk(StatesGroup):
    """Where somebody stands: behind each of the screens."""

    s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11 = (State() for _ in range(12))


STATES = Talk.__states__
dispatcher = Dispatcher(storage=RedisStorage.from_url(os.environ["PEER_REDIS"]))


def keyboard(position: int) -> InlineKeyboardMarkup:
    """The buttons of a screen."""
    rows = enumerate(SCREENS[position]["rows"])
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text=label, callback_data=f"{position}:{n}:{m}") for m, label in enumerate(row)]
            for n, row in rows
        ]
    )


@dispatcher.message(CommandStart())
async def start(message: Message, state: FSMContext) -> None:
    """The first screen."""
    await state.clear()
    await state.set_state(STATES[0])
    await message.answer(TEXTS[0], entities=ENTITIES[0], reply_markup=keyboard(0))


def add_step(position: int) -> None:
    """What leads from one screen to the next."""

    @dispatcher.callback_query(STATES[position], F.data.startswith(f"{position}:"))
    async def press(query: CallbackQuery, state: FSMContext) -> None:
        await query.answer()
        await state.update_data({str(position): query.data})
        await state.set_state(STATES[position + 1])
        assert isinstance(query.message, Message)
        await query.message.edit_text(
            TEXTS[position + 1], entities=ENTITIES[position + 1], reply_markup=keyboard(position + 1)
        )

    @dispatcher.message(STATES[position], F.text)
    async def words(message: Message, state: FSMContext) -> None:
        await state.update_data({str(position): message.text})
        await state.set_state(STATES[position + 1])
        await message.answer(TEXTS[position + 1], entities=ENTITIES[position + 1], reply_markup=keyboard(position + 1))


for number in range(len(SCREENS) - 1):
    add_step(number)


async def main() -> None:
    """Poll until ended."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(os.environ["PEER_API"]))
    await dispatcher.start_polling(Bot("1:test", session=session), handle_signals=False)


if __name__ == "__main__":
    import uvloop

    uvloop.install()
    asyncio.run(main())
