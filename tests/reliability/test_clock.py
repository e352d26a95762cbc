"""R14: the clock of the real process jumps, also over the night of a change, and also while it is dead.

A person wants a reminder, a phrase a day and comes to an event; a notice is sent every day. Whatever the clock does,
each of them comes once for each time that has come.
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.database import open_database
from bot.sandbox.people import Person
from bot.sandbox.telegram import TelegramServer
from notices import rsvp, starting
from notices.audience import Audience
from notices.events import State as EventState
from notices.events import Wish
from notices.lifecycle import Category, Kind, Move, State
from notices.moving import move
from notices.plan import Every
from storage import broadcasts, contacts, events, notices
from storage.bell import MemoryBell
from storage.events import EventRow
from storage.notice_rows import NewBroadcast
from storage.unit_of_work import Unit
from tests.acceptance.houses import settings_for, stored_in
from tests.acceptance.walks import tap
from tests.reliability.product import TOKEN, Product

FAKETIME = "faketime"
pytestmark = pytest.mark.skipif(
    shutil.which(FAKETIME) is None,
    reason=f"LEFT OUT: there is no {FAKETIME}: nobody shifts the clock of a process (apt-get install {FAKETIME})",
)

BELGRADE = ZoneInfo("Europe/Belgrade")
SUNDAY = date(2027, 3, 28)  # at 02:00 it is 03:00
FRIDAY_NOON = datetime(2027, 3, 26, 12, tzinfo=BELGRADE)
SUNDAY_EVENING = datetime(2027, 3, 28, 18, 30, tzinfo=BELGRADE)
MONDAY_AFTERNOON = datetime(2027, 3, 29, 16, 30, tzinfo=BELGRADE)
BEGINS, ENDS = "2027-03-29T18:00", "2027-03-29T20:00"
AUTHOR = 7
PATIENCE = 120.0  # seconds: the process starts three times, and each of its looks at the clock costs more here
#: What a message is, by words that only it has.
KINDS = {
    "Open it to read": "reminder",
    "Dobar dan.": "phrase 1",
    "Hvala.": "phrase 2",
    "Molim Vas.": "phrase 3",
    "Press to read what it is": "event",
    "Office closed": "notice",
}


class ShiftedClock:
    """The clock of the process, in a file that it looks at, and the same one for us."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._shift = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._shift

    def jumps_to(self, moment: datetime) -> None:
        self.jumps_by(moment - self())

    def jumps_by(self, by: timedelta) -> None:
        """In one step, as the process may look at any moment."""
        self._shift += by
        fresh = self._file.with_suffix(".new")
        fresh.write_text(f"{self._shift.total_seconds():+.0f}\n")
        fresh.replace(self._file)

    def environment(self) -> Mapping[str, str]:
        """What a process needs to see this clock. Its waits are those of the real one."""
        command = [FAKETIME, "-m", "-f", "+0s", "env"]
        shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
        return {
            "LD_PRELOAD": next(line.partition("=")[2] for line in shown if line.startswith("LD_PRELOAD=")),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_CACHE_DURATION": "1",  # seconds after which it looks at the file again
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }


async def test_whatever_the_clock_does_each_thing_comes_once_for_each_time_that_has_come(tmp_path: Path) -> None:
    clock = ShiftedClock(tmp_path / "clock")
    clock.jumps_to(FRIDAY_NOON)
    folder = tmp_path / "var"
    async with (
        TelegramServer(TOKEN, strict=False, clock=clock) as server,
        Product(folder, server.base_url, beside=clock.environment()) as product,
    ):
        await product.start()
        person = server.person(4000, language_code="en")
        await _asks_for_everything(person)
        await asyncio.to_thread(_plan, folder, clock)

        clock.jumps_to(SUNDAY_EVENING)  # it runs, and the clocks of the country have changed meanwhile
        came = Counter({"reminder": 1, "phrase 1": 1, "event": 1, "notice": 1})
        await _has_come(person, came)
        clock.jumps_by(timedelta(hours=-3))
        await _goes_on(person, folder, clock)
        await _dies(product)
        await _goes_on(person, folder, clock)

        clock.jumps_to(MONDAY_AFTERNOON)
        came += Counter({"phrase 2": 1, "event": 1, "notice": 1})
        await _has_come(person, came)
        product.kill()
        await product.ended()
        clock.jumps_by(timedelta(days=-2))  # set wrong while it is dead
        await product.start()
        await _goes_on(person, folder, clock)
        clock.jumps_to(MONDAY_AFTERNOON + timedelta(hours=4))
        await _goes_on(person, folder, clock)
        await _eventually(lambda: not stored_in(folder, "SELECT 1 FROM inbox WHERE state = 'new'"))
        await _eventually(lambda: not stored_in(folder, "SELECT 1 FROM outbox WHERE state IN ('ready', 'sending')"))
        assert _counted(person) == came
        assert not stored_in(folder, "SELECT 1 FROM timer WHERE kind IN ('remind', 'event')")
        assert await product.terminate() == 0


