"""R9 in a short form: updates that break things, among good ones."""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import Random

from bot.channels.telegram.parse import NO_CHAT
from bot.sandbox.telegram import TelegramServer
from storage.inbox_rows import INBOX_TRIES
from tests.reliability.audit import Findings, compare
from tests.reliability.crafted import CASES, Fate
from tests.reliability.faulty import EXIT, RAISE
from tests.reliability.kill import until_quiet
from tests.reliability.ledger import Ledger
from tests.reliability.people import OPENING, REPEAT, Chat, Move, Walk, read_guide
from tests.reliability.product import TOKEN, Product
from tests.reliability.wire import Update, Wire

GOOD_ACTS = 12
DEADLY = (EXIT, EXIT, RAISE, RAISE)
AGAIN, GO_ON = (Move(OPENING[-1].shows, word) for word in (REPEAT, "continue"))
"""The words that show the first step of the guide once more: on that screen, and from another one."""
GIVEN_UP = "bot.notice.poison"
"""The one line that a person gets whose message was parked."""


NOT_UNDERSTOOD = "bot.notice.not_understood"
SAID = {
    "NUL in the text": "bot.talk.hello",
    "lone surrogates in the text": "bot.talk.puzzled",  # they arrive as "?"
    "an empty text": "bot.talk.wordless",
    "a text of spaces": "bot.talk.wordless",
}
"""What is said to words that mean nothing, where it is not that they were not understood."""


def twist(update: Update) -> Update:
    """What somebody said becomes the crafted update of that name; where it has words left, they show the screen."""
    said = update.get("message", {})
    if said.get("text") not in CASES:
        return update
    crafted, _ = CASES[said["text"]]
    return dict(crafted({**update, "message": {**said, "text": REPEAT}}))


async def talk(chat: Chat, name: str) -> None:
    """Good acts, what breaks things at the first step of the guide, good acts again."""
    chat.acts = len(OPENING)
    await chat.talk()
    if name in DEADLY:
        moves = [Move(GIVEN_UP, name), AGAIN]
    elif CASES[name][1] is Fate.UNKNOWN:
        moves = [Move(SAID.get(name, NOT_UNDERSTOOD), name), GO_ON]
    elif CASES[name][1] is Fate.ANSWERED:
        moves = [Move(AGAIN.shows, name)]
    else:
        moves = []
        await chat.person.says(name)
    for move in moves:
        await chat.do(move)
        await chat.listen()
    chat.acts = GOOD_ACTS
    await chat.talk()


class Supervisor:
    """Starts the process again whenever it ends, and counts."""

    def __init__(self, product: Product) -> None:
        self.restarts = 0
        self._product = product

    async def watch(self) -> None:
        """For ever."""
        while True:
            await self._product.ended()
            self.restarts += 1
            await self._product.start()


async def run(folder: Path) -> tuple[list[tuple[str, Chat]], int]:
    """Everybody's talk at once, each with one thing that breaks; and how often the process had to be restarted."""
    server, guide = TelegramServer(TOKEN, strict=False), read_guide()
    Wire(server, Random(0)).twist = twist
    talks = [
        (name, Chat(server.person(1001 + at, language_code="en"), Walk(guide, Random(at)), 0, lambda: None))
        for at, name in enumerate([*CASES, *DEADLY])
    ]
    async with server, Product(folder, server.base_url, faults=True) as product:
        await product.start()
        supervisor = Supervisor(product)
        watching = asyncio.create_task(supervisor.watch())
        await asyncio.gather(*(talk(chat, name) for name, chat in talks))
        await until_quiet(Ledger(folder))
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
    return talks, supervisor.restarts


async def test_what_breaks_is_parked_or_answered_and_every_chat_goes_on(tmp_path: Path) -> None:
    talks, restarts = await run(tmp_path / "var")
    ledger = Ledger(tmp_path / "var")
    assert [name for name, chat in talks if not chat.finished] == []
    for name, chat in talks:
        found = compare([chat], ledger.accounts([chat.person.id]))
        # A parked act changed nothing by what the person wanted, and was apologised for.
        allowed = Findings(lost=int(name in DEADLY), doubled_replies=found.doubled_replies)
        assert (name, found) == (name, allowed)
    nowhere = ledger.accounts([NO_CHAT])[NO_CHAT]
    parked = sum(fate is Fate.PARKED for _, fate in CASES.values())
    assert nowhere.inbox == {"poison": parked}
    assert ledger.states("inbox") == {"done": ledger.stored() - parked - len(DEADLY), "poison": parked + len(DEADLY)}
    assert ledger.states("outbox").keys() == {"sent"}
    assert restarts <= INBOX_TRIES * DEADLY.count(EXIT)
    assert ledger.integrity() == "ok"
