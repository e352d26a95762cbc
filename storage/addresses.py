"""What becomes of an address: closed by the other side, or moved to a new id."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select, update

from storage.arrivals import Place, address_place, address_seal, new_conversations
from storage.crypto import unseal
from storage.delivery import note_settled
from storage.keys import conversation_key
from storage.rows import AddressState, OutboxState
from storage.tables import HELD, NEW, READY, Address, Contact, Conversation, Inbox, Outbox
from storage.unit_of_work import Unit
from storage.web_tables import WebBrowser, WebPage

_CLOSE = update(Address).where(Address.id == bindparam("row")).values(state=bindparam("to_state"))
_DROP_QUEUE = (
    update(Outbox)
    .where(
        # By the conversation, for which there is an index of the rows that wait.
        Outbox.conversation_id.in_(select(Address.conversation_id).where(Address.id == bindparam("row"))),
        Outbox.address_id == bindparam("row"),
        Outbox.state.in_([READY, HELD]),
    )
    .values(state=OutboxState.FAILED, sealed=None, reason=bindparam("to_reason"), settled_at=bindparam("to_at"))
    .returning(Outbox.id)
)
_ADDRESS = select(Address.conversation_id, Address.channel, Address.account, Address.lookup, Address.sealed).where(
    Address.id == bindparam("row")
)
_TWIN = select(Address.id).where(
    Address.lookup == bindparam("to_lookup"),
    Address.channel == bindparam("on_channel"),
    Address.account == bindparam("on_account"),
    Address.id != bindparam("row"),
)
_REWRITE = (
    update(Address)
    .where(Address.id == bindparam("row"))
    .values(lookup=bindparam("to_lookup"), sealed=bindparam("to_sealed"), state=AddressState.OPEN)
)
_RETIRE = (
    update(Address)
    .where(Address.id == bindparam("row"))
    .values(lookup=bindparam("to_lookup"), state=AddressState.UNKNOWN)
)
_HAND_OVER = (
    update(Inbox)
    .where(Inbox.state == NEW, Inbox.address_id == bindparam("row"))
    .values(address_id=bindparam("to_address"))
)
_STAYS = (
    select(Address.conversation_id, Address.state, Address.open_until, Contact.locale)
    .join(Conversation, Conversation.id == Address.conversation_id)
    .join(Contact, Contact.id == Conversation.active_contact_id)
    .where(Address.id == bindparam("row"))
)
_EMPTY = update(Address).where(Address.id == bindparam("row")).values(sealed=bindparam("to_sealed"))
_REACHED_UNTIL = update(Address).where(Address.id == bindparam("row"))
_PARTING = update(Conversation).where(Conversation.id == bindparam("row")).values(parting=True)
_NO_PAGES = (
    delete(WebBrowser).where(WebBrowser.address_id == bindparam("row")),
    delete(WebPage).where(WebPage.address_id == bindparam("row")),
)


def read_address(unit: Unit, address_id: int) -> tuple[Place, str]:
    """What makes the address one, and its id in the channel's own words."""
    row = unit.connection.execute(_ADDRESS, {"row": address_id}).one()
    key = unit.keys.get(conversation_key(row.conversation_id))
    opaque_id = unseal(key, row.sealed, address_seal(address_id)).decode("utf-8", "surrogatepass")
    return (row.channel, row.account, row.lookup), opaque_id


def close_address(unit: Unit, address_id: int, state: AddressState = AddressState.BLOCKED) -> None:
    """It cannot be reached: what waits for it fails with the state as its reason. Whoever writes from it opens it."""
    unit.connection.execute(_CLOSE, {"row": address_id, "to_state": state})
    _drop_queue(unit, address_id, state)


def move_address(unit: Unit, address_id: int, new_opaque_id: str) -> None:
    """The same chat under a new id (a group that became a supergroup): order, key and queue stay.

    Where the new id has written before we heard of the move, what waits from it joins this conversation.
    """
    row = unit.connection.execute(_ADDRESS, {"row": address_id}).one_or_none()
    if row is None:  # forgotten in the meantime
        return
    _, _, lookup = address_place(unit, row.channel, row.account, new_opaque_id)
    where = {"to_lookup": lookup, "on_channel": row.channel, "on_account": row.account, "row": address_id}
    twin = unit.connection.execute(_TWIN, where).scalar()
    if twin is not None:
        unit.connection.execute(_HAND_OVER, {"row": twin, "to_address": address_id})
        _drop_queue(unit, twin, "moved")
        # Its old look-up leads nowhere from now on; the empty conversation behind it ends by retention.
        nowhere = unit.secrets.lookup("retired", str(twin))
        unit.connection.execute(_RETIRE, {"row": twin, "to_lookup": nowhere})
    key = unit.keys.get(conversation_key(row.conversation_id))
    sealed = unit.secrets.seal(key, new_opaque_id.encode("utf-8", "surrogatepass"), address_seal(address_id))
    unit.connection.execute(_REWRITE, {"row": address_id, "to_lookup": lookup, "to_sealed": sealed})


def detach(unit: Unit, address_id: int) -> int | None:
    """The address belongs to a fresh conversation from now on, which knows nothing but it and the language.

    Its id; None where nobody can be reached there. It ends by itself when it was told why (privacy.py), unless
    somebody writes. What waits from the address goes on there, as from somebody new.
    """
    found = unit.connection.execute(_STAYS, {"row": address_id}).one()
    place, opaque_id = read_address(unit, address_id)
    _drop_queue(unit, address_id, "detached")
    nowhere = unit.secrets.lookup("retired", str(address_id))
    unit.connection.execute(_RETIRE, {"row": address_id, "to_lookup": nowhere})
    empty = unit.secrets.seal(unit.keys.get(conversation_key(found.conversation_id)), b"", address_seal(address_id))
    unit.connection.execute(_EMPTY, {"row": address_id, "to_sealed": empty})
    fresh = new_conversations(unit, {place: opaque_id}, found.locale)[place]
    unit.connection.execute(_HAND_OVER, {"row": address_id, "to_address": fresh.address_id})
    for statement in _NO_PAGES:
        unit.connection.execute(statement, {"row": address_id})
    if found.state != AddressState.OPEN:
        return None
    reached = {"open_until": found.open_until}
    unit.connection.execute(_REACHED_UNTIL.values(reached), {"row": fresh.address_id})
    unit.connection.execute(_PARTING, {"row": fresh.conversation_id})
    return fresh.conversation_id


def _drop_queue(unit: Unit, address_id: int, reason: str) -> None:
    dropped = unit.connection.execute(_DROP_QUEUE, {"row": address_id, "to_reason": reason, "to_at": unit.now})
    note_settled(unit, dropped.scalars().all())