async def _asks_for_everything(person: Person) -> None:
    await person.starts()
    await person.hears(timeout=PATIENCE)
    for label in ("English", "OK, continue"):
        await tap(person, label)
    await person.says("/reminders")
    await person.hears()
    await tap(person, "A day of my own")
    await person.says("29.3.2027")
    assert "28 March 2027" in (await person.hears())[-1].text
    await person.says("/phrases")
    await person.hears()
    await tap(person, "Start")


def _plan(folder: Path, clock: ShiftedClock) -> None:
    """An event to which the person comes, and a notice that is sent every day at ten."""
    database = open_database(settings_for(folder), MemoryBell(), clock)
    ((conversation,),) = stored_in(folder, "SELECT id FROM conversation")
    try:
        database.write_now(lambda unit: _comes_to_an_event(unit, int(conversation)))
        database.write_now(_daily_notice)
    finally:
        database.close()
        database.keys.close()


def _comes_to_an_event(unit: Unit, conversation: int) -> None:
    begins, ends = (datetime.fromisoformat(at).replace(tzinfo=BELGRADE) for at in (BEGINS, ENDS))
    id = events.create(
        unit,
        EventRow(
            0, EventState.DRAFT, "subotica", "Placeholder street 1", BEGINS, ENDS, "Europe/Belgrade", begins, ends, 5,
            women_only=False, child_care=False, texts={"en": ("Language café", "Come and talk.")},
        ),
        AUTHOR,
    )  # fmt: skip
    rsvp.publish(unit, id)
    rsvp.answer(unit, contacts.standing(unit, conversation), id, Wish(comes=True))


def _daily_notice(unit: Unit) -> None:
    notice = notices.create(unit, AUTHOR, Category.NEWS)
    notices.set_about(unit, notice, valid_until=SUNDAY + timedelta(days=30))
    notices.set_text(unit, notice, "en", "Office closed", "The office is closed.")
    number = broadcasts.create(unit, NewBroadcast(notice, Kind.FIRST, Audience().dump(), AUTHOR), State.DRAFT)
    move(unit, number, Move.PASSED, AUTHOR)
    starting.schedule(unit, number, "2027-03-27T10:00", Every.DAY, BELGRADE, AUTHOR)


async def _dies(product: Product) -> None:
    product.kill()
    await product.ended()
    await product.start()


async def _goes_on(person: Person, folder: Path, clock: ShiftedClock) -> None:
    """Who writes now is answered, whatever the clock was; again until the process was seen to have the new time."""
    seen = None
    while seen is None or abs(clock() - seen) > timedelta(minutes=1):
        before = len(person.messages)
        await person.says("/privacy")
        await _eventually(lambda: any("What we keep" in one.text for one in person.messages[before:]))  # noqa: B023
        ((written,),) = stored_in(folder, "SELECT created_at FROM outbox ORDER BY id DESC LIMIT 1")
        seen = datetime.fromisoformat(written).replace(tzinfo=UTC)


async def _has_come(person: Person, expected: Counter[str]) -> None:
    await _eventually(lambda: _counted(person) >= expected)
    assert _counted(person) == expected


def _counted(person: Person) -> Counter[str]:
    return Counter(kind for one in person.messages for words, kind in KINDS.items() if words in one.text)


async def _eventually(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not holds():
            await asyncio.sleep(0.05)
