"""An event and a family on one phone: what is said to one of them while another writes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.house import House
from bot.sandbox.people import Person
from bot.sandbox.telegram import TelegramServer
from bot.testing import FakeClock
from notices import rsvp
from notices.rsvp import What
from storage import event_clocks, events
from storage.timers import set_timer
from storage.unit_of_work import Unit
from tests.acceptance.houses import eventually, stored
from tests.acceptance.test_event_on_telegram import CAFE, STARTS
from tests.acceptance.test_family import PEOPLE, hand_on, says
from tests.acceptance.walks import arrive, labels, plain, tap

ARRIVE = ("English", "OK, continue")
BEGINS = "⏰ Sunday 29 November 2026, 10:00"
READ = "Press to read what it is."
SAID = "SELECT count(*) FROM outbox"


async def planned(house: House, capacity: int) -> int:
    """An event that people may come to; its number."""

    def plan(unit: Unit) -> int:
        id = events.create(unit, replace(CAFE, capacity=capacity), 7)
        rsvp.publish(unit, id)
        return id

    return await house.database.write(plan)


async def answers(person: Person, clock: FakeClock, event: int, label: str) -> str:
    """What is shown after the press of a button of the event."""
    clock.forward(timedelta(minutes=1))
    await says(person, f"/start event.{event}")
    return plain((await tap(person, label)).text)


async def called(person: Person, name: str) -> None:
    await says(person, PEOPLE)
    await tap(person, "How to call me")
    await says(person, name)


async def mother_and_son(telegram: TelegramServer) -> Person:
    """A phone that two people use; the mother writes."""
    phone = telegram.person(1001, language_code="en")
    await arrive(phone, ARRIVE)
    await called(phone, "Mother")
    await hand_on(phone, "Somebody new")
    for label in ARRIVE:
        await tap(phone, label)
    await called(phone, "Son")
    await hand_on(phone, "Mother")
    return phone


async def rings(house: House, key: str, chat: int) -> None:
    """The clock with this key rings in a chat."""
    await house.database.write(lambda unit: set_timer(unit, key, unit.now, chat, event_clocks.KIND))


async def heard(person: Person) -> str:
    return plain((await person.hears())[-1].text)


async def test_who_does_not_write_now_hears_of_a_place_of_a_change_and_that_it_is_cancelled(
    house: House, telegram: TelegramServer, clock: FakeClock
) -> None:
    event = await planned(house, 1)
    neighbour = telegram.person(1002, language_code="en")
    await arrive(neighbour, ARRIVE)
    await answers(neighbour, clock, event, "I come")
    phone = await mother_and_son(telegram)
    assert "You wait." in await answers(phone, clock, event, "Waiting list")
    await hand_on(phone, "Son")

    await answers(neighbour, clock, event, "Cannot come")
    said = await heard(phone)
    assert said == f"👥 For Mother:\n✔️ A place got free. You come now.\n{BEGINS}\n{READ}"
    # What is pressed now is the son's, so only what shows it to whoever presses stands there.
    assert labels(phone.messages[-1]) == ["📅 Read"]

    moved = replace(CAFE, id=event, capacity=1, place="Placeholder street 2")
    await house.database.write(lambda unit: rsvp.change(unit, moved, tell=True))
    said = await heard(phone)
    assert said.startswith("👥 For Mother:\n")
    assert "Time or place has changed." in said
    assert CAFE.texts["en"][0] not in said
    assert "Placeholder street 2" not in said

    await hand_on(phone, "Mother")
    await house.database.write(lambda unit: rsvp.cancel(unit, event))
    said = await heard(phone)
    assert said.startswith("👥 For Mother:\n")
    assert "It does not take place." in said
    assert CAFE.texts["en"][0] in said
    await eventually(lambda: stored(house, "SELECT count(*) FROM timer WHERE kind = 'event'") == [(0,)])
    assert telegram.violations == []


async def test_the_no_of_one_leaves_the_reminder_of_the_other(
    house: House, telegram: TelegramServer, clock: FakeClock
) -> None:
    event = await planned(house, 2)
    phone = await mother_and_son(telegram)
    assert "You come." in await answers(phone, clock, event, "I come")
    await hand_on(phone, "Son")
    await answers(phone, clock, event, "I come")
    await answers(phone, clock, event, "Cannot come")
    clock.moment = STARTS - timedelta(days=1)
    assert await heard(phone) == f"👥 For Mother:\n⏰ Reminder: Sunday 29 November 2026, 10:00.\n{READ}"
    assert telegram.violations == []


async def test_a_clock_that_rang_before_keys_named_people_speaks_to_who_writes(
    house: House, telegram: TelegramServer, clock: FakeClock
) -> None:
    event = await planned(house, 2)
    phone = telegram.person(1001, language_code="en")
    await arrive(phone, ARRIVE)
    await answers(phone, clock, event, "I come")
    ((chat,),) = stored(house, "SELECT id FROM conversation")
    await rings(house, event_clocks.key(event, chat, What.DAY), chat)
    assert "Reminder" in await heard(phone)


async def test_a_clock_says_nothing_where_its_person_is_not_any_more(
    house: House, telegram: TelegramServer, clock: FakeClock
) -> None:
    event = await planned(house, 2)
    phone, left = (telegram.person(id, language_code="en") for id in (1001, 1002))
    await arrive(phone, ARRIVE)
    await answers(phone, clock, event, "I come")
    ((contact, home),) = stored(house, "SELECT id, conversation_id FROM contact")
    await arrive(left, ARRIVE)
    ((elsewhere,),) = stored(house, f"SELECT id FROM conversation WHERE id <> {home}")
    before = stored(house, SAID)
    await rings(house, event_clocks.key(event, contact, What.DAY), elsewhere)
    await eventually(lambda: stored(house, "SELECT state FROM inbox WHERE channel = 'timer'") == [("done",)])
    assert stored(house, SAID) == before
