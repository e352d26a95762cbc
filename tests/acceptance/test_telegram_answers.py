"""What each of Telegram's answers does to what was to be sent (channels.md 2.1, "Answers -> action")."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot import inbox
from bot.app import account_of
from bot.channels.arrivals import Inbound, Words
from bot.house import House
from bot.sandbox.faults import LostAnswer, LostCall, Reply, Rule
from bot.sandbox.telegram import TelegramServer
from bot.testing import FakeClock
from storage.letters import dead_letters, maybe_doubled
from tests.acceptance.houses import eventually, running, settings_for, stored
from tests.acceptance.walks import arrive, tap

BLOCKED = Reply(403, "Forbidden: bot was blocked by the user")
A_MINUTE = timedelta(minutes=1)


def outbox(house: House, columns: str) -> list[tuple[Any, ...]]:
    """Columns of every row that was ever to be sent, oldest first."""
    return stored(house, f"SELECT {columns} FROM outbox ORDER BY id")


def sends(telegram: TelegramServer) -> list[str]:
    """How each attempt to send a message ended."""
    return [call.outcome for call in telegram.calls if call.method == "sendMessage"]


def edits(telegram: TelegramServer) -> list[str]:
    """How each attempt to edit a message ended."""
    return [call.outcome for call in telegram.calls if call.method == "editMessageText"]


async def call(telegram: TelegramServer, method: str, **params: object) -> dict[str, Any]:
    """One bare call, as another program with our token would make it."""
    address = f"{telegram.base_url}/bot{telegram.token}/{method}"
    async with aiohttp.ClientSession() as session, session.post(address, json=params) as answer:
        envelope: dict[str, Any] = await answer.json()
        return envelope


async def test_who_blocked_the_bot_gets_nothing_of_what_waited_and_is_heard_again_on_return(
    house: House, telegram: TelegramServer, clock: FakeClock
) -> None:
    person = telegram.person(1, language_code="en")
    telegram.faults.add(Rule(Reply(429, retry_after=30), method="sendMessage", nth=[1]))
    telegram.faults.add(Rule(BLOCKED, method="sendMessage", nth=[2]))
    await person.starts()
    await person.says("anything")
    await eventually(lambda: outbox(house, "state, not_before IS NOT NULL") == [("ready", 1), ("ready", 0)])
    clock.forward(A_MINUTE)
    await eventually(lambda: outbox(house, "state, reason") == [("failed", "blocked"), ("failed", "blocked")])
    assert stored(house, "SELECT state FROM address") == [("blocked",)]
    assert stored(house, "SELECT count(*) FROM outbox WHERE sealed IS NOT NULL") == [(0,)]
    await person.says("I am back")
    await person.hears()
    assert stored(house, "SELECT state FROM address") == [("open",)]
    assert [outcome[:3] for outcome in sends(telegram)] == ["429", "403", "ok"]


async def test_a_flood_answer_makes_that_chat_wait_and_uses_up_no_try(
    house: House, telegram: TelegramServer, clock: FakeClock
) -> None:
    person, other = telegram.person(1, language_code="en"), telegram.person(2, language_code="en")
    telegram.faults.add(Rule(Reply(429, retry_after=30), method="sendMessage", chat=1, nth=[1]))
    await person.starts()
    await eventually(lambda: outbox(house, "state, tries, not_before IS NOT NULL") == [("ready", 0, 1)])
    await other.starts()
    await other.hears()
    assert person.messages == []
    clock.forward(A_MINUTE)
    await person.hears()
    await eventually(lambda: outbox(house, "state, tries") == [("sent", 0), ("sent", 0)])


async def test_a_chat_that_moved_is_followed(house: House, telegram: TelegramServer, clock: FakeClock) -> None:
    group = telegram.group(-500)
    moved = telegram.upgrade(group)
    arrival = Inbound("telegram", account_of(house.settings), "-1", str(group), Words("/start"), clock())
    await inbox.accept(house.database, [arrival])
    await eventually(lambda: outbox(house, "state, tries") == [("sent", 0)])
    first, second = [call for call in telegram.calls if call.method == "sendMessage"]
    assert (first.params["chat_id"], second.params["chat_id"], second.outcome) == (group, moved, "ok")


async def test_an_edit_that_was_done_already_counts_as_sent(
    house: House, telegram: TelegramServer, clock: FakeClock
) -> None:
    person = telegram.person(1, language_code="en")
    await arrive(person)
    telegram.faults.add(Rule(LostAnswer(), method="editMessageText", nth=[1]))
    await tap(person, "English")
    waits = [("sent", 0), ("ready", 0)]
    await eventually(lambda: edits(telegram) and outbox(house, "state, tries") == waits)
    clock.forward(A_MINUTE)
    await eventually(lambda: outbox(house, "state") == [("sent",), ("sent",)])
    assert any("message is not modified" in made.outcome for made in telegram.calls)
    assert len(person.messages) == 1
    assert await house.database.read(maybe_doubled) == []


async def test_a_message_that_cannot_be_edited_any_more_becomes_a_new_one(
    house: House, telegram: TelegramServer
) -> None:
    person = telegram.person(1, language_code="en")
    picker = await arrive(person)
    await call(telegram, "deleteMessage", chat_id=1, message_id=picker.id)
    await person.says("English")
    (consent,) = await person.hears()
    assert consent.id != picker.id
    await eventually(lambda: outbox(house, "kind, state") == [("send", "sent"), ("edit", "sent")])


@pytest.mark.parametrize(
    ("fault", "copies"),
    [(LostAnswer(), 2), (LostCall(), 1), (Reply(500), 1), (Reply(502), 1)],
    ids=["answer lost", "call lost", "500", "502"],
)
async def test_an_answer_that_never_came_is_sent_again_once_and_listed(
    house: House, telegram: TelegramServer, clock: FakeClock, fault: LostAnswer | LostCall | Reply, copies: int
) -> None:
    person = telegram.person(1, language_code="en")
    telegram.faults.add(Rule(fault, method="sendMessage", nth=[1]))
    await person.starts()
    await eventually(lambda: outbox(house, "state, uncertain") == [("ready", 1)])
    clock.forward(A_MINUTE)
    await eventually(lambda: outbox(house, "state") == [("sent",)])
    assert len(person.messages) == copies
    ((row,),) = outbox(house, "id")
    assert await house.database.read(maybe_doubled) == [row]


async def test_a_second_lost_answer_in_a_row_is_left_for_staff_to_decide(
    house: House, telegram: TelegramServer, clock: FakeClock
) -> None:
    person = telegram.person(1, language_code="en")
    telegram.faults.add(Rule(LostAnswer(), method="sendMessage", nth=[1, 2]))
    await person.starts()
    await eventually(lambda: outbox(house, "state, uncertain") == [("ready", 1)])
    clock.forward(A_MINUTE)
    await eventually(lambda: outbox(house, "state, uncertain") == [("uncertain", 2)])
    (letter,) = await house.database.read(dead_letters)
    assert letter.reason == "answer_lost"
    await person.says("again")
    await person.hears(3)


async def test_while_the_token_is_refused_nothing_is_lost(
    house: House, telegram: TelegramServer, clock: FakeClock
) -> None:
    person = telegram.person(1, language_code="en")
    telegram.faults.add(Rule(Reply(401, "Unauthorized"), method="sendMessage", nth=[1]))
    await person.starts()
    await person.says("English")
    waits = [("ready", 0), ("ready", 0)]
    await eventually(lambda: sends(telegram) and outbox(house, "state, tries") == waits)
    assert len(sends(telegram)) == 1
    clock.forward(2 * A_MINUTE)
    await person.hears(2)
    await eventually(lambda: outbox(house, "state") == [("sent",), ("sent",)])


async def test_a_wrong_token_is_shown_as_not_ready_and_the_right_one_brings_what_was_written_meanwhile(
    tmp_path: Path, telegram: TelegramServer, clock: FakeClock
) -> None:
    person = telegram.person(1, language_code="en")
    async with running(settings_for(tmp_path, telegram, telegram_token="1:wrong"), clock) as house:
        await person.starts()
        await eventually(lambda: telegram.calls)
        await eventually(lambda: telegram.calls[0].outcome == "401 Unauthorized")
        assert house.poller is not None
        assert house.poller.trouble
    async with running(settings_for(tmp_path, telegram), clock):
        await person.hears()


async def test_a_second_poller_is_noticed_and_nothing_is_lost(
    tmp_path: Path, telegram: TelegramServer, clock: FakeClock
) -> None:
    person = telegram.person(1, language_code="en")
    async with running(settings_for(tmp_path, telegram), clock) as house:
        poller = house.poller
        assert poller is not None
        await person.starts()
        await person.hears()
        assert not poller.trouble
        await eventually(lambda: telegram.updates.waiting)
        await call(telegram, "getUpdates", timeout=1)
        await eventually(lambda: poller.trouble)
        await person.says("English")
    async with running(settings_for(tmp_path, telegram), clock):
        await person.hears()
