"""Channels that limit when one may write, and that tell what became of a message.

Revision: 0013. Follows 0012.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Forward. There is no way back: a backup is."""
    op.add_column("address", sa.Column("open_until", MOMENT))
    op.add_column("address", sa.Column("changed_at", MOMENT))
    op.add_column("outbox", sa.Column("delivery", sa.SmallInteger(), nullable=False, server_default="0"))
