"""Where a contact stands in the guides: sealed bytes with a version, saved by compare-and-set."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select, update

from storage.crypto import unseal
from storage.dialects import insert_or_ignore
from storage.keys import conversation_key
from storage.rows import Standing
from storage.tables import Session
from storage.unit_of_work import Unit

_LOAD = select(Session.sealed, Session.version).where(Session.contact_id == bindparam("contact"))
_FIRST = insert_or_ignore(Session, ["contact_id"], Session.contact_id)
_NEXT = (
    update(Session)
    .where(Session.contact_id == bindparam("contact"), Session.version == bindparam("seen_version"))
    .values(sealed=bindparam("to_sealed"), version=Session.version + 1)
    .returning(Session.contact_id)
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
    return unseal(key, row.sealed, _seal(standing)), row.version


def save(unit: Unit, standing: Standing, body: bytes, version: int) -> int:
    """Save what was made from the version that was loaded; returns the new version. Raises Conflict."""
    key = unit.keys.get(conversation_key(standing.conversation_id))
    sealed = unit.secrets.seal(key, body, _seal(standing))
    if version == 0:
        first = {"contact_id": standing.contact_id, "sealed": sealed, "version": 1}
        saved = unit.connection.execute(_FIRST[unit.dialect], first)
    else:
        changed = {"contact": standing.contact_id, "seen_version": version, "to_sealed": sealed}
        saved = unit.connection.execute(_NEXT, changed)
    if saved.one_or_none() is None:
        raise Conflict
    return version + 1


def drop(unit: Unit, standing: Standing) -> None:
    """Forget where the contact stands."""
    unit.connection.execute(_DROP, {"contact": standing.contact_id})


def _seal(standing: Standing) -> str:
    return f"session.sealed:{standing.contact_id}"
