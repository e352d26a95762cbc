"""Files that staff send, who may not write to the team, and large files that need a second person.

Revision: 0016. Follows 0015.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
TEXT = sa.String()


def upgrade() -> None:
    """Forward. There is no way back: a backup is."""
    op.add_column("media", sa.Column("staff_id", ID))
    op.add_column("media", sa.Column("outbox_id", ID))
    op.create_index("ix_media_outbox_id", "media", ["outbox_id"])
    op.add_column("conversation", sa.Column("barred_at", MOMENT))
    op.create_table(
        "permit",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("staff_id", ID, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("query", TEXT, nullable=False),
        sa.Column("count", ID, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("decided_by", ID),
        sa.Column("decided_at", MOMENT),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_permit_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_permit"),
    )
