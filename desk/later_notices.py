"""What staff do about a notice that went: once more to whom it did not reach, a correction, a withdrawal, a follow-up.

Each is a broadcast of its own, so it is counted, paced and paused like the first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from desk.notice_desk import NoticeDesk, find
from notices.lifecycle import ENDED, Category, Kind, Move, Refused, State
from notices.moving import move
from storage import broadcasts, notices
from storage.notice_rows import BroadcastRow, NewBroadcast

#: A correction of what is still going would reach some people twice; it is paused or ended first.
_RESTS = ENDED | {State.PAUSED}


def again(desk: NoticeDesk, number: int) -> int:
    """Send it to those whom a passing trouble kept from it; the number of that broadcast. Raises Refused, NoBroadcast.

    Nobody has to agree again: the words and the people were agreed to.
    """
    return _at_once(desk, _held_true(desk, _ended(desk, number)), Kind.AGAIN)


def withdraw(desk: NoticeDesk, number: int) -> int:
    """It is not true: deleted where channels let us, else replaced by a line that says so. Raises as again.

    Nobody else has to agree: every minute counts.
    """
    row = _resting(desk, number)
    if row.state == State.PAUSED:
        move(desk.unit, number, Move.STOPPED, desk.me.id)
    notices.mark_withdrawn(desk.unit, row.notice_id)
    return _at_once(desk, row, Kind.WITHDRAW)


def correct(desk: NoticeDesk, number: int) -> int:
    """A draft in which the texts are put right; what people have is edited, or told anew. Raises as again.

    One that somebody has begun is gone on with: two of them would reach everybody twice.
    """
    row = _held_true(desk, _resting(desk, number))
    for one in broadcasts.of_notice(desk.unit, row.notice_id):
        if (one.of_id, one.kind, one.state) == (row.id, Kind.CORRECT, State.DRAFT):
            return one.id
    return broadcasts.create(desk.unit, _of(desk, row, row.notice_id, Kind.CORRECT), State.DRAFT)


def follow_up(desk: NoticeDesk, number: int) -> int:
    """A draft of another notice for exactly those who got this one. Raises as again."""
    row = _ended(desk, number)
    category = Category(notices.notice(desk.unit, row.notice_id).category)
    made = notices.create(desk.unit, desk.me.id, category)
    return broadcasts.create(desk.unit, _of(desk, row, made, Kind.FOLLOW_UP), State.DRAFT)


#: By the name of the form.
LATER: Mapping[str, Callable[[NoticeDesk, int], int]] = {
    "again": again, "withdraw": withdraw, "correct": correct, "follow-up": follow_up,
}  # fmt: skip


def _at_once(desk: NoticeDesk, row: BroadcastRow, kind: Kind) -> int:
    made = broadcasts.create(desk.unit, _of(desk, row, row.notice_id, kind), State.DRAFT)
    for act in (Move.PASSED, Move.STARTED):
        move(desk.unit, made, act, desk.me.id)
    return made


def _of(desk: NoticeDesk, row: BroadcastRow, notice_id: int, kind: Kind) -> NewBroadcast:
    return NewBroadcast(notice_id, kind, row.audience, desk.me.id, row.lacking, row.id)


def _resting(desk: NoticeDesk, number: int) -> BroadcastRow:
    row = find(desk.unit, desk.me, number)
    if State(row.state) not in _RESTS or row.started_at is None:
        raise Refused("it is on its way, or never was")
    return row


def _held_true(desk: NoticeDesk, row: BroadcastRow) -> BroadcastRow:
    """Nobody would read more than that it was withdrawn."""
    if notices.notice(desk.unit, row.notice_id).withdrawn_at is not None:
        raise Refused("it was withdrawn")
    return row


def _ended(desk: NoticeDesk, number: int) -> BroadcastRow:
    row = _resting(desk, number)
    if State(row.state) not in ENDED:
        raise Refused("it is not over")
    return row
