"""Receiving: what a channel brought is stored, once, before the channel hears that we have it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, insert, select

from storage import bell
from storage.dialects import insert_or_ignore
from storage.keys import contact_key, conversation_key
from storage.prepared import Prepared
from storage.rows import AddressState, Arrival, ConsentChoice, InboxState
from storage.tables import Address, Contact, Conversation, Inbox
from storage.unit_of_work import Unit

#: (channel, account, lookup): what makes an address one.
Place = tuple[str, str, bytes]

# The share lock makes forgetting wait for us, and us for forgetting: without it a row could be stored for an address
# that is being deleted, and never be found again.
_KNOWN = (
    select(Address.channel, Address.account, Address.lookup, Address.id)
    .where(Address.lookup.in_(bindparam("lookups", expanding=True)))
    .with_for_update(read=True, key_share=True)
)
_COLUMNS = (
    "channel", "account", "ext_hash", "address_id", "kind", "sealed", "provider_sealed", "key_day", "received_at",
    "state", "tries",
)  # fmt: skip
_STORE = Prepared(insert_or_ignore(Inbox, ["ext_hash", "channel", "account"]), _COLUMNS)
_NEW_CONVERSATION = insert(Conversation)
_NEW_CONTACT = insert(Contact)
_NEW_ADDRESS = insert(Address)
# Any number that nothing else locks: "new people are written down by one process at a time".
_ONE_AT_A_TIME = select(func.pg_advisory_xact_lock(0x1221))
# Two batches with the same updates in another order would each wait for a row of the other's, until one is ended.
_ONE_BATCH_AT_A_TIME = Prepared(select(func.pg_advisory_xact_lock(0x1222).label("locked")))


def accept(unit: Unit, arrivals: Sequence[Arrival]) -> int:
    """Store what arrived and was not stored before; how many that were. Rings the inbox bell for them.

    Somebody who writes for the first time gets a conversation, a contact and an address. Never touches an
    existing conversation, so it waits for no worker (rulings 2).
    """
    if not arrivals:
        return 0
    places = [address_place(unit, arrival.channel, arrival.account, arrival.opaque_id) for arrival in arrivals]
    addresses = _resolve(unit, {place: arrival.opaque_id for place, arrival in zip(places, arrivals, strict=True)})
    rows = [_row(unit, arrival, addresses[place]) for arrival, place in zip(arrivals, places, strict=True)]
    if unit.dialect == "postgresql" and len(rows) > 1:
        _ONE_BATCH_AT_A_TIME.fetch(unit.connection, {})
    news = _STORE.run_many(unit.connection, rows)
    if news:
        unit.ring(bell.INBOX)
    return news


def address_place(unit: Unit, channel: str, account: str, opaque_id: str) -> Place:
    """How an address is found again without its id being readable."""
    return channel, account, unit.secrets.lookup("address", f"{channel}\n{account}\n{opaque_id}")


def external_hash(unit: Unit, channel: str, account: str, external_id: str) -> bytes:
    """How an arrival is recognised when it comes again, without its id being readable."""
    return unit.secrets.lookup("external", f"{channel}\n{account}\n{external_id}")


def address_seal(address_id: int) -> str:
    """Where the sealed opaque id of an address belongs."""
    return f"address.sealed:{address_id}"


def inbox_seal(channel: str, account: str, ext_hash: bytes) -> str:
    """Where a sealed body belongs. The row's number is not known yet when it is sealed; this is as unique."""
    return f"inbox.sealed:{channel}:{account}:{ext_hash.hex()}"


def written_seal(place: str) -> str:
    """Where the sealed message id of an arrival belongs. place: that of its body (inbox_seal)."""
    return f"{place}:provider"


@dataclass(frozen=True, slots=True)
class Newcomer:
    """The ids of what was written down for somebody new."""

    conversation_id: int
    contact_id: int
    address_id: int


