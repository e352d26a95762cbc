"""When something of a chat was last settled that is no reply: asked for every page that is open.

Revision: 0025. Follows 0024.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward. There is no way back: a backup is."""
    op.create_index(
        "ix_outbox_settled_of",
        "outbox",
        ["conversation_id", "settled_at"],
        sqlite_where=sa.text("cls > 0"),
        postgresql_where=sa.text("cls > 0"),
    )
