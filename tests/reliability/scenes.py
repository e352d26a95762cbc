"""The channel on which the product is killed: its server, its weather, its people."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bot.channels.whatsapp import webhook
from bot.sandbox.faults import LostAnswer, Rule
from bot.sandbox.telegram import TelegramServer
from bot.sandbox.whatsapp import WhatsAppServer
from bot.sandbox.whatsapp_people import BusinessMessage, WhatsAppPerson
from tests.reliability.ledger import Ledger
from tests.reliability.mail import Mail
from tests.reliability.people import Talker
from tests.reliability.product import TOKEN, Product, reserved_port
from tests.reliability.storm import Clock, Redeliver
from tests.reliability.wire import Wire

FIRST_CHAT = 1001
VERIFY_TOKEN = "sandbox-verify-token"


@dataclass(frozen=True, slots=True)
class Scene:
    """What a test of one channel works with. dropped, violations: what the server counted so far."""

    wire: Wire
    product: Product
    redeliver: Redeliver
    ledger: Ledger
    person: Callable[[int], Talker]
    dropped: Callable[[], int]
    violations: Callable[[], int]


Setting = Callable[[Path, Clock, int, float, bool], AbstractAsyncContextManager[Scene]]


@asynccontextmanager
async def on_telegram(folder: Path, clock: Clock, seed: int, drop_answers: float, cold: bool) -> AsyncIterator[Scene]:
    """Telegram by polling."""
    server = TelegramServer(TOKEN, clock=clock, chance=Random(seed), strict=False)
    server.faults.add(Rule(LostAnswer(), chance=drop_answers))
    wire = Wire(server, Random(seed))
    async with server, Product(folder, server.base_url, cold=cold) as product:
        yield Scene(
            wire,
            product,
            server.redeliver,
            Ledger(folder),
            lambda number: server.person(FIRST_CHAT + number, language_code="en"),
            lambda: sum(call.outcome == "answer lost" for call in server.calls),
            lambda: len(server.violations),
        )


@asynccontextmanager
async def on_whatsapp(folder: Path, clock: Clock, seed: int, drop_answers: float, cold: bool) -> AsyncIterator[Scene]:
    """WhatsApp by webhook: batches, doubles, any order but that of one person's messages."""
    server = WhatsAppServer()
    server.faults.add(Rule(LostAnswer(), chance=drop_answers))
    wire = Wire(server, Random(seed))
    server.hook = mail = Mail("2000", server.phone_number_id, server.app_secret, Random(seed), wire.up)
    with reserved_port() as port:
        mail.address = f"http://127.0.0.1:{port}{webhook.PATH}"
        async with server, Product(folder, "", port=port, cold=cold, channel=_settings(server)) as product:
            delivering = asyncio.create_task(mail.run())
            yield Scene(
                wire,
                product,
                mail.redeliver,
                Ledger(folder, "whatsapp", server.phone_number_id),
                lambda number: Face(server.person(f"3816{FIRST_CHAT + number}")),
                lambda: server.lost_answers,
                lambda: len(server.violations),
            )
            delivering.cancel()
            await asyncio.gather(delivering, return_exceptions=True)


def _settings(server: WhatsAppServer) -> dict[str, str]:
    return {
        "IZI_WHATSAPP_TOKEN": server.token,
        "IZI_WHATSAPP_PHONE_NUMBER_ID": server.phone_number_id,
        "IZI_WHATSAPP_APP_SECRET": server.app_secret,
        "IZI_WHATSAPP_VERIFY_TOKEN": VERIFY_TOKEN,
        "IZI_WHATSAPP_API_URL": server.base_url,
        "IZI_WHATSAPP_PAIR_SECONDS": "0.001",
    }


@dataclass(frozen=True, slots=True)
class Screen:
    """A message as the script reads it."""

    message: BusinessMessage

    @property
    def pressable(self) -> list[tuple[str, str]]:
        """(label, data) of what can be pressed."""
        return self.message.buttons

    @property
    def text(self) -> str:
        """What the person reads."""
        return self.message.text


@dataclass(frozen=True, slots=True)
class Face:
    """A person on WhatsApp, who does what people on Telegram do."""

    person: WhatsAppPerson

    @property
    def id(self) -> str:
        """By what the product knows them."""
        return self.person.id

    @property
    def messages(self) -> Sequence[Screen]:
        """What they got, in order."""
        return [Screen(message) for message in self.person.messages]

    async def says(self, words: str) -> object:
        """Write words."""
        return await self.person.says(words)

    async def presses_raw(self, data: str, message: Screen) -> object:
        """Press a button by its data."""
        return await self.person.presses_id(data, "placeholder", message.message)

    async def hears(self, *, timeout: float) -> list[Screen]:
        """Wait for the next message, so many seconds."""
        return [Screen(message) for message in await self.person.hears(timeout=timeout)]


SETTINGS: dict[str, Setting] = {"telegram": on_telegram, "whatsapp": on_whatsapp}
