"""Events and their lists, as rows. What follows from a yes or a no is decided in notices/events.py.

Whoever changes a list holds the event (`hold`), so two who answer at once come one after the other: on PostgreSQL by
the row's lock, on SQLite by its one writer.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, update

from storage import event_clocks
from storage.declared import Id, Moment
from storage.dialects import insert_or_update
from storage.event_tables import Event, EventText, Seat
from storage.prepared import one_of
from storage.tables import Contact
from storage.unit_of_work import AnyRow, Unit

COMING, WAITING = "coming", "waiting"
_COLUMNS = (
    "state", "municipality", "place", "starts", "ends", "zone", "starts_at", "ends_at", "capacity", "women_only",
    "child_care",
)  # fmt: skip


class NoEvent(Exception):
    """There is no such event."""


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event. starts, ends: on the clocks of `zone`; starts_at, ends_at: the same, aware. texts: locale -> words."""

    id: int
    state: str
    municipality: str
    place: str
    starts: str
    ends: str
    zone: str
    starts_at: datetime
    ends_at: datetime
    capacity: int | None
    women_only: bool
    child_care: bool
    texts: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SeatRow:
    """One person's word. contact_id, conversation_id, locale: None where the person was forgotten since."""

    event_id: int
    contact_id: int | None
    conversation_id: int | None
    locale: str | None
    number: int
    stand: str
    companions: int
    turn: int
    attended: int | None


_row = bindparam("row", type_=Id)
_contact = bindparam("contact", type_=Id)
_CREATE = insert(Event).returning(Event.id)
_CHANGE = update(Event).where(Event.id == _row)
_WRITE = insert_or_update(EventText, ["event_id", "locale"], ["title", "body"])
_DROP_TEXT = delete(EventText).where(EventText.event_id == _row, EventText.locale == bindparam("of_locale"))
_EVENT = select(Event.id, *(getattr(Event, name) for name in _COLUMNS))
_ONE = _EVENT.where(Event.id == _row)
_LOCKED = _ONE.with_for_update()
_ALL = _EVENT.order_by(Event.starts_at.desc(), Event.id.desc()).limit(bindparam("limit"))
_TO_COME = (
    _EVENT.where(Event.ends_at > bindparam("now", type_=Moment()), Event.state.in_(bindparam("states", expanding=True)))
    .order_by(Event.starts_at, Event.id)
    .limit(bindparam("limit"))
)
_TEXTS = {
    dialect: select(EventText.event_id, EventText.locale, EventText.title, EventText.body).where(condition)
    for dialect, condition in one_of(EventText.event_id, "events").items()
}
_SEAT = (
    select(
        Seat.event_id, Seat.contact_id, Contact.conversation_id, Contact.locale, Seat.number, Seat.stand,
        Seat.companions, Seat.turn, Seat.attended,
    )
    .outerjoin(Contact, Contact.id == Seat.contact_id)
    .order_by(Seat.event_id, Seat.number)
)  # fmt: skip
_SEATS = _SEAT.where(Seat.event_id == _row)
_OF_CONTACT = _SEAT.where(Seat.contact_id == _contact)
_DRAW = update(Event).where(Event.id == _row).values(drawn=Event.drawn + 1).returning(Event.drawn)
_PUT = insert_or_update(Seat, ["event_id", "contact_id"], ["stand", "companions", "turn", "at"])
_ATTEND = (
    update(Seat)
    .where(Seat.event_id == _row, Seat.number == bindparam("of_number"))
    .values(attended=bindparam("to_attended"))
)
_gone = Seat.contact_id.in_(bindparam("gone", expanding=True))
_to_come = Seat.event_id.in_(select(Event.id).where(Event.ends_at > bindparam("now", type_=Moment())))
#: Who waits stands in the way of the next as well, so the stand does not matter.
_LEFT = (
    select(Seat.event_id, Contact.id, Contact.conversation_id)
    .join(Contact, Contact.id == Seat.contact_id)
    .where(_gone, _to_come)
)
_LEAVE = delete(Seat).where(_gone, _to_come)
_NAMELESS = update(Seat).where(_gone).values(contact_id=None)
_MOVE = (
    update(Seat)
    .where(Seat.event_id == _row, Seat.contact_id == _contact)
    .values(contact_id=bindparam("to_contact", type_=Id))
)
_NEXT = (
    select(Contact.conversation_id, Contact.id)
    .join(Seat, Seat.contact_id == Contact.id)
    .where(Seat.event_id == _row, Seat.stand == WAITING)
    .order_by(Seat.turn)
    .limit(1)
)


def create(unit: Unit, event: EventRow, author_id: int) -> int:
    """Write down a new event with its texts; its id. The id of `event` is not looked at."""
    row = {name: getattr(event, name) for name in _COLUMNS}
    id: int = unit.connection.execute(_CREATE, {**row, "author_id": author_id, "created_at": unit.now}).scalar_one()
    _write_texts(unit, id, event.texts, {})
    return id


