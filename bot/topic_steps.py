"""What is to be done so that the staff group shows the requests as they stand: the first thing that differs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import topic_cards
from bot.channels.outgoing import Outgoing
from bot.topic_cards import Showing
from bot.topic_posts import Posting
from bot.world import World
from desk.topics import SHOWN_EVENTS, Wanted, kept_out, wanted
from storage import members, messages, requests, topics
from storage.crypto import Tampered
from storage.keys import KeyGone
from storage.requests import RequestRow
from storage.topics import TopicRow
from storage.unit_of_work import Unit

#: While nothing is known to have changed, all is looked at so often: time alone ends something, and a deletion is not
#: always seen in the stamp.
LOOK_ANYWAY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Open:
    """The request has no topic yet."""

    number: int
    name: str


@dataclass(frozen=True, slots=True)
class Rename:
    """Its topic has another name."""

    number: int
    thread: int
    name: str


@dataclass(frozen=True, slots=True)
class ShowCard:
    """Its first message shows something else, or is not there."""

    number: int
    thread: int
    card_id: int | None
    code: str
    out: Outgoing


@dataclass(frozen=True, slots=True)
class Post:
    """Something is not there yet. ids: of the entries that these are."""

    number: int
    thread: int
    ids: tuple[int, ...]
    out: Outgoing


@dataclass(frozen=True, slots=True)
class TurnTopic:
    """It is closed and should be open, or the other way."""

    number: int
    thread: int
    closed: bool


@dataclass(frozen=True, slots=True)
class Delete:
    """It should not be there (any more)."""

    number: int
    thread: int


Step = Open | Rename | ShowCard | Post | TurnTopic | Delete


class Picture:
    """Finds what differs. While nothing changes, nothing is read but the stamp, and nothing is put into words."""

    def __init__(self, showing: Showing) -> None:
        self._showing = showing
        self._right: tuple[tuple[object, ...], World] | None = None
        self._right_until: datetime | None = None

    def next_step(self, unit: Unit, world: World) -> Step | None:
        """The first thing in which the group differs from the requests; None where it shows them all."""
        stamp = topics.stamp(unit)
        if self._right is not None and self._right_until is not None and unit.now < self._right_until:
            before, with_world = self._right
            if before == stamp and with_world is world:
                return None
        step = _first_difference(unit, world, self._showing)
        self._right = (stamp, world) if step is None else None
        self._right_until = unit.now + LOOK_ANYWAY
        return step


def _first_difference(unit: Unit, world: World, showing: Showing) -> Step | None:
    rows = {row.number: row for row in [*requests.open_requests(unit), *requests.closed_requests(unit)]}
    there, behind = topics.topics(unit), topics.behind(unit, SHOWN_EVENTS)
    never = kept_out(unit, rows.values())
    for number in sorted(rows.keys() | there.keys()):
        row, topic = rows.get(number), there.get(number)
        want = Wanted.GONE if row is None else wanted(row, unit.now, kept_out=number in never)
        if topic is None:
            if row is not None and want is Wanted.OPEN:
                return Open(number, topic_cards.name_of(world, showing, row))
        elif row is None or want is Wanted.GONE:
            return Delete(number, topic.thread)
        elif step := _in_topic(unit, world, showing, row, topic, behind=number in behind):
            return step
        elif topic.closed is not (want is Wanted.CLOSED):
            return TurnTopic(number, topic.thread, want is Wanted.CLOSED)
    return None


def _in_topic(
    unit: Unit, world: World, showing: Showing, row: RequestRow, topic: TopicRow, *, behind: bool
) -> Step | None:
    name, code = topic_cards.name_of(world, showing, row), topic_cards.code_of(showing, row)
    if topic.card != code:
        out = topic_cards.card_of(world, showing, row, _label(unit, row.assignee_id))
        return ShowCard(row.number, topic.thread, topic.card_id, code, out)
    if behind and (post := _post(unit, world, showing, row, topic)) is not None:
        return post
    return Rename(row.number, topic.thread, name) if topic.name != name else None


def _post(unit: Unit, world: World, showing: Showing, row: RequestRow, topic: TopicRow) -> Post | None:
    """All of one side that follows one another, as one post: the group takes few messages a minute."""
    entries = topics.unposted(unit, row.number, SHOWN_EVENTS)
    if not entries:
        return None
    try:
        texts = {one.id: one.text for one in messages.of_request(unit, row.number)} if showing.words else {}
    except (KeyGone, Tampered):
        return None  # the person is being forgotten
    labels = {one.staff_id: _label(unit, one.staff_id) for one in entries}
    together, out = Posting(world, showing, row.number, texts, labels, unit.now).first(entries)
    return Post(row.number, topic.thread, tuple(entry.id for entry in together), out)


def _label(unit: Unit, staff_id: int | None) -> str:
    return "" if staff_id is None else members.member(unit, staff_id).label
