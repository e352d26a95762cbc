"""What the service logs on good days and bad ones: ids and short codes, and nothing that a person is or says."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from random import Random

from bot.sandbox.faults import LostAnswer, Reply, Rule
from bot.sandbox.telegram import TelegramServer
from tests.reliability.faulty import RAISE
from tests.reliability.kill import LOOK_AGAIN
from tests.reliability.ledger import Ledger
from tests.reliability.people import OPENING, PATIENCE, Chat, Walk, read_guide
from tests.reliability.product import TOKEN, Product

CHAT = 7_340_019_265
CANARIES = ("Kanarie", "canary_user", "Vogel", "I come from a place called Canaria", RAISE, str(CHAT), TOKEN)
PLAIN = ("Chat:", "Desk:", "TRIAL:")  # what is printed for the operator beside the logs


async def test_no_words_names_chats_or_tokens_are_logged(tmp_path: Path) -> None:
    server = TelegramServer(TOKEN, strict=False)
    server.faults.add(Rule(LostAnswer(), method="sendMessage", nth={2}))
    person = server.person(CHAT, "Kanarie", "en", last_name="Vogel", username="canary_user")
    chat = Chat(person, Walk(read_guide(), Random(1)), len(OPENING), lambda: None)
    async with server, Product(tmp_path / "var", server.base_url, faults=True) as product:
        await product.start()
        await chat.talk()
        for words in (CANARIES[3], RAISE):
            await person.says(words)
            await person.hears(timeout=PATIENCE)
        server.faults.add(Rule(Reply(400, "Bad Request: something new"), method="sendMessage"))
        await person.says(CANARIES[3])
        ledger = Ledger(tmp_path / "var")
        async with asyncio.timeout(PATIENCE):
            while not ledger.states("outbox").get("dead"):
                await asyncio.sleep(LOOK_AGAIN)
        assert await product.terminate() == 0
    lines = (tmp_path / "var" / "product.log").read_text(encoding="utf-8").splitlines()
    logged = [json.loads(line) for line in lines if line and not line.startswith(PLAIN)]
    assert {"answer_lost", "send_refused"} <= {line["event"] for line in logged}
    assert [line["timestamp"][-1] for line in logged] == ["Z"] * len(logged)
    whole = "\n".join(lines)
    assert [canary for canary in CANARIES if canary in whole] == []
