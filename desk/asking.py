"""What a person adds to their own request by a button: why, what it is about, whom they wish for, how it went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, assert_never

from desk import goods, wishes
from desk.alerts import Called, called, tell, withdraw
from desk.goods import Need
from desk.requests import PERSON, Desk, release
from desk.turns import not_solved
from desk.voice import Alarm
from storage import handoff, members, messages, requests
from storage.messages import Said
from storage.requests import RequestRow
from storage.rows import Standing
from storage.unit_of_work import Unit


class Reason(StrEnum):
    """Why somebody is stuck."""

    REFUSED = "refused"
    NO_PAPER = "no_paper"
    CANNOT_GO = "cannot_go"
    UNCLEAR = "unclear"
    OTHER = "other"


class Subject(StrEnum):
    """What a request outside of guides is about, if not a plain question; the values are types of requests."""

    TALK = "talk"
    LANGUAGE = "language"
    INTERPRETER = "interpreter"
    GOODS = "goods"
    COMPLAINT = "complaint"


class Solved(StrEnum):
    """What the person says of a request that was closed."""

    YES = "yes"
    NO = "no"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Wished:
    """One wish, by its name in desk/wishes.py. value: "" takes it back."""

    name: str
    value: str = ""


Added = Reason | Subject | Wished | Solved | Need


@dataclass(frozen=True, slots=True)
class Asking:
    """A request as its person sees it.

    wished: by name. known: a helper has answered this person before. form: of goods or money, by question.
    """

    number: int
    type: str
    open: bool
    taken: bool
    called: Called
    wished: Mapping[str, str]
    known: bool
    form: Mapping[str, str] = field(default_factory=dict)


#: Wishes by which others must be asked; the rest only orders those who were asked.
_ASKS_OTHERS = frozenset({"locale", "waits", "not_origin"})


def asking(unit: Unit, row: RequestRow) -> Asking:
    """How a request stands for the one who asked."""
    wished = {name: str(value) for name, value in wishes.wishes(unit, row.number).items()}
    known = wishes.helped_before(unit, row) is not None
    taken = row.assignee_id is not None
    is_open, form = row.closed_at is None, goods.form(unit, row)
    return Asking(row.number, row.type, is_open, taken, called(unit, row), wished, known, form)


def add(desk: Desk, row: RequestRow, added: Added) -> bool:
    """Add what a button says. False: it must be a request of its own."""
    match added:
        case Reason():
            _note_once(desk, row, f"reason_{added}")
        case Solved.NO:
            not_solved(desk, row.number)
        case Solved.YES | Solved.LATER:
            _note_once(desk, row, f"solved_{added}")
        case Subject():
            return _specify(desk, row, added)
        case Wished():
            _wish(desk, row, added)
        case Need():
            return goods.fill_in(desk, row, added)
        case _:
            assert_never(added)
    return True


def thank(desk: Desk, standing: Standing, row: RequestRow, words: str) -> None:
    """What the person says of the help, in their own words: kept with the request, which stays closed."""
    messages.keep(desk.unit, standing, [Said("in", PERSON, words)], request=row.number)
    handoff.note_event(desk.unit, row.number, "commented")


def _specify(desk: Desk, row: RequestRow, subject: Subject) -> bool:
    """Say what a request is about, as long as nobody has it.

    What only few may read is taken from the others: their alerts are struck out. It is never opened to them again.
    """
    if row.type == subject:
        return True
    protected = subject in wishes.PROTECTED
    if row.assignee_id is not None or row.closed_at is not None or row.urgent or (row.protected and not protected):
        return False
    handoff.move(desk.unit, row.number, row.state, row.state, type=str(subject), protected=protected)
    handoff.note_event(desk.unit, row.number, "specified", None, subject)
    if protected and not row.protected:
        _ask_anew(desk, row.number)
    return True


def _wish(desk: Desk, row: RequestRow, wished: Wished) -> None:
    """Whom they would like, or not. Who has the request and is not wanted gives it back at once."""
    if row.closed_at is not None:
        return
    value: Any = wished.value
    if wished.name == "previous":
        value = wishes.helped_before(desk.unit, row) if value else None
    wishes.add_wish(desk.unit, row, {wished.name: value})
    handoff.note_event(desk.unit, row.number, "wished")
    if row.assignee_id is not None:
        if wishes.is_unwanted(wishes.wish_of(desk.unit, row), members.member(desk.unit, row.assignee_id)):
            release(desk, row)
    elif wished.name in _ASKS_OTHERS:
        _ask_anew(desk, row.number)
    else:
        for unmet in sorted(called(desk.unit, row).unmet):
            handoff.note_event(desk.unit, row.number, "unmet", None, unmet)


def _ask_anew(desk: Desk, number: int) -> None:
    withdraw(desk.unit, desk.voice, number, "")
    row = requests.request(desk.unit, number)
    tell(desk.unit, desk.voice, row, Alarm.URGENT if row.urgent else Alarm.NEW)


def _note_once(desk: Desk, row: RequestRow, kind: str) -> None:
    if all(happened[0] != kind for happened in handoff.events(desk.unit, row.number)):
        handoff.note_event(desk.unit, row.number, kind)
