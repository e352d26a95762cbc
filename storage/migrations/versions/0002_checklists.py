"""What people ticked and the dates that they gave.

Revision: 0002. Follows 0001.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
TEXT = sa.String()


def upgrade() -> None:
    """Forward. There is no way back: a backup is."""
    op.create_table(
        "tick",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("guide", TEXT, nullable=False),
        sa.Column("paper", TEXT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_tick_contact_id"),
        sa.PrimaryKeyConstraint("id", name="pk_tick"),
        sa.UniqueConstraint("contact_id", "guide", "paper", name="uq_tick_contact_id_guide_paper"),
    )
    op.create_table(
        "own_day",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("anchor", TEXT, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_own_day_contact_id"),
        sa.PrimaryKeyConstraint("id", name="pk_own_day"),
        sa.UniqueConstraint("contact_id", "anchor", name="uq_own_day_contact_id_anchor"),
    )
