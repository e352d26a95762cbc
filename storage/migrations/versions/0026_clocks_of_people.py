"""Clocks of events name the person, not the chat: several people may share it.

Revision: 0026. Follows 0025.
"""

from __future__ import annotations

from secrets import randbits

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_OLD = sa.text("SELECT id, key FROM timer WHERE kind = 'event'")
_ON_LISTS = sa.text(
    "SELECT contact.id FROM contact JOIN event_seat ON event_seat.contact_id = contact.id"
    " WHERE contact.conversation_id = :chat AND event_seat.event_id = :event AND event_seat.stand <> 'out'"
)
_COPY = sa.text(
    "INSERT INTO timer (id, key, due_at, conversation_id, kind, created_at)"
    " SELECT :id, :key, due_at, conversation_id, kind, created_at FROM timer WHERE id = :old"
)
_DROP = sa.text("DELETE FROM timer WHERE id = :old")


def upgrade() -> None:
    """Forward. There is no way back: a backup is. Each on the list gets a clock; what is not true is not said."""
    connection = op.get_bind()
    for old, key in connection.execute(_OLD).all():
        _, event, chat, what = key.split(":")
        for contact in connection.execute(_ON_LISTS, {"chat": int(chat), "event": int(event)}).scalars().all():
            row = {"id": randbits(63), "key": f"event:{event}:{contact}:{what}", "old": old}
            connection.execute(_COPY, row)
        connection.execute(_DROP, {"old": old})
