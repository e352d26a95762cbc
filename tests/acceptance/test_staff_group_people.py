"""What the staff group is shown when it is not shown words, who is kept from it, and who is put out of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest

from bot.channels.telegram.client import Api, open_session
from bot.channels.telegram.room import Room
from bot.house import House
from bot.leaving import LONG_REST
from bot.mirror import PER_MINUTE, Mirror
from bot.sandbox.chats import Topic
from bot.sandbox.groups import Group
from bot.sandbox.people import Person
from bot.sandbox.telegram import TelegramServer
from bot.testing import FakeClock
from bot.topic_cards import Showing, card_of, name_of
from bot.topic_steps import LOOK_ANYWAY, Picture
from bot.voice import Spoken
from desk import requests as acts
from desk import team
from desk.asking import Wished, add
from desk.requests import Desk
from storage import members, requests, topics
from storage.unit_of_work import Unit
from tests.acceptance.houses import TOKEN, eventually, running, settings_for, stored
from tests.acceptance.staff_chats import ask, at_the_desk, newest, on_duty
from tests.acceptance.staff_rooms import ROOM, claimed, idle, topic_of, with_bot
from tests.acceptance.walks import plain

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def house(tmp_path: Path, telegram: TelegramServer, clock: FakeClock) -> AsyncIterator[House]:
    """A house with a staff group, as it is shipped: the group is not shown words."""
    settings = settings_for(tmp_path, telegram, staff_group=ROOM, public_url="https://chat.example.org")
    async with running(settings, clock) as house:
        yield house


@pytest.fixture
async def group(telegram: TelegramServer) -> Group:
    """The staff group, with the bot in it."""
    return await with_bot(telegram)


def lines(group: Group, topic: Topic) -> list[str]:
    """What was posted after the card, line by line."""
    return [line for message in group.in_topic(topic)[1:] for line in plain(message.text).split("\n")]


async def ends(house: House, helper: Person) -> None:
    """The member whose chat this is works here no more."""

    def write(unit: Unit) -> None:
        (member,) = [one for one in members.members(unit) if one.label == f"assistant {helper.id}"]
        team.end(Desk(unit, Spoken(house.worlds(), house.settings.base_url), house.worlds().calendar), member)

    await house.database.write(write)


async def test_without_words_the_group_sees_that_somebody_wrote_and_answers_go_out_as_ever(
    house: House, telegram: TelegramServer, group: Group
) -> None:
    helper, person, topic, post = await claimed(house, telegram, group)
    assert plain(post.text) == "🙋 The person wrote (10:00)"
    assert [(label.split()[-1], data) for row in post.buttons for label, data in row] == [
        ("Open", "https://chat.example.org/desk/requests/1")
    ]
    await group.hears(helper, "Go to window 3", post, topic=topic)
    await eventually(lambda: newest(person).text == "Go to window 3")
    await eventually(lambda: lines(group, topic)[-1] == "→ assistant 7 answered (10:00)")
    await person.sends_voice(12)
    await eventually(lambda: "Voice note, 0:12 (10:00). Open it at the desk." in lines(group, topic)[-1])
    await at_the_desk(house, helper, lambda desk: acts.note(desk, 1, "she is at the bank"))
    await eventually(lambda: lines(group, topic)[-1] == "• assistant 7: A note was written (10:00)")
    later = timedelta(days=2)
    await at_the_desk(house, helper, lambda desk: acts.put_off(desk, 1, desk.unit.now + later))
    await eventually(lambda: lines(group, topic)[-1] == "• assistant 7: Put off (10:00)")
    said = " ".join(message.text for message in group.messages) + topic.name
    assert not any(words in said for words in ("sent me away", "window 3", "bank"))
    row = await house.database.read(lambda unit: requests.request(unit, 1))
    card = card_of(house.worlds(), Showing("lv"), row, "")
    assert card.locale == "lv"
    assert "No. 1" not in name_of(house.worlds(), Showing("lv"), row)
    assert telegram.violations == []


async def test_a_wish_against_a_country_takes_the_topic_away_and_nothing_more_is_shown(
    house: House, telegram: TelegramServer, group: Group
) -> None:
    helper = await on_duty(house, telegram, 7)
    person = await ask(telegram)
    await topic_of(group)
    wished = Wished("not_origin", "SY")
    await at_the_desk(house, helper, lambda desk: add(desk, requests.request(desk.unit, 1), wished))
    await eventually(lambda: group.topics == [])
    before = len(group.messages)
    await person.says("They sent me away")
    await ask(telegram, 1002)
    await eventually(lambda: len(group.topics) == 1)
    assert "No. 2" in group.topics[0].name
    assert all("No. 1" not in message.text for message in group.messages[before:])


async def test_who_has_left_is_put_out_of_the_group_and_nothing_of_theirs_goes_out(
    house: House, telegram: TelegramServer, group: Group
) -> None:
    helper, person, topic, post = await claimed(house, telegram, group)
    await ends(house, helper)
    await eventually(lambda: group.banned == {helper.id})
    await eventually(lambda: len(group.in_topic(topic)[0].pressable) == 1)
    heard = len(person.messages)
    await group.hears(helper, "Go to window 3", post, topic=topic)
    await group.hears(helper, "/r Go to window 4", topic=topic)
    await group.presses(helper, group.in_topic(topic)[0].pressable[0][1], group.in_topic(topic)[0])
    await idle(house)
    assert stored(house, "SELECT count(*) FROM message WHERE direction = 'out'") == [(0,)]
    assert stored(house, "SELECT assignee_id FROM request") == [(None,)]
    assert not any("window" in message.text for message in person.messages[heard - 1 :])
    await eventually(lambda: stored(house, "SELECT count(*) FROM group_leaver") == [(0,)])


async def test_where_the_bot_may_not_put_out_coordinators_are_told_once_and_it_is_tried_again(
    house: House, telegram: TelegramServer, group: Group, clock: FakeClock
) -> None:
    boss, helper = await on_duty(house, telegram, 6, "coordinator"), await on_duty(house, telegram, 7)
    await group.lets_ban(False)
    await ends(house, helper)
    await eventually(lambda: "assistant 7 has left" in plain(newest(boss).text))
    await eventually(lambda: "staff_group_leaver" in house.troubles)
    clock.forward(LONG_REST)
    refused = [call for call in telegram.calls if call.method == "banChatMember"]
    await eventually(lambda: len([call for call in telegram.calls if call.method == "banChatMember"]) > len(refused))
    assert len([message for message in boss.messages if "has left" in message.text]) == 1
    await group.lets_ban(True)
    clock.forward(LONG_REST)
    await eventually(lambda: group.banned == {helper.id})
    await eventually(lambda: "staff_group_leaver" not in house.troubles)


async def test_thirty_messages_in_a_minute_are_all_shown_with_at_most_twenty_calls_in_any_minute(
    tmp_path: Path, telegram: TelegramServer, group: Group, clock: FakeClock
) -> None:
    async with running(settings_for(tmp_path, telegram), clock) as house, open_session() as http:
        room = Room(Api(http, telegram.base_url, TOKEN), ROOM)
        now_ms = lambda: int(clock.moment.timestamp() * 1000)  # noqa: E731
        mirror = Mirror(house.database, room, Showing(words=True), house.worlds, clock, now_ms)
        person = await ask(telegram)
        called: list[Any] = []

        async def show() -> None:
            before = len(called)
            while await mirror.once():
                called.append(clock.moment)
            assert len(called) - before <= PER_MINUTE

        for number in range(30):
            await person.says(f"words {number}")
            count = f"SELECT count(*) FROM message WHERE direction = 'in' AND request_id = 1 HAVING count(*) > {number}"
            await eventually(partial(stored, house, count))
            clock.forward(timedelta(seconds=2))
            await show()
        for _ in range(30):
            clock.forward(timedelta(seconds=3))
            await show()
    assert [line.removeprefix("🙋 ") for line in lines(group, group.topics[0])] == [f"words {n}" for n in range(30)]
    assert all(sum(at <= other < at + MINUTE for other in called) <= PER_MINUTE for at in called)


class _Looked:
    """A world that counts how often something is looked up in it."""

    def __init__(self, world: Any) -> None:
        self.world = world
        self.count = 0

    def __getattr__(self, name: str) -> Any:
        self.count += 1
        return getattr(self.world, name)


async def test_while_nothing_happens_nothing_is_put_into_words(
    house: House, telegram: TelegramServer, group: Group, clock: FakeClock
) -> None:
    _, _, topic, _ = await claimed(house, telegram, group)
    await eventually(lambda: topic.name.startswith("🙋"))
    picture, world = Picture(Showing()), cast(Any, _Looked(house.worlds()))
    look = partial(picture.next_step, world=world)
    await eventually(lambda: house.database.read_now(look) is None)
    looked = world.count
    assert looked > 0
    clock.forward(LOOK_ANYWAY / 2)
    assert await house.database.read(look) is None
    assert world.count == looked
    clock.forward(LOOK_ANYWAY)
    assert await house.database.read(look) is None
    assert world.count > looked
    await house.database.write(partial(topics.change, number=1, name="another"))
    clock.forward(LOOK_ANYWAY)
    assert await house.database.read(look) is not None
