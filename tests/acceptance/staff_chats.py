"""Members of staff with chats of their own, and newcomers who ask."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bot.house import House
from bot.sandbox.chats import BotMessage
from bot.sandbox.people import Person
from bot.sandbox.telegram import TelegramServer
from bot.voice import Spoken
from desk import staff_chat
from desk.requests import Desk
from storage import contacts, members, requests, staff
from storage.members import Role
from storage.unit_of_work import Unit
from tests.acceptance.walks import TO_THE_FIRST_STEP, arrive

HOURS_48 = timedelta(hours=48)


async def join(house: House, label: str, *roles: str, languages: str = "en") -> int:
    """Somebody who works here and has accepted the code of conduct; their id. Not on duty, and without a chat."""

    def write(unit: Unit) -> int:
        token = staff.redeem(unit, staff.invite(unit, unit.now + HOURS_48, label=label))
        assert token is not None
        found = staff.staff_session(unit, token)
        assert found is not None
        for role in roles or ("assistant",):
            members.grant(unit, found.id, Role(role))
        members.change(unit, found.id, languages=languages)
        members.accept_pledge(unit, found.id)
        return found.id

    return await house.database.write(write)


async def invited(house: House, staff_id: int) -> str:
    """The payload of an invitation for a member's chat."""
    return "invite-" + await house.database.write(lambda unit: staff_chat.invite(unit, staff_id, staff_id))


async def on_duty(house: House, telegram: TelegramServer, number: int, *roles: str) -> Person:
    """A member of staff on duty, in a chat of their own."""
    staff_id = await join(house, f"assistant {number}", *roles)
    helper = telegram.person(number, language_code="en")
    await helper.starts(await invited(house, staff_id))
    await helper.hears()
    await helper.says("/duty")
    await helper.hears()
    return helper


async def ask(telegram: TelegramServer, number: int = 1001) -> Person:
    """A newcomer who is stuck at the first step and says so."""
    person = telegram.person(number, language_code="en")
    await arrive(person, (*TO_THE_FIRST_STEP, "I am stuck"))
    return person


def newest(person: Person) -> BotMessage:
    """What stands at the end of their chat now."""
    return person.messages[-1]


async def at_the_desk(house: House, helper: Person, act: Callable[[Desk], object]) -> None:
    """The member whose chat this is does something with request 1 at the desk."""

    def write(unit: Unit) -> None:
        (me,) = [one for one in members.members(unit) if one.label == f"assistant {helper.id}"]
        contacts.hold(unit, requests.request(unit, 1).conversation_id)
        act(Desk(unit, Spoken(house.worlds(), house.settings.base_url), house.worlds().calendar, me.id))

    await house.database.write(write)
