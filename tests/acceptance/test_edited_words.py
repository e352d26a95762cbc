"""Words that the person changed stand in both versions, and what they answer to is quoted: the chat beside the desk."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx

from bot.house import House
from bot.sandbox.telegram import TelegramServer
from bot.testing import FakeClock
from storage.retention import Periods, expire
from tests.acceptance.colleagues import let_in
from tests.acceptance.houses import browser, eventually, served, stored
from tests.acceptance.staff_chats import ask, newest
from tests.acceptance.walks import plain

REQUEST = "/desk/requests/1"
SENT = "SELECT 1 FROM message JOIN outbox ON outbox.id = message.outbox_id WHERE outbox.state = 'sent'"


async def bubbles(http: httpx.AsyncClient) -> list[str]:
    """What the person said, as it stands in the thread."""
    page = plain((await http.get(REQUEST)).text)
    return [re.sub(r"\s+", " ", found) for found in re.findall(r'<li class="bubble in">(.*?)</li>', page, re.DOTALL)]


async def test_an_edited_message_shows_both_versions_and_an_answer_quotes_what_it_answers_to(
    house: House, telegram: TelegramServer, clock: FakeClock
) -> None:
    person = await ask(telegram)
    first = await person.says("They want a papper")
    await person.hears()
    clock.forward(timedelta(minutes=30))  # words join no request any more, but these belong to one
    await person.edits(first, "They want a paper")
    assert "Added to request number 1." in plain((await person.hears())[-1].text)
    async with served(house) as site, browser(site) as anna:
        await let_in(house, anna, "assistant A")
        await anna.post(f"{REQUEST}/claim")
        await person.hears()
        (said,) = await bubbles(anna)
        assert re.search("<del[^>]*>They want a papper</del>.*Edited.*They want a paper<", said)
        await anna.post(f"{REQUEST}/answer", data={"text": "Which paper?"})
        await person.hears()
        await eventually(lambda: stored(house, SENT))
        last = await person.answers(newest(person), "The blue one")
        await eventually(lambda: len(stored(house, "SELECT 1 FROM message WHERE direction = 'in'")) == 3)
        await person.edits(last, "The green one")
        await eventually(lambda: len(stored(house, "SELECT 1 FROM message WHERE direction = 'in'")) == 4)
        _, said = await bubbles(anna)
        assert re.search("<blockquote.*Which paper\\?.*</blockquote>.*<del.*The blue one</del>.*The green one<", said)
        await person.edits(first, "They want a paper, and he beats me")
        assert "192" in (await person.hears())[-1].text
        said, _ = await bubbles(anna)
        assert said.count("They want a") == 3
    kept = stored(house, "SELECT written_sealed FROM message WHERE written_sealed IS NOT NULL")
    assert len(kept) == 2
    assert not any(str(one.message_id).encode() == sealed for one in (first, last) for (sealed,) in kept)
    clock.forward(timedelta(hours=49))
    expire(house.database, clock(), Periods())
    assert not stored(house, "SELECT 1 FROM message WHERE written_sealed IS NOT NULL")
