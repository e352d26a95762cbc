"""The staff group: a topic for each request, where only an explicit reply of who has it goes out (S4, R10)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.house import House
from bot.mirror import FIRST_REST
from bot.sandbox.groups import Group
from bot.sandbox.telegram import TelegramServer
from bot.testing import FakeClock
from desk import requests as acts
from desk.lifecycle import Outcome
from desk.requests import REOPENS_FOR
from desk.thread import thread
from storage import members
from storage.unit_of_work import Unit
from tests.acceptance.houses import eventually, running, settings_for, stored
from tests.acceptance.staff_chats import ask, at_the_desk, newest, on_duty
from tests.acceptance.staff_rooms import ROOM, claimed, idle, topic_of, with_bot
from tests.acceptance.walks import labels, plain


@pytest.fixture
async def house(tmp_path: Path, telegram: TelegramServer, clock: FakeClock) -> AsyncIterator[House]:
    """A house with a staff group that is shown the words."""
    async with running(settings_for(tmp_path, telegram, staff_group=ROOM, staff_group_words=True), clock) as house:
        yield house


@pytest.fixture
async def group(telegram: TelegramServer) -> Group:
    """The staff group, with the bot in it."""
    return await with_bot(telegram)


async def said_at_the_desk(house: House, label: str) -> list[str]:
    """The words of request 1, as this colleague finds them at the desk."""

    def read(unit: Unit) -> list[str]:
        (member,) = [one for one in members.members(unit) if one.label == label]
        entries = thread(unit, member, 1).entries
        return [entry.message.text for entry in entries if entry.message is not None]

    return await house.database.read(read)


async def test_each_request_has_a_topic_with_a_card_and_it_is_claimed_there(
    house: House, telegram: TelegramServer, group: Group
) -> None:
    helper = await on_duty(house, telegram, 7)
    person = await ask(telegram)
    topic = await topic_of(group)
    assert topic.name.startswith("🙋 No. 1 · en · ")
    (card,) = group.in_topic(topic)
    assert "Request 1" in plain(card.text)
    assert [label.split()[-1] for label in labels(card)] == ["Claim"]
    await group.presses(helper, card.pressable[0][1], card)
    await eventually(lambda: "reads your request 1 now" in plain(newest(person).text))
    await eventually(lambda: "assistant 7 has it" in plain(group.in_topic(topic)[0].text))
    assert telegram.violations == []


async def test_a_reply_of_the_assignee_goes_out_and_is_shown_as_sent(
    house: House, telegram: TelegramServer, group: Group
) -> None:
    helper, person, topic, words = await claimed(house, telegram, group)
    assert words.text == "🙋 They sent me away"
    await group.hears(helper, "Go to window 3", words, topic=topic)
    await eventually(lambda: newest(person).text == "Go to window 3")
    await topic_of(group, 3)
    assert plain(group.in_topic(topic)[-1].text) == "→ assistant 7: Go to window 3"
    await group.hears(helper, "/r@sandbox_bot And take a number", topic=topic)
    await eventually(lambda: newest(person).text == "And take a number")
    assert stored(house, "SELECT state FROM request") == [("theirs",)]
    assert telegram.violations == []


async def test_talk_among_colleagues_stays_in_the_group_and_is_not_stored(
    house: House, telegram: TelegramServer, group: Group
) -> None:
    helper, person, topic, words = await claimed(house, telegram, group)
    before = len(person.messages)
    rows = stored(house, "SELECT count(*) FROM inbox")
    await group.hears(helper, "who knows window 3?", topic=topic)
    await group.hears(helper, "in the card's reply", group.in_topic(topic)[0], topic=topic)
    await group.hears(helper, "general talk", words)
    await group.hears(helper, "somebody else's words", words, topic=topic, written_by=person)
    await group.hears(helper, "/r", topic=topic)  # no words: told in their own chat
    await eventually(lambda: "only words can be sent" in plain(newest(helper).text))
    assert stored(house, "SELECT count(*) FROM inbox") == [(rows[0][0] + 1,)]
    assert len(person.messages) == before


async def test_words_of_who_has_not_claimed_it_and_of_strangers_do_not_go_out(
    house: House, telegram: TelegramServer, group: Group
) -> None:
    _, person, topic, words = await claimed(house, telegram, group)
    other = await on_duty(house, telegram, 8)
    stranger = telegram.person(9, first_name="assistant 7", username="assistant_7")
    before = len(person.messages)
    for somebody in (other, stranger, person):
        await group.hears(somebody, "me too", words, topic=topic)
        await group.hears(somebody, "/r me too", topic=topic)
    await eventually(lambda: "your words were not sent" in plain(newest(other).text))
    await idle(house)
    assert len(person.messages) == before
    assert stored(house, "SELECT count(*) FROM message WHERE direction = 'out'") == [(0,)]


async def test_forged_buttons_and_those_of_another_topic_do_nothing(
    house: House, telegram: TelegramServer, group: Group
) -> None:
    helper = await on_duty(house, telegram, 7)
    await ask(telegram, 1001)
    await topic_of(group)
    await ask(telegram, 1002)
    await eventually(lambda: len(group.topics) == 2 and group.in_topic(group.topics[1]))
    first, second = (group.in_topic(topic)[0] for topic in group.topics)
    private = (await helper.hears())[-1].pressable[0][1]
    for data in (second.pressable[0][1], private, "q.1.0~AAAAAAAAAAA", "oc.1.informed.0~AAAAAAAAAAA"):
        await group.presses(helper, data, first)
    await group.presses(telegram.person(9), first.pressable[0][1], first)
    await idle(house)
    assert stored(house, "SELECT assignee_id FROM request") == [(None,), (None,)]


async def test_what_is_answered_at_the_desk_stands_in_the_topic_and_the_other_way(
    house: House, telegram: TelegramServer, group: Group
) -> None:
    helper, person, topic, words = await claimed(house, telegram, group)
    await at_the_desk(house, helper, lambda desk: acts.answer(desk, 1, "From the desk"))
    await topic_of(group, 3)
    assert plain(group.in_topic(topic)[-1].text) == "→ assistant 7: From the desk"
    await group.hears(helper, "From the group", words, topic=topic)
    await topic_of(group, 4)
    kept = stored(house, "SELECT count(*) FROM message WHERE direction = 'out' AND staff_id IS NOT NULL")
    assert kept == [(2,)]
    await eventually(lambda: [message.text for message in person.messages[-2:]] == ["From the desk", "From the group"])


async def test_closing_follows_with_an_outcome_and_words_of_the_person_open_the_topic_again(
    house: House, telegram: TelegramServer, group: Group, clock: FakeClock
) -> None:
    helper, person, topic, words = await claimed(house, telegram, group)
    await group.hears(helper, "Go to window 3", words, topic=topic)
    await topic_of(group, 3)
    card = group.in_topic(topic)[0]
    informed = next(data for label, data in card.pressable if label.endswith("Solved by information"))
    await group.presses(helper, informed, card)
    await eventually(lambda: topic.closed)
    assert stored(house, "SELECT state, outcome FROM request") == [("done", "informed")]
    assert topic.name.startswith("✔️ No. 1")
    await person.says("They sent me away again")
    await eventually(lambda: not topic.closed)
    assert group.in_topic(topic)[-1].text == "🙋 They sent me away again"
    await at_the_desk(house, helper, lambda desk: acts.close(desk, 1, Outcome.INFORMED))
    await eventually(lambda: topic.closed)
    clock.forward(REOPENS_FOR + timedelta(hours=1))
    await eventually(lambda: group.topics == [])


async def test_urgent_and_protected_requests_never_reach_the_group(
    house: House, telegram: TelegramServer, group: Group
) -> None:
    person = telegram.person(1001, language_code="en")
    await person.starts()
    await person.hears()
    await person.says("he beats me")
    await person.hears()
    await person.presses(next(label for label in labels(newest(person)) if label.endswith("Person")))
    await eventually(lambda: stored(house, "SELECT urgent, protected FROM request") == [(1, 1)])
    await ask(telegram, 1002)
    topic = await topic_of(group)
    assert "No. 2" in topic.name
    assert len(group.topics) == 1


async def test_forgetting_a_person_deletes_their_topic(house: House, telegram: TelegramServer, group: Group) -> None:
    _, person, _, _ = await claimed(house, telegram, group)
    await person.says("/delete")
    await person.hears()
    await eventually(lambda: any("elete" in label for label in labels(newest(person))))
    await person.presses(next(label for label in labels(newest(person)) if "elete" in label))
    await eventually(lambda: group.topics == [])
    await eventually(lambda: stored(house, "SELECT count(*) FROM topic") == [(0,)])


async def test_what_waited_while_the_bot_was_out_becomes_one_post(
    house: House, telegram: TelegramServer, group: Group, clock: FakeClock
) -> None:
    helper, person, topic, _ = await claimed(house, telegram, group)
    await group.puts_out(helper)
    for number in range(30):
        await person.says(f"words {number}")
    await eventually(lambda: stored(house, "SELECT count(*) FROM message WHERE direction = 'in'") == [(31,)])
    await eventually(lambda: house.troubles)
    await group.takes_in(helper)
    clock.forward(FIRST_REST)
    await topic_of(group, 3)
    lines = group.in_topic(topic)[2].text.removeprefix("🙋 ").split("\n")
    assert lines == [f"words {number}" for number in range(30)]


async def test_a_deleted_topic_is_made_again_with_all_its_words(
    house: House, telegram: TelegramServer, group: Group
) -> None:
    _, person, topic, _ = await claimed(house, telegram, group)
    await group.deletes_topic(topic)
    before = len(telegram.calls)
    await person.says("Are you there?")
    await eventually(lambda: group.topics and len(group.in_topic(group.topics[0])) >= 2)
    (again,) = group.topics
    assert again.id != topic.id
    assert group.in_topic(again)[1].text == "🙋 They sent me away\nAre you there?"
    failed = [call for call in telegram.calls[before:] if call.outcome.startswith("400")]
    assert len(failed) == 1
    assert telegram.violations == []


async def test_a_closed_topic_still_takes_the_words_of_the_person(
    house: House, telegram: TelegramServer, group: Group
) -> None:
    helper, person, topic, _ = await claimed(house, telegram, group)
    await group.closes_topic(topic, helper)
    await person.says("Are you there?")
    await topic_of(group, 3)
    assert group.in_topic(topic)[-1].text == "🙋 Are you there?"


@pytest.mark.parametrize("fault", ["kicked", "demoted"])
async def test_out_of_the_group_the_desk_goes_on_is_told_and_the_words_follow_after_repair(
    house: House, telegram: TelegramServer, group: Group, clock: FakeClock, fault: str
) -> None:
    helper, person, _, _ = await claimed(house, telegram, group)
    before = len(telegram.calls)
    if fault == "kicked":
        await group.puts_out(helper)
    else:
        await group.lets_manage_topics(False)
    await person.says("Are you there?")
    await ask(telegram, 1002)
    await eventually(lambda: "staff_group_lost" in house.troubles)
    # The desk does not wait for the group.
    assert await said_at_the_desk(house, "assistant 7") == ["They sent me away", "Are you there?"]
    refused = [call for call in telegram.calls[before:] if call.outcome[:3] in {"400", "403"}]
    assert 1 <= len(refused) <= 3
    await group.lets_manage_topics(True)
    await group.takes_in(helper)
    clock.forward(FIRST_REST)
    await eventually(lambda: len(group.topics) == 2 and group.in_topic(group.topics[1]))
    assert any("Are you there?" in message.text for message in group.in_topic(group.topics[0]))
    await eventually(lambda: "staff_group_lost" not in house.troubles)


async def test_an_upgraded_group_is_followed(tmp_path: Path, telegram: TelegramServer, clock: FakeClock) -> None:
    old = telegram.group(-5)
    async with running(settings_for(tmp_path, telegram, staff_group=old), clock) as house:
        new = telegram.upgrade(old, forum=True)
        helper = await on_duty(house, telegram, 7)
        person = await ask(telegram)
        group = telegram.group_of_people(new)
        topic = await topic_of(group)
        await group.presses(helper, group.in_topic(topic)[0].pressable[0][1], group.in_topic(topic)[0])
        await eventually(lambda: "reads your request 1 now" in plain(newest(person).text))
        refused = [call for call in telegram.calls if "upgraded" in call.outcome]
        assert len(refused) == 1


async def test_undo_deletes_the_last_words_in_the_persons_chat_and_nothing_more(
    house: House, telegram: TelegramServer, group: Group
) -> None:
    helper, person, topic, words = await claimed(house, telegram, group)
    await group.hears(helper, "Go to window 3", words, topic=topic)
    await eventually(lambda: newest(person).text == "Go to window 3")
    await group.hears(helper, "/r For somebody else", topic=topic)
    await eventually(lambda: newest(person).text == "For somebody else")
    other = await on_duty(house, telegram, 8)
    await group.hears(other, "/undo", topic=topic)
    await eventually(lambda: "could not be deleted" in plain(newest(other).text))
    await group.hears(helper, "/undo", topic=topic)
    await eventually(lambda: newest(person).deleted)
    assert not person.messages[-2].deleted
    await eventually(lambda: "were deleted" in plain(newest(helper).text))
    await group.hears(helper, "/undo", topic=topic)
    await eventually(lambda: "could not be deleted" in plain(newest(helper).text))
    assert not person.messages[-2].deleted
    assert telegram.violations == []
