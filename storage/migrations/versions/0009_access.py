"""Codes at the desk: when a session showed one, what failed, and breaks that end by themselves.

Revision: 0009. Follows 0008.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Forward. There is no way back: a backup is."""
    op.add_column("staff", sa.Column("break_until", MOMENT))
    # Sessions from before there were codes have shown none: their owners show one at the next page.
    op.add_column("staff_session", sa.Column("verified_at", MOMENT))
    op.create_table(
        "staff_failure",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff_failure"),
    )
    op.create_index("ix_staff_failure_subject_at", "staff_failure", ["subject", "at"])
    op.create_index("ix_audit_act_at", "audit", ["act", "at"])