def change(unit: Unit, event: EventRow) -> None:
    """Write an event anew, with its state and texts. The unit holds it."""
    before = _with_texts(unit, [_one(unit, event.id, held=False)])[0]
    row = {name: getattr(event, name) for name in _COLUMNS}
    unit.connection.execute(_CHANGE.values(**row), {"row": event.id})
    _write_texts(unit, event.id, event.texts, before.texts)


def event(unit: Unit, id: int) -> EventRow:
    """One event. Raises NoEvent."""
    return _with_texts(unit, [_one(unit, id, held=False)])[0]


def hold(unit: Unit, id: int) -> EventRow:
    """The same, and nobody else changes it or its list until the unit ends. Raises NoEvent."""
    return _with_texts(unit, [_one(unit, id, held=True)])[0]


def events(unit: Unit, limit: int) -> list[EventRow]:
    """The newest by their day first."""
    return _with_texts(unit, unit.connection.execute(_ALL, {"limit": limit}).all())


def to_come(unit: Unit, states: Collection[str], limit: int) -> list[EventRow]:
    """Those of these states that are not over, soonest first."""
    asked = {"now": unit.now, "states": list(states), "limit": limit}
    return _with_texts(unit, unit.connection.execute(_TO_COME, asked).all())


def seats(unit: Unit, id: int) -> list[SeatRow]:
    """Everybody who said something to an event, by number."""
    return [SeatRow(*row) for row in unit.connection.execute(_SEATS, {"row": id})]


def of_contact(unit: Unit, contact_id: int) -> list[SeatRow]:
    """What one person said to events."""
    return [SeatRow(*row) for row in unit.connection.execute(_OF_CONTACT, {"contact": contact_id})]


def draw(unit: Unit, id: int) -> int:
    """The next number on the list of an event. The unit holds it."""
    number: int = unit.connection.execute(_DRAW, {"row": id}).scalar_one()
    return number


def put(unit: Unit, seat: SeatRow) -> None:
    """Write down one person's word; who has a number keeps it. The unit holds the event."""
    row = {
        "id": unit.ids(), "event_id": seat.event_id, "contact_id": seat.contact_id, "number": seat.number,
        "stand": seat.stand, "companions": seat.companions, "turn": seat.turn, "at": unit.now,
    }  # fmt: skip
    unit.connection.execute(_PUT[unit.dialect], row)


def attend(unit: Unit, id: int, number: int, people: int | None) -> bool:
    """How many came with this number on the list; None: not looked. False where nobody has the number."""
    values = {"row": id, "of_number": number, "to_attended": people}
    return unit.connection.execute(_ATTEND, values).rowcount == 1


def leave(unit: Unit, contacts: Sequence[int]) -> None:
    """People are forgotten: off every list of what is to come, with their clocks; without a name on what is over."""
    where = {"gone": list(contacts), "now": unit.now}
    left = unit.connection.execute(_LEFT, where).all()
    unit.connection.execute(_LEAVE, where)
    unit.connection.execute(_NAMELESS, {"gone": list(contacts)})
    for event_id, contact_id, conversation_id in left:
        event_clocks.drop(unit, conversation_id, event_id, contact_id)
    for event_id in {row.event_id for row in left}:
        _call_next(unit, event_id)


def take_over(unit: Unit, contact_id: int, from_contact: int) -> None:
    """What another contact said is this one's word, who turned out to be the same person; their own words stay."""
    said = {seat.event_id for seat in of_contact(unit, contact_id)}
    for seat in of_contact(unit, from_contact):
        if seat.event_id not in said:
            unit.connection.execute(_MOVE, {"row": seat.event_id, "contact": from_contact, "to_contact": contact_id})
    leave(unit, [from_contact])


def _call_next(unit: Unit, id: int) -> None:
    """Whose turn may have come is looked at in a unit of their own: promotion is not decided here."""
    waiting = unit.connection.execute(_NEXT, {"row": id}).one_or_none()
    if waiting is not None:
        event_clocks.call(unit, waiting.conversation_id, id, waiting.id, event_clocks.FREED, unit.now)


def _one(unit: Unit, id: int, *, held: bool) -> AnyRow:
    row = unit.connection.execute(_LOCKED if held else _ONE, {"row": id}).one_or_none()
    if row is None:
        raise NoEvent(id)
    return row


def _with_texts(unit: Unit, rows: Sequence[AnyRow]) -> list[EventRow]:
    if not rows:
        return []
    texts: dict[int, dict[str, tuple[str, str]]] = {row.id: {} for row in rows}
    found = unit.connection.execute(_TEXTS[unit.dialect], {"events": list(texts)})
    for id, locale, title, body in found:
        texts[id][locale] = title, body
    return [EventRow(**row._asdict(), texts=texts[row.id]) for row in rows]


def _write_texts(
    unit: Unit, id: int, texts: Mapping[str, tuple[str, str]], before: Mapping[str, tuple[str, str]]
) -> None:
    for locale, (title, body) in texts.items():
        row = {"event_id": id, "locale": locale, "title": title, "body": body}
        unit.connection.execute(_WRITE[unit.dialect], row)
    for locale in before.keys() - texts.keys():
        unit.connection.execute(_DROP_TEXT, {"row": id, "of_locale": locale})
