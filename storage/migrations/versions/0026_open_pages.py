"""When something of a chat was last settled that is no reply: asked for every page that is open.

Revision: 0026. Follows 0025.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
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
