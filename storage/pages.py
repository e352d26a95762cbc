"""What a web chat page shows: the page is the channel, so its messages stay readable here after they were "sent"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, case, func, select
from sqlalchemy.orm import aliased

from storage.arrivals import address_place, external_hash
from storage.crypto import unseal
from storage.keys import conversation_key
from storage.opening import outbox_seal
from storage.rows import InboxState, OutboxState, OutClass, OutKind
from storage.tables import NONE, Address, Contact, Conversation, Inbox, Outbox
from storage.unit_of_work import AnyRow, Unit
from storage.web_pages import LAST, MARKS, home_of, version_of
from storage.web_tables import WebPage

_WHO = (
    select(
        Address.id,
        Address.conversation_id,
        Contact.id.label("contact_id"),
        Contact.locale,
        Conversation.parting,
        func.coalesce(WebPage.cleared_to, 0),
        WebPage.cleared_at,
        *MARKS,
    )
    .join(Conversation, Conversation.id == Address.conversation_id)
    .join(Contact, Contact.id == Conversation.active_contact_id)
    .outerjoin(WebPage, WebPage.address_id == Address.id)
    .outerjoin(*LAST)
    .where(
        Address.lookup == bindparam("of_lookup"),
        Address.channel == bindparam("on_channel"),
        Address.account == bindparam("on_account"),
    )
)
_STATE = select(Inbox.state).where(
    Inbox.ext_hash == bindparam("of_hash"),
    Inbox.channel == bindparam("on_channel"),
    Inbox.account == bindparam("on_account"),
)
_taken = aliased(Outbox)
# Of the whole conversation, found once: asked of each message, a long chat would be read again for each.
_taken_back = select(_taken.replaces).where(
    _taken.conversation_id == bindparam("conversation"),
    _taken.kind == OutKind.DELETE,
    _taken.state == OutboxState.SENT,
    _taken.replaces.is_not(None),
)
_shown = select(
    Outbox.id,
    Outbox.dedupe,
    Outbox.kind,
    Outbox.replaces,
    Outbox.sealed,
    # A notice may wait for hours, until morning or until a human has left the chat: it stands where it came.
    case(
        (Outbox.cls == OutClass.NOTICE, func.coalesce(Outbox.settled_at, Outbox.created_at)), else_=Outbox.created_at
    ).label("at"),
).where(
    Outbox.conversation_id == bindparam("conversation"),
    Outbox.address_id == bindparam("of_address"),
    Outbox.id > bindparam("after"),
    Outbox.kind.not_in([OutKind.NOTICE, OutKind.DELETE]),  # not made yet; takes a message away
    Outbox.sealed.is_not(None),
    Outbox.state.in_([OutboxState.READY, OutboxState.SENDING, OutboxState.SENT]),
    Outbox.id.not_in(_taken_back),
    func.coalesce(Outbox.replaces, NONE).not_in(_taken_back),
)
# Each follows an index and stops at its limit; ordered by `at` alone, a long chat would be read as a whole.
_NEWEST = _shown.order_by(Outbox.id.desc()).limit(bindparam("limit"))
_CAME = (
    _shown.where(Outbox.cls > NONE, Outbox.cls == OutClass.NOTICE, Outbox.settled_at.is_not(None))
    .order_by(Outbox.settled_at.desc())
    .limit(bindparam("limit"))
)
_ONE = select(Outbox.dedupe, Outbox.sealed).where(
    Outbox.id == bindparam("row"),
    Outbox.conversation_id == bindparam("conversation"),
    Outbox.address_id == bindparam("of_address"),
    Outbox.id > bindparam("after"),
    Outbox.sealed.is_not(None),
)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who opened the page. parting: only a goodbye is left. cleared_to: outbox rows up to it are not shown any more.

    version: of what the page showed when the visitor was looked up; what is shown later may be newer, never older.
    """

    address_id: int
    conversation_id: int
    contact_id: int
    locale: str
    parting: bool
    cleared_to: int
    cleared_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class Shown:
    """One message on the page, as its newest edit has it. payload: as it was packed; version: that edit's row."""

    id: int
    version: int
    payload: bytes
    at: datetime


def visitor(unit: Unit, channel: str, account: str, opaque_id: str) -> Visitor | None:
    """Whose page this is, or None for somebody new."""
    _, _, lookup = address_place(unit, channel, account, home_of(unit, channel, account, opaque_id))
    where = {"of_lookup": lookup, "on_channel": channel, "on_account": account}
    row: AnyRow | None = unit.connection.execute(_WHO, where).one_or_none()
    if row is None:
        return None
    *whose, newest, written, settled = row
    return Visitor(*[*whose, version_of(newest, written, settled)])


def is_handled(unit: Unit, channel: str, account: str, external_id: str) -> bool:
    """Whether what was stored under this id has been answered (or given up)."""
    where = {
        "of_hash": external_hash(unit, channel, account, external_id),
        "on_channel": channel,
        "on_account": account,
    }
    return unit.connection.execute(_STATE, where).scalar() not in (None, InboxState.NEW)


def shown(unit: Unit, visitor: Visitor, limit: int) -> list[Shown]:
    """What the newest `limit` rows say, oldest first; an edit stands where the message that it replaces stood.

    Also where that one is older than these rows: else each of its edits would look like a message of its own.
    """
    where = {"conversation": visitor.conversation_id, "of_address": visitor.address_id, "limit": limit}
    where["after"] = visitor.cleared_to
    key = unit.keys.get(conversation_key(visitor.conversation_id))
    rows = {row.id: row for one in (_NEWEST, _CAME) for row in unit.connection.execute(one, where)}
    messages: dict[int, Shown] = {}
    for row in sorted(rows.values(), key=lambda row: (row.at, row.id))[-limit:]:
        place = row.replaces if row.kind == OutKind.EDIT else row.id
        payload = unseal(key, row.sealed, outbox_seal(row.dedupe))
        messages[place] = Shown(place, row.id, payload, row.at)
    return list(messages.values())


def shown_one(unit: Unit, visitor: Visitor, id: int) -> bytes | None:
    """One message as it was packed; None where it is not on this visitor's page."""
    where = {"row": id, "conversation": visitor.conversation_id, "of_address": visitor.address_id}
    row = unit.connection.execute(_ONE, where | {"after": visitor.cleared_to}).one_or_none()
    if row is None:
        return None
    return unseal(unit.keys.get(conversation_key(visitor.conversation_id)), row.sealed, outbox_seal(row.dedupe))
