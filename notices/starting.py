"""What was put off to a time starts when it has come; of a recurring broadcast the next one is written down then."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from notices.lifecycle import Move, State
from notices.moving import move
from notices.plan import Every, day_of, moment, to_come
from storage import broadcasts, notices
from storage.notice_rows import BroadcastRow, NewBroadcast
from storage.unit_of_work import Unit


def start_due(unit: Unit, zone: ZoneInfo) -> list[int]:
    """Start the broadcasts whose time has come; their numbers. zone: of the people's clocks.

    One whose notice is not true any more, or was withdrawn, ends instead, and none comes after it.
    """
    started = []
    today = unit.now.astimezone(zone).date()
    for seen in broadcasts.in_state(unit, [State.SCHEDULED], due=unit.now):
        row = broadcasts.read(unit, seen.id, lock=True)
        if row.state != State.SCHEDULED or row.start_at != seen.start_at:
            continue  # somebody moved it while we waited for the row
        notice = notices.notice(unit, row.notice_id)
        if notice.withdrawn_at is not None or (notice.valid_until is not None and notice.valid_until < today):
            move(unit, row.id, Move.STOPPED, None)
            continue
        move(unit, row.id, Move.STARTED, None)
        started.append(row.id)
        if row.every:
            _write_next(unit, row, zone)
    return started


def schedule(unit: Unit, number: int, starts: str, every: Every, zone: ZoneInfo, by: int | None) -> BroadcastRow:
    """Put a broadcast off to a wall time. Raises Refused, NoBroadcast, and ValueError for what is no time to come."""
    at = moment(starts, zone)
    if at <= unit.now:
        raise ValueError("that time has passed")
    return move(unit, number, Move.SCHEDULED, by, starts=starts, every=every, start_at=at)


def _write_next(unit: Unit, row: BroadcastRow, zone: ZoneInfo) -> None:
    """The same broadcast at its next time; who agreed to it agreed to all of them."""
    earlier = [one.starts for one in broadcasts.of_notice(unit, row.notice_id) if one.every == row.every and one.starts]
    # The day that was wanted at first: after a short month the 31st is the 31st again.
    starts = to_come(row.starts, Every(row.every), max(map(day_of, earlier)), zone, unit.now)
    at = moment(starts, zone)
    until = notices.notice(unit, row.notice_id).valid_until
    if until is not None and at.astimezone(zone).date() > until:
        return
    again = NewBroadcast(
        row.notice_id, row.kind, row.audience, row.author_id, row.lacking, row.of_id, starts, row.every
    )
    number = broadcasts.create(unit, again, State.SCHEDULED)
    broadcasts.change(unit, number, start_at=at, approver_id=row.approver_id, confirmed=row.confirmed)
