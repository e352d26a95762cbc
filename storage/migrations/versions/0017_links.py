"""Chats that are joined by a code, and several people in one chat, each with a label of their own.

Revision: 0017. Follows 0016.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Forward. There is no way back: a backup is."""
    op.create_table(
        "link",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("code", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("address_id", ID, nullable=False),
        sa.Column("expires_at", MOMENT),
        sa.Column("other_conversation_id", ID),
        sa.Column("other_contact_id", ID),
        sa.Column("other_address_id", ID),
        sa.Column("agreed_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_link"),
        sa.UniqueConstraint("code", name="uq_link_code"),
    )
    for column in ("conversation_id", "other_conversation_id", "agreed_at"):
        op.create_index(f"ix_link_{column}", "link", [column])
    op.create_table(
        "link_try",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_link_try"),
    )
    op.create_index("ix_link_try_subject_at", "link_try", ["subject", "at"])
    op.add_column("contact", sa.Column("label_sealed", sa.LargeBinary()))
    # Never written: a name that people give themselves is not to stand there in plain.
    op.drop_column("contact", "alias")
