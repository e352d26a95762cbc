"""From a broadcast to a row for each person, page by page, and from the last row sent to its end.

Each page is one transaction: who gets a copy, who does not and why, what is to be sent, and how far we are. So a death
in between goes on at the cursor, and nobody is written to twice or left out without a row. A broadcast is done when
every row is written and none waits for its turn. A copy that is held waits for something that may never come (the
person writes, an urgent case ends), so it keeps nothing open; it still goes when that comes, as long as the notice is
true, and then counts as sent.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from flows.floor import Content, Speaker
from notices.audience import Audience, Left
from notices.later import Asked, Spared, Way, decide
from notices.lifecycle import Category, Kind, Move, State
from notices.moving import move
from storage import audiences, broadcasts, contacts, copies, notices, queue
from storage.audiences import GuideOf
from storage.keys import conversation_key
from storage.notice_rows import BroadcastRow, Copy, NewCopy, Person
from storage.notices import NoticeRow
from storage.rows import MaySpeak, OutClass, OutgoingRow, OutKind, Standing
from storage.unit_of_work import Unit

#: People of one page: its transaction is short beside those of turns, so that nobody's answer waits for it.
PAGE = 100
LEAVE_OUT = "leave_out"  # notices.drafts.Choice


@dataclass(frozen=True, slots=True)
class Means:
    """What a process knows of channels and guides.

    teasers: the approved text, as it lies in the outbox, by language. edits: whether a channel can edit and delete.
    """

    may_speak: MaySpeak
    guide_of: GuideOf
    teasers: Mapping[str, bytes]
    edits: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Reference:
    """What lies in the outbox instead of words: which copy of which broadcast of which notice."""

    notice_id: int
    broadcast_id: int
    copy_id: int

    def dump(self) -> bytes:
        """As bytes."""
        return json.dumps([self.notice_id, self.broadcast_id, self.copy_id]).encode()

    @classmethod
    def load(cls, raw: bytes) -> Reference:
        """What dump wrote."""
        return cls(*json.loads(raw))


def expand(unit: Unit, number: int, means: Means) -> bool:
    """Write the next page of a broadcast; whether there may be more. Raises NoBroadcast, NoNotice."""
    row = broadcasts.read(unit, number, lock=True)
    if row.state != State.SENDING or row.complete:
        return False
    notice = notices.notice(unit, row.notice_id)
    asked = _asked(unit, row, notice)
    page = audiences.people(
        unit,
        -1 if row.cursor is None else row.cursor,
        PAGE,
        teasers=means.teasers,
        guide_of=means.guide_of if asked.audience.guides else None,
        of=row.of_id,
        lock=True,
    )
    if not page:
        broadcasts.change(unit, number, complete=True)
        return False
    _Page(unit, row, notice, means).write(page, asked)
    broadcasts.change(unit, number, cursor=page[-1].contact_id)
    return True


def finish(unit: Unit, number: int) -> bool:
    """End a broadcast of which nothing waits for its turn; whether it ended now."""
    row = broadcasts.read(unit, number)
    if row.state != State.SENDING or not row.complete or copies.is_pending(unit, number):
        return False
    move(unit, number, Move.FINISHED, None)
    return True


def _asked(unit: Unit, row: BroadcastRow, notice: NoticeRow) -> Asked:
    leave_out = frozenset(locale for locale, choice in row.lacking.items() if choice == LEAVE_OUT)
    versions = notices.versions(notice, notices.texts(unit, notice.id))
    return Asked(Kind(row.kind), Audience.load(row.audience), versions, leave_out)


class _Page:
    """What is written down for the people of one page."""

    def __init__(self, unit: Unit, row: BroadcastRow, notice: NoticeRow, means: Means) -> None:
        self._unit = unit
        self._row = row
        self._notice = notice
        self._means = means
        self._matter = Content.SAFETY if notice.category == Category.SAFETY else Content.UNASKED

    def write(self, page: Sequence[Person], asked: Asked) -> None:
        unit, of, ids = self._unit, self._row.of_id, [one.contact_id for one in page]
        # Whose chat was joined with that of somebody earlier in the row has that one's copy already.
        written = copies.of_people(unit, self._row.id, ids)
        earlier = {} if of is None else copies.of_people(unit, of, ids)
        done = {
            one.contact_id: decide(one, earlier.get(one.contact_id), asked, unit.now, self._means.edits(one.channel))
            for one in page
            if one.contact_id not in written
        }
        to_write = [one.conversation_id for one in page if isinstance(done.get(one.contact_id), Way)]
        unit.keys.warm(map(conversation_key, to_write))
        standings = contacts.standings(unit, to_write)
        copies.write(
            unit,
            [
                self._copy(one, what, earlier.get(one.contact_id), standings)
                for one in page
                if (what := done.get(one.contact_id)) is not None
            ],
        )

    def _copy(
        self, person: Person, what: Way | Left | Spared, earlier: Copy | None, standings: Mapping[int, Standing]
    ) -> NewCopy:
        id = self._unit.ids()
        new = NewCopy(id, self._row.id, person.contact_id, person.locale, person.channel, self._notice.version)
        match what:
            case Way():
                return self._said(new, person, standings[person.conversation_id], what, earlier)
            case Left() | Spared():
                return replace(new, left_out=what)
            case other:
                assert_never(other)

    def _said(self, new: NewCopy, person: Person, standing: Standing, way: Way, earlier: Copy | None) -> NewCopy:
        tag = f"{self._row.id}:{person.contact_id}"
        reference = Reference(self._notice.id, self._row.id, new.id).dump()
        rows = [
            OutgoingRow(
                dedupe=f"n:{tag}",
                payload=reference,
                speaker=Speaker.NOTICE,
                matter=self._matter,
                cls=OutClass.NOTICE,
                kind=OutKind.DELETE if way is Way.DELETE else OutKind.NOTICE,
                replaces=None if way is Way.TELL or earlier is None else earlier.outbox_id,
                address_id=person.address_id,
            )
        ]
        if not person.free:
            teaser = self._means.teasers[person.locale]
            rows.insert(0, replace(rows[0], dedupe=f"t:{tag}", payload=teaser, kind=OutKind.TEMPLATE, replaces=None))
        made = queue.say_later(self._unit, standing, rows, self._means.may_speak)
        return replace(new, outbox_id=made[-1], teaser_id=made[0] if len(made) > 1 else None)
