"""What coordinators do with events: plan, publish, change, cancel, look who comes, write a notice about one.

Who is scoped to a place plans there alone, and sees the events of no other place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from desk import notices as writing
from desk import permits
from desk.notice_desk import NoticeDesk, places_of
from desk.permits import File
from notices import rsvp
from notices.audience import Audience, OutOfReach
from notices.buttons import Does, NoticeButton, dump
from notices.events import Stand
from notices.lifecycle import Category
from storage import audit, events
from storage.events import EventRow, NoEvent, SeatRow
from storage.members import Member
from storage.unit_of_work import Unit

LISTED = 100
FILES = {"csv": File.EVENT_CSV, "xlsx": File.EVENT_XLSX}
MOST_ATTENDED = 9  # of one party; more is a slip of the fingers


def seen(unit: Unit, me: Member) -> list[EventRow]:
    """The events that are theirs to see, newest day first."""
    places = places_of(me)
    return [row for row in events.events(unit, LISTED) if places is None or row.municipality in places]


def find(unit: Unit, me: Member, id: int) -> EventRow:
    """An event that is theirs to see. Raises NoEvent."""
    row, places = events.event(unit, id), places_of(me)
    if places is not None and row.municipality not in places:
        raise NoEvent(id)
    return row


def plan(unit: Unit, me: Member, event: EventRow) -> int:
    """A draft; its id. Raises OutOfReach where it is at a place that is not theirs."""
    _within(me, event)
    id = events.create(unit, event, me.id)
    audit.log_act(unit, me.id, "planned", f"event:{id}")
    return id


def change(unit: Unit, me: Member, event: EventRow) -> None:
    """Time, place or what it offers changed; who is on the list is told. Raises NoEvent, OutOfReach, TooSmall,
    Refused."""
    before = find(unit, me, event.id)
    _within(me, event)
    told = ("place", "municipality", "starts", "ends")
    rsvp.change(unit, event, tell=any(getattr(before, name) != getattr(event, name) for name in told))
    audit.log_act(unit, me.id, "changed", f"event:{event.id}")


def write_text(unit: Unit, me: Member, id: int, locale: str, title: str, body: str) -> None:
    """The words in one language; without a title there are none in it. Nobody is told. Raises NoEvent."""
    find(unit, me, id)
    held = events.hold(unit, id)
    others = {code: words for code, words in held.texts.items() if code != locale}
    events.change(unit, replace(held, texts=others | ({locale: (title, body)} if title else {})))


def publish(unit: Unit, me: Member, id: int) -> None:
    """People may come. Raises NoEvent, Refused."""
    find(unit, me, id)
    rsvp.publish(unit, id)
    audit.log_act(unit, me.id, "published", f"event:{id}")


def cancel(unit: Unit, me: Member, id: int) -> None:
    """It does not take place; everybody on the list is told. Raises NoEvent, Refused."""
    find(unit, me, id)
    rsvp.cancel(unit, id)
    audit.log_act(unit, me.id, "cancelled", f"event:{id}")


def attend(unit: Unit, me: Member, id: int, number: int, people: int | None) -> None:
    """So many came with this number; None: that was a slip. Raises NoEvent."""
    find(unit, me, id)
    events.attend(unit, id, number, None if people is None else min(max(people, 0), MOST_ATTENDED))


def on_list(unit: Unit, me: Member, id: int) -> list[SeatRow]:
    """Who comes or waits, by number. Raises NoEvent."""
    find(unit, me, id)
    return [seat for seat in events.seats(unit, id) if seat.stand != Stand.OUT]


def exported(unit: Unit, me: Member, id: int, kind: str, alone: int) -> list[SeatRow]:
    """The same, to be taken away; the log has who did. kind: csv or xlsx. alone: see desk.permits.leave.

    Raises NoEvent, NeedsSecond.
    """
    rows = on_list(unit, me, id)
    permits.leave(unit, me, FILES[kind], str(id), len(rows), alone)
    audit.log_act(unit, me.id, "exported", f"event:{id}", f"{kind}:{len(rows)}")
    return rows


def tell(desk: NoticeDesk, id: int, *, to_list: bool) -> int:
    """A notice about the event, begun with its words: to those on its list, or to its town; its number.

    Raises NoEvent, OutOfReach.
    """
    event = find(desk.unit, desk.me, id)
    number = writing.begin(desk, Category.EVENT)
    last = event.ends_at.astimezone(ZoneInfo(event.zone)).date()
    buttons = () if to_list else (NoticeButton(Does.RSVP),)
    writing.describe(desk, number, dump(buttons), event_id=id, valid_until=last)
    for locale, (title, body) in event.texts.items():
        writing.write_text(desk, number, locale, title, body or title)
    town = (event.municipality,) if event.municipality else ()
    writing.aim(desk, number, Audience(event=id) if to_list else Audience(places=town))
    return number


def counts(listed: Sequence[SeatRow]) -> tuple[int, int, int]:
    """People who come, parties that wait, people who came."""
    coming = sum(1 + seat.companions for seat in listed if seat.stand == Stand.COMING)
    waiting = sum(seat.stand == Stand.WAITING for seat in listed)
    return coming, waiting, sum(seat.attended or 0 for seat in listed)


def _within(me: Member, event: EventRow) -> None:
    places = places_of(me)
    if places is not None and event.municipality not in places:
        raise OutOfReach
