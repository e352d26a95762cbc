"""The sender's own round, on a real database: what ended is written down whatever becomes of the claim."""

from __future__ import annotations

import asyncio
from datetime import datetime
from random import Random

import pytest

from bot.channels.base import Abilities
from bot.channels.outgoing import Outgoing, Paragraph, Style
from bot.outbox import NoNotices, Sender
from bot.pacing import BotPace
from bot.payload import pack
from bot.testing import FakeChannel
from storage import pages
from storage.rows import OutboxState, OutClass, Passing
from storage.tables import Outbox
from storage.unit_of_work import Unit
from tests.storage.build import ACCOUNT, CHANNEL, Clock, Store, reply
from tests.storage.conftest import keys_url, sqlite_template, sqlite_url  # noqa: F401 - fixtures

PATIENCE = 60.0  # seconds; never waited out in a test that passes


class Broken(Exception):
    pass


class BreaksLater(NoNotices):
    """Claims go well until something was sent, the next one meets a fault."""

    def __init__(self, channel: FakeChannel) -> None:
        self.channel = channel

    def passing(self, now: datetime) -> Passing:
        if self.channel.sent:
            raise Broken
        return Passing.ALL


async def test_what_was_sent_is_written_down_though_the_next_claim_meets_a_fault(
    sqlite_url: str,  # noqa: F811
    keys_url: str,  # noqa: F811
) -> None:
    store = Store(sqlite_url, keys_url, Clock())
    words = pack(Outgoing((Paragraph(Style.TEXT, "an answer"),), (), "en"))
    store.say(store.newcomer(), reply("first", words, matter="asked"))
    channel = FakeChannel(CHANNEL)
    pace = BotPace(1000, lambda: 0)
    sender = Sender(store.database, {CHANNEL: channel}, pace, {}, Random(1), store.clock, notices=BreaksLater(channel))
    with pytest.raises(Broken):
        await asyncio.wait_for(sender.run(), PATIENCE)
    assert len(channel.sent) == 1
    assert store.column(Outbox.state) == [OutboxState.SENT]
    store.close()


@pytest.mark.parametrize("cls", [OutClass.NOTICE, OutClass.REPLY])
async def test_a_row_that_a_page_shows_is_shown_after_the_sender_died_with_it_and_nothing_of_it_is_uncertain(
    sqlite_url: str,  # noqa: F811
    keys_url: str,  # noqa: F811
    cls: OutClass,
) -> None:
    store = Store(sqlite_url, keys_url, Clock())
    words = pack(Outgoing((Paragraph(Style.TEXT, "a notice"),), (), "en"))
    store.say(store.newcomer("browser"), reply("first", words, cls=cls, matter="asked"))
    assert len(store.claim()) == 1
    store.restart()
    channel = FakeChannel(CHANNEL, Abilities(paced=False, keeps=True))
    sender = Sender(
        store.database, {CHANNEL: channel}, BotPace(1000, lambda: 0), {}, Random(1), store.clock,
        notices=BreaksLater(channel),
    )  # fmt: skip
    with pytest.raises(Broken):
        await asyncio.wait_for(sender.run(), PATIENCE)
    assert (store.column(Outbox.state), store.column(Outbox.uncertain)) == ([OutboxState.SENT], [0])

    def on_the_page(unit: Unit) -> int:
        visitor = pages.visitor(unit, CHANNEL, ACCOUNT, "browser")
        assert visitor is not None
        return len(pages.shown(unit, visitor, 10))

    assert store.database.read_now(on_the_page) == 1
    store.close()
