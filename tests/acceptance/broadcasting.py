"""A coordinator who sends: a notice written and made ready, moved on, and what became of its copies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.house import House
from notices import starting
from notices.audience import Audience
from notices.lifecycle import Category, Kind, Move, State
from notices.moving import move
from notices.plan import Every
from storage import broadcasts, copies, notices
from storage.notice_rows import BroadcastRow, NewBroadcast
from storage.unit_of_work import Unit
from tests.acceptance.houses import eventually, stored

COORDINATOR = 7
VALID = date(2026, 12, 31)
ENGLISH: Mapping[str, tuple[str, str]] = {"en": ("Office closed", "The office is closed on Friday.")}


async def written(
    house: House, texts: Mapping[str, tuple[str, str]] = ENGLISH, category: Category = Category.NEWS
) -> int:
    """A notice with these texts (title, body) by language; its number."""

    def write(unit: Unit) -> int:
        id = notices.create(unit, COORDINATOR, category)
        notices.set_about(unit, id, valid_until=VALID)
        for locale, (title, body) in texts.items():
            notices.set_text(unit, id, locale, title, body)
        return id

    return await house.database.write(write)


async def ready(
    house: House,
    notice: int,
    audience: Audience = Audience(),  # noqa: B008 - frozen
    kind: Kind = Kind.FIRST,
    of: int | None = None,
    lacking: Mapping[str, str] | None = None,
) -> int:
    """A broadcast that only waits to be started; its number."""

    def make(unit: Unit) -> int:
        new = NewBroadcast(notice, kind, audience.dump(), COORDINATOR, lacking or {}, of)
        number = broadcasts.create(unit, new, State.DRAFT)
        move(unit, number, Move.PASSED, COORDINATOR)
        return number

    return await house.database.write(make)


async def act(house: House, number: int, what: Move) -> BroadcastRow:
    """The coordinator does it."""
    return await house.database.write(lambda unit: move(unit, number, what, COORDINATOR))


async def put_off(house: House, number: int, starts: str, every: Every = Every.ONCE) -> datetime | None:
    """Put it off to a wall time; that in UTC."""
    zone = ZoneInfo("Europe/Belgrade")
    row = await house.database.write(lambda unit: starting.schedule(unit, number, starts, every, zone, COORDINATOR))
    return row.start_at


async def sent(house: House, notice: int, kind: Kind = Kind.FIRST, of: int | None = None) -> int:
    """Send it and wait for its end; the number of the broadcast."""
    number = await ready(house, notice, kind=kind, of=of)
    await act(house, number, Move.STARTED)
    await ended(house, number)
    return number


async def ended(house: House, number: int) -> None:
    await eventually(lambda: state(house, number) in {State.DONE, State.STOPPED})


def state(house: House, number: int) -> str:
    ((found,),) = stored(house, f"SELECT state FROM broadcast WHERE id = {number}")
    return str(found)


async def fates(house: House, number: int) -> Counter[tuple[str, str]]:
    """How many copies came to what, with the reason."""
    found = await house.database.read(lambda unit: copies.counts(unit, number))
    counted: Counter[tuple[str, str]] = Counter()
    for one in found:
        counted[one.fate, one.reason] += one.many
    return counted
