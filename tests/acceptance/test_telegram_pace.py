"""How fast the house sends, judged by a server that refuses what is too fast in any sliding second."""

from __future__ import annotations

from pathlib import Path

from bot.clocks import now
from bot.sandbox.telegram import TelegramServer
from tests.acceptance.houses import TOKEN, eventually, running, settings_for

STRICT = 30  # messages that the server takes in any second
PEOPLE = 75


async def test_many_people_at_once_are_answered_without_one_refusal(tmp_path: Path) -> None:
    async with TelegramServer(token=TOKEN, rate=STRICT, strict=False) as telegram:
        people = [telegram.person(number, language_code="en") for number in range(1, PEOPLE + 1)]
        for person in people:
            await person.starts()
        async with running(settings_for(tmp_path, telegram, telegram_rate=27), now):
            await eventually(lambda: all(person.messages for person in people))
        refused = [call.outcome for call in telegram.calls if call.outcome.startswith("429")]
        assert refused == []
