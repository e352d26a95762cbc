"""One process receives, two work: nothing is lost or doubled, and all together keep the bot's pace."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from random import Random

import httpx

from bot.sandbox.telegram import TelegramServer
from tests.reliability.fleet import fleet, settings_of
from tests.reliability.people import Chat, Walk, read_guide
from tests.reliability.product import TOKEN
from tests.storage.conftest import create_database

CHATS, ACTS = 8, 10


def count(metrics: str, name: str) -> int:
    """A count of one process."""
    found = re.search(rf"^{re.escape(name)} (\d+)$", metrics, re.MULTILINE)
    return int(found[1]) if found else 0


async def test_two_workers_answer_what_one_process_receives(postgres: str, redis: str, tmp_path: Path) -> None:
    guide = read_guide()
    # Telegram's own strictness: 30 in any second, whoever sends.
    async with TelegramServer(TOKEN, rate=30) as server:
        urls = create_database(postgres, "fleet"), create_database(postgres, "fleet_keys")
        async with fleet(tmp_path / "fleet", settings_of(*urls, redis, server.base_url)) as running:
            chats = [
                Chat(server.person(1001 + at, language_code="en"), Walk(guide, Random(at)), ACTS, lambda: None)
                for at in range(CHATS)
            ]
            await asyncio.gather(*(chat.talk() for chat in chats))
            await asyncio.gather(*(chat.listen_once_more() for chat in chats))
            async with httpx.AsyncClient(base_url=running.pages[0], follow_redirects=True) as http:
                assert (await http.get("/chat")).status_code == 200
            async with httpx.AsyncClient(base_url=running.pages[1]) as http:
                assert (await http.get("/chat")).status_code == 404
            receiver, *workers = await running.metrics()
    for chat in chats:
        assert [screen for screen, _ in chat.heard] == list(range(1, ACTS + 1))
        assert all(expected in text for expected, (_, text) in zip(chat.expected, chat.heard, strict=True))
    assert [call.outcome for call in server.calls if call.outcome.startswith("429")] == []
    assert server.violations == []
    handled = [count(metrics, "izi_update_seconds_count") for metrics in workers]
    sent = [count(metrics, 'izi_sends_total{result="sent"}') for metrics in workers]
    assert sum(handled) == sum(sent) == CHATS * ACTS
    assert min(handled) > 0
    assert min(sent) > 0
    assert count(receiver, "izi_update_seconds_count") == 0
