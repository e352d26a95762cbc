"""Houses with WhatsApp: the sandbox's server on one side, the webhook over real HTTP on the other."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.channels.whatsapp import webhook
from bot.house import House
from bot.sandbox.whatsapp import WhatsAppServer
from bot.sandbox.whatsapp_people import BusinessMessage, WhatsAppPerson
from bot.settings import Settings
from bot.testing import FakeClock
from tests.acceptance.houses import running, served, settings_for

VERIFY_TOKEN = "sandbox-verify-token"
NUMBER = "38160000001"
FAST = 0.001  # seconds between two messages to one person; a test talks faster than a person


@dataclass(frozen=True, slots=True)
class WhatsAppHouse:
    """A house that works, its server, and where its pages are."""

    house: House
    server: WhatsAppServer
    site: str

    async def arrives(self, taps: Sequence[str] = (), number: str = NUMBER) -> WhatsAppPerson:
        """Somebody new writes and presses their way."""
        person = self.server.person(number)
        await person.says("hello")
        await person.hears()
        for label in taps:
            await self.tap(person, label)
        return person

    async def tap(self, person: WhatsAppPerson, label: str) -> BusinessMessage:
        """Press a button of the newest message, also one that stands on another page; what comes then."""
        for _ in range(3):
            if any(said.endswith(label) for said, _ in person.messages[-1].buttons):
                break
            await person.presses("More choices")
            await person.hears()
        await person.presses(label)
        return (await person.hears())[-1]


def whatsapp_settings(folder: Path, server: WhatsAppServer, **more: Any) -> Settings:
    values: dict[str, Any] = {
        "whatsapp_token": server.token,
        "whatsapp_phone_number_id": server.phone_number_id,
        "whatsapp_app_secret": server.app_secret,
        "whatsapp_verify_token": VERIFY_TOKEN,
        "whatsapp_api_url": server.base_url,
        "whatsapp_pair_seconds": FAST,
    }
    return settings_for(folder, **(values | more))


@asynccontextmanager
async def whatsapp_house(
    folder: Path, clock: FakeClock, *, server: WhatsAppServer | None = None, **more: Any
) -> AsyncIterator[WhatsAppHouse]:
    """A house with WhatsApp, served."""
    async with (
        server or WhatsAppServer(clock=clock) as whatsapp,
        running(whatsapp_settings(folder, whatsapp, **more), clock) as house,
        served(house) as site,
    ):
        whatsapp.hook.address = site + webhook.PATH
        yield WhatsAppHouse(house, whatsapp, site)
