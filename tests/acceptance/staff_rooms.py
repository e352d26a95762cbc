"""The staff group: its topics, and somebody whose request was claimed there."""

from __future__ import annotations

from bot.house import House
from bot.sandbox.chats import BotMessage, Topic
from bot.sandbox.groups import Group
from bot.sandbox.people import Person
from bot.sandbox.telegram import TelegramServer
from tests.acceptance.houses import eventually, stored
from tests.acceptance.staff_chats import ask, newest, on_duty
from tests.acceptance.walks import plain

ROOM = -1_001_000_000_007


async def with_bot(telegram: TelegramServer) -> Group:
    """The staff group, with the bot in it."""
    group = telegram.group_of_people(ROOM, forum=True)
    await group.takes_in(telegram.person(5))
    return group


async def topic_of(group: Group, said: int = 1) -> Topic:
    """The topic of the only request, once so much was said in it: the card, then what follows."""
    await eventually(lambda: group.topics and len(group.in_topic(group.topics[0])) >= said)
    return group.topics[0]


async def claimed(house: House, telegram: TelegramServer, group: Group) -> tuple[Person, Person, Topic, BotMessage]:
    """Assistant, newcomer, the topic, and the post that the newcomer's words made there."""
    helper = await on_duty(house, telegram, 7)
    person = await ask(telegram)
    topic = await topic_of(group)
    await group.presses(helper, group.in_topic(topic)[0].pressable[0][1], group.in_topic(topic)[0])
    await eventually(lambda: "reads your request 1 now" in plain(newest(person).text))
    await person.says("They sent me away")
    topic = await topic_of(group, 2)
    return helper, person, topic, group.in_topic(topic)[1]


async def idle(house: House) -> None:
    """Until nothing waits to be handled, to be sent or to be shown."""
    await eventually(lambda: stored(house, "SELECT count(*) FROM inbox WHERE state = 'new'") == [(0,)])
    await eventually(lambda: stored(house, "SELECT count(*) FROM outbox WHERE state IN ('ready', 'sending')") == [(0,)])
