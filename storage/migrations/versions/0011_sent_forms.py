"""Forms of the desk that came already; the log is asked by what it is about.

Revision: 0011. Follows 0010.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward. There is no way back: a backup is."""
    op.create_table(
        "sent_form",
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_sent_form"),
    )
    op.create_index("ix_audit_thing_at", "audit", ["thing", "at"])
