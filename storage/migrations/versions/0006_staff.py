"""What is known of staff, what they may do, and the log of what they did.

Revision: 0006. Follows 0005.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
TEXT = sa.String()
BYTES = sa.LargeBinary()
SMALL = sa.SmallInteger()
YES = sa.Boolean()


def upgrade() -> None:
    """Forward. There is no way back: a backup is."""
    for column in (
        sa.Column("conversation_id", ID),
        sa.Column("languages", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("gender", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("origin", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("alias", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("introduction", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("on_duty", YES, server_default=sa.false(), nullable=False),
        sa.Column("paused_until", MOMENT),
        sa.Column("cap", SMALL, server_default="8", nullable=False),
        sa.Column("pledged_at", MOMENT),
        sa.Column("totp_sealed", BYTES),
        sa.Column("totp_step", ID),
    ):
        op.add_column("staff", column)
    op.add_column("staff_link", sa.Column("roles", TEXT, server_default=sa.text("''"), nullable=False))
    op.create_index("ix_staff_conversation_id", "staff", ["conversation_id"], unique=True)
    op.create_table(
        "staff_role",
        sa.Column("staff_id", ID, autoincrement=False, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("scope", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_staff_role_staff_id"),
        sa.PrimaryKeyConstraint("staff_id", "role", "scope", name="pk_staff_role"),
    )
    op.create_table(
        "audit",
        sa.Column("seq", ID, autoincrement=True, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("staff_id", ID),
        sa.Column("act", TEXT, nullable=False),
        sa.Column("thing", TEXT, nullable=False),
        sa.Column("detail", TEXT, nullable=False),
        sa.Column("hash", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_at", "audit", ["at"])