def new_conversations(unit: Unit, opaque_ids: Mapping[Place, str], locale: str = "") -> dict[Place, Newcomer]:
    """Write down a conversation with one contact and one address for each place, under keys of their own."""
    people = {place: Newcomer(unit.ids(), unit.ids(), unit.ids()) for place in opaque_ids}
    unit.keys.make(conversation_key(one.conversation_id) for one in people.values())
    unit.keys.make(contact_key(one.contact_id) for one in people.values())
    unit.connection.execute(_NEW_CONVERSATION, [_conversation(unit, one) for one in people.values()])
    unit.connection.execute(_NEW_CONTACT, [_contact(unit, one, locale) for one in people.values()])
    addresses = [_address(unit, one, place, opaque_ids[place]) for place, one in people.items()]
    unit.connection.execute(_NEW_ADDRESS, addresses)
    return people


def _resolve(unit: Unit, opaque_ids: dict[Place, str]) -> dict[Place, int]:
    known = _known(unit, opaque_ids)
    if len(known) == len(opaque_ids):
        return known
    if unit.dialect == "postgresql":
        # Two processes may meet the same newcomer at once: the second one waits here, and then finds the first's.
        unit.connection.execute(_ONE_AT_A_TIME)
        known = _known(unit, opaque_ids)
    unknown = {place: opaque_id for place, opaque_id in opaque_ids.items() if place not in known}
    if unknown:
        known.update({place: one.address_id for place, one in new_conversations(unit, unknown).items()})
    return known


def _known(unit: Unit, places: Iterable[Place]) -> dict[Place, int]:
    wanted = set(places)
    found = unit.connection.execute(_KNOWN, {"lookups": [lookup for _, _, lookup in wanted]})
    by_place = {(channel, account, lookup): id for channel, account, lookup, id in found}
    return {place: id for place, id in by_place.items() if place in wanted}


def _row(unit: Unit, arrival: Arrival, address_id: int) -> dict[str, Any]:
    day = unit.now.date()
    ext_hash = external_hash(unit, arrival.channel, arrival.account, arrival.external_id)
    place = inbox_seal(arrival.channel, arrival.account, ext_hash)
    ingress = unit.keys.ingress(day, make=True)
    provider_id = arrival.provider_id
    return {
        "channel": arrival.channel,
        "account": arrival.account,
        "ext_hash": ext_hash,
        "address_id": address_id,
        "kind": arrival.kind,
        "sealed": unit.secrets.seal(ingress, arrival.body, place),
        "provider_sealed": provider_id and unit.secrets.seal(ingress, provider_id.encode(), written_seal(place)),
        "key_day": day,
        "received_at": arrival.received_at,
        "state": InboxState.NEW,
        "tries": 0,
    }


def _conversation(unit: Unit, one: Newcomer) -> dict[str, Any]:
    return {
        "id": one.conversation_id,
        "active_contact_id": one.contact_id,
        "active_address_id": one.address_id,
        "urgent": False,
        "parting": False,
        "created_at": unit.now,
    }


def _contact(unit: Unit, one: Newcomer, locale: str) -> dict[str, Any]:
    return {
        "id": one.contact_id,
        "conversation_id": one.conversation_id,
        "locale": locale,
        "consent_choice": ConsentChoice.NONE,
        "seen_at": unit.now,
        "created_at": unit.now,
    }


def _address(unit: Unit, one: Newcomer, place: Place, opaque_id: str) -> dict[str, Any]:
    channel, account, lookup = place
    key = unit.keys.get(conversation_key(one.conversation_id))
    return {
        "id": one.address_id,
        "conversation_id": one.conversation_id,
        "channel": channel,
        "account": account,
        "lookup": lookup,
        "sealed": unit.secrets.seal(key, opaque_id.encode("utf-8", "surrogatepass"), address_seal(one.address_id)),
        "state": AddressState.OPEN,
        "created_at": unit.now,
    }
