"""Notices to many, end to end on Telegram: who gets them, who is left out, what pause, stop and corrections do."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.house import House
from bot.sandbox.people import Person
from bot.sandbox.telegram import TelegramServer
from bot.testing import FakeClock
from notices.lifecycle import Category, Kind, Move
from notices.plan import Every
from storage import contacts, notices
from storage.records import set_record
from tests.acceptance.broadcasting import act, ended, fates, put_off, ready, sent, state, written
from tests.acceptance.houses import eventually, stored
from tests.acceptance.walks import arrive, labels, plain, tap

HOME = ("English", "OK, continue")


@pytest.fixture
async def people(telegram: TelegramServer, house: House) -> list[Person]:
    """Three who agreed, and one who uses us without saving."""
    persons = [telegram.person(1000 + n, language_code="en") for n in range(4)]
    for person in persons[:3]:
        await arrive(person, HOME)
    await arrive(persons[3], ("English", "Without saving"))
    return persons


async def conversation(house: House, person: Person, people: list[Person]) -> int:
    """The conversation of one of them, by the order in which they came."""
    rows = stored(house, "SELECT conversation_id FROM address WHERE channel = 'telegram' ORDER BY created_at")
    return int(rows[people.index(person)][0])


async def test_a_notice_reaches_each_who_may_get_it_once_and_says_why_the_others_do_not(
    house: House, telegram: TelegramServer, people: list[Person]
) -> None:
    reads, stops, blocks, _ = people
    await stops.says("/stop")
    await stops.hears()
    await blocks.blocks()
    await eventually(lambda: stored(house, "SELECT 1 FROM address WHERE state = 'blocked'"))
    number = await sent(house, await written(house))
    (notice,) = await reads.hears()
    lines = plain(notice.text).splitlines()
    assert lines[0] == "ℹ️ Message from Test organisation"
    assert [line for line in lines[1:] if line] == [
        "Office closed", "The office is closed on Friday.", "True until Thursday 31 December 2026.",
    ]  # fmt: skip
    assert labels(notice) == ["🙋 Ask a question", "🔕 Stop news", "🏠 Home"]
    assert await fates(house, number) == {
        ("sent", ""): 1, ("skipped", "stopped"): 1, ("skipped", "blocked"): 1, ("skipped", "unasked"): 1,
    }  # fmt: skip
    assert "How can I help?" in (await tap(reads, "Home")).text
    assert telegram.violations == []


async def test_stop_below_a_notice_keeps_away_what_was_queued_and_a_switch_stands_all_still(
    house: House, people: list[Person]
) -> None:
    reads = people[0]
    await sent(house, await written(house))
    await reads.hears()
    await stand_still(house, "yes")
    number = await queued(house, await written(house))
    assert (await fates(house, number))["waiting", ""] == 3
    await tap(reads, "Stop news")
    await stand_still(house, "no")
    await ended(house, number)
    assert await fates(house, number) == {("sent", ""): 2, ("failed", "stopped"): 1, ("skipped", "unasked"): 1}


async def test_pause_holds_what_waits_resume_lets_it_go_and_stop_ends_it(house: House, people: list[Person]) -> None:
    await stand_still(house, "yes")
    number = await queued(house, await written(house))
    await act(house, number, Move.PAUSED)
    assert await fates(house, number) == {("held", "paused"): 3, ("skipped", "unasked"): 1}
    await act(house, number, Move.RESUMED)
    assert (await fates(house, number))["waiting", ""] == 3
    await act(house, number, Move.STOPPED)
    await stand_still(house, "no")
    after = await sent(house, await written(house))
    assert await fates(house, number) == {("failed", "stopped_by_us"): 3, ("skipped", "unasked"): 1}
    assert (await fates(house, after))["sent", ""] == 3
    assert len([message for message in people[0].messages if "Office closed" in message.text]) == 1


async def test_who_comes_into_an_urgent_case_gets_it_when_that_is_over_and_it_keeps_nothing_open(
    house: House, people: list[Person]
) -> None:
    await stand_still(house, "yes")
    number = await queued(house, await written(house))
    await people[0].says("sos")
    await people[0].hears()
    await tap(people[0], "Person now")
    chat = (await conversation(house, people[0], people),)
    assert stored(house, "SELECT id FROM conversation WHERE urgent") == [chat]
    await stand_still(house, "no")
    await ended(house, number)
    assert await fates(house, number) == {("sent", ""): 2, ("held", "urgent"): 1, ("skipped", "unasked"): 1}
    await house.database.write(lambda unit: contacts.set_urgent(unit, chat[0], urgent=False))
    (notice,) = await people[0].hears()
    assert "Office closed" in notice.text
    await eventually_sent(house, number, 3)


async def test_a_correction_is_edited_where_it_arrived_and_reaches_who_has_not_got_it_yet(
    house: House, people: list[Person]
) -> None:
    number = await ready(house, notice := await written(house))
    chat = await conversation(house, people[2], people)
    await house.database.write(lambda unit: contacts.attach(unit, chat, 1, 1))
    await act(house, number, Move.STARTED)
    await ended(house, number)
    assert await fates(house, number) == {("sent", ""): 2, ("held", "attached"): 1, ("skipped", "unasked"): 1}
    await people[0].hears()
    before = people[0].messages[-1]
    await house.database.write(lambda unit: notices.set_text(unit, notice, "en", "Office closed", "Closed on Monday."))
    again = await sent(house, notice, Kind.CORRECT, of=number)
    assert await fates(house, again) == {("sent", ""): 2, ("skipped", "not_yet"): 1}
    await people[0].hears()
    corrected = people[0].messages[-1]
    assert corrected.id == before.id
    assert "We corrected this message." in corrected.text
    assert "Closed on Monday." in corrected.text
    await house.database.write(lambda unit: contacts.detach(unit, chat, 1))
    (late,) = await people[2].hears()
    assert "Closed on Monday." in late.text
    assert "We corrected" not in late.text
    third = await sent(house, notice, Kind.CORRECT, of=number)
    assert (await fates(house, third))["skipped", "has_it"] == 1  # the one who got it late


async def test_whose_text_stayed_as_it_was_is_not_told_that_it_was_corrected(
    house: House, people: list[Person]
) -> None:
    await people[1].says("العربية")
    await people[1].hears()
    notice = await written(house)
    await house.database.write(lambda unit: notices.set_text(unit, notice, "ar", "مغلق", "المكتب مغلق يوم الجمعة."))
    number = await sent(house, notice)
    await house.database.write(lambda unit: notices.set_text(unit, notice, "en", "Office closed", "Closed on Monday."))
    again = await sent(house, notice, Kind.CORRECT, of=number)
    assert await fates(house, again) == {("sent", ""): 2, ("skipped", "has_it"): 1}
    assert not any("صحّحنا" in message.text for message in people[1].messages)
    await house.database.write(lambda unit: notices.set_about(unit, notice, category="safety"))
    third = await sent(house, notice, Kind.CORRECT, of=number)
    assert await fates(house, third) == {("sent", ""): 3}, "the sign of its kind is seen in every language"
    assert any("صحّحنا" in message.text for message in people[1].messages)


async def test_what_is_withdrawn_is_deleted_where_it_can_be_and_never_comes_to_who_had_not_got_it(
    house: House, people: list[Person], clock: FakeClock
) -> None:
    notice = await written(house)
    chat = await conversation(house, people[2], people)
    await house.database.write(lambda unit: contacts.attach(unit, chat, 1, 1))
    number = await sent(house, notice)
    await people[0].hears()
    gone = people[0].messages[-1]
    again = await sent(house, notice, Kind.WITHDRAW, of=number)
    assert await fates(house, again) == {("sent", ""): 2, ("skipped", "not_yet"): 1}
    assert [message.id for message in people[0].messages if message.deleted] == [gone.id]
    await house.database.write(lambda unit: contacts.detach(unit, chat, 1))
    await eventually(lambda: stored(house, "SELECT 1 FROM outbox WHERE reason = 'withdrawn'"))
    assert not any("Office closed" in message.text for message in people[2].messages)


async def test_after_two_days_a_withdrawn_notice_is_replaced_by_a_line_that_says_so(
    house: House, people: list[Person], clock: FakeClock
) -> None:
    notice = await written(house)
    number = await sent(house, notice)
    await people[0].hears()
    before = people[0].messages[-1]
    clock.forward(timedelta(days=3))
    await house.tidy()  # the channel's ids outlive the 48 hours of other messages
    await sent(house, notice, Kind.WITHDRAW, of=number)
    await people[0].hears()
    assert people[0].messages[-1].id == before.id
    assert "not true any more: Office closed" in plain(people[0].messages[-1].text)


async def test_a_follow_up_goes_to_exactly_those_who_got_it(house: House, people: list[Person]) -> None:
    await people[1].says("/stop")
    await people[1].hears()
    number = await sent(house, await written(house))
    await people[1].says("/start")
    again = await sent(house, await written(house), Kind.FOLLOW_UP, of=number)
    assert await fates(house, again) == {("sent", ""): 2}
    assert stored(house, "SELECT count(*) FROM delivery WHERE broadcast_id = 2") == [(2,)]


async def test_news_wait_for_the_morning_and_safety_does_not(
    house: House, people: list[Person], clock: FakeClock
) -> None:
    clock.forward(timedelta(hours=12))  # 22:00 in Belgrade
    news = await queued(house, await written(house))
    safety = await sent(house, await written(house, category=Category.SAFETY))
    assert (await fates(house, safety))["sent", ""] == 3
    assert (await fates(house, news))["waiting", ""] == 3
    clock.forward(timedelta(hours=10))
    await ended(house, news)
    assert (await fates(house, news))["sent", ""] == 3


async def test_what_is_put_off_starts_by_itself_and_the_next_one_stands_ready(
    house: House, people: list[Person], clock: FakeClock
) -> None:
    number = await ready(house, await written(house))
    await put_off(house, number, "2026-11-24T10:00", Every.WEEK)
    clock.forward(timedelta(hours=23))
    assert state(house, number) == "scheduled"
    clock.forward(timedelta(hours=1))
    await ended(house, number)
    assert (await fates(house, number))["sent", ""] == 3
    ((state_, starts, every),) = stored(house, "SELECT state, starts, every FROM broadcast WHERE id = 2")
    assert (state_, starts, every) == ("scheduled", "2026-12-01T10:00", "week")


async def stand_still(house: House, value: str) -> None:
    await house.database.write(lambda unit: set_record(unit, "service.paused", value, "test"))
    await eventually(lambda: house.worlds().pack.service.paused == (value == "yes"))


async def queued(house: House, notice: int) -> int:
    """Started, with every row written; the number of the broadcast."""
    number = await ready(house, notice)
    await act(house, number, Move.STARTED)
    await eventually(lambda: stored(house, f"SELECT complete FROM broadcast WHERE id = {number}") == [(1,)])
    return number


async def eventually_sent(house: House, number: int, many: int) -> None:
    query = f"SELECT 1 FROM delivery d JOIN outbox o ON o.id = d.outbox_id WHERE o.state = 'sent' AND broadcast_id = {number}"  # noqa: E501
    await eventually(lambda: len(stored(house, query)) == many)
