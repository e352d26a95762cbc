"""Handling: the oldest waiting row of each free conversation is taken, handled and marked in one unit of work."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import bindparam, func, null, or_, select, update
from sqlalchemy.orm import aliased

from storage.arrivals import address_seal, inbox_seal
from storage.contacts import STANDING_COLUMNS, standing_of
from storage.crypto import Tampered, unseal
from storage.declared import Moment
from storage.keys import KeyGone, conversation_key
from storage.prepared import Prepared, one_of
from storage.rows import BLOCKED_KIND, TIMER_CHANNEL, AddressState, InboxState, Standing, Taken
from storage.sessions import session_seal
from storage.tables import NEW, Address, Contact, Conversation, Inbox, Session
from storage.unit_of_work import AnyRow, Unit

#: A row that failed this often is parked; its conversation goes on.
INBOX_TRIES = 5
#: Seconds until the next try, by the number of failures. The conversation waits too: order comes first.
PAUSES = (0, 0, 1, 2, 4)
#: What the death of a process adds to the tries of the row it was at: the death that made us careful was most likely
#: its doing too, and a row that stops everybody is given up sooner.
DEATH_COUNTS = 2
#: How many conversations a worker takes at once; they are committed together (rulings 2).
TAKE = 32

_of_same = aliased(Inbox)
# The conversation rows, not the inbox rows, are locked: locking inbox rows broke the order for 8 of 2,000 events.
# The head of an address is looked for in order of arrival, so the query stops as soon as it has found enough.
_waiting_head = (
    Inbox.state == NEW,
    or_(Inbox.not_before.is_(None), Inbox.not_before <= bindparam("now", type_=Moment())),
    # min(), not NOT EXISTS: the latter PostgreSQL makes a join, and with old statistics a quadratic one (73 ms for
    # 1,000 rows); this it can only look up in the index.
    Inbox.seq
    == select(func.min(_of_same.seq))
    .where(_of_same.state == NEW, _of_same.address_id == Inbox.address_id)
    .scalar_subquery(),
)
_lock = (
    select(Conversation.id)
    .select_from(Inbox)
    .join(Address, Address.id == Inbox.address_id)
    .join(Conversation, Conversation.id == Address.conversation_id)
    .where(*_waiting_head)
    .order_by(Inbox.seq)
    .limit(bindparam("limit"))
    .with_for_update(key_share=True, skip_locked=True, of=Conversation)
)
_LOCK = Prepared(_lock)
_LOCK_BUT = _lock.where(Inbox.seq.not_in(bindparam("without", expanding=True)))
_LOCK_ONLY = _lock.where(Inbox.seq == bindparam("only"))
_FIRST_HEADS = select(Inbox.seq, Inbox.tries).where(*_waiting_head).order_by(Inbox.seq).limit(bindparam("limit"))
_oldest = (
    select(func.min(Inbox.seq))
    .join(Address, Address.id == Inbox.address_id)
    .where(Inbox.state == NEW)
    .group_by(Address.conversation_id)
)
_of_these = one_of(Address.conversation_id, "conversations")
# Read after the lock, in a new snapshot: another worker may have handled the head that led us to the conversation.
_heads_of = (
    select(
        Inbox.seq,
        Inbox.channel,
        Inbox.account,
        Inbox.ext_hash,
        Inbox.kind,
        Inbox.sealed,
        Inbox.key_day,
        Inbox.received_at,
        Inbox.tries,
        Inbox.not_before,
        Address.id.label("address_id"),
        Address.channel.label("address_channel"),
        Address.account.label("address_account"),
        Address.sealed.label("address_sealed"),
        Address.state.label("address_state"),
        Conversation.parting,
        Session.sealed.label("session_sealed"),
        Session.version.label("session_version"),
        *STANDING_COLUMNS,
    )
    .join(Address, Address.id == Inbox.address_id)
    .join(Conversation, Conversation.id == Address.conversation_id)
    .join(Contact, Contact.id == Conversation.active_contact_id)
    .outerjoin(Session, Session.contact_id == Conversation.active_contact_id)
    .order_by(Inbox.seq)
)
_HEADS = Prepared({name: _heads_of.where(Inbox.seq.in_(_oldest.where(these))) for name, these in _of_these.items()})
_done = update(Inbox).values(state=InboxState.DONE, sealed=null(), not_before=null())
_DONE = Prepared({name: _done.where(these) for name, these in one_of(Inbox.seq, "rows").items()})
_FAILED = (
    update(Inbox)
    .where(Inbox.seq == bindparam("row"))
    .values(
        state=bindparam("to_state"),
        tries=bindparam("to_tries"),
        error=bindparam("to_error"),
        not_before=bindparam("to_not_before"),
    )
)
_PARK = update(Inbox).where(Inbox.seq == bindparam("row")).values(state=InboxState.POISON)
_DEATH = (
    update(Inbox)
    .where(Inbox.seq == bindparam("row"), Inbox.state == NEW)
    .values(tries=Inbox.tries + DEATH_COUNTS, error="WorkerDied")
)
_OPEN = update(Address).where(Address.id == bindparam("row")).values(state=AddressState.OPEN)
_WROTE_FROM = (
    update(Conversation)
    .where(Conversation.id == bindparam("row"))
    .values(active_address_id=bindparam("to_address"), parting=False)
)


def take(unit: Unit, limit: int = TAKE, *, without: Collection[int] = ()) -> list[Taken]:
    """Lock up to `limit` free conversations, those that wait longest first; the oldest row of each.

    The locks last as long as the unit of work, which also says `done` or `fail` for each row. A row that cannot be
    read any more is parked at once and not returned. without: rows (by seq) that are left for later.
    """
    bounds = {"now": unit.now, "limit": limit}
    if without:
        found = unit.connection.execute(_LOCK_BUT, {**bounds, "without": list(without)}).scalars().all()
    else:
        found = [row.id for row in unit.fetch(_LOCK, bounds)]
    return [row for row in _heads(unit, found) if row.seq not in without]


def take_only(unit: Unit, seq: int) -> list[Taken]:
    """As take, but this row or none: it may be handled, held by another worker, or have others before it."""
    found = unit.connection.execute(_LOCK_ONLY, {"now": unit.now, "limit": 1, "only": seq})
    return [row for row in _heads(unit, found.scalars().all()) if row.seq == seq]


def first_heads(unit: Unit, limit: int) -> list[tuple[int, int]]:
    """(seq, tries) of the rows that would be taken next, in their order."""
    return [(row.seq, row.tries) for row in unit.connection.execute(_FIRST_HEADS, {"now": unit.now, "limit": limit})]


def done(unit: Unit, taken: Sequence[Taken]) -> None:
    """Mark the rows as handled and blank what they said."""
    if taken:
        unit.run(_DONE, {"rows": [row.seq for row in taken]})


class Hopeless(Exception):
    """Raised by a handler: no further try can help, so the row is parked at once."""


def fail(unit: Unit, taken: Taken, error: BaseException) -> bool:
    """Count a failure; True when it was the last one: the row is parked, listed, and the conversation goes on."""
    return _mark_failed(unit, taken.seq, INBOX_TRIES if isinstance(error, Hopeless) else taken.tries + 1, error)


def park(unit: Unit, taken: Taken) -> None:
    """Give the row up without handling it: its tries are used up."""
    unit.connection.execute(_PARK, {"row": taken.seq})


def count_death(unit: Unit, seq: int) -> None:
    """A worker died while it handled this row alone. Changes nothing where the row was handled after all."""
    unit.connection.execute(_DEATH, {"row": seq})


def _heads(unit: Unit, conversations: Sequence[int]) -> list[Taken]:
    if not conversations:
        return []
    unit.keys.warm(conversation_key(id) for id in conversations)
    taken = []
    for row in unit.fetch(_HEADS, {"conversations": list(conversations)}):
        # A row that pauses may have come to the front while we were getting the lock.
        if row.not_before is None or row.not_before <= unit.now:
            try:
                taken.append(_opened(unit, row))
            except (KeyGone, Tampered) as error:
                _mark_failed(unit, row.seq, INBOX_TRIES, error)
    return taken


def _mark_failed(unit: Unit, seq: int, tries: int, error: BaseException) -> bool:
    poisoned = tries >= INBOX_TRIES
    unit.connection.execute(
        _FAILED,
        {
            "row": seq,
            "to_state": InboxState.POISON if poisoned else InboxState.NEW,
            "to_tries": tries,
            "to_error": type(error).__name__,
            "to_not_before": None if poisoned else unit.now + timedelta(seconds=PAUSES[tries]),
        },
    )
    return poisoned


def _opened(unit: Unit, row: AnyRow) -> Taken:
    key = unit.keys.get(conversation_key(row.conversation_id))
    opaque_id = unseal(key, row.address_sealed, address_seal(row.address_id)).decode("utf-8", "surrogatepass")
    body = b""
    if row.sealed is not None:
        place = inbox_seal(row.channel, row.account, row.ext_hash)
        body = unseal(unit.keys.ingress(row.key_day), row.sealed, place)
    session = None
    if row.session_sealed is not None:
        session = unseal(key, row.session_sealed, session_seal(row.contact_id))
    return Taken(
        seq=row.seq,
        standing=_where_from(unit, row),
        address_id=row.address_id,
        channel=row.channel,
        address_channel=row.address_channel,
        account=row.address_account,
        opaque_id=opaque_id,
        kind=row.kind,
        body=body,
        received_at=row.received_at,
        tries=row.tries,
        session=session,
        session_version=row.session_version or 0,
    )


def _where_from(unit: Unit, row: AnyRow) -> Standing:
    """Whoever writes can be reached there, wants the answer there, and has not left."""
    standing = standing_of(row)
    if row.channel == TIMER_CHANNEL or row.kind == BLOCKED_KIND:
        return standing
    if row.address_state != AddressState.OPEN:
        unit.connection.execute(_OPEN, {"row": row.address_id})
    if standing.address_id != row.address_id or row.parting:
        unit.connection.execute(_WROTE_FROM, {"row": row.conversation_id, "to_address": row.address_id})
    return standing if standing.address_id == row.address_id else replace(standing, address_id=row.address_id)
