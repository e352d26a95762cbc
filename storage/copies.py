"""The copies of a notice that people get: one row each, its state that of its outbox row as long as there is one.

Somebody who is left out has a row too, without an outbox row, that says why. What is waited for is in the outbox.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    ScalarSelect,
    Update,
    bindparam,
    case,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from storage import bell
from storage.declared import Id
from storage.deliveries import Delivery as Got
from storage.notice_rows import Copy, Counted, Fate, NewCopy, Result
from storage.notice_tables import Broadcast, Delivery, Notice
from storage.prepared import Prepared
from storage.rows import OutboxState
from storage.tables import HELD, READY, SENDING, Outbox
from storage.unit_of_work import Unit

#: Why a row is held, or failed, that a coordinator stopped.
PAUSED, STOPPED = "paused", "stopped_by_us"
#: Why one failed whose outbox row went while it waited: for too long, or the person was forgotten.
NEVER_SENT = "never_sent"
#: Why one failed that may not be said any more.
OVER, WITHDRAWN = "over", "withdrawn"

_broadcast = bindparam("broadcast", type_=Id)
_of_broadcast = Delivery.broadcast_id == _broadcast
_of_copies = or_(
    Outbox.id.in_(select(Delivery.outbox_id).where(_of_broadcast, Delivery.outbox_id.is_not(None))),
    Outbox.id.in_(select(Delivery.teaser_id).where(_of_broadcast, Delivery.teaser_id.is_not(None))),
)
# What somebody is claiming at this moment goes out; waiting for it could end in a deadlock with the claim.
_waiting = select(Outbox.id).where(_of_copies, Outbox.state == READY).with_for_update(skip_locked=True)
_PAUSE = update(Outbox).where(Outbox.id.in_(_waiting)).values(state=OutboxState.HELD, reason=PAUSED)
_RESUME = (
    update(Outbox)
    .where(_of_copies, Outbox.state == HELD, Outbox.reason == PAUSED)
    .values(state=OutboxState.READY, reason=None)
)
_end = update(Outbox).values(state=OutboxState.FAILED, reason=bindparam("why"), sealed=None, settled_at=bindparam("at"))
_END = (_end.where(Outbox.id.in_(_waiting)), _end.where(_of_copies, Outbox.state == HELD))
_over = (
    select(Delivery.outbox_id)
    .join(Broadcast, Broadcast.id == Delivery.broadcast_id)
    .join(Notice, Notice.id == Broadcast.notice_id)
    .where(Notice.valid_until < bindparam("today", type_=Date()), Delivery.outbox_id.is_not(None))
)
_LAPSE = _end.where(Outbox.state == HELD, Outbox.id.in_(_over))


def fate_of(row: type[Outbox], copy: type[Delivery]) -> ColumnElement[str]:
    """What became of a copy, as an expression over it and its outbox row (outer joined): values of Fate."""
    return case(
        (row.state.in_([OutboxState.READY, OutboxState.SENDING]), Fate.WAITING.value),
        (row.state != OutboxState.SENT, row.state),
        (row.delivery == int(Got.READ), Fate.READ.value),
        (row.delivery == int(Got.DELIVERED), Fate.DELIVERED.value),
        (row.state == OutboxState.SENT, Fate.SENT.value),
        else_=copy.outcome,
    )


_fate = fate_of(Outbox, Delivery)
_reason = case((Outbox.id.is_not(None), Outbox.reason), else_=Delivery.reason)
_joined = select(_fate.label("fate"), _reason.label("reason")).outerjoin(Outbox, Outbox.id == Delivery.outbox_id)
_COUNT = (
    select(_fate.label("fate"), _reason.label("reason"), Delivery.locale, Delivery.channel, func.count().label("many"))
    .select_from(Delivery)
    .outerjoin(Outbox, Outbox.id == Delivery.outbox_id)
    .where(_of_broadcast)
    .group_by(_fate, _reason, Delivery.locale, Delivery.channel)
)
_RESULTS = (
    _joined.add_columns(Delivery.id, Delivery.contact_id, Delivery.locale, Delivery.channel, Delivery.at)
    .where(_of_broadcast, Delivery.id > bindparam("after", type_=Id))
    .order_by(Delivery.id)
    .limit(bindparam("limit"))
)
_OF_PEOPLE = _joined.add_columns(
    Delivery.contact_id,
    Delivery.version,
    Delivery.outbox_id,
    Delivery.locale,
    Outbox.settled_at,
    (Outbox.state == SENDING).label("under_way"),
    Outbox.provider_sealed.is_not(None).label("known"),
).where(_of_broadcast, Delivery.contact_id.in_(bindparam("people", expanding=True)))
_SENT_SINCE = (
    select(func.count())
    .select_from(Delivery)
    .join(Outbox, Outbox.id == Delivery.outbox_id)
    .where(_of_broadcast, Outbox.state == OutboxState.SENT, Outbox.settled_at > bindparam("since"))
)
_PENDING = (
    select(Delivery.id)
    .join(Outbox, Outbox.id == Delivery.outbox_id)
    .where(_of_broadcast, Outbox.state.in_([READY, SENDING]))
    .limit(1)
)
_never = Outbox.state.in_([READY, SENDING, HELD])
_WRITE = insert(Delivery)
_TOLD = Prepared(update(Delivery).where(Delivery.id == bindparam("row")).values(version=bindparam("to_version")))
_STATE = Prepared(select(Broadcast.state, Broadcast.kind).where(Broadcast.id == _broadcast))


def write(unit: Unit, copies: Sequence[NewCopy]) -> None:
    """Write down who gets a copy, and who does not and why."""
    if copies:
        rows = [{"id": one.id, **_columns(one), "at": unit.now} for one in copies]
        unit.connection.execute(_WRITE, rows)


def counts(unit: Unit, broadcast: int) -> list[Counted]:
    """How many copies came to what, with the reason, by language and channel."""
    rows = unit.connection.execute(_COUNT, {"broadcast": broadcast})
    return [Counted(Fate(row.fate), row.reason or "", row.locale, row.channel, row.many) for row in rows]


def results(unit: Unit, broadcast: int, after: int = -1, limit: int = 1000) -> list[Result]:
    """What became of each copy, page by page by id; an empty page is the end."""
    rows = unit.connection.execute(_RESULTS, {"broadcast": broadcast, "after": after, "limit": limit})
    return [
        Result(row.id, row.contact_id, row.locale, row.channel, Fate(row.fate), row.reason or "", row.at)
        for row in rows
    ]


def of_people(unit: Unit, broadcast: int, contact_ids: Collection[int]) -> dict[int, Copy]:
    """The copies of these people, by contact."""
    rows = unit.connection.execute(_OF_PEOPLE, {"broadcast": broadcast, "people": list(contact_ids)})
    return {
        row.contact_id: Copy(
            fate=Fate(row.fate),
            reason=row.reason or "",
            version=row.version,
            outbox_id=row.outbox_id,
            is_under_way=bool(row.under_way),
            is_known=bool(row.known),
            sent_at=row.settled_at,
        )
        for row in rows
    }


def sent_since(unit: Unit, broadcast: int, since: datetime) -> int:
    """How many copies went out since then: for rate and time left."""
    return unit.connection.execute(_SENT_SINCE, {"broadcast": broadcast, "since": since}).scalar_one()


def is_pending(unit: Unit, broadcast: int) -> bool:
    """Whether a copy still waits for its turn or is being sent. One that is held waits for something else."""
    return unit.connection.execute(_PENDING, {"broadcast": broadcast}).one_or_none() is not None


def state_of(unit: Unit, broadcast: int) -> tuple[str, str]:
    """State and kind of the broadcast; ("", "") where there is none."""
    found = unit.fetch(_STATE, {"broadcast": broadcast})
    return (found[0].state, found[0].kind) if found else ("", "")


def told(unit: Unit, copy: int, version: int) -> None:
    """This version of the notice goes to this person now."""
    unit.later(_TOLD, {"row": copy, "to_version": version})


def pause(unit: Unit, broadcast: int) -> int:
    """What waits for its turn is held; how many."""
    return unit.connection.execute(_PAUSE, {"broadcast": broadcast}).rowcount


def resume(unit: Unit, broadcast: int) -> int:
    """What pause held goes on; how many. Rings the outbox bell."""
    unit.ring(bell.OUTBOX)
    return unit.connection.execute(_RESUME, {"broadcast": broadcast}).rowcount


def end(unit: Unit, broadcast: int, why: str = STOPPED) -> int:
    """What waits for its turn or is held is never sent; how many. why: a short code."""
    given = {"broadcast": broadcast, "at": unit.now, "why": why}
    return sum(unit.connection.execute(statement, given).rowcount for statement in _END)


def lapse(unit: Unit, today: date) -> int:
    """Copies that are held, of notices that are not true any more, are never sent; how many."""
    return unit.connection.execute(_LAPSE, {"today": today, "at": unit.now, "why": OVER}).rowcount


def keep_outcome(*conditions: ColumnElement[bool]) -> Update:
    """Before outbox rows go: what became of the copies stays with the copies. conditions: on the outbox rows."""
    of_this = Outbox.id == Delivery.outbox_id

    def of(column: Any) -> ScalarSelect[Any]:
        return select(column).where(of_this).correlate(Delivery).scalar_subquery()

    return (
        update(Delivery)
        .where(exists().where(of_this, *conditions))
        .values(
            outcome=of(case((_never, Fate.FAILED.value), else_=_fate)),
            reason=of(case((_never, NEVER_SENT), else_=Outbox.reason)),
            outbox_id=None,
        )
    )


def _columns(one: NewCopy) -> dict[str, Any]:
    return {
        "broadcast_id": one.broadcast_id,
        "contact_id": one.contact_id,
        "locale": one.locale,
        "channel": one.channel,
        "outbox_id": one.outbox_id,
        "teaser_id": one.teaser_id,
        "version": one.version,
        "outcome": Fate.SKIPPED if one.left_out else None,
        "reason": one.left_out or None,
    }
