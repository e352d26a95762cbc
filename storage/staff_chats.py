"""The private chat in which a member of staff gets alerts. It is linked by a one-time token, hashed at rest.

The token is looked up under a purpose of its own, so that it opens a chat and never the desk.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, update

from storage import leavers, members
from storage.desk_tables import StaffLink
from storage.unit_of_work import Unit

KIND = "chat"

_NEW = insert(StaffLink)
_WITHDRAW = delete(StaffLink).where(
    StaffLink.staff_id == bindparam("member"), StaffLink.kind == KIND, StaffLink.used_at.is_(None)
)
_USE = (
    update(StaffLink)
    .where(
        StaffLink.token_hash == bindparam("hash"),
        StaffLink.kind == KIND,
        StaffLink.used_at.is_(None),
        StaffLink.expires_at > bindparam("now"),
    )
    .values(used_at=bindparam("now"))
    .returning(StaffLink.staff_id)
)


def random_token() -> str:
    """192 bits in hexadecimal: no word of any language, and with its prefix within Telegram's 64 characters."""
    return secrets.token_hex(24)


def invite(unit: Unit, staff_id: int, expires_at: datetime, token: Callable[[], str] = random_token) -> str:
    """The token with which the member links a chat. Shown once, kept as a hash; earlier ones end."""
    made = token()
    unit.connection.execute(_WITHDRAW, {"member": staff_id})
    row = {"token_hash": _hash(unit, made), "kind": KIND, "staff_id": staff_id, "expires_at": expires_at}
    unit.connection.execute(_NEW, {"label": "", "administrator": False, "coordinator": False, **row})
    return made


def link(unit: Unit, conversation_id: int, token: str) -> int | None:
    """Use the token up: from now on this is the member's chat, instead of any earlier one; their id.

    None when the token is unknown, used or too old.
    """
    found = unit.connection.execute(_USE, {"hash": _hash(unit, token), "now": unit.now}).one_or_none()
    if found is None:
        return None
    members.change(unit, found.staff_id, conversation_id=conversation_id)
    leavers.came_back(unit, conversation_id)
    return int(found.staff_id)


def _hash(unit: Unit, token: str) -> bytes:
    return unit.secrets.lookup("staff_chat", token)
