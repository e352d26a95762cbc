"""Where a contact stands in the guides: sealed bytes with a version, saved by compare-and-set."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select, update

from storage.crypto import unseal
from storage.dialects import insert_or_ignore
from storage.keys import conversation_key
from storage.prepared import Prepared
from storage.rows import Standing
from storage.tables import Session
from storage.unit_of_work import Unit

_LOAD = select(Session.sealed, Session.version).where(Session.contact_id == bindparam("contact"))
_FIRST = Prepared(insert_or_ignore(Session, ["contact_id"]), ["contact_id", "sealed", "version"])
_NEXT = Prepared(
    update(Session)
    .where(Session.contact_id == bindparam("contact"), Session.version == bindparam("seen_version"))
    .values(sealed=bindparam("to_sealed"), version=Session.version + 1)
)
_DROP = delete(Session).where(Session.contact_id == bindparam("contact"))


class Conflict(Exception):
    """The session was saved by somebody else since it was loaded: load it again and decide again."""


def load(unit: Unit, standing: Standing) -> tuple[bytes | None, int]:
    """The session of the active contact and its version; (None, 0) when there is none."""
    row = unit.connection.execute(_LOAD, {"contact": standing.contact_id}).one_or_none()
    if row is None:
        return None, 0
    key = unit.keys.get(conversation_key(standing.conversation_id))
    return unseal(key, row.sealed, session_seal(standing.contact_id)), row.version


def save(unit: Unit, standing: Standing, body: bytes, version: int) -> int:
    """Save what was made from the version that was loaded; returns the new version.

    The unit raises Conflict, at the latest when it ends, where that version is not the newest one.
    """
    key = unit.keys.get(conversation_key(standing.conversation_id))
    sealed = unit.secrets.seal(key, body, session_seal(standing.contact_id))
    if version == 0:
        unit.later(_FIRST, {"contact_id": standing.contact_id, "sealed": sealed, "version": 1}, Conflict)
    else:
        changed = {"contact": standing.contact_id, "seen_version": version, "to_sealed": sealed}
        unit.later(_NEXT, changed, Conflict)
    return version + 1


def drop(unit: Unit, standing: Standing) -> None:
    """Forget where the contact stands."""
    unit.connection.execute(_DROP, {"contact": standing.contact_id})


def session_seal(contact_id: int) -> str:
    """Where a sealed session belongs."""
    return f"session.sealed:{contact_id}"
